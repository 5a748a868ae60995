// The records of a relation's field are added and edited in a dialog: the same forms that they have pages of their own for.

const PREFIX = "ab-related-";
const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const ask = (address, body) => fetch(address, { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } });

// What was typed here is not lost without a question, as in any other form.
let isTyped = false;
addEventListener("beforeunload", (event) => {
  if (isTyped) event.preventDefault();
});

// Two forms in one page: each has names of its own for what is referred to.
function prepare(root) {
  for (const { content } of root.querySelectorAll("template")) prepare(content);
  for (const element of root.querySelectorAll("[id]")) element.id = PREFIX + element.id;
  for (const name of ["for", "list", "aria-describedby", "aria-labelledby", "aria-controls"]) {
    for (const element of root.querySelectorAll(`[${name}]`)) element.setAttribute(name, element.getAttribute(name).replace(/\S+/g, (id) => PREFIX + id));
  }
  for (const link of root.querySelectorAll("a[href^='#']")) link.setAttribute("href", `#${PREFIX}${link.getAttribute("href").slice(1)}`);
  // Its parts stand below each other, with links to them.
  for (const nav of root.querySelectorAll("[data-tabs]")) nav.removeAttribute("data-tabs");
  // There is no dialog in a dialog: its links are tabs, and the buttons for those without scripts are of use.
  for (const noscript of root.querySelectorAll("noscript")) noscript.replaceWith(...noscript.childNodes);
}

// Any other form, as that of a sign-in page, would take the place of what was typed.
const pathOf = (address) => new URL(address, location).pathname;
const formIn = (page, address) => [...page.querySelectorAll("form.ab-form")].find((form) => pathOf(form.getAttribute("action") ?? "") === pathOf(address));

// A frame of the host's may have a heading of its own.
const headingOf = (page) => (page.querySelector(":is(.ab-head, .ab-message, .ab-sign-in-card) h1") ?? page.querySelector("h1"))?.textContent ?? "";

function fill(dialog, page, address) {
  const form = page && formIn(page, address);
  if (!form) return false;
  const title = Object.assign(document.createElement("h2"), { id: "related-title", textContent: headingOf(page) });
  const errors = page.querySelector("[data-errors]");
  const root = page.createElement("div");
  root.append(title, ...(errors ? [errors] : []), form);
  prepare(root);
  isTyped ||= form.dataset.guard === "changed";
  form.removeAttribute("data-guard");
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.replaceChildren(...document.adoptNode(root).childNodes);
  document.dispatchEvent(new CustomEvent("ab:refresh", { detail: dialog }));
  const { moves } = form.dataset;
  if (moves && !document.querySelector("script[src*='fields.js']")) document.head.append(Object.assign(document.createElement("script"), { src: moves }));
  return true;
}
function tell(place, page, otherwise) {
  place.textContent = (page && headingOf(page)) || otherwise;
}

// A page that is no form of ours is of use in a tab only.
function leave(link) {
  link.removeAttribute("data-relate");
  link.click();
}

async function open(link) {
  const tools = link.closest("[data-relation]");
  const { failed, discard } = tools.closest("[data-discard]").dataset;
  if (link.ariaBusy) return;
  link.ariaBusy = "true";
  const address = new URL(link.href);
  if (link.dataset.words) address.searchParams.set(link.dataset.fill, link.dataset.words);
  delete link.dataset.words;
  const dialog = Object.assign(document.createElement("dialog"), { className: "ab-dialog ab-related" });
  const answer = await ask(address).catch(() => null);
  const page = answer && (await parse(answer).catch(() => null));
  link.ariaBusy = null;
  if (page && answer.ok && !answer.redirected && !formIn(page, address)) return leave(link);
  // What it is filled with is looked for in the document by those who make it ready.
  (document.querySelector("body .ab") ?? document.body).append(dialog);
  if (!fill(dialog, page, address)) {
    dialog.remove();
    return tell(tools.querySelector("[role=status]"), page, failed);
  }
  const form = tools.closest("form");
  const { relation: name } = tools.dataset;
  let saved;
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!dialog.ariaBusy) send(dialog, event, failed).then((record) => (saved = record) && dialog.close());
  });
  const close = (event) => {
    event.preventDefault();
    if (!isTyped || confirm(discard)) dialog.close();
  };
  dialog.addEventListener("input", ({ target }) => (isTyped ||= Boolean(target.name)));
  dialog.addEventListener("click", (event) => event.target.closest(".ab-cancel") && close(event));
  // The way back of a phone; a file that was not chosen is a "cancel", too.
  dialog.addEventListener("cancel", (event) => event.target === dialog && close(event));
  dialog.addEventListener("keydown", (event) => {
    // A browser lets Escape be kept from closing only now and then, unless it is the key that is kept from it.
    if (event.key === "Escape" && !event.defaultPrevented) return close(event);
    if (!(event.ctrlKey || event.metaKey) || !["s", "Enter"].includes(event.key)) return;
    event.preventDefault();
    const inner = dialog.querySelector("form");
    inner.requestSubmit(inner.querySelector("button.ab-primary"));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    isTyped = false;
    document.dispatchEvent(new CustomEvent("ab:related", { detail: { link, form, name, saved } }));
  });
  dialog.showModal();
}

// The record that was saved; else the dialog shows what came back instead.
async function send(dialog, event, failed) {
  const form = event.target;
  const data = new FormData(form, event.submitter);
  data.set("_related", "script");
  dialog.ariaBusy = "true";
  try {
    const answer = await ask(form.getAttribute("action"), data);
    if (answer.ok && answer.headers.get("Content-Type").includes("json")) return await answer.json();
    const page = await parse(answer);
    // What was typed into the form of a record that is gone comes back as that of a new one.
    const anew = page.querySelector("form[data-anew]") ?? form;
    if (fill(dialog, page, anew.getAttribute("action"))) dialog.querySelector("[autofocus]")?.focus();
    else warn(dialog, page, failed);
  } catch {
    warn(dialog, null, failed);
  } finally {
    dialog.ariaBusy = null;
  }
}
function warn(dialog, page, failed) {
  dialog.querySelector("[data-warning]")?.remove();
  const place = Object.assign(document.createElement("p"), { className: "ab-error", role: "alert" });
  place.dataset.warning = "";
  dialog.querySelector("h2").after(place);
  tell(place, page, failed);
}


document.addEventListener("ab:relate", ({ detail }) => open(detail));
document.addEventListener("ab:prepare", ({ detail }) => prepare(detail));

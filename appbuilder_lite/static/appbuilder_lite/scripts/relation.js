// A relation's field: its records are added and edited in a dialog, and then the server draws the field anew.

const PREFIX = "ab-related-";
const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const ask = (address, body) => fetch(address, { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } });
const toolsOf = (root, name) => root.querySelector(`[data-relation="${CSS.escape(name)}"]`);
const controlOf = (field) => field.querySelector("[role=combobox], select, input:checked, input:not([type=hidden]), a");

// The form as it stands is sent to be shown again, with a change, and only these fields are taken from the answer.
const latest = {};
async function redraw(form, names, change) {
  const data = new FormData(form);
  const turn = (latest[names] = (latest[names] ?? 0) + 1);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("_update", names[0]);
  for (const name of names) for (const part of ["find", "found"]) data.delete(`${name}-${part}`);
  change?.(data);
  const answer = await ask(form.getAttribute("action"), data);
  const page = answer.ok && (await parse(answer));
  // Answers may come in another order: what was asked for since then counts.
  if (turn !== latest[names]) return false;
  return names.map((name) => page && put(form, page, name)).every(Boolean);
}
function put(form, page, name) {
  const old = toolsOf(form, name)?.closest(".ab-field");
  const fresh = toolsOf(page, name)?.closest(".ab-field");
  if (!old || !fresh) return false;
  if (form.closest("dialog")) prepare(fresh);
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new CustomEvent("ab:refresh", { detail: fresh }));
  if (hadFocus) focusOn(fresh);
  return true;
}
function focusOn(field) {
  // A combobox that is gone back to has no need to show its list.
  field.querySelector("[data-look-up]")?.setAttribute("data-quiet", "");
  controlOf(field)?.focus();
}

async function choose(form, name, isMany, { key, message, notices }) {
  const isDrawn = await redraw(form, [name], (data) => (isMany ? data.append(name, key) : data.set(name, key))).catch(() => false);
  const tools = toolsOf(form, name);
  const isChosen = new FormData(form).getAll(name).includes(key);
  const status = tools.querySelector("[role=status]");
  status.textContent = [isDrawn && !isChosen ? tools.dataset.outside : message, isDrawn ? "" : tools.dataset.failed, ...notices].join(" ").trim();
  const field = tools.closest(".ab-field");
  focusOn(field);
  // What depends on it hears of it, and the form is one to be saved.
  if (isChosen) for (const type of ["input", "change"]) field.querySelector("select, input:checked")?.dispatchEvent(new Event(type, { bubbles: true }));
}

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
  const { failed } = tools.dataset;
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
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest(".ab-cancel")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !["s", "Enter"].includes(event.key)) return;
    event.preventDefault();
    const inner = dialog.querySelector("form");
    inner.requestSubmit(inner.querySelector("button.ab-primary"));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (saved) choose(form, name, "many" in tools.dataset, saved);
    else (link.checkVisibility() ? link : controlOf(link.closest(".ab-field")))?.focus();
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
    if (fill(dialog, page, form.getAttribute("action"))) dialog.querySelector("[autofocus]")?.focus();
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

function follow({ target }) {
  const tools = target.closest?.(".ab-field")?.querySelector("[data-relation]");
  if (!tools || target.name !== tools.dataset.relation) return;
  // What depends on it is drawn anew; without an answer the server still judges it at the save.
  const { dependents } = tools.dataset;
  if (dependents) redraw(target.form, dependents.split(",")).catch(() => {});
  // The link to what is chosen follows the choice, where any of them may be edited.
  const edit = tools.querySelector("a[data-pattern]");
  if (!edit) return;
  const { pattern } = edit.dataset;
  edit.hidden = !pattern || !target.value;
  edit.href = pattern.replace("{key}", target.value);
}
document.addEventListener("change", follow);
// Who was quicker than this script has chosen already.
const isUntouched = (control) => (control.options ? control.value === (control.querySelector("[selected]") ?? control.options[0])?.value : control.defaultChecked);
for (const target of document.querySelectorAll(".ab-field :is(select, :checked)")) if (!isUntouched(target)) follow({ target });

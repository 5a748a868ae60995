// Forms: leaving unsaved work, keys that save, faults in folded parts, handier controls.

const post = (form) => form?.getAttribute("method")?.toLowerCase() === "post";

// A form that was changed and not sent asks before it is left. What has no name is a tool of the page.
let changed = null;
const title = document.title;
function setChanged(form) {
  changed = form;
  document.title = form ? `● ${title}` : title;
}
addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-guard]");
  if (form && target.name) setChanged(form);
});
setChanged(document.querySelector("form[data-guard=changed]"));
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

addEventListener("submit", (event) => {
  if (post(event.target) && !event.defaultPrevented) setChanged(null);
});

// Ctrl S and Ctrl Enter (on a Mac with Cmd) press the first button.
addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  const inside = target.closest?.("form[data-guard]");
  const form = key === "s" ? inside ?? document.querySelector("form[data-guard]") : key === "Enter" && !target.closest?.("a") && inside;
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.ab-primary"));
});

// A native check that fails inside a folded part would point at nothing.
addEventListener("invalid", (event) => {
  const folded = event.target.closest("details:not([open])");
  if (folded) folded.open = true;
}, true);

document.querySelector("[data-errors]")?.focus();

const make = (tag, values) => Object.assign(document.createElement(tag), values);

// Boxes to tick: how many are chosen, and a field that narrows a long list of them.
const FEW = 8;
function addTools(tools) {
  const list = tools.nextElementSibling;
  const items = [...list.children];
  const count = make("output", {});
  const show = () => (count.value = tools.dataset.choices.replace("{num}", list.querySelectorAll(":checked").length));
  list.addEventListener("change", show);
  if (items.length > FEW) tools.append(...finder(tools.dataset, items));
  tools.append(count);
  show();
}
function finder({ find, none }, items) {
  const field = make("input", { type: "search", placeholder: find, ariaLabel: find });
  const empty = make("p", { className: "ab-muted", textContent: none, hidden: true });
  empty.setAttribute("role", "status");
  items[0].parentElement.append(empty);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const item of items) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
    empty.hidden = items.some((item) => !item.hidden);
  });
  // Enter would send the form.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  return [field];
}

// Where the browser does not let a text field grow by itself.
function grow({ target }) {
  if (target.matches("textarea")) target.rows = Math.min(target.value.split("\n").length + 1, 25);
}
if (!CSS.supports("field-sizing", "content")) {
  addEventListener("input", grow);
  for (const target of document.querySelectorAll("textarea")) grow({ target });
}

// The scripts of a field (to look for records, to add one in a dialog) or a group of rows come when somebody goes there.
const scripts = {};
const load = (src) => (scripts[src] ??= new Promise((done) => {
  document.head.append(make("script", { src, onload: () => done(true), onerror: () => done(false) }));
}));
function prepare({ target }) {
  for (const node of document.querySelectorAll("[data-script]")) {
    if ((node.closest(".ab-field") ?? node).contains(target)) node.dataset.script.split(" ").forEach(load);
  }
}
for (const type of ["focusin", "pointerover"]) addEventListener(type, prepare);
addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-relate]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.closest("dialog")) return;
  event.preventDefault();
  const { script, opens } = link.closest("[data-opens]").dataset;
  if ((await Promise.all([...script.split(" "), opens].map(load))).every(Boolean)) return document.dispatchEvent(new CustomEvent("ab:relate", { detail: link }));
  // Without the script it is a link like any other.
  link.removeAttribute("data-relate");
  link.click();
});

function equip(root) {
  root.querySelectorAll("[data-choices]:empty").forEach(addTools);
  for (const input of root.querySelectorAll("[data-look-up] [type=search]")) Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
}
equip(document);
for (const type of ["ab:refresh", "ab:dialog"]) document.addEventListener(type, ({ detail }) => equip(detail ?? document));

// Enhances pages that work without it: drawer, unsaved guard, row click, ticking rows, single submit, "/" to search.

const drawerButton = document.querySelector("[data-drawer]");
const nav = document.querySelector(".ab-nav");

function openDrawer(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const place = document.createComment("nav");
  const drawer = document.createElement("dialog");
  drawer.className = "ab-drawer";
  drawer.setAttribute("aria-label", drawerButton.textContent.trim());
  const close = document.createElement("button");
  close.className = "ab-button";
  close.type = "button";
  close.textContent = drawerButton.dataset.close;
  close.addEventListener("click", () => drawer.close());
  nav.replaceWith(place);
  drawer.append(close, nav);
  document.body.append(drawer);
  drawer.addEventListener("click", (click) => click.target === drawer && drawer.close());
  drawer.addEventListener("close", () => {
    place.replaceWith(nav);
    drawer.remove();
    drawerButton.focus();
  });
  drawer.showModal();
}
if (drawerButton && nav) drawerButton.addEventListener("click", openDrawer);

// A form that was changed and not sent asks before it is left.
let changed = null;
const title = document.title;
function setChanged(form) {
  changed = form;
  document.title = form ? `● ${title}` : title;
}
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => setChanged(form));
}
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// The second click of an impatient person sends nothing; the button keeps its value for the first.
const PATIENCE = 8000;
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setChanged(null);
  const button = event.submitter;
  if (button) {
    button.setAttribute("aria-disabled", "true");
    button.dataset.label = button.textContent;
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  }
  // An answer that is a download leaves the page as it is.
  setTimeout(release, PATIENCE, form);
});
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.busy) button.textContent = button.dataset.label;
  }
}
// The back button brings the page back as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// A native check that fails inside a folded part would point at nothing.
addEventListener("invalid", (event) => {
  const folded = event.target.closest("details:not([open])");
  if (folded) folded.open = true;
}, true);

// The row's link is the way in; the rest of the row leads there too.
const INTERACTIVE = "a, button, input, select, textarea, label, summary, .ab-tick";
for (const row of document.querySelectorAll(".ab-table tbody tr:has(th a)")) row.dataset.link = "";
addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-link]");
  if (!row || event.target.closest(INTERACTIVE) || String(getSelection())) return;
  const { ctrlKey, metaKey, shiftKey } = event;
  row.querySelector("th a").dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
});

for (const form of document.querySelectorAll(".ab-rows")) {
  const all = form.querySelector("[data-check-all]");
  const boxes = [...form.querySelectorAll("tbody [name=rowid]")];
  const count = form.querySelector("[data-count]");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.value = ticked;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable], dialog")) return;
  const search = document.querySelector(".ab-search");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

document.querySelector("[data-errors]")?.focus();

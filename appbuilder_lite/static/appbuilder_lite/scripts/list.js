// Lists: a click on a row, ticking rows, keys that walk through rows, and the order of columns.

const rows = () => [...document.querySelectorAll("#list tbody tr")];
const boxOf = (row) => row?.querySelector("[name=rowid]");

// The row's link is the way in; the rest of the row leads there too.
const INTERACTIVE = "a, button, input, select, textarea, label, summary, .ab-tick, [popover]";
const click = (element, { ctrlKey, metaKey, shiftKey } = {}) =>
  element?.dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
addEventListener("click", (event) => {
  const row = event.target.closest?.(".ab-table tbody tr");
  if (row && !event.target.closest(INTERACTIVE) && !String(getSelection())) click(row.querySelector("th a"), event);
});

// Ticks: how many there are, all of the page at once, and with Shift all from the last one.
let last;
function count(form) {
  const boxes = [...form.querySelectorAll("tbody [name=rowid]")];
  const all = form.querySelector("[data-check-all]");
  if (!all) return;
  const ticked = boxes.filter((box) => box.checked).length;
  all.hidden = false;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && !all.checked;
  const output = form.querySelector("[data-count]");
  if (ticked) output.value = output.dataset.count.replace("{num}", ticked);
}
function countAll() {
  document.querySelectorAll(".ab-rows").forEach(count);
}
addEventListener("click", ({ target, shiftKey }) => {
  if (!target.matches?.(".ab-rows [name=rowid]")) return;
  const boxes = rows().map(boxOf);
  const ends = [boxes.indexOf(last), boxes.indexOf(target)].sort((a, b) => a - b);
  if (shiftKey && ends[0] >= 0) {
    for (const box of boxes.slice(ends[0], ends[1] + 1)) box.checked = target.checked;
  }
  last = target;
});
addEventListener("change", ({ target }) => {
  const form = target.closest?.(".ab-rows");
  if (!form) return;
  if (target.matches("[data-check-all]")) {
    for (const box of form.querySelectorAll("tbody [name=rowid]")) box.checked = target.checked;
  }
  count(form);
});
addEventListener("reset", () => setTimeout(countAll));
addEventListener("pageshow", countAll);
document.addEventListener("ab:refresh", countAll);
countAll();

// Keys: the row that has the focus is the one that they act on.
const here = () => document.activeElement?.closest?.("#list tbody tr");
function walk(step) {
  const all = rows();
  const at = all.indexOf(here());
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  const target = row?.querySelector("th a") ?? boxOf(row) ?? row;
  if (target === row && row) row.tabIndex = -1;
  target?.focus();
}
const linkWith = (prefix) => {
  const start = document.querySelector("#list table").dataset[prefix];
  return start && [...(here()?.querySelectorAll("a") ?? [])].find((link) => link.getAttribute("href").startsWith(start));
};
const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => click(here()?.querySelector("th a")),
  e: () => click(linkWith("edit")),
  "#": () => click(linkWith("delete")),
  x: () => click(boxOf(here())),
  X: () => click(boxOf(here()), { shiftKey: true }),
};
addEventListener("click", ({ target }) => target.matches?.("[data-row-keys] > *") && KEYS[target.dataset.key]?.());
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && event.target.matches?.("#list tbody [name=rowid]")) {
    event.preventDefault();
    KEYS.o();
  }
  // Without a focus these keys would scroll the page, where it is the rows that scroll.
  if (event.target === document.body && /^( |Page|Arrow|Home|End)/.test(event.key)) {
    document.querySelector("#list .ab-table-box")?.focus();
  }
});

// Columns go up and down in the list of those to choose from; the form sends them in that order.
function addMovers() {
  const list = document.querySelector(".ab-chooser ul");
  for (const item of list?.children ?? []) {
    for (const way of ["up", "down"]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "ab-move" });
      button.dataset.way = way;
      button.setAttribute("aria-label", list.dataset[way].replace("{column}", item.textContent.trim()));
      item.append(button);
    }
  }
}
addEventListener("click", ({ target }) => {
  if (!target.matches?.(".ab-move")) return;
  const item = target.parentElement;
  if (target.dataset.way === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  target.focus();
});
document.addEventListener("ab:refresh", addMovers);
addMovers();

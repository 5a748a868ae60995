// Lists: ticking rows, keys that walk through rows, and the order of columns.

const rows = () => [...document.querySelectorAll("#list tbody tr")];
const boxOf = (row) => row?.querySelector("[name=rowid]");
const boxes = () => rows().map(boxOf).filter(Boolean);

let last;
addEventListener("click", (event) => {
  const { target } = event;
  if (target.name === "rowid") {
    const all = boxes();
    // With Shift all from the last one are ticked, or not, as this one is.
    const ends = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
    if (event.shiftKey && ends[0] >= 0) for (const box of all.slice(...ends)) box.checked = target.checked;
    last = target;
  }
  if (target.matches?.("[data-row-keys] > *")) KEYS[target.dataset.key]();
  if (target.matches?.(".ab-move")) move(target);
});

function count() {
  const every = document.querySelector("[data-check-all]");
  if (!every) return;
  const ticked = boxes().filter((box) => box.checked).length;
  every.hidden = !boxes().length;
  every.checked = ticked === boxes().length;
  every.indeterminate = ticked > 0 && !every.checked;
  // All rows of other pages are meant only while all of this page are.
  (every.form._all ?? {}).checked &&= every.checked;
  const output = document.querySelector("[data-count]");
  if (ticked) output.value = output.dataset.count.replace("{num}", ticked);
}
addEventListener("change", ({ target }) => {
  if (target.matches("[data-check-all], [name=_all]:checked")) for (const box of boxes()) box.checked = target.checked;
  count();
});
addEventListener("reset", () => setTimeout(count));
addEventListener("pageshow", count);

// Keys: the row that has the focus is the one that they act on.
const here = () => document.activeElement.closest("#list tbody tr");
const linkTo = (prefix) =>
  here()?.querySelector(`a[href^="${CSS.escape(here().closest("table").dataset[prefix])}"]`);
function walk(step) {
  const all = rows();
  const at = all.indexOf(here()) + (here() || step > 0 ? step : 0);
  const row = all.at(Math.min(Math.max(at, here() ? 0 : -1), all.length - 1));
  const target = row.querySelector("th a") ?? boxOf(row) ?? row;
  if (target === row) row.tabIndex = -1;
  target.focus();
}
const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => here()?.querySelector("th a")?.click(),
  e: () => linkTo("edit")?.click(),
  // What is ticked goes, else the row: by its own link, or ticked now.
  "#"() {
    const way = () => document.querySelector(":has(tbody :checked) [data-rm]") ?? linkTo("delete");
    way() ?? boxOf(here())?.click();
    way()?.click();
  },
  x: () => boxOf(here())?.click(),
  X: () => boxOf(here())?.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true, cancelable: true })),
};
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("tr [type=checkbox]")) {
    event.preventDefault();
    KEYS.o();
  }
  // Without a focus these keys would scroll the page, where it is the rows that scroll.
  const scroller = document.querySelector(".ab-table-box");
  if (event.target === document.body && /^( |Page|Arrow|Home|End)/.test(event.key) && scroller?.scrollHeight > scroller?.clientHeight) scroller.focus();
});

// Columns go up and down in the list of those to choose from; the form sends them in that order.
function move(button) {
  const item = button.parentElement;
  if (button.dataset.way === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
}
function prepare() {
  count();
  const chooser = document.querySelector(".ab-chooser ul");
  for (const item of chooser?.children ?? []) {
    for (const way of ["up", "down"]) {
      const ariaLabel = chooser.dataset[way].replace("{column}", item.textContent.trim());
      const button = Object.assign(document.createElement("button"), { type: "button", className: "ab-move", ariaLabel });
      button.dataset.way = way;
      item.append(button);
    }
  }
}
document.addEventListener("ab:refresh", prepare);
prepare();

// Lists: a click on a row, ticking rows, "/" to search.

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

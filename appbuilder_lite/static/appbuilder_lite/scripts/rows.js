// A click on a row: its link is the way in, and the rest of the row leads there too.

addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey }) => {
  const row = target.closest?.(".ab-table tbody tr");
  if (!row || target.closest("a, button, input, label, td:first-child, [popover]") || String(getSelection())) return;
  row.querySelector("th a")?.dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
});

// A click on a row: its link is the way in, and the rest of the row leads there too. An order that is picked holds at once.

addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey }) => {
  const row = target.closest?.(".ab-table tbody tr");
  if (!row || target.closest("a, button, input, label, td:first-child, [popover]") || String(getSelection())) return;
  row.querySelector("th a")?.dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
});
addEventListener("change", ({ target }) => target.closest?.(".ab-sort") && target.form.requestSubmit());

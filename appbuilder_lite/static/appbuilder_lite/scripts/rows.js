// A click on a row: its link is the way in, and the rest of the row leads there too.

const INTERACTIVE = "a, button, input, label, .ab-tick, [popover]";
addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey }) => {
  const row = target.closest?.(".ab-table tbody tr");
  if (!row || target.closest(INTERACTIVE) || String(getSelection())) return;
  row.querySelector("th a")?.dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
});

// Messages: each can be closed, and good news floats over the page until it can have been read (the time is in the CSS).

function float() {
  for (const button of document.querySelectorAll(".ab-flash-close")) button.hidden = false;
  const toast = document.querySelector(".ab-toast:not([popover])");
  if (!toast) return;
  document.querySelector(".ab-toast[popover]")?.remove();
  // Over everything, wherever a frame has put the page.
  toast.popover = "manual";
  toast.showPopover();
  hold();
  place();
}

// It rises until the buttons that save, do something with ticked rows or turn pages are free, and what has the focus.
const BUTTONS = ".ab-savebar > *, .ab-savebar-more > *, .ab-bulk, .ab-paging, :is(a, button, input, select, textarea):focus";
const STEPS = 3;
function place() {
  const toast = document.querySelector(".ab-toast");
  const around = [...document.querySelectorAll(BUTTONS)].filter((button) => !toast?.contains(button));
  const boxes = toast ? around.map((button) => button.getBoundingClientRect()) : [];
  for (let step = 0; step <= STEPS && boxes.length; step++) {
    toast.dataset.raised = step;
    const { top, bottom } = toast.getBoundingClientRect();
    if (!boxes.some((box) => box.height && box.bottom > top && box.top < bottom)) break;
  }
}
for (const type of ["change", "focusin", "resize", "scroll"]) addEventListener(type, place, { capture: true, passive: true });
float();
document.addEventListener("ab:refresh", float);

addEventListener("animationend", ({ target, animationName }) => animationName === "ab-leave" && target.remove());
// Nobody reads in a window that is not shown.
function hold() {
  document.querySelector(".ab-toast")?.toggleAttribute("data-held", document.hidden);
}
document.addEventListener("visibilitychange", hold);

function close(flash) {
  const had = flash.contains(document.activeElement);
  flash.remove();
  if (had) document.getElementById("main")?.focus({ preventScroll: true });
}
addEventListener("click", ({ target }) => {
  const button = target.closest?.(".ab-flash-close");
  if (button) close(button.parentElement);
});
addEventListener("keydown", (event) => {
  const toast = document.querySelector(".ab-toast");
  if (event.key !== "Escape" || !toast || event.defaultPrevented) return;
  if (!document.querySelector("dialog[open], [popover]:popover-open:not(.ab-toast)")) close(toast);
});

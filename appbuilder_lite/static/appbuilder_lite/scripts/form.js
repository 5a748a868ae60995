// Forms: leaving unsaved work, sending twice, faults in folded parts, the summary of errors.

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

document.querySelector("[data-errors]")?.focus();

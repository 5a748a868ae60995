// Sending a form: once, and with its passwords hidden, which can be looked at until then.

// The second click of an impatient person sends nothing; the button keeps its value for the first.
const PATIENCE = 8000;
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  for (const field of form.querySelectorAll(".ab-password input")) field.type = "password";
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
  for (const button of form.elements) {
    if (!button.ariaDisabled) continue;
    button.removeAttribute("aria-disabled");
    if (button.dataset.busy) button.textContent = button.dataset.label;
  }
}
// The back button brings the page back as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// A password can be looked at while it is typed.
function addLook(field) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "ab-look", textContent: field.dataset.show });
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const isHidden = field.type === "password";
    field.type = isHidden ? "text" : "password";
    button.textContent = isHidden ? field.dataset.hide : field.dataset.show;
  });
  field.after(button);
}

function equip(root) {
  root.querySelectorAll("input[data-show]").forEach((field) => field.nextElementSibling ?? addLook(field));
}
equip(document);
document.addEventListener("ab:refresh", ({ detail }) => equip(detail ?? document));

// Fields that are asked for only where others have certain values: what is not asked for is neither shown nor sent.

function holds(form, [name, values]) {
  const found = form.elements.namedItem(name);
  const control = found instanceof RadioNodeList ? found[0] : found;
  // What is not asked for itself decides nothing.
  if (!control || control.closest("[data-when]")?.hidden) return false;
  const given = new FormData(form).getAll(name);
  return values.some((value) => (given.length ? given.includes(value) : !value));
}

function ask(part, isAsked) {
  part.hidden = part.disabled = !isAsked;
  if (!("required" in part.dataset)) return;
  for (const field of part.querySelectorAll("[name]:not(.ab-choices *, .ab-look-up *)")) field.required = isAsked;
}

function update(form) {
  const parts = [...form.querySelectorAll("[data-when]")];
  // One that waits for another that comes later needs a further round.
  for (const _round of parts) {
    for (const part of parts) ask(part, Object.entries(JSON.parse(part.dataset.when)).every((rule) => holds(form, rule)));
  }
}

function start() {
  for (const help of document.querySelectorAll("[data-when] > .ab-when")) help.remove();
  for (const form of document.querySelectorAll("form:has([data-when])")) update(form);
}
for (const type of ["input", "change"]) {
  addEventListener(type, ({ target }) => target.form?.querySelector("[data-when]") && update(target.form));
}
addEventListener("reset", ({ target }) => setTimeout(() => update(target)));
// The browser may fill in what was typed before, when somebody comes back.
addEventListener("pageshow", start);
for (const type of ["ab:refresh", "ab:dialog"]) document.addEventListener(type, start);
start();

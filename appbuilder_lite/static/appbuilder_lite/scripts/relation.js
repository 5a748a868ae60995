// A relation's field: the server draws it anew when its records, or what its choices depend on, have become others.

const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const ask = (address, body) => fetch(address, { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } });
const toolsOf = (root, name) => root.querySelector(`[data-relation="${CSS.escape(name)}"]`);
const controlOf = (field) => field.querySelector("[role=combobox], select, input:checked, input:not([type=hidden]), a");

// The form as it stands is sent to be shown again, with a change, and only these fields are taken from the answer.
const latest = {};
async function redraw(form, names, change) {
  const data = new FormData(form);
  const turn = (latest[names] = (latest[names] ?? 0) + 1);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("_update", names[0]);
  for (const name of names) for (const part of ["find", "found"]) data.delete(`${name}-${part}`);
  change?.(data);
  const answer = await ask(form.getAttribute("action"), data);
  const page = answer.ok && (await parse(answer));
  // Answers may come in another order: what was asked for since then counts.
  if (turn !== latest[names]) return false;
  const blank = page && blankOf(page, names[0]);
  if (blank) blankOf(form, names[0])?.replaceWith(document.adoptNode(blank));
  return names.map((name) => page && put(form, page, name)).every(Boolean);
}
function put(form, page, name) {
  const old = toolsOf(form, name)?.closest(".ab-field");
  const fresh = toolsOf(page, name)?.closest(".ab-field");
  if (!old || !fresh) return false;
  if (form.closest("dialog")) document.dispatchEvent(new CustomEvent("ab:prepare", { detail: fresh }));
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new CustomEvent("ab:refresh", { detail: fresh }));
  if (hadFocus) focusOn(fresh);
  return true;
}
function focusOn(field) {
  // A combobox that is gone back to has no need to show its list.
  field.querySelector("[data-look-up]")?.setAttribute("data-quiet", "");
  controlOf(field)?.focus();
}

// Rows offer the same records each, and so does the row that further ones are made of.
const inAnyRow = (name) => name.replace(/-\d+-/, "-");
function alike(form, name) {
  const names = [...form.querySelectorAll("[data-relation]")].map(({ dataset }) => dataset.relation);
  return [name, ...names.filter((other) => other !== name && inAnyRow(other) === inAnyRow(name))];
}
const blankOf = (root, name) => toolsOf(root, name)?.closest("[data-rows]")?.querySelector("template");

async function choose(form, name, { key, message, notices }) {
  const isMany = "many" in toolsOf(form, name).dataset;
  const isDrawn = await redraw(form, alike(form, name), (data) => (isMany ? data.append(name, key) : data.set(name, key))).catch(() => false);
  const tools = toolsOf(form, name);
  const isChosen = new FormData(form).getAll(name).includes(key);
  const status = tools.querySelector("[role=status]");
  const { outside, failed } = tools.closest("[data-outside]").dataset;
  status.textContent = [isDrawn && !isChosen ? outside : message, isDrawn ? "" : failed, ...notices].join(" ").trim();
  const field = tools.closest(".ab-field");
  focusOn(field);
  // What depends on it hears of it, and the form is one to be saved.
  if (isChosen) for (const type of ["input", "change"]) field.querySelector("select, input:checked")?.dispatchEvent(new Event(type, { bubbles: true }));
}

// The dialog was closed, with a record that was saved or without.
document.addEventListener("ab:related", ({ detail: { link, form, name, saved } }) => {
  if (saved) choose(form, name, saved);
  else (link.checkVisibility() ? link : controlOf(link.closest(".ab-field")))?.focus();
});

function follow({ target }) {
  const tools = target.closest?.(".ab-field")?.querySelector("[data-relation]");
  if (!tools || target.name !== tools.dataset.relation) return;
  // What depends on it is drawn anew; without an answer the server still judges it at the save.
  const { dependents } = tools.dataset;
  if (dependents) redraw(target.form, dependents.split(",")).catch(() => {});
  // The link to what is chosen follows the choice, where any of them may be edited.
  const edit = tools.querySelector("a[data-pattern]");
  if (!edit) return;
  const { pattern } = edit.dataset;
  edit.hidden = !pattern || !target.value;
  edit.href = pattern.replace("{key}", target.value);
}
document.addEventListener("change", follow);
// Who was quicker than this script has chosen already.
const isUntouched = (control) => (control.options ? control.value === (control.querySelector("[selected]") ?? control.options[0])?.value : control.defaultChecked);
for (const target of document.querySelectorAll(".ab-field :is(select, :checked)")) if (!isUntouched(target)) follow({ target });

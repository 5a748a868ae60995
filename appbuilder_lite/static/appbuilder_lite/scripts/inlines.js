// Rows in a form: further ones and another order, without asking the server.

const rowsOf = (group) => [...group.querySelectorAll(":scope > .ab-row")];

// A form counts as changed by what is typed into a field with a name.
const note = (row) => row.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));

function add(group) {
  const rows = rowsOf(group);
  const next = Math.max(-1, ...rows.map(({ id }) => Number(id.slice(group.id.length + 1)))) + 1;
  const row = group.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
  // In a dialog the group's id is another than its name.
  const { value: name } = group.querySelector(":scope > [name=_add_row]");
  const blank = `${name}-new`;
  for (const element of [row, ...row.querySelectorAll("*")])
    for (const { name: attribute, value } of [...element.attributes])
      if (value.includes(blank)) element.setAttribute(attribute, value.replaceAll(blank, `${name}-${next}`));
  const [number] = row.getElementsByTagName("input");
  number.value = next;
  for (const button of row.querySelectorAll("[name=_move_row]")) button.value = button.value.replace(":new:", `:${next}:`);
  const place = rows.at(-1) ?? group.querySelector(":scope > .ab-rows-head");
  place.after(row);
  document.dispatchEvent(new CustomEvent("ab:dialog", { detail: row }));
  row.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  note(row);
}

function move(button) {
  const row = button.closest(".ab-row");
  const rows = rowsOf(row.parentElement);
  const isUp = button.value.endsWith(":up");
  const other = rows[rows.indexOf(row) + (isUp ? -1 : 1)];
  if (!other) return;
  if (isUp) other.before(row);
  else other.after(row);
  button.focus();
  note(row);
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-rows] button");
  const group = button?.closest("[data-rows]");
  if (!group || !/^_(add|move)_row$/.test(button.name)) return;
  const isFull = rowsOf(group).length >= group.dataset.rows;
  // The server says why there can be no more.
  if (button.name === "_add_row" && isFull) return;
  event.preventDefault();
  if (button.name === "_add_row") add(group);
  else move(button);
});

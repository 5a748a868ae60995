// The permissions of a role: ticks for whole rows, columns and groups, search, presets, a look at what is changed.

const matrix = document.querySelector(".ab-matrix");
const grants = matrix?.querySelector(".ab-grants");
if (grants) setUp(matrix.dataset, matrix.closest("form"), matrix.querySelector(".ab-matrix-tools"));

function setUp(words, form, tools) {
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const heads = [...grants.tHead.rows[0].cells];
  const rows = [...grants.querySelectorAll("[scope=row]")].map((head) => {
    const tr = head.parentElement;
    const title = tr.parentElement.rows[0].cells[0];
    const text = head.textContent;
    const boxes = [...tr.querySelectorAll("input")];
    const open = boxes.filter((box) => !box.matches(":disabled"));
    return { tr, head, title, text, boxes, open, found: `${title.textContent} ${text}`.toLowerCase() };
  });
  // A very long page comes without whole names.
  for (const { text, boxes } of rows) {
    for (const box of boxes) box.ariaLabel ??= fill(words.name, { permission: box.parentElement.textContent, view: text });
  }
  const open = rows.flatMap((row) => row.open);
  const isShown = (box) => !box.closest("tr").hidden;
  const pending = new Set(open.filter((box) => box.parentElement.matches(".ab-pending")));
  const isChanged = (box) => (box.checked !== box.defaultChecked) !== pending.has(box);
  const columnOf = (box) => box.closest(".ab-other") ? heads.length - 1 : box.closest("td").cellIndex;

  // Ticks for all of something: for what of it is shown.
  const masters = [];
  function addMaster(place, pattern, boxes) {
    if (!boxes.length) return;
    const label = document.createElement("label");
    const box = document.createElement("input");
    label.className = "ab-all";
    box.type = "checkbox";
    box.ariaLabel = fill(pattern, { name: place.textContent });
    box.addEventListener("change", () => set(boxes, () => box.checked));
    label.append(box);
    place.prepend(label);
    masters.push({ box, boxes });
  }
  function set(boxes, value) {
    const shown = boxes.filter(isShown);
    for (const box of shown) box.checked = value(box);
    // The form hears of it as if one of them had been clicked.
    shown[0]?.dispatchEvent(new Event("input", { bubbles: true }));
    paint();
  }
  function paint() {
    for (const { box, boxes } of masters) {
      const shown = boxes.filter(isShown);
      const ticked = shown.filter((one) => one.checked).length;
      box.checked = ticked > 0 && ticked === shown.length;
      box.indeterminate = ticked > 0 && !box.checked;
    }
    for (const box of open) box.parentElement.classList.toggle("ab-pending", isChanged(box));
    const [added, removed] = changes().map((boxes) => boxes.length);
    const output = form.querySelector("[data-changes]");
    if (output) output.value = added + removed ? fill(output.dataset.changes, { added, removed }) : "";
  }
  const changes = () => [true, false].map((state) => open.filter((box) => isChanged(box) && box.checked === state));
  if (open.length) {
    heads.forEach((head, place) => addMaster(head, place ? words.column : words.everything, place ? open.filter((box) => columnOf(box) === place) : open));
    for (const title of new Set(rows.map((row) => row.title))) addMaster(title, words.all, rows.flatMap((row) => row.title === title ? row.open : []));
    for (const row of rows) addMaster(row.head, words.all, row.open);
    matrix.dataset.ready = "";
    grants.addEventListener("change", paint);
    addEventListener("pageshow", paint);
  }

  // Search and filter as you type. What the server has left out of the page is for the server to find.
  const [search, select] = tools.querySelectorAll("input, select");
  const isWhole = !tools.querySelector("a");
  const tests = {
    granted: (box) => box.checked,
    missing: (box) => !box.checked,
    changed: isChanged,
  };
  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/);
    const test = tests[select.value];
    for (const { tr, found, boxes } of rows) tr.hidden = !wanted.every((word) => found.includes(word)) || (test && !boxes.some(test));
    for (const body of grants.tBodies) body.hidden = !body.querySelector("tr:not([hidden]) > [scope=row]");
    grants.hidden = rows.every((row) => row.tr.hidden);
    matrix.querySelector("[data-nothing]").hidden = !grants.hidden;
    paint();
  }
  tools.addEventListener("input", (event) => {
    // What is typed here is no change of the form around it.
    event.stopPropagation();
    filter();
  });
  search.form.addEventListener("submit", (event) => isWhole && event.preventDefault());
  for (const part of matrix.querySelectorAll("[data-live]")) part.hidden = part.disabled = part.dataset.live === "off" ? isWhole : !open.length;
  tools.addEventListener("click", ({ target }) => {
    const columns = target.dataset.preset?.split(" ");
    if (!columns) return;
    set(open, (box) => !columns[0] || columns.includes(`${columnOf(box)}`));
  });

  // What is about to be saved.
  const dialog = form.querySelector("[data-review]");
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) dialog.close();
    if (!event.target.matches("[name=_review]")) return;
    event.preventDefault();
    const found = changes();
    dialog.querySelectorAll("ul").forEach((list, place) => {
      list.replaceChildren(...found[place].map((box) => Object.assign(document.createElement("li"), { textContent: box.ariaLabel })));
      list.parentElement.hidden = !list.firstChild;
    });
    dialog.querySelector("[data-none]").hidden = found.flat().length > 0;
    dialog.showModal();
  });

  // Where it is narrow, each view unfolds.
  let isNarrow = false;
  new ResizeObserver(() => {
    if (isNarrow === (isNarrow = getComputedStyle(grants).display === "block")) return;
    for (const { head, text } of rows) {
      const details = document.createElement("details");
      details.append(Object.assign(document.createElement("summary"), { textContent: text }));
      head.lastChild.replaceWith(isNarrow ? details : text);
    }
  }).observe(matrix);
  filter();
}

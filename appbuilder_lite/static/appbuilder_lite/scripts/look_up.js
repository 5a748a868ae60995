// Fields that look for records: a combobox with a list (WAI-ARIA), over the boxes that hold what is chosen.

const DELAY = 150;
const make = (tag, values, ...children) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};

function start(field) {
  const address = field.dataset.lookUp;
  const { none, more, lost } = field.closest("[data-lost]").dataset;
  const isMany = "many" in field.dataset;
  const input = field.querySelector("[type=search]");
  const boxes = field.querySelector(".ab-look-up-boxes");
  const status = field.querySelector("[role=status]");
  const list = make("div", { id: `${field.id}-list`, role: "listbox", className: "ab-look-up-list", ariaLabel: input.ariaLabel, hidden: true });
  let options = [];
  let active = -1;
  let asking;

  const nameOf = (box) => (box?.value ? box.nextElementSibling.firstChild.textContent.trim() : "");
  const chosen = () => (isMany ? "" : nameOf(boxes.querySelector(":checked")));
  const isTyped = () => input.value.trim() !== chosen();

  function clear() {
    options = [];
    list.replaceChildren();
  }
  function close() {
    asking?.abort();
    list.hidden = true;
    clear();
    activate(-1);
    input.ariaExpanded = "false";
  }
  function reset() {
    input.value = chosen();
    status.textContent = "";
    close();
  }
  function tick(box) {
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function pick(key, name) {
    const known = [...boxes.querySelectorAll("input")];
    let box = known.find(({ value }) => value === key);
    if (!box) {
      box = make("input", { type: isMany ? "checkbox" : "radio", id: `${field.id}-${known.length + 1}`, name: input.name.replace(/-find$/, ""), value: key });
      boxes.append(make("div", { className: "ab-check" }, box, make("label", { htmlFor: box.id, textContent: name })));
    }
    tick(box);
    reset();
  }
  function activate(place) {
    active = place;
    options.forEach((option, number) => (option.ariaSelected = number === active));
    input.setAttribute("aria-activedescendant", options[active]?.id ?? "");
    options[active]?.scrollIntoView({ block: "nearest" });
  }
  function add(name, choose, detail) {
    const option = make("div", { role: "option", className: "ab-hit", id: `${list.id}-${options.length}`, textContent: name, onclick: choose });
    if (detail) option.append(make("span", { className: "ab-muted", textContent: ` (${detail})` }));
    options.push(option);
    list.append(option);
  }
  // Nobody of that name: one can be made of it, in a dialog. There is none in a dialog.
  function offer(words) {
    const link = !field.closest("dialog") && field.parentElement.querySelector("a[data-create]");
    if (link) add(link.dataset.create.replace("{name}", () => words), () => {
      if (link.dataset.fill) link.dataset.words = words;
      reset();
      link.click();
    });
  }
  async function ask(words, page, signal) {
    try {
      const query = new URLSearchParams({ q: words, page });
      // What the choices depend on.
      const data = new FormData(input.form);
      for (const name of field.parentElement.querySelector("[data-masters]")?.dataset.masters.split(",") ?? []) {
        if (data.has(name)) query.append(name, data.get(name));
      }
      const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}${query}`, { headers: { Accept: "application/json" }, signal });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }
  async function show(words, page = 1) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    if (page === 1) await new Promise((done) => setTimeout(done, DELAY));
    const found = signal.aborted || (await ask(words, page, signal));
    if (signal.aborted) return;
    if (page === 1) clear();
    else options.pop().remove();
    const first = options.length;
    for (const { key, name, detail } of found?.choices ?? []) add(name, () => pick(key, name), detail);
    if (found?.more) add(more, () => show(words, page + 1));
    status.textContent = found ? (options.length ? "" : none) : lost;
    if (found && !options.length) offer(words);
    list.hidden = !options.length;
    input.ariaExpanded = String(!list.hidden);
    activate(page === 1 && !words ? -1 : first);
  }
  // Who typed nothing new wants to see what there is.
  const open = () => show(isTyped() ? input.value.trim() : "");
  // What was emptied is nobody; what is no record's name is dropped.
  function settle() {
    const nobody = boxes.querySelector("[value='']");
    if (!isMany && !input.value.trim() && nobody && !nobody.checked) tick(nobody);
    reset();
  }

  function press(event) {
    const isOpen = !list.hidden;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && isOpen) activate((Math.max(active, move < 0 ? 0 : -1) + move + options.length) % options.length);
    else if (move) open();
    else if (event.key === "Enter" && isOpen && options[active] && !event.isComposing) options[active].click();
    else if (event.key === "Enter" && isTyped() && input.value.trim()) open();
    else if (event.key === "Escape" && (isOpen || isTyped())) reset();
    else return;
    event.preventDefault();
  }

  input.setAttribute("aria-controls", list.id);
  input.after(list);
  input.oninput = () => show(input.value.trim());
  input.onkeydown = press;
  input.onclick = () => list.hidden && open();
  input.onfocus = () => input.select();
  input.onblur = settle;
  // The focus stays where people type.
  list.onmousedown = (event) => event.preventDefault();
  field.dataset.ready = "";
  // This script may come later than the first letters.
  if (document.activeElement === input && !("quiet" in field.dataset)) open();
}

function startAt({ target }) {
  const field = target?.closest?.("[data-look-up]:not([data-ready])");
  if (field) start(field);
}
addEventListener("focusin", startAt);
startAt({ target: document.activeElement });

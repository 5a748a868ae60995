// The palette: every page, action and record by its name. Without scripts its link leads to the search page.

const { opener, dialog, make, recent, pieces, wordsOf, MOST } = globalThis.appbuilder;
const field = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const DELAY = 150;
const FEWEST = 2;
let local = { links: [], actions: [] };
let asking;
let options = [];
let active = 0;

// Names by their first letters, one slip forgiven: the rule of web/nearness.py.
const words = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
function isSlip(typed, word) {
  let at = 0;
  while (at < typed.length && typed[at] === word[at]) at++;
  const rest = typed.slice(at);
  const goesOn = (text, from) => word.startsWith(text, at + from);
  return goesOn(rest.slice(1), 1) || goesOn(rest.slice(1), 0) || goesOn(rest, 1) || goesOn(rest[1] + rest[0], 0) && goesOn(rest.slice(2), 2);
}
function cost(typed, known) {
  if (known.some((word) => word.startsWith(typed))) return 0;
  if (known.some((word) => word.includes(typed))) return 1;
  return typed.length > 3 && known.some((word) => isSlip(typed, word)) ? 2 : Infinity;
}
function nearest(text, items) {
  const typed = words(text);
  const ranked = items.map((item) => [typed.reduce((sum, word) => sum + cost(word, words(item.label)), 0), item]);
  return ranked.filter(([rank]) => rank < Infinity).sort((one, two) => one[0] - two[0]).map(([, item]) => item);
}

function optionOf(item) {
  const { url, icon, element } = item;
  const sign = dialog.querySelector("svg").cloneNode(true);
  const use = sign.firstElementChild;
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon?.startsWith("ab-") ? icon : "ab-file"}`));
  const option = make(url ? "a" : "button", { className: "ab-hit", role: "option", tabIndex: -1, id: `ab-option-${options.length}` }, sign, ...wordsOf(item));
  if (url) option.href = url;
  else option.onclick = () => (dialog.close(), element.click());
  options.push(option);
  return option;
}
function show(groups, notices = []) {
  options = [];
  list.replaceChildren(...groups.filter(([, items]) => items.length).map(([label, items]) =>
    make("div", { role: "group", ariaLabel: label }, make("p", { ariaHidden: "true" }, label), ...items.slice(0, MOST).map(optionOf))));
  activate(active);
  const status = dialog.querySelector("[role=status]");
  status.textContent = notices.join(" ") || (options.length ? "" : status.dataset.nothing);
}
function activate(place) {
  active = Math.max(0, (place + options.length) % options.length || 0);
  options.forEach((option, number) => (option.ariaSelected = number === active));
  field.setAttribute("aria-activedescendant", options[active]?.id ?? "");
  options[active]?.scrollIntoView({ block: "nearest" });
}

async function ask(text, signal) {
  try {
    const answer = await fetch(`${opener.href}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" }, signal });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
function update() {
  const text = field.value.trim();
  const names = list.dataset;
  const commands = [...document.querySelectorAll("[data-command]")].map((element) => ({ label: element.dataset.command, element }));
  const groups = [[names.recent, recent(), "ab-clock"], [names.links, local.links], [names.actions, [...local.actions, ...commands], "ab-star"]]
    .map(([label, items, icon]) => [label, nearest(text, items).map((item) => ({ icon, ...item }))]);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  show(groups);
  if (text.length < FEWEST) return;
  setTimeout(async () => {
    const found = signal.aborted || await ask(text, signal);
    if (!signal.aborted && found?.groups) show([...groups, ...found.groups.map(({ label, icon, hits }) => [label, hits.map((hit) => ({ icon, ...hit }))])], found.notices);
  }, DELAY);
}

function press(event) {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move) activate(active + move);
  else if (event.key === "Enter" && options[active] && !event.isComposing) {
    const { ctrlKey, metaKey, shiftKey } = event;
    options[active].dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
  } else return;
  event.preventDefault();
}
async function start() {
  update();
  if (local.links.length) return;
  local = (await ask("")) ?? local;
  update();
}

field.oninput = () => (active = 0, update());
field.onkeydown = press;
dialog.onclose = () => asking.abort();
globalThis.appbuilder.update = start;
start();

// What this person opened lately, and the way to the palette, whose script is loaded when it is opened first.

const opener = document.querySelector("[data-palette]");
const MOST = 7;

const make = (tag, values, ...children) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};

// What this person opened before, in this browser; signing out forgets it.
const store = `ab-recent ${opener?.href}`;
function recent() {
  try {
    const { owner, items } = JSON.parse(localStorage[store]);
    return owner === opener.dataset.owner ? items : [];
  } catch {
    return [];
  }
}
function remember(item) {
  const items = [item, ...recent().filter(({ url }) => url !== item.url)].slice(0, MOST);
  try {
    localStorage[store] = JSON.stringify({ owner: opener.dataset.owner, items });
  } catch {
    // Full or forbidden: nothing is recent then.
  }
}

const pieces = (parts) => parts.map(([text, isHit]) => isHit ? make("mark", {}, text) : text);
const wordsOf = ({ label, parts = [[label]], detail = [] }) =>
  [make("span", {}, ...pieces(parts)), ...(detail.length ? [make("span", { className: "ab-muted" }, ...pieces(detail))] : [])];

function load(event) {
  event.preventDefault();
  removeEventListener("keydown", press);
  globalThis.appbuilder.open = true;
  document.head.append(make("script", { src: opener.dataset.palette, onerror: () => location.assign(opener.href) }));
}
function press(event) {
  if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
  if (!document.querySelector("dialog[open]")) load(event);
}

if (opener) {
  globalThis.appbuilder = { opener, make, recent, pieces, wordsOf, MOST };
  opener.addEventListener("click", (event) => {
    if (globalThis.appbuilder.open || event.ctrlKey || event.metaKey || event.shiftKey) return;
    load(event);
  });
  addEventListener("keydown", press);
  addEventListener("submit", ({ target }) => "signOut" in target.dataset && localStorage.removeItem(store));
  const opened = document.querySelector("[data-opened]");
  if (opened) remember({ label: opened.textContent.trim(), detail: [[document.querySelector(".ab-crumbs a")?.textContent ?? ""]], url: location.pathname });
  const shelf = document.querySelector("[data-recent-list]");
  if (shelf && recent().length) {
    shelf.querySelector("ul").append(...recent().map((item) => make("li", {}, make("a", { className: "ab-hit", href: item.url }, ...wordsOf(item)))));
    shelf.hidden = false;
  }
}

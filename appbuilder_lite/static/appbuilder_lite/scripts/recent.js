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

// The palette is there at once and takes what is typed, while its script is on its way; Enter leads to the search page.
let dialog;
function open() {
  if (!dialog) {
    dialog = document.querySelector("#ab-palette").content.firstElementChild.cloneNode(true);
    dialog.onclick = ({ target }) => (target === dialog || target.closest("form button")) && dialog.close();
    (document.querySelector("body .ab") ?? document.body).append(dialog);
    globalThis.appbuilder = { opener, dialog, make, recent, pieces, wordsOf, MOST };
    document.head.append(make("script", { src: opener.dataset.palette }));
  }
  dialog.showModal();
  dialog.querySelector("input").select();
  globalThis.appbuilder.update?.();
}

if (opener) {
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (dialog?.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) open();
  });
  addEventListener("submit", ({ submitter }) => submitter?.matches("[data-sign-out]") && [localStorage, sessionStorage].forEach((kept) => kept.removeItem(store)));
  const opened = document.querySelector("[data-opened]");
  if (opened) remember({ label: opened.textContent.trim(), detail: [[document.querySelector(".ab-crumbs a")?.textContent ?? ""]], url: location.pathname });
  const shelf = document.querySelector("[data-recent-list]");
  if (shelf && recent().length) {
    shelf.querySelector("ul").append(...recent().map((item) => make("li", {}, make("a", { className: "ab-hit", href: item.url }, ...wordsOf(item)))));
    shelf.hidden = false;
  }
}

// The frame of a page: the navigation as a drawer, and shortcuts.

// The navigation of a narrow page as a drawer; without scripts its button leads to the menu page.
const drawerButton = document.querySelector("[data-drawer]");
const nav = document.querySelector(".ab-nav");

function openDrawer(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const place = document.createComment("nav");
  const drawer = document.createElement("dialog");
  drawer.className = "ab-drawer";
  drawer.setAttribute("aria-label", drawerButton.textContent.trim());
  const close = document.createElement("button");
  close.className = "ab-button";
  close.type = "button";
  close.textContent = drawerButton.dataset.close;
  close.addEventListener("click", () => drawer.close());
  nav.replaceWith(place);
  drawer.append(close, nav);
  document.body.append(drawer);
  drawer.addEventListener("click", (click) => click.target === drawer && drawer.close());
  drawer.addEventListener("close", () => {
    place.replaceWith(nav);
    drawer.remove();
    drawerButton.focus();
  });
  drawer.showModal();
}
if (drawerButton && nav) drawerButton.addEventListener("click", openDrawer);

// Shortcuts: an element with data-key="n" is clicked by that key (a field gets the focus); "g h" is one key after
// another. With a data-key-label it stands in the list that "?" opens.
const FIELDS = "select, textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])";
const PAUSE = 1000;
let before = "";
let pressed = 0;

if (/^(Mac|iP)/.test(navigator.platform)) {
  for (const element of document.querySelectorAll("[data-key^='Ctrl ']")) {
    element.dataset.key = element.dataset.key.replace("Ctrl", "⌘");
    for (const shown of element.querySelectorAll("kbd")) shown.textContent = element.dataset.key;
  }
}

const keyed = (keys) => [...document.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === keys);

// Some keyboards have "[" and "#" on a third level only, which is reached by Alt or by AltGr (Ctrl and Alt, for Windows).
const isPlain = ({ key, ctrlKey, metaKey, altKey }) =>
  altKey ? !metaKey && /^[^\p{L}\p{N}]$/u.test(key) : !ctrlKey && !metaKey;

addEventListener("keydown", (event) => {
  if (!isPlain(event) || event.defaultPrevented) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("[data-shortcuts=off], dialog[open]")) return;
  if (event.timeStamp - pressed > PAUSE) before = "";
  const element = keyed(before + event.key) ?? keyed(event.key);
  pressed = event.timeStamp;
  before = element ? "" : `${event.key} `;
  if (!element) return;
  event.preventDefault();
  if (!element.matches(FIELDS)) return element.click();
  element.focus();
  element.select?.();
});

document.querySelector("[data-key='?']")?.addEventListener("click", () => {
  const dialog = document.querySelector("#ab-keys").content.firstElementChild.cloneNode(true);
  const list = dialog.querySelector("ul");
  for (const { dataset } of [...document.querySelectorAll("[data-key-label]")].reverse()) {
    const row = document.createElement("li");
    for (const key of dataset.key.split(" ")) row.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    row.append(Object.assign(document.createElement("span"), { textContent: dataset.keyLabel }));
    list.prepend(row);
  }
  dialog.addEventListener("close", () => dialog.remove());
  (document.querySelector("body .ab") ?? document.body).append(dialog);
  dialog.showModal();
});

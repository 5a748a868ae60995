// The list without a new page: its links and GET forms fetch the same address, and only #list is replaced; below a record
// that is #related, whose links to this address are its tabs.

const PATIENCE = 150;
const list = () => document.querySelector("#list, #related");
const box = () => list().querySelector(".ab-table-box");
const address = () => location.pathname + location.search;
// What is announced stands outside of what is replaced, and is there before it speaks.
const spoken = Object.assign(document.createElement("p"), { className: "ab-vh", role: "status" });
let shown = address();
let running;

// What an element is called, so that it is found again in a new list: id, sorted column or link; a button in a popover
// is called as what opened it.
function nameOf(element) {
  const popover = element.closest("#list [popover]");
  const found = popover ? document.querySelector(`[popovertarget="${popover.id}"]`) : element;
  return found.id || found.dataset.sort || found.getAttribute("href");
}
const named = (name) => name && [...list().querySelectorAll("[id], a")].find((element) => nameOf(element) === name);

async function load(url, { push = true, toTop = false, place = {} } = {}) {
  const old = list();
  running?.abort();
  const { signal } = (running = new AbortController());
  const timer = setTimeout(() => (old.dataset.loading = ""), PATIENCE);
  old.ariaBusy = true;
  spoken.textContent = "";
  old.before(spoken);
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, signal });
    const text = answer.status === 200 ? await answer.text() : "";
    const page = new DOMParser().parseFromString(text, "text/html");
    const { hash, href } = new URL(url, location);
    // An address with a hash that stands there already would only be scrolled to.
    if (!page.getElementById(old.id)) return href === location.href ? location.reload() : location.assign(url);
    const to = answer.url + hash;
    if (push && to !== location.href) {
      keepPlace();
      history.pushState(null, "", to);
    }
    shown = address();
    swap(old, page, toTop, place);
  } catch {
    if (signal.aborted) return;
    const alert = old.querySelector("[data-failed]");
    alert.hidden = false;
    alert.querySelector("a").href = url;
  } finally {
    clearTimeout(timer);
    if (!signal.aborted) {
      old.ariaBusy = null;
      delete old.dataset.loading;
    }
  }
}

function swap(old, page, toTop, { y, top = 0, left = box()?.scrollLeft, focus } = {}) {
  const fresh = page.getElementById(old.id);
  const active = document.activeElement;
  const name = focus ?? (old.contains(active) && nameOf(active));
  const { value, selectionStart: start, selectionEnd: end } = active;
  document.title = page.title;
  document.getElementById("list-head")?.replaceWith(page.getElementById("list-head") ?? "");
  const flashesBeside = (one) => one.parentElement.querySelectorAll(":scope > .ab-flash");
  // What the list itself says is told anew; messages stay until they are closed.
  for (const flash of flashesBeside(old)) if (!flash.querySelector(".ab-flash-close")) flash.remove();
  old.parentElement.prepend(...flashesBeside(fresh));
  equip(page);
  old.replaceWith(fresh);
  reveal();
  if (toTop || name !== false) ((!toTop && named(name)) || box() || fresh).focus({ preventScroll: true });
  if (active.type === "search" && active.id === document.activeElement.id) {
    // Who goes on typing meanwhile goes on where they are.
    document.activeElement.value = value;
    document.activeElement.setSelectionRange(start, end);
  }
  if (toTop && fresh.getBoundingClientRect().top < 0) fresh.scrollIntoView();
  box()?.scrollTo(left, top);
  if (y >= 0) scrollTo(0, y);
  spoken.textContent = fresh.dataset.status;
  document.dispatchEvent(new CustomEvent("ab:refresh", { detail: fresh }));
}

// The script of messages is there on pages that came with some only.
function equip(page) {
  const src = page.querySelector("script[src*='/messages.js']")?.src;
  if (src && ![...document.scripts].some((script) => script.src === src)) document.head.append(Object.assign(document.createElement("script"), { src }));
}

// Many tabs scroll in their strip; the open one is in sight.
function reveal() {
  const tab = document.querySelector("#related .ab-tabs [aria-current]");
  if (!tab) return;
  const [strip, own] = [tab.closest("ul"), tab].map((element) => element.getBoundingClientRect());
  tab.closest("ul").scrollLeft += Math.max(own.right - strip.right, 0) || Math.min(own.left - strip.left, 0);
}

// Where the reader is in this list, for when they come back to it, from the next page or from a record.
function keepPlace() {
  const { scrollTop: top, scrollLeft: left } = box() ?? {};
  history.replaceState({ list: { y: scrollY, top, left, focus: nameOf(document.activeElement) } }, "");
}
if (list()) {
  reveal();
  addEventListener("pagehide", keepPlace);
  addEventListener("popstate", ({ state }) => {
    if (address() !== shown) load(location.href, { push: false, place: state?.list });
  });
  const place = history.state?.list;
  if (place && performance.getEntriesByType("navigation")[0].type !== "navigate") {
    box()?.scrollTo(place.left, place.top);
    named(place.focus)?.focus({ preventScroll: true });
  }
}

// The address with a column among several that are sorted by: ascending, descending, then not at all.
function sortedToo(column) {
  const now = list().querySelector("table").dataset.order.split(",").filter(Boolean);
  const parts = now.filter((part) => part.replace("-", "") !== column);
  if (parts.length === now.length) parts.push(column);
  else if (now.includes(column)) parts.splice(now.indexOf(column), 0, `-${column}`);
  const url = new URL(location);
  for (const name of ["page", "after", "before"]) url.searchParams.delete(name);
  url.searchParams.set("sort", parts);
  return url;
}

addEventListener("click", (event) => {
  const { button, ctrlKey, metaKey, altKey, shiftKey } = event;
  const link = event.target.closest?.("#list a, #related a");
  if (!link || event.defaultPrevented || button || ctrlKey || metaKey || altKey) return;
  const { sort } = link.dataset;
  if (link.origin + link.pathname !== location.origin + location.pathname || (shiftKey && !sort)) return;
  event.preventDefault();
  load(shiftKey ? sortedToo(sort) : link.href, { toTop: link.rel !== "" });
});

addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "get" || submitter?.formMethod === "post" || !form.closest("#list")) return;
  event.preventDefault();
  const url = new URL(location.pathname, location);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
  load(url, { toTop: form.id === "list-page" });
});

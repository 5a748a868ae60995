// The list without a new page: its links and GET forms fetch the same address, and only #list is replaced.

const PATIENCE = 150;
const list = () => document.getElementById("list");
const box = () => document.querySelector("#list .ab-table-box");
const address = () => location.pathname + location.search;
let shown = address();
let running;
let spoken;

// What an element is called, so that it is found again in a new list: id, sorted column or link.
const nameOf = (element) => element?.id || element?.dataset?.sort || element?.getAttribute?.("href") || "";
const found = (name) => name && [...list().querySelectorAll("[id], [data-sort], a[href]")].find((one) => nameOf(one) === name);

async function load(url, { push = true, toTop = false, place = {} } = {}) {
  const old = list();
  running?.abort();
  const mine = (running = new AbortController());
  old.setAttribute("aria-busy", "true");
  const timer = setTimeout(() => (old.dataset.loading = ""), PATIENCE);
  listen();
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, signal: mine.signal });
    const isPage = answer.status === 200 && answer.headers.get("Content-Type")?.startsWith("text/html");
    const page = isPage ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    if (mine.signal.aborted) return;
    if (!page?.getElementById("list")) return location.assign(url);
    if (push && answer.url !== location.href) {
      keepPlace();
      history.pushState({}, "", answer.url);
    }
    shown = address();
    swap(old, page, toTop, place);
  } catch {
    if (!mine.signal.aborted) complain(old, url);
  } finally {
    clearTimeout(timer);
    if (running === mine) {
      old.removeAttribute("aria-busy");
      delete old.dataset.loading;
    }
  }
}

function swap(old, page, toTop, place) {
  const fresh = page.getElementById("list");
  const active = document.activeElement;
  const wanted = place.focus ?? (old.contains(active) ? nameOf(active) : null);
  const typed = active?.matches?.("#list-search") ? active : null;
  const left = box()?.scrollLeft ?? 0;
  document.title = page.title;
  document.getElementById("list-count")?.replaceWith(page.getElementById("list-count") ?? "");
  for (const flash of document.querySelectorAll("main > .ab-flash")) flash.remove();
  document.querySelector("main > .ab-head")?.before(...page.querySelectorAll("main > .ab-flash"));
  old.replaceWith(fresh);
  if (typed && found("list-search")) {
    const search = found("list-search");
    search.value = typed.value;
    search.focus({ preventScroll: true });
    search.setSelectionRange(typed.selectionStart, typed.selectionEnd);
  } else if (wanted !== null || toTop) {
    ((!toTop && found(wanted)) || box() || fresh).focus({ preventScroll: true });
  }
  if (toTop && fresh.getBoundingClientRect().top < 0) fresh.scrollIntoView();
  box()?.scrollTo(place.left ?? left, place.top ?? 0);
  if (place.y !== undefined) scrollTo(0, place.y);
  spoken.textContent = fresh.dataset.status;
  document.dispatchEvent(new CustomEvent("ab:refresh", { detail: fresh }));
}

// What is announced stands outside of what is replaced, and is there before it speaks.
function listen() {
  spoken ??= Object.assign(document.createElement("p"), { className: "ab-vh", role: "status" });
  spoken.textContent = "";
  list().before(spoken);
}

function complain(old, url) {
  old.querySelector(".ab-flash")?.remove();
  const alert = Object.assign(document.createElement("div"), { className: "ab-flash ab-danger", role: "alert" });
  const words = Object.assign(document.createElement("p"), { textContent: old.dataset.failed });
  alert.append(words, Object.assign(document.createElement("a"), { href: url, textContent: old.dataset.retry }));
  old.prepend(alert);
}

// Where the reader is in this list, for when they come back to it, from the next page or from a record.
function keepPlace() {
  const { scrollTop: top = 0, scrollLeft: left = 0 } = box() ?? {};
  history.replaceState({ list: { y: scrollY, top, left, focus: nameOf(document.activeElement) } }, "");
}
addEventListener("pagehide", () => list() && keepPlace());
addEventListener("popstate", ({ state }) => {
  if (list() && address() !== shown) load(location.href, { push: false, place: state?.list });
});
const before = history.state?.list;
if (before && box() && performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
  box().scrollTo(before.left, before.top);
  found(before.focus)?.focus({ preventScroll: true });
}

// The next order of a column among several: ascending, descending, not at all.
function sortedToo(column) {
  const parts = (document.querySelector("#list table").dataset.order || "").split(",").filter(Boolean);
  const at = parts.findIndex((part) => part.replace(/^-/, "") === column);
  if (at < 0) parts.push(column);
  else if (parts[at] === column) parts[at] = `-${column}`;
  else parts.splice(at, 1);
  const url = new URL(location);
  url.searchParams.delete("page");
  url.searchParams.set("sort", parts.join(","));
  return url.href;
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("#list a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.altKey) return;
  if (link.target || link.origin !== location.origin || link.pathname !== location.pathname) return;
  const { sort } = link.dataset;
  if (event.shiftKey && !sort) return;
  event.preventDefault();
  load(event.shiftKey ? sortedToo(sort) : link.href, { toTop: ["prev", "next"].includes(link.rel) });
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get" || !form.closest("#list")) return;
  if (event.submitter?.formMethod === "post") return;
  event.preventDefault();
  const url = new URL(form.getAttribute("action") || location.pathname, location);
  const data = new FormData(form);
  for (const name of new Set(data.keys())) {
    const values = data.getAll(name).filter(Boolean);
    if (values.length) url.searchParams.set(name, values.join(","));
  }
  load(url.href, { toTop: form.id === "list-page" });
});
addEventListener("change", ({ target }) => {
  if (target.id === "list-sort") target.form.requestSubmit();
});

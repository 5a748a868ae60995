// What leads on from a list, or back to it, goes on with the list as it is now.

document.addEventListener("ab:refresh", ({ detail }) => {
  if (detail?.id !== "list") return;
  for (const one of document.querySelectorAll("[data-follow]")) {
    const name = one.matches("form") ? "action" : "href";
    const { pathname, hash } = new URL(one.getAttribute(name), location);
    one.setAttribute(name, pathname + location.search + hash);
  }
});

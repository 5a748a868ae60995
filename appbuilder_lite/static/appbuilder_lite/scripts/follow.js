// A form beside a list leads back to the list as it is now.

document.addEventListener("ab:refresh", () => {
  const { pathname, search } = location;
  document.querySelector("form[data-follow]")?.setAttribute("action", pathname + search);
  for (const link of document.querySelectorAll("a[data-follow]")) link.search = search;
});

// The frame: page transitions, and the navigation of a narrow page as a drawer, whose button leads to the menu page
// without scripts.

// A page of the host's may know no transitions, or come too early for one: ours is skipped then, which is no error.
for (const type of ["pageswap", "pagereveal"]) {
  addEventListener(type, ({ viewTransition }) => {
    for (const done of ["ready", "finished"]) viewTransition?.[done]?.catch(() => {});
  });
}

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

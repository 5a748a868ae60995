// Parts of a form or a record as tabs (WAI-ARIA): without scripts they stand below each other, with links to them.

function start(nav) {
  const tabs = [...nav.querySelectorAll("a")];
  const panelOf = (tab) => document.getElementById(tab.hash.slice(1));
  const open = (tab) => {
    for (const one of tabs) {
      const isOpen = one === tab;
      one.ariaSelected = String(isOpen);
      one.tabIndex = isOpen ? 0 : -1;
      panelOf(one).hidden = !isOpen;
    }
  };
  const show = (target) => {
    const tab = tabs.find((one) => panelOf(one).contains(target));
    if (tab && panelOf(tab).hidden) open(tab);
  };

  Object.assign(nav.firstElementChild, { role: "tablist", ariaLabel: nav.ariaLabel });
  Object.assign(nav, { role: "presentation", ariaLabel: null });
  for (const tab of tabs) {
    const panel = panelOf(tab);
    tab.parentElement.role = "presentation";
    Object.assign(tab, { role: "tab", id: `${panel.id}-tab` });
    tab.setAttribute("aria-controls", panel.id);
    panel.role = "tabpanel";
    panel.setAttribute("aria-labelledby", tab.id);
    panel.querySelector("[data-title]").hidden = true;
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      open(tab);
      history.replaceState(history.state, "", tab.hash);
    });
  }
  nav.addEventListener("keydown", ({ key, target }) => {
    const forth = getComputedStyle(nav).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const place = tabs.indexOf(target.closest("a"));
    const step = { ArrowLeft: -1, ArrowRight: -1, [forth]: 1 }[key];
    const next = step ? tabs.at((place + step) % tabs.length) : { Home: tabs[0], End: tabs.at(-1) }[key];
    next?.click();
    next?.focus();
  });
  // A link to a field, as in the summary of faults, opens the part where it stands.
  addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[href^='#']");
    if (link && !tabs.includes(link)) show(document.getElementById(link.hash.slice(1)));
  });
  // So does a native check that fails; of several the browser goes to the first.
  let isTold = false;
  addEventListener("invalid", (event) => {
    // It cannot go to one that is out of sight, and would complain.
    if (isTold && event.target.closest(".ab-tab[hidden]")) event.preventDefault();
    else show(event.target);
    isTold = true;
    setTimeout(() => (isTold = false));
  }, true);
  // Who saves and goes on stays where they are: what leads on from an address keeps what stands behind its #.
  addEventListener("submit", ({ target, submitter }) => {
    const tab = tabs.find((one) => one.ariaSelected === "true");
    if (submitter?.name === "_continue") target.setAttribute("action", target.getAttribute("action").split("#")[0] + tab.hash);
  });

  open(tabs.find((tab) => tab.dataset.faults) ?? tabs[0]);
  if (location.hash && !document.querySelector("[data-errors]")) show(document.getElementById(location.hash.slice(1)));
}
document.querySelectorAll("[data-tabs]").forEach(start);

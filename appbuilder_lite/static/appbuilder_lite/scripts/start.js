// Every page: what is there with scripts only, and transitions between pages.

for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;

// A page of the host's knows no transition, or comes too early for one: skipped then, which is no error.
addEventListener("pageswap", ({ viewTransition, activation }) => {
  if (!activation?.entry?.url?.startsWith(document.querySelector(".ab-brand")?.href)) viewTransition?.skipTransition();
});
for (const type of ["pageswap", "pagereveal"]) {
  addEventListener(type, ({ viewTransition }) => {
    for (const done of ["ready", "finished"]) viewTransition?.[done]?.catch(() => {});
  });
}

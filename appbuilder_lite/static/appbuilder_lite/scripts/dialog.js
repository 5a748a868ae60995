// A question that has a page of its own (delete, an action) is asked in a dialog; where anything is odd, on its page.

const QUESTION = "form[data-question]";

async function ask(opener, address, options, otherwise) {
  if (opener.ariaBusy) return;
  opener.ariaBusy = "true";
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual", ...options });
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const form = page?.querySelector(QUESTION);
    if (form) show(document.adoptNode(form), opener);
    else otherwise(answer);
  } catch {
    otherwise();
  } finally {
    opener.ariaBusy = null;
  }
}

function show(form, opener) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "ab-dialog" });
  const heading = form.querySelector("h1");
  const title = Object.assign(document.createElement("h2"), { id: "ab-question" });
  title.append(...heading.childNodes);
  heading.replaceWith(title);
  dialog.setAttribute("aria-labelledby", title.id);
  form.className = "ab-question";
  dialog.append(form);
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    // What stood in a menu is hidden by now: the button of the menu is what is left.
    const menu = opener.closest("[popover]");
    (menu ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : opener)?.focus();
  });
  (document.querySelector("body .ab") ?? document.body).append(dialog);
  dialog.showModal();
  document.dispatchEvent(new CustomEvent("ab:dialog", { detail: dialog }));
  // Where the address names a part of the form, that is what people came for.
  const part = opener.hash && dialog.querySelector(`[id="${CSS.escape(opener.hash.slice(1))}"] :is(input, select)`);
  (part || dialog.querySelector("[autofocus], [data-cancel]"))?.focus();
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  ask(link, link.href, {}, () => location.assign(link.href));
});

// An action that asks first runs only when its answer says so, so the first POST does nothing but ask.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!submitter?.matches("button[data-dialog]") || form.dataset.asked) return;
  event.preventDefault();
  const address = submitter.getAttribute("formaction") ?? form.getAttribute("action");
  ask(submitter, address, { method: "POST", body: new FormData(form, submitter) }, (answer) => {
    // Nothing to ask: the page to go back to says why.
    if (answer?.type === "opaqueredirect") return location.reload();
    form.dataset.asked = "1";
    form.requestSubmit(submitter);
    delete form.dataset.asked;
  });
});

// What is done to many records goes on by itself, batch by batch; without this there is a button for each.

const run = () => document.querySelector("form[data-run]");
let isStopped = false;

// The step that is on its way ends first: only then is it known how far it has come.
addEventListener("submit", (event) => {
  if (event.submitter?.name !== "_stop" || isStopped || run()?.ariaBusy !== "true") return;
  event.preventDefault();
  isStopped = true;
  event.submitter.setAttribute("aria-disabled", "true");
}, true);

async function step(form) {
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "text/html" },
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect") return location.assign(form.dataset.list);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = answer.ok && page.querySelector("[data-run]");
  // Nothing is sent a second time: what has failed may have been done all the same. Its own page says what happened.
  if (!fresh) return form.closest("main").replaceWith(page.querySelector("main") ?? page.body);
  form.before(...page.querySelectorAll("main > .ab-flash"));
  return fresh;
}

// The words stay the same element, so that they are read out when they change.
function show(form, fresh) {
  for (const part of ["progress", "[role=status]"]) {
    const [old, found] = [form, fresh].map((one) => one.querySelector(part));
    if (part === "progress") old.value = found.value;
    else old.textContent = found.textContent;
    found.replaceWith(old);
  }
  form.dataset.run = fresh.dataset.run;
  form.replaceChildren(...fresh.childNodes);
}

async function go() {
  const form = run();
  form.querySelector("[data-go]").hidden = true;
  form.ariaBusy = "true";
  try {
    while (form.dataset.run !== "over") {
      const fresh = await step(form);
      if (!fresh) return;
      show(form, fresh);
      if (isStopped && form.dataset.run !== "over") {
        form.ariaBusy = null;
        return form.requestSubmit(form.querySelector("[name=_stop]"));
      }
      const button = form.querySelector("[data-go]");
      if (button) button.hidden = true;
    }
    form.querySelector("[autofocus]").focus();
  } catch {
    // The network is gone: the button is there again for when it is back.
    form.querySelector("[data-go]").hidden = false;
  } finally {
    form.ariaBusy = null;
  }
}
if (run()) go();

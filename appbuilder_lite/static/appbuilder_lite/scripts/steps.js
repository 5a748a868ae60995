// The steps to the records before and after this one, in the order of the list that was shown last (trail.js).

const opener = document.querySelector("[data-palette]");
function trail() {
  try {
    const { owner, ...found } = JSON.parse(sessionStorage[`ab-recent ${opener.href}`]);
    return owner === opener.dataset.owner ? found : {};
  } catch {
    return {};
  }
}

// Beyond the rows the list goes on with its next page.
async function turn(url, place, way) {
  let to;
  try {
    // Nobody sees this page, so the messages that wait go on waiting.
    const answer = await fetch(url, { headers: { Accept: "text/html", "X-Appbuilder-Unseen": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = answer.ok && page.getElementById("list");
    if (list) {
      document.dispatchEvent(new CustomEvent("ab:turn", { detail: [list, answer.url] }));
      to = trail().rows.map((row) => row[way]).filter(Boolean).at(place);
    }
  } catch {
    // The page itself is opened, and the browser says why it does not come.
  }
  // Without a list it is a page to sign in, or one of an error.
  location.assign(to ?? url);
}

function lead(link, url, page, ...turned) {
  if (url ?? page) link.href = url ?? page;
  else {
    link.removeAttribute("href");
    link.ariaDisabled = "true";
    delete link.dataset.key;
    delete link.dataset.keyLabel;
  }
  if (url || !page) return;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(page, ...turned);
  });
}

const template = document.querySelector("[data-steps]");
const { rows = [], pages } = trail();
const at = rows.findIndex((row) => row.includes(location.pathname));
if (template && at >= 0) {
  // From where a record is shown to where the next one is shown, and from form to form.
  const way = rows[at].indexOf(location.pathname);
  const first = (some) => some.find((row) => row[way])?.[way];
  const steps = template.content.cloneNode(true);
  const [back, on] = steps.querySelectorAll("a");
  lead(back, first(rows.slice(0, at).reverse()), pages[0], -1, way);
  lead(on, first(rows.slice(at + 1)), pages[1], 0, way);
  template.replaceWith(steps);
}

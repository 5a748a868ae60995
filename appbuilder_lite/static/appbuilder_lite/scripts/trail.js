// The rows of the list that this tab of the browser has shown last, for the steps from one of its records to the next.

const opener = document.querySelector("[data-palette]");

// Of each row where its record is shown and where it is edited, and the pages of the list before and after these rows:
// addresses only, and signing out forgets them with what was opened lately.
function keep(list, base) {
  const ways = ["th a", `a[href^="${CSS.escape(list.querySelector("table")?.dataset.edit ?? "")}"]`];
  const rows = [...list.querySelectorAll("tbody tr")].map((row) => ways.map((way) => row.querySelector(way)?.pathname));
  const pages = ["prev", "next"].map((rel) => {
    const link = list.querySelector(`[rel=${rel}]`);
    return link && new URL(link.getAttribute("href"), base).href;
  });
  try {
    sessionStorage[`ab-recent ${opener.href}`] = JSON.stringify({ owner: opener.dataset.owner, rows, pages });
  } catch {
    // Full or forbidden: records know no neighbours then.
  }
}

function note() {
  const list = document.getElementById("list");
  if (list && opener) keep(list, location);
}
document.addEventListener("ab:refresh", note);
document.addEventListener("ab:turn", ({ detail }) => keep(...detail));
note();

// A list at the side: the row that is open beside it is in sight, where the rows scroll by themselves.

const side = document.querySelector(".ab-master .ab-table-box");
const open = side?.querySelector("tbody [aria-current]")?.closest("tr");
if (open && !history.state?.list) {
  const [outer, inner] = [side, open].map((element) => element.getBoundingClientRect());
  if (inner.top < outer.top || inner.bottom > outer.bottom) side.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
}

// Buttons that copy the value beside them; browsers let pages of safe addresses do that only.

const PAUSE = 2000;
const said = Object.assign(document.createElement("p"), { className: "ab-vh", role: "status" });

function show(button, icon, words) {
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#ab-${icon}`));
  said.textContent = words;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // The person or the browser has refused: nothing was copied, so nothing is said.
    return;
  }
  show(button, "check", button.dataset.copied);
  setTimeout(show, PAUSE, button, "copy", "");
}

const buttons = document.querySelectorAll("[data-copy]");
if (navigator.clipboard && buttons.length) {
  // What is announced is there before it speaks.
  (document.querySelector("body .ab") ?? document.body).append(said);
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

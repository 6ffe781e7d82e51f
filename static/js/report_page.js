// One report's page: its map, and the text to copy or share.

import { gettext } from "./lib/i18n.js";
import { startReportMap } from "./lib/report_map.js";

startReportMap();

const textOf = (id) => document.getElementById(id).textContent.trim();

async function copy(button) {
  await navigator.clipboard.writeText(textOf(button.dataset.copy));
  button.querySelector("[data-copy-label]").textContent = gettext("Copied");
  document.querySelector("[data-copy-status]").textContent = gettext("Copied");
}

// Without a secure page there is no clipboard: the text is marked, ready for a long press.
function select(id) {
  getSelection().selectAllChildren(document.getElementById(id));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => (navigator.clipboard ? copy(button).catch(() => select(button.dataset.copy)) : select(button.dataset.copy)));
}

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ text: textOf(button.dataset.share) }).catch(() => {}));
}

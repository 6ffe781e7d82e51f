// Texts to copy with one tap, or to share with copies of the photos.

import { gettext } from "./lib/i18n.js";
import { stampedPhotos } from "./lib/stamps.js";

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

async function share(button) {
  const { photos = "", stamp = "" } = button.dataset;
  const text = textOf(button.dataset.share);
  button.setAttribute("aria-busy", "true");
  try {
    const files = await stampedPhotos(photos.split(" ").filter(Boolean), stamp.split(" | "));
    await navigator.share(files.length && navigator.canShare?.({ files }) ? { text, files } : { text });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // whoever changes their mind shares nothing
  } finally {
    button.removeAttribute("aria-busy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => (navigator.clipboard ? copy(button).catch(() => select(button.dataset.copy)) : select(button.dataset.copy)));
}

for (const button of document.querySelectorAll("[data-share]:not([data-title])")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => share(button));
}

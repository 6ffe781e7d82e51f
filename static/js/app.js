// On every page: htmx, show-password, "are you sure", one submit per click. Pages work without it, filing a report apart.
import htmx from "htmx.org";
import { gettext } from "./lib/i18n.js";

const RELEASE_AFTER_MS = 8000;

window.htmx = htmx;

function showPassword(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const isShown = input.type === "text";
  input.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
  for (const icon of button.querySelectorAll("[data-when]")) icon.toggleAttribute("hidden", icon.dataset.when === (isShown ? "shown" : "hidden"));
}

// Whether the person goes on; `act` names what then happens, `note` holds what to know before, a paragraph a line.
function confirmed(question, act, style = "btn-danger-solid", note = "") {
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  title.textContent = question;
  const notes = note.split("\n").map((line) => line.trim());
  const paragraphs = notes.filter(Boolean).map((line) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    return paragraph;
  });
  const buttons = document.createElement("div");
  buttons.className = "buttons buttons-end";
  const button = (text, style, value) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${style}`;
    made.textContent = text;
    made.addEventListener("click", () => dialog.close(value));
    return made;
  };
  buttons.append(button(gettext("Cancel"), "", "no"), button(act || gettext("Yes"), style, "yes"));
  dialog.setAttribute("aria-labelledby", "confirm-title");
  title.id = "confirm-title";
  dialog.append(title, ...paragraphs, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// A form or button marked data-confirm="question", in the words of the button that was pressed.
async function askFirst(event, form) {
  event.preventDefault();
  const submitter = event.submitter;
  const question = submitter?.dataset.confirm || form.dataset.confirm;
  if (!(await confirmed(question, submitter?.textContent.trim(), form.dataset.confirmStyle, form.dataset.confirmNote))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
}

// A second tap while the first is under way is not sent. Only ordinary posts: htmx and our own scripts answer for theirs.
function guardAgainstSecondTap(event, form) {
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  form.setAttribute("aria-busy", "true");
  // A post that answers with a file leaves the page where it is.
  setTimeout(() => release(form), RELEASE_AFTER_MS);
}

function release(form) {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
}

// Tabs scroll sideways in themselves: the current one is brought into sight, the page stays where it is.
function showCurrentTab() {
  for (const tab of document.querySelectorAll(":is(.tabs, .segments) [aria-current]")) {
    const strip = tab.closest("ul");
    const [place, room] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
    strip.scrollLeft += place.left - room.left - (room.width - place.width) / 2;
  }
}
showCurrentTab();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show-password]");
  if (button) showPassword(button);
});

document.addEventListener("change", (event) => {
  const name = event.target.closest(".file-choice")?.querySelector("[data-file-name]");
  if (name && event.target.files[0]) name.textContent = event.target.files[0].name;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const wantsAsking = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (wantsAsking && !form.dataset.confirmed) {
    askFirst(event, form);
    return;
  }
  delete form.dataset.confirmed;
  if (form.method === "post" && !event.defaultPrevented && !form.matches("[hx-post], [data-own-submit]")) guardAgainstSecondTap(event, form);
});

// hx-confirm asks in the same dialog.
document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await confirmed(event.detail.question, event.target.textContent.trim())) event.detail.issueRequest(true);
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-autosubmit]")) target.form.requestSubmit();
  // A box marked data-ticks="name" ticks all boxes of that name in its form.
  if (target.matches("[data-ticks]"))
    for (const box of target.form.querySelectorAll(`input[name="${target.dataset.ticks}"]`)) box.checked = target.checked;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// Back from the next page: forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) release(form);
});

// Back to the list as it was left, filters and place included; from the map to the view that was left, not to the list of such things.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".back-link");
  if (!link) return;
  const from = document.referrer && new URL(document.referrer);
  if (!from || from.origin !== location.origin || ![new URL(link.href).pathname, "/peta/"].includes(from.pathname) || history.length < 2) return;
  event.preventDefault();
  history.back();
});

// A file that a worker made (people/_document_state.html): the download begins as soon as its link is on the page.
document.addEventListener("htmx:load", (event) => event.target.querySelector("[data-start-download]")?.click());

// Leaflet's own words, in the page's language.
addEventListener("map:init", ({ detail: { map } }) => {
  const name = (element, text) => {
    if (!element) return;
    element.title = text;
    element.setAttribute("aria-label", text);
  };
  name(map.getContainer().querySelector(".leaflet-control-zoom-in"), gettext("Zoom in"));
  name(map.getContainer().querySelector(".leaflet-control-zoom-out"), gettext("Zoom out"));
  map.on("popupopen", ({ popup }) => name(popup.getElement().querySelector(".leaflet-popup-close-button"), gettext("Close")));
});

// Elements that need the script stay hidden until it is there.
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

// Minutes of a forum: rows without a round trip, what is typed kept on this phone until it is saved, and sharing the link.
// The form works without any of it.
import { gettext } from "./lib/i18n.js";

const EVERY_MS = 2000;

function setUpShare(button) {
  button.addEventListener("click", async () => {
    const link = { title: button.dataset.title, url: location.href };
    try {
      if (navigator.share) await navigator.share(link);
      else {
        await navigator.clipboard.writeText(link.url);
        button.querySelector("span").textContent = gettext("Link copied");
      }
    } catch (error) {
      // AbortError: the person closed the share sheet.
      if (error.name !== "AbortError") window.prompt(gettext("Copy this link:"), link.url);
    }
  });
}

function addRow(section) {
  const total = section.querySelector("[name$='-TOTAL_FORMS']");
  const number = Number(total.value);
  const row = section.querySelector("template").content.cloneNode(true).firstElementChild;
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of ["id", "name", "for", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replaceAll("__prefix__", number));
    }
  }
  row.querySelector("[data-number]").textContent = number + 1;
  section.querySelector("[data-list]").append(row);
  total.value = number + 1;
  return row;
}

function setUpRows(section) {
  section.querySelector("[name='add']").addEventListener("click", (event) => {
    event.preventDefault();
    addRow(section).querySelector("input:not([type='hidden'], [type='checkbox']), textarea").focus();
  });
}

// What stands in the form, as [name, value] pairs. The token is the server's; the version is kept beside them, for it is nothing typed.
function typed(form) {
  return [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version");
}

// The version comes back with the text that was written upon it: where somebody saved meanwhile, the server then shows the differences.
function restore(form, { pairs, version }) {
  form.elements.version.value = version ?? "";
  const values = new Map(pairs);
  for (const section of form.querySelectorAll("[data-rows]")) {
    const total = section.querySelector("[name$='-TOTAL_FORMS']");
    while (Number(total.value) < Number(values.get(total.name) ?? 0)) addRow(section);
  }
  for (const element of form.elements) {
    if (!element.name || element.name === "csrfmiddlewaretoken" || element.name === "version" || element.name.endsWith("_FORMS")) continue;
    if (element.type === "radio" || element.type === "checkbox") element.checked = values.get(element.name) === element.value;
    else if (values.has(element.name)) element.value = values.get(element.name);
  }
}

// Text of minutes that were not saved, per user and meeting: a closed tab or an expired session costs nothing.
function setUpKeeping(form) {
  const key = `polmas.minutes.${form.dataset.user}.${form.dataset.minutes}`;
  const untouched = JSON.stringify(typed(form));
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const notice = form.querySelector("[data-kept]");
  // A form that the server sent back holds the text itself.
  let isOffered = false;
  if (kept && !form.dataset.isRefused && JSON.stringify(kept.pairs) !== untouched) {
    isOffered = true;
    notice.hidden = false;
    notice.querySelector("[data-kept-at]").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
  }
  const settle = (bringBack) => {
    if (bringBack) restore(form, kept);
    else localStorage.removeItem(key);
    isOffered = false;
    notice.hidden = true;
  };
  notice.querySelector("[data-restore]").addEventListener("click", () => settle(true));
  notice.querySelector("[data-forget]").addEventListener("click", () => settle(false));
  const keep = () => {
    const pairs = typed(form);
    if (isOffered || JSON.stringify(pairs) === untouched) return;
    localStorage.setItem(key, JSON.stringify({ pairs, version: form.elements.version.value, at: Date.now() }));
  };
  setInterval(keep, EVERY_MS);
  window.addEventListener("pagehide", keep);
}

// The readable page comes after a save: what was kept for this meeting is stored now.
function forgetSaved() {
  const saved = document.querySelector("[data-saved]");
  if (saved) localStorage.removeItem(`polmas.minutes.${saved.dataset.user}.${saved.dataset.saved}`);
}

for (const button of document.querySelectorAll("[data-share]")) setUpShare(button);
const form = document.querySelector("form[data-minutes]");
if (form) {
  for (const section of form.querySelectorAll("[data-rows]")) setUpRows(section);
  form.querySelector("[data-all-present]")?.addEventListener("click", () => {
    for (const radio of form.querySelectorAll("#attendance input[value='HADIR']")) {
      if (!form.querySelector(`input[name='${radio.name}']:checked`)) radio.checked = true;
    }
  });
  setUpKeeping(form);
}
forgetSaved();

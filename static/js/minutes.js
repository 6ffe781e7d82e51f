// Minutes of a forum: rows without a round trip, what is typed kept on this phone until it is saved, saving by itself, and sharing the link.
// The form works without any of it.
import { gettext } from "./lib/i18n.js";
import { isTypedOnOther, momentText } from "./lib/kept_draft.js";

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
function setUpKeeping(form, compare) {
  const key = `polmas.minutes.${form.dataset.user}.${form.dataset.minutes}`;
  let stored = JSON.stringify(typed(form));
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const notice = form.querySelector("[data-kept]");
  // The stored text on which the typing began; a conflict does not change it, only a save does.
  let base = form.dataset.typedOn;
  // A form that the server sent back holds the text itself.
  let isOffered = false;
  if (kept && !form.dataset.isRefused && JSON.stringify(kept.pairs) !== stored) {
    isOffered = true;
    notice.hidden = false;
    notice.querySelector("[data-kept-at]").textContent = momentText(new Date(kept.at), document.documentElement.lang);
  }
  const settle = (bringBack) => {
    isOffered = false;
    notice.hidden = true;
    if (!bringBack) return localStorage.removeItem(key);
    const isOutdated = isTypedOnOther(kept, base);
    base = String(kept.version ?? "");
    restore(form, kept);
    if (isOutdated) compare();
  };
  notice.querySelector("[data-restore]").addEventListener("click", () => settle(true));
  notice.querySelector("[data-forget]").addEventListener("click", () => settle(false));
  const isChanged = () => !isOffered && JSON.stringify(typed(form)) !== stored;
  const keep = () => {
    if (isChanged()) localStorage.setItem(key, JSON.stringify({ pairs: typed(form), version: base, at: Date.now() }));
  };
  setInterval(keep, EVERY_MS);
  window.addEventListener("pagehide", keep);
  return {
    isChanged,
    // What was sent is stored now, as this version; what was typed meanwhile stays on the phone.
    settleStored(version, isSame) {
      base = String(version);
      if (!isSame) return;
      stored = JSON.stringify(typed(form));
      localStorage.removeItem(key);
    },
  };
}

// Rows that the server keeps: those in which something stands and that are not to be removed.
function keptRows(section) {
  return [...section.querySelectorAll("[data-list] > [data-row]")].filter((row) => {
    if (row.querySelector("[name$='-DELETE']")?.checked) return false;
    return [...row.querySelectorAll("input, textarea, select")].some(({ type, value }) => !["hidden", "checkbox"].includes(type) && value !== "");
  });
}

// Rows that were new have an id from now on, so that the next save changes them instead of adding them again.
function nameRows(form, ids) {
  for (const section of form.querySelectorAll("[data-rows]")) {
    const rows = keptRows(section);
    for (const [place, id] of (ids[section.dataset.rows] ?? []).entries()) if (rows[place]) rows[place].querySelector("[name$='-id']").value = id;
  }
}

// What the page says of saving, and both texts side by side where somebody else saved meanwhile: from then on nothing is saved by itself.
function setUpSaving(form) {
  const state = form.querySelector("[data-autosave-state]");
  const saving = { isStopped: false };
  saving.tell = (text) => {
    if (state.textContent !== text) state.textContent = text;
  };
  form.addEventListener("submit", () => {
    saving.isStopped = true;
  });
  saving.send = (body) => fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
  saving.showConflict = (answer) => {
    saving.isStopped = true;
    if (answer.is_locked) return saving.tell(gettext("Adopted meanwhile and locked. What you typed stays on this phone."));
    form.elements.version.value = answer.version;
    const place = form.querySelector("[data-conflict]");
    place.innerHTML = answer.differences;
    const label = form.querySelector("[data-save-label]");
    label.textContent = label.dataset.overwrite;
    place.scrollIntoView({ block: "start" });
    place.focus({ preventScroll: true });
    return saving.tell(gettext("Somebody else saved meanwhile: compare, then save."));
  };
  // Asks what differs from the stored text; the server stores nothing. Nothing can be sent until the differences are there: a finger on its
  // way to "Save" would press what has become "Save mine over the stored text" under it.
  saving.compare = async () => {
    saving.isStopped = true;
    const buttons = [...form.querySelectorAll("button:not([type='button']):enabled")];
    for (const button of buttons) button.disabled = true;
    const body = new FormData(form);
    body.set("compare", "1");
    try {
      const response = await saving.send(body);
      if (response.status === 409) saving.showConflict(await response.json());
      else saving.tell(gettext("Somebody else saved meanwhile: nothing is saved until you press the button."));
    } catch {
      saving.tell(gettext("Without network: kept on this phone."));
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  };
  return saving;
}

// Saves what is typed, some seconds after the last key; never over what somebody else saved: then both texts are shown and it stops.
function setUpAutosave(form, keeping, saving) {
  const { tell } = saving;
  let last = Date.now();
  let isBusy = false;
  form.addEventListener("input", () => {
    last = Date.now();
  });
  const save = async () => {
    const sent = new FormData(form);
    const response = await saving.send(sent);
    if (response.status === 422) return tell(gettext("Something is still missing; kept on this phone."));
    if (response.redirected || !response.headers.get("Content-Type")?.startsWith("application/json"))
      return tell(gettext("Not saved, kept on this phone. Open the page again."));
    const answer = await response.json();
    if (response.status === 409) return saving.showConflict(answer);
    form.elements.version.value = answer.version;
    // What was sent is what stands on the list of attendance now.
    const isSame = JSON.stringify([...new FormData(form)].filter(skipVersion)) === JSON.stringify([...sent].filter(skipVersion));
    for (const before of form.querySelectorAll("[name^='before-']")) before.value = sent.get(before.name.replace("before", "member")) ?? "";
    // Rows are named only while nobody typed on: their order is the one that was sent.
    if (isSame || keptCounts(form) === countsOf(answer.rows)) nameRows(form, answer.rows);
    keeping.settleStored(answer.version, isSame);
    return tell(gettext("Saved"));
  };
  setInterval(async () => {
    if (isBusy || saving.isStopped || Date.now() - last < EVERY_MS || !keeping.isChanged()) return;
    isBusy = true;
    tell(gettext("Saving…"));
    try {
      await save();
    } catch {
      tell(gettext("Without network: kept on this phone."));
      last = Date.now();
    } finally {
      isBusy = false;
    }
  }, 500);
}

const skipVersion = ([name]) => name !== "version" && name !== "csrfmiddlewaretoken";
const keptCounts = (form) => [...form.querySelectorAll("[data-rows]")].map((section) => `${section.dataset.rows}${keptRows(section).length}`).join();
const countsOf = (rows) => ["agenda", "actions", "guests"].map((name) => `${name}${rows[name].length}`).join();

// The readable page comes after a save: what was kept for this meeting is stored now.
function forgetSaved() {
  const saved = document.querySelector("[data-saved]");
  if (saved) localStorage.removeItem(`polmas.minutes.${saved.dataset.user}.${saved.dataset.saved}`);
}

for (const button of document.querySelectorAll("[data-share][data-title]")) setUpShare(button);
const form = document.querySelector("form[data-minutes]");
if (form) {
  for (const section of form.querySelectorAll("[data-rows]")) setUpRows(section);
  form.querySelector("[data-all-present]")?.addEventListener("click", () => {
    for (const radio of form.querySelectorAll("#attendance input[value='HADIR']")) {
      if (!form.querySelector(`input[name='${radio.name}']:checked`)) radio.checked = true;
    }
  });
  const saving = setUpSaving(form);
  const keeping = setUpKeeping(form, saving.compare);
  if ("autosave" in form.dataset) setUpAutosave(form, keeping, saving);
}
forgetSaved();

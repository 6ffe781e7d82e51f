// A report in full, by the names under which it is sent; one of the outbox in a dialog: what is thrown away was seen before.

import { campaignLines } from "./campaigns.js";
import { gettext } from "./i18n.js";
import { moment } from "./times.js";

const element = (id) => document.getElementById(id);
const HIDDEN = new Set(["id", "schema", "version", "base_version", "photos", "kind", "saved_at", "location", "area", "campaign"]);
const NAMES = {
  officer: () => gettext("In the name of"),
  occurred_at: () => gettext("Time"),
  ended_at: () => gettext("End"),
  area_name: () => gettext("Village"),
  unit_name: () => gettext("Unit"),
  place: () => gettext("Place"),
  result: () => gettext("Result"),
  narrative: () => gettext("What happened"),
  follow_up: () => gettext("Follow-up"),
  review_note: () => gettext("Note of the reviewer"),
  head_name: () => gettext("Head of the household"),
  name: () => gettext("Name"),
  text: () => gettext("Text"),
};

function nameOf(key) {
  return NAMES[key]?.() ?? key.replaceAll("_", " ");
}

function textOf(key, value) {
  if (value === true) return gettext("Yes");
  return key?.endsWith("_at") ? moment(value) : String(value);
}

/** [name, text] of whatever holds something, nested parts by their path: detail · household · rt. */
export function linesOf(value, path = []) {
  if (value === null || value === undefined || value === "" || value === false) return [];
  if (typeof value !== "object")
    return [
      [
        path
          .slice(-2)
          .filter((key) => key !== "detail")
          .map(nameOf)
          .join(" · "),
        textOf(path.at(-1), value),
      ],
    ];
  return Object.entries(value)
    .filter(([key]) => path.length || !HIDDEN.has(key))
    .flatMap(([key, inner]) => linesOf(inner, Array.isArray(value) ? path : [...path, key]));
}

function line([name, text]) {
  const made = document.createElement("div");
  const term = document.createElement("dt");
  const words = document.createElement("dd");
  term.textContent = name;
  words.textContent = text;
  words.className = "typed";
  made.append(term, words);
  return made;
}

/** `campaign` with its names, where the report itself holds ids alone. */
export function fillTerms(list, value, campaign = value.campaign) {
  const lines = [...linesOf(value), ...(campaign?.name ? campaignLines(campaign) : [])];
  list.replaceChildren(...lines.map(line));
}

export function showEntry(entry, { title, onDiscard }) {
  const dialog = element("entry-dialog").content.firstElementChild.cloneNode(true);
  dialog.querySelector("h2").textContent = title;
  fillTerms(dialog.querySelector("dl"), entry.report, entry.form?.campaign);
  dialog.querySelector("[data-act=close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-act=discard]").hidden = Boolean(entry.delivered_at);
  dialog.querySelector("[data-act=discard]").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!event.target.dataset.confirmed) return;
    await onDiscard();
    dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// A report in full, in the words of its form; one of the outbox in a dialog: what is thrown away was seen before.

import { campaignLines } from "./campaigns.js";
import { gettext, interpolate } from "./i18n.js";
import { moment, shortDay } from "./times.js";

const element = (id) => document.getElementById(id);
// What programs need and people do not: of a report, and of what is in it.
const HIDDEN = new Set([
  "id",
  "schema",
  "version",
  "base_version",
  "photos",
  "kind",
  "saved_at",
  "location",
  "area",
  "origin",
  "origin_opinion",
  "campaign",
]);
const HIDDEN_WITHIN = new Set(["id", "area", "user"]);
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T/;

/** The words of the page: see patrol/labels.py. */
export function wordsOfPage() {
  return JSON.parse(element("words").textContent);
}

function isEmpty(value) {
  if (value === null || value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isPlace(value) {
  return typeof value === "object" && typeof value.lat === "number";
}

function textOf(value, codes = {}) {
  if (value === true) return gettext("Yes");
  if (isPlace(value)) return `${value.lat.toFixed(5)}, ${value.lon.toFixed(5)}`;
  if (codes[value]) return codes[value];
  if (typeof value === "string" && DAY.test(value)) return shortDay(value);
  return typeof value === "string" && MOMENT.test(value) ? moment(value) : String(value);
}

/** One field that holds a value, or many. */
function fieldText(value, codes) {
  if (!Array.isArray(value)) return typeof value === "object" && value.name ? value.name : textOf(value, codes);
  if (Array.isArray(value[0])) return interpolate(gettext("%(count)s points"), { count: value.length });
  return value.map((one) => textOf(one, codes)).join(", ");
}

/** The lines of an object by the words of its fields; what has no word keeps its own name. */
function linesOfObject(object, words, lists, title = "", hidden = HIDDEN_WITHIN) {
  return Object.entries(object)
    .filter(([name, value]) => !hidden.has(name) && !isEmpty(value))
    .flatMap(([name, value]) => linesOfField(value, words[name] ?? [name.replaceAll("_", " "), ""], lists, title));
}

function linesOfField(value, word, lists, title) {
  if (Array.isArray(word)) return [[[title, word[0]].filter(Boolean).join(" · "), fieldText(value, lists[word[1]])]];
  return [value].flat().flatMap((row) => (typeof row === "string" ? [[word[""], row]] : linesOfObject(row, word, lists, word[""])));
}

/** [name, text] of whatever of a report holds something, as its form and its lists call it. */
export function linesOf({ detail = {}, ...report }, { lists, ...words }) {
  const own = report.kind === "LI" ? words.li : words.report;
  const ofDetail = linesOfObject(detail ?? {}, words.kinds[report.kind] ?? {}, lists);
  return [...linesOfObject(report, own, lists, "", HIDDEN), ...ofDetail];
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
export function fillTerms(list, report, campaign = report.campaign) {
  const lines = [...linesOf(report, wordsOfPage()), ...(campaign?.name ? campaignLines(campaign) : [])];
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

// A Laporan Informasi: from what stands in its form to the payload that is sent, and back from the server's answer.
// On this phone it is called by its kind alone: neither subject nor field stands in any list.

import { gettext } from "./i18n.js";
import { filled, withOffset } from "./report.js";

export const TEXTS = ["subject", "source_alias", "relation", "facts", "analysis", "prediction", "steps_taken", "recommendation"];
export const CHOICES = ["field", "method", "urgency", "source_value"];
export const SOURCE = ["name", "contact", "note"];
const MOST_AHEAD_MS = 24 * 3600 * 1000;

export function blankInformation(id) {
  const texts = Object.fromEntries([...TEXTS, ...CHOICES].map((name) => [name, ""]));
  const source = Object.fromEntries(SOURCE.map((name) => [name, ""]));
  return { id, kind: "LI", version: 1, base_version: null, occurred_at: "", event_at: "", location: null, area: "", ...texts, source, photos: [] };
}

/** The next version of what the server holds. The source is not in its answer: left empty, what is sealed stays. */
export function correctionOfInformation(information) {
  const { id, version, occurred_at, event_at, area, origin, origin_opinion } = information;
  const texts = Object.fromEntries([...TEXTS, ...CHOICES].map((name) => [name, information[name] ?? ""]));
  const numbers = { version: version + 1, base_version: version };
  return { ...blankInformation(id), ...numbers, occurred_at, event_at: event_at ?? "", area, ...texts, ...filled({ origin, origin_opinion }) };
}

export const SPEC = { kind: "LI", label: "Laporan Informasi", path: "informations", blank: blankInformation, correction: correctionOfInformation };

/** A form that begins with what a resident said: the opinion of that number (from 1) in a report of the server. */
export function raisedFrom(form, report, number) {
  const opinion = report.detail?.opinions?.[number - 1];
  const said = opinion ?? { text: report.narrative || report.result, field: report.field };
  const origin = { origin: report.id, ...(opinion && { origin_opinion: number }) };
  const raised = { facts: said.text ?? "", field: said.field ?? "", urgency: said.urgency ?? "", method: opinion ? "LAPORAN_WARGA" : "" };
  return { ...form, area: report.area, occurred_at: report.occurred_at, ...raised, ...origin };
}

/** The payload of a filled form, saved at `now`. */
export function buildInformation(form, now = new Date()) {
  const texts = Object.fromEntries([...TEXTS, ...CHOICES].map((name) => [name, form[name]]));
  const { location, area, origin, origin_opinion } = form;
  const source = filled(form.source);
  return {
    id: form.id,
    schema: 1,
    version: form.version,
    base_version: form.base_version,
    kind: "LI",
    occurred_at: withOffset(form.occurred_at ? new Date(form.occurred_at) : now),
    ...filled({ location, area, ...texts, origin, origin_opinion }),
    ...(form.event_at && { event_at: withOffset(new Date(form.event_at)) }),
    ...(Object.keys(source).length && { source }),
  };
}

/** What the form still lacks, as [field, text] in the order of the page: domain.md 4.0 and nothing more. */
export function faultsOfInformation(form, now = Date.now()) {
  const needs = [
    ["where", form.location || form.area, gettext("Choose the village: there is no position yet.")],
    ["field", form.field, gettext("Choose the one field that it touches.")],
    ["subject", form.subject.trim(), gettext("Write the subject in one line.")],
    ["method", form.method, gettext("Choose how you obtained it.")],
    ["facts", form.facts.trim(), gettext("Write the facts: what was seen, heard or read.")],
    ["obtained_at", !form.occurred_at || new Date(form.occurred_at).getTime() <= now + MOST_AHEAD_MS, gettext("This time is still to come.")],
  ];
  return needs.filter(([, isThere]) => !isThere).map(([name, , text]) => [name, text]);
}

/** Whether anybody has put something into the form that is worth keeping as a draft. */
export function isInformationTouched(form) {
  const texts = [...TEXTS, "field", "method"].map((name) => form[name]);
  return [...texts, ...Object.values(form.source)].some((text) => text.trim());
}

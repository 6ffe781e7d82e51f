// From what stands in the form to the payload that is sent (architecture.md section 8), and back from the server's report.
//
// `spec` says what the kind asks for: {kind, label, sentence, subject, needsSubject, needed, neededRows, asksSituation}. A form holds
//   who, subject   whom or what the report is about: "" | "known" | "new" | "declined", and the entry of the register
//   detail         the kind's own fields by their names in the JSON; null while nobody has touched a new form
//   rows           its repeated parts, such as {opinions: [...]}
//   officer        the user name of the officer in whose name it is recorded, and officer_name; empty where it is the own one
//   campaign       the giat tematik it belongs to, with its numbers by the ids of its fields, or null

import { campaignPayload } from "./campaigns.js";
import { eligibilityFaults } from "./eligibility.js";
import { gettext, interpolate } from "./i18n.js";
import { spanOf } from "./rounds.js";

const MOST_AHEAD_MS = 24 * 3600 * 1000;
const PHONE = /^\+?[0-9][0-9 -]{4,}$/;
const TEXTS = [
  ...["area", "outside_reason", "place", "narrative", "result", "follow_up", "field", "phase", "situation"],
  ...["obstacle", "obstacle_owner", "obstacle_due_on"],
];

/** A form that nobody has touched. `occurred_at` empty means: when it is saved. */
export function blankForm(id, { kind, officer = "", officerName = "" }) {
  return {
    id,
    kind,
    officer,
    officer_name: officerName,
    version: 1,
    base_version: null,
    occurred_at: "",
    ended_at: "",
    location: null,
    ...Object.fromEntries(TEXTS.map((name) => [name, ""])),
    phase: "PRA",
    situation: "AMAN",
    who: "",
    subject: null,
    detail: null,
    rows: {},
    campaign: null,
    participants: [],
    photos: [],
  };
}

/** ISO 8601 with the phone's own offset: 2026-11-20T09:15:00+07:00. */
export function withOffset(date) {
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

export function threeDigits(text) {
  return text.trim().padStart(3, "0");
}

function isFilled(value) {
  if (value === null || value === undefined || value === "" || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}

/** Leaves out what was left empty. */
export function filled(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => isFilled(value)));
}

/** An opinion without words of its own is the one sentence of the report: nobody writes a thing twice. */
function rowPayload(name, row, sentence) {
  return filled(name === "opinions" && !row.text.trim() ? { ...row, text: sentence } : row);
}

/** A known entry of a register goes by its id and the names people know it by; of a new one all that was written. */
function subjectPayload({ area, landmark, ...entry }, isNew) {
  const digits = Object.fromEntries(["rt", "rw"].filter((name) => entry[name]?.trim()).map((name) => [name, threeDigits(entry[name])]));
  return filled({ ...entry, ...digits, ...(isNew && { landmark }) });
}

function detailPayload(form, spec) {
  const isNamed = form.who === "known" || form.who === "new";
  const rows = Object.entries(form.rows).map(([name, some]) => [name, some.map((row) => rowPayload(name, row, form[spec.sentence]))]);
  return filled({
    ...(isNamed && { [spec.subject]: subjectPayload(form.subject, form.who === "new") }),
    declined: form.who === "declined",
    ...form.detail,
    ...Object.fromEntries(rows),
  });
}

/** A round lasts from its first point to its last, unless the officer says otherwise; any other report begins now. */
function timesOf(form, now) {
  const span = spanOf(form.rows);
  const start = new Date(form.occurred_at || span?.start || now);
  const end = form.ended_at || (span && new Date(span.end) >= start ? span.end : "");
  return { start: withOffset(start), end: end && withOffset(new Date(end)) };
}

/** The payload of a filled form, saved at `now`. */
export function buildReport(form, spec, now = new Date()) {
  const { start, end } = timesOf(form, now);
  const optional = filled({
    ended_at: end,
    location: form.location ?? spanOf(form.rows)?.location,
    campaign: campaignPayload(form.campaign),
    ...Object.fromEntries(TEXTS.map((name) => [name, form[name]])),
  });
  return {
    id: form.id,
    schema: 1,
    version: form.version,
    base_version: form.base_version,
    kind: spec.kind,
    ...(form.officer && { officer: form.officer }),
    occurred_at: start,
    saved_at: withOffset(now),
    ...optional,
    participants: form.participants.map(({ kind, name, officer }) => filled({ kind, name, officer })),
    photos: [...form.photos],
    detail: detailPayload(form, spec),
  };
}

function whoFaults({ who, subject }, { needsSubject, subject: register, canDecline }) {
  if (!who && needsSubject) {
    const text = canDecline
      ? gettext("Choose whom you visited, or say that the resident declined to be named.")
      : gettext("Choose which one it was.");
    return [["who", text]];
  }
  return who === "new" ? newFaults(subject, register) : answerFaults(subject?.answers ?? {});
}

/** What was asked for at this visit: a phone number looks like one. */
function answerFaults(answers) {
  const wrong = Object.entries(answers).filter(([name, value]) => name.endsWith("phone") && !PHONE.test(value.trim()));
  return wrong.map(([name]) => [`answer-${name}`, gettext("Write a phone number: digits, with spaces or hyphens, and + in front if need be.")]);
}

function newFaults(entry, register) {
  const faults = [];
  const isHousehold = register === "household";
  const name = isHousehold ? "head_name" : "name";
  const isMissing = (field) => (isHousehold ? !/^\s*\d{1,3}\s*$/.test(entry[field]) : !/^\s*\d{0,3}\s*$/.test(entry[field] ?? ""));
  if (!entry[name]?.trim())
    faults.push([`new-${name}`, isHousehold ? gettext("Write the name of the head of the household.") : gettext("Write the name.")]);
  if (isMissing("rt")) faults.push(["new-rt", gettext("Write the RT in digits, such as 3.")]);
  if (isMissing("rw")) faults.push(["new-rw", gettext("Write the RW in digits, such as 5.")]);
  return faults;
}

const SENTENCES = {
  result: () => gettext("Write one sentence about the result."),
  narrative: () => gettext("Write one sentence about what happened."),
};

/** Whether there has to be a sentence: not where nobody was there to say anything, nor on a round on which all was safe. */
function needsSentence(form, { asksSituation }) {
  return !form.detail?.absent && !(asksSituation && (form.situation || "AMAN") === "AMAN");
}

/** Fields and repeated parts that the kind can't do without. */
function missingFaults(form, { needed = [], neededRows = {} }) {
  const fields = needed.filter((name) => !isFilled(form.detail?.[name])).map((name) => [`detail-${name}`, gettext("This is still needed.")]);
  const rows = Object.entries(neededRows).filter(([name]) => !form.rows[name]?.length);
  return [...fields, ...rows.map(([name, text]) => [`detail-${name}`, text])];
}

function timeFaults(form, now) {
  const faults = [];
  if (form.officer && !form.occurred_at) faults.push(["occurred_at", gettext("Write when it was.")]);
  if (form.occurred_at && new Date(form.occurred_at).getTime() > now + MOST_AHEAD_MS)
    faults.push(["occurred_at", gettext("This time is still to come.")]);
  if (form.ended_at && new Date(form.ended_at) < (form.occurred_at ? new Date(form.occurred_at) : now))
    faults.push(["ended_at", gettext("The end lies before the start.")]);
  return faults;
}

function numberFaults({ campaign }) {
  const wrong = Object.entries(campaign?.values ?? {}).filter(([, number]) => Number.isNaN(number));
  return wrong.map(([id]) => [`campaign-${id}`, gettext("Write a number, such as 25.")]);
}

/** What the form still lacks, as [field, text] in the order of the page: domain.md 4.0 and nothing more. */
export function faultsOf(form, spec, now = Date.now()) {
  const faults = [];
  if (!form.location && !form.area && !spanOf(form.rows)?.location) faults.push(["where", gettext("Choose the village: there is no position yet.")]);
  if (spec.subject) faults.push(...whoFaults(form, spec));
  faults.push(...missingFaults(form, spec));
  const sentence = form[spec.sentence].trim();
  if (needsSentence(form, spec) && !sentence) faults.push([spec.sentence, SENTENCES[spec.sentence]()]);
  faults.push(...eligibilityFaults(form, spec, timesOf(form, new Date(now)).start.slice(0, 10)));
  const wordless = (form.rows.opinions ?? []).findIndex((opinion) => !opinion.text.trim() && !sentence);
  if (wordless >= 0) faults.push([`opinions-${wordless}`, gettext("Write what the resident said.")]);
  return [...faults, ...numberFaults(form), ...timeFaults(form, now)];
}

/** Whether anybody has put something into the form that is worth keeping as a draft; `untouched` is its detail as it began. */
export function isTouched(form, untouched) {
  const { who, photos, participants, campaign } = form;
  const texts = ["result", "narrative", "follow_up", "place", "obstacle"].map((name) => form[name]);
  const hasRows = Object.values(form.rows).some((rows) => rows.length);
  return hasRows || JSON.stringify(form.detail) !== JSON.stringify(untouched) || [...texts, who, photos, participants, campaign].some(isFilled);
}

function formParticipants(participants) {
  return (participants ?? []).map((one) => (typeof one === "string" ? { kind: "LAINNYA", name: one } : { kind: "LAINNYA", ...one }));
}

/** Everything of the detail that is neither the subject nor a list of objects is a field of the form. */
function formDetail(detail, { subject }) {
  const { [subject]: entry = null, declined, ...rest } = detail ?? {};
  const isRows = (value) => Array.isArray(value) && value.some((one) => one && typeof one === "object" && !Array.isArray(one));
  const parts = Object.entries(rest);
  return {
    who: declined ? "declined" : entry ? "known" : "",
    subject: entry,
    detail: Object.fromEntries(parts.filter(([, value]) => !isRows(value))),
    rows: Object.fromEntries(parts.filter(([, value]) => isRows(value)).map(([name, rows]) => [name, rows.map(filled)])),
  };
}

/** The form that a report (of the server, or of the outbox) was made from. */
export function formFrom(report, spec) {
  const { location } = report;
  return {
    ...blankForm(report.id, spec),
    version: report.version,
    base_version: report.base_version ?? null,
    occurred_at: report.occurred_at,
    ended_at: report.ended_at ?? "",
    location: location ? filled({ lat: location.lat, lon: location.lon, accuracy: location.accuracy }) : null,
    ...Object.fromEntries(TEXTS.map((name) => [name, report[name] ?? ""])),
    phase: report.phase || "PRA",
    situation: report.situation || "AMAN",
    participants: formParticipants(report.participants),
    photos: [...(report.photos ?? [])],
    campaign: report.campaign ?? null,
    ...formDetail(report.detail, spec),
  };
}

/** The form of a correction: the next version of the report that the server holds. */
export function correctionOf(report, spec) {
  return { ...formFrom(report, spec), version: report.version + 1, base_version: report.version };
}

/** The one line under the choice of a household: that one is still due, or that it lives in another village than one stands in. */
export function noteOnWho({ who, absent }, home, standing) {
  if (!who && absent) return gettext("It still needs whom you called on, also when nobody was there. Or tap “Declined to be named”.");
  if (!home || !standing || home === standing) return "";
  return interpolate(gettext("Your position is in %(here)s, this one is in %(home)s. The report counts for %(here)s."), {
    here: standing,
    home,
  });
}

/** What a report is called in lists on this phone. */
export function titleOf(form, spec) {
  const title = nameOfReport(form, spec);
  return form.officer ? interpolate(gettext("%(report)s · in the name of %(officer)s"), { report: title, officer: form.officer_name }) : title;
}

function nameOfReport(form, { label, subject }) {
  if (!subject) return label;
  if (form.who === "declined") return interpolate(gettext("%(kind)s, not named"), { kind: label });
  if (form.subject) return `${label} · ${nameOf(form.subject)}`;
  return label;
}

/** What people call an entry of a register. */
export function nameOf({ head_name, name }) {
  return head_name === undefined ? (name ?? "") : `${gettext("Family of")} ${head_name}`;
}

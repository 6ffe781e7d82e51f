// From what stands in the form to the payload that is sent (architecture.md section 8), and back from the server's report.

import { gettext, interpolate } from "./i18n.js";

export const DEFAULT_PURPOSES = ["SILATURAHMI"];
const MOST_AHEAD_MS = 24 * 3600 * 1000;

/** A form that nobody has touched. `occurred_at` empty means: when it is saved. */
export function blankForm(id) {
  return {
    id,
    version: 1,
    base_version: null,
    occurred_at: "",
    location: null,
    area: "",
    place: "",
    who: "",
    household: null,
    absent: false,
    result: "",
    narrative: "",
    follow_up: "",
    received_by: "",
    purposes: DEFAULT_PURPOSES,
    next_visit_on: "",
    field: "",
    phase: "PRA",
    situation: "AMAN",
    participants: [],
    opinions: [],
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
  if (value === null || value === undefined || value === "") return false;
  return !(Array.isArray(value) && value.length === 0);
}

/** Leaves out what was left empty. */
function filled(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => isFilled(value)));
}

/** An opinion without words of its own is the one sentence of the report: nobody writes a thing twice. */
function opinionPayload({ kind, field, text, urgency, frequency }, sentence) {
  return filled({ kind, field, text: text.trim() ? text : sentence, urgency, frequency });
}

function householdPayload({ id, head_name, rw, rt, landmark }, isNew) {
  const household = { id, head_name, rw: threeDigits(rw), rt: threeDigits(rt) };
  return isNew ? filled({ ...household, landmark }) : household;
}

function detailPayload(form) {
  const isNamed = form.who === "known" || form.who === "new";
  return filled({
    household: isNamed ? householdPayload(form.household, form.who === "new") : null,
    declined: form.who === "declined" || null,
    absent: form.absent || null,
    received_by: form.received_by,
    purposes: [...form.purposes],
    next_visit_on: form.next_visit_on,
    opinions: form.opinions.map((opinion) => opinionPayload(opinion, form.result)),
  });
}

/** The payload of a filled form, saved at `now`. */
export function buildReport(form, now = new Date()) {
  const optional = filled({
    location: form.location,
    area: form.area,
    place: form.place,
    narrative: form.narrative,
    result: form.result,
    follow_up: form.follow_up,
    field: form.field,
    phase: form.phase,
    situation: form.situation,
  });
  return {
    id: form.id,
    schema: 1,
    version: form.version,
    base_version: form.base_version,
    kind: "DDS",
    occurred_at: withOffset(form.occurred_at ? new Date(form.occurred_at) : now),
    ...optional,
    participants: form.participants.map(({ kind, name }) => filled({ kind, name })),
    photos: [...form.photos],
    detail: detailPayload(form),
  };
}

function whoFaults({ who, household }) {
  if (!who) return [["who", gettext("Choose the household, or say that the resident declined to be named.")]];
  if (who !== "new") return [];
  const faults = [];
  if (!household.head_name.trim()) faults.push(["head_name", gettext("Write the name of the head of the household.")]);
  if (!/^\s*\d{1,3}\s*$/.test(household.rt)) faults.push(["rt", gettext("Write the RT in digits, such as 3.")]);
  if (!/^\s*\d{1,3}\s*$/.test(household.rw)) faults.push(["rw", gettext("Write the RW in digits, such as 5.")]);
  return faults;
}

/** What the form still lacks, as [field, text] in the order of the page: domain.md 4.0 and nothing more. */
export function faultsOf(form, now = Date.now()) {
  const faults = [];
  if (!form.location && !form.area) faults.push(["where", gettext("Choose the village: there is no position yet.")]);
  faults.push(...whoFaults(form));
  if (!form.absent && !form.result.trim()) faults.push(["result", gettext("Write one sentence about the result.")]);
  const wordless = form.opinions.findIndex((opinion) => !opinion.text.trim() && !form.result.trim());
  if (wordless >= 0) faults.push([`voice-${wordless}`, gettext("Write what the resident said.")]);
  if (form.occurred_at && new Date(form.occurred_at).getTime() > now + MOST_AHEAD_MS)
    faults.push(["occurred_at", gettext("This time is still to come.")]);
  return faults;
}

/** Whether anybody has put something into the form that is worth keeping as a draft. */
export function isTouched(form) {
  const { result, narrative, follow_up, received_by, who, absent, photos, opinions, participants, place, next_visit_on } = form;
  return absent || [result, narrative, follow_up, received_by, who, photos, opinions, participants, place, next_visit_on].some(isFilled);
}

function formDetail(detail = {}) {
  return {
    who: detail.declined ? "declined" : detail.household ? "known" : "",
    household: detail.household ? { landmark: "", ...detail.household } : null,
    absent: Boolean(detail.absent),
    received_by: detail.received_by ?? "",
    purposes: detail.purposes ?? [],
    next_visit_on: detail.next_visit_on ?? "",
    opinions: (detail.opinions ?? []).map((opinion) => ({ field: "", urgency: "", frequency: "", ...filled(opinion) })),
  };
}

function formParticipants(participants) {
  return (participants ?? []).map((one) => (typeof one === "string" ? { kind: "LAINNYA", name: one } : { kind: "LAINNYA", ...one }));
}

/** The form that a report (of the server, or of the outbox) was made from. */
export function formFrom(report) {
  const { location } = report;
  return {
    ...blankForm(report.id),
    version: report.version,
    base_version: report.base_version ?? null,
    occurred_at: report.occurred_at,
    location: location ? filled({ lat: location.lat, lon: location.lon, accuracy: location.accuracy }) : null,
    area: report.area ?? "",
    place: report.place ?? "",
    result: report.result ?? "",
    narrative: report.narrative ?? "",
    follow_up: report.follow_up ?? "",
    field: report.field ?? "",
    phase: report.phase || "PRA",
    situation: report.situation || "AMAN",
    participants: formParticipants(report.participants),
    photos: [...(report.photos ?? [])],
    ...formDetail(report.detail),
  };
}

/** The form of a correction: the next version of the report that the server holds. */
export function correctionOf(report) {
  return { ...formFrom(report), version: report.version + 1, base_version: report.version };
}

/** The one line under the choice of a household: that one is still due, or that it lives in another village than one stands in. */
export function noteOnWho({ who, absent }, home, standing) {
  if (!who && absent) return gettext("A household is still needed, also when nobody is at home. Or tap “Declined to be named”.");
  if (!home || !standing || home === standing) return "";
  return interpolate(gettext("Your position is in %(here)s, this household is in %(home)s. The report counts for %(here)s."), {
    here: standing,
    home,
  });
}

/** What a report is called in lists on this phone. */
export function titleOf(form) {
  if (form.who === "declined") return gettext("Sambang, resident not named");
  if (!form.household) return gettext("Sambang, no household yet");
  return `${gettext("Sambang")} ${familyOf(form.household)}`;
}

export function familyOf({ head_name }) {
  return `${gettext("Family of")} ${head_name}`;
}

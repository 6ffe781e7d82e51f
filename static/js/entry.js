// The form of a report, whatever its kind: filled mostly by itself, kept every two seconds, saved into the outbox.

import { idInAddress } from "./lib/addresses.js";
import { makeClearable } from "./lib/clearable.js";
import { watchLength } from "./lib/counter.js";
import { askToPersist } from "./lib/db.js";
import { autosave } from "./lib/drafts.js";
import { faultsFrom, showFaults } from "./lib/faults.js";
import { Campaigns } from "./lib/form_campaign.js";
import { Checkpoints } from "./lib/form_checkpoints.js";
import { Details } from "./lib/form_details.js";
import { alertBox, keepAddress, showBlocked, showRestored } from "./lib/form_opening.js";
import { Participants } from "./lib/form_participants.js";
import { Photos } from "./lib/form_photos.js";
import { Rows } from "./lib/form_rows.js";
import { rulesOnPage, Verdict } from "./lib/form_verdict.js";
import { Voices } from "./lib/form_voices.js";
import { Where } from "./lib/form_where.js";
import { Who } from "./lib/form_who.js";
import { gettext, interpolate } from "./lib/i18n.js";
import { lastOf, rememberKind } from "./lib/last.js";
import { watchNetwork } from "./lib/network.js";
import { AlreadyWaiting, discard, enqueue } from "./lib/outbox.js";
import { buildReport, faultsOf, isTouched, titleOf } from "./lib/report.js";
import { spanOf } from "./lib/rounds.js";
import { showSaved } from "./lib/saved.js";
import { currentUser } from "./lib/session.js";
import { sourceFor } from "./lib/sources.js";
import { startSender } from "./lib/sync.js";
import { clock, localInput } from "./lib/times.js";

const TEXTS = ["result", "narrative", "follow_up", "place", "obstacle", "obstacle_owner", "obstacle_due_on"];
const TIMES = ["occurred_at", "ended_at"];
// Repeated parts that are asked for in a way of their own.
const PARTS = { checkpoints: Checkpoints, opinions: Voices };
const CHOICES = ["field", "phase", "situation"];
// A draft older than this belongs to another moment and place than those in which it is opened again.
const OLD_MS = 30 * 60_000;

const element = (id) => document.getElementById(id);

/** What the kind asks for, as the page says it; see lib/report.js. */
function specOf(root) {
  const { kind, label, sentence, subject, needsSubject, needed, asksSituation, officer = "", officerName = "", day = "" } = root.dataset;
  const sections = [...root.querySelectorAll("[data-needed-rows]")].filter(({ dataset }) => dataset.neededRows);
  return {
    kind,
    label,
    officer,
    officerName,
    day,
    served: officer && new URLSearchParams({ officer, day }).toString(),
    sentence,
    subject,
    needsSubject: Boolean(needsSubject),
    canDecline: Boolean(element("declined")),
    needed: needed.split(" ").filter(Boolean),
    neededRows: Object.fromEntries(sections.map(({ dataset }) => [dataset.rows, dataset.neededRows])),
    asksSituation: Boolean(asksSituation),
    rules: rulesOnPage(),
  };
}

class EntryForm {
  constructor(root, user, spec, source, last) {
    this.root = root;
    this.spec = spec;
    this.user = user;
    this.source = source;
    this.begun = source.form;
    this.last = last;
    root.inert = false; // until now there was nothing that could keep what is typed
    this.where = new Where(this.user, () => this.moved(), spec.served);
    this.who = spec.subject ? new Who(this.user, root.dataset.register, this.where, () => this.changed(), spec.served) : null;
    this.details = new Details(root);
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-rows]")].map((section) => [section.dataset.rows, this.partOf(section)]));
    this.photos = new Photos(this.user, this.begun.id, () => this.changed());
    this.participants = new Participants(this.user, () => this.changed(), spec.officer);
    this.campaigns = new Campaigns(this.user, () => this.changed());
    this.verdict = spec.rules && new Verdict(root, spec.rules);
  }

  partOf(section) {
    const Part = PARTS[section.dataset.rows] ?? Rows;
    return new Part(section, () => this.partChanged(), { user: this.user, where: this.where });
  }

  get isOld() {
    const { draft, form } = this.source;
    return form.version > 1 || Boolean(this.source.errors) || (draft && Date.now() - draft.saved_at > OLD_MS);
  }

  async start() {
    const form = this.begun;
    for (const name of TEXTS) element(name).value = form[name] ?? "";
    for (const name of CHOICES) this.check(name, [form[name]]);
    this.details.start(form.detail);
    if (!form.detail) this.remember();
    this.untouched = this.details.read();
    if (this.isOld && !form.officer && !form.occurred_at && this.source.draft && !spanOf(form.rows))
      form.occurred_at = new Date(this.source.draft.saved_at).toISOString();
    for (const name of TIMES) if (form[name]) element(name).value = localInput(form[name]);
    // The day is known, the hour is not: what stays at midnight is still to be written.
    if (this.spec.day && !form.occurred_at) element("occurred_at").value = `${this.spec.day}T00:00`;
    this.shownTimes = Object.fromEntries(TIMES.map((name) => [name, element(name).value]));
    watchLength(element(this.spec.sentence), element("sentence-count"));
    makeClearable(this.root.querySelectorAll('input[name=field], input[type=radio][name^="detail-"], input[type=radio][name^="answer-"]'));
    this.participants.start(form.participants);
    this.campaigns.start(form.campaign ?? null, () => new Date(element("occurred_at").value || Date.now()));
    element("occurred_at").addEventListener("change", () => this.campaigns.show());
    for (const [name, part] of Object.entries(this.parts)) part.start(form.rows[name] ?? []);
    this.who?.start(form);
    this.where.start({ ...form, area: form.area || this.last.area || "" }, !this.isOld && !form.location && !form.officer);
    await this.photos.start(form.photos);
    this.isReady = true;
    this.verdict?.show(this.details.read(), element("occurred_at").value);
    this.keeper = autosave(
      this.user,
      form.id,
      () => this.draft(),
      (time) => this.kept(time),
    );
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.root.addEventListener("input", () => this.changed());
    if (this.source.errors) showFaults(this.root, faultsFrom(this.source.errors));
  }

  /** A new form begins with what the officer chose last in the fields that usually stay the same. */
  remember() {
    const names = this.root.dataset.remembered.split(" ").filter((name) => this.last.detail?.[name]?.length);
    this.details.start({ ...this.details.read(), ...Object.fromEntries(names.map((name) => [name, this.last.detail[name]])) });
  }

  check(name, values) {
    for (const input of this.root.querySelectorAll(`input[name="${name}"]`)) input.checked = values.includes(input.value);
  }

  checked(name) {
    return [...this.root.querySelectorAll(`input[name="${name}"]:checked`)].map((input) => input.value);
  }

  /** What stands in the form now. A time that nobody changed keeps its seconds. */
  read() {
    const texts = Object.fromEntries(TEXTS.map((name) => [name, element(name).value]));
    const choices = Object.fromEntries(CHOICES.map((name) => [name, this.checked(name)[0] ?? ""]));
    const timeOf = (name) => (element(name).value === this.shownTimes[name] ? this.begun[name] : element(name).value);
    return {
      ...this.begun,
      ...texts,
      ...choices,
      ...Object.fromEntries(TIMES.map((name) => [name, timeOf(name)])),
      ...this.where.read(),
      ...this.who?.read(),
      detail: this.details.read(),
      rows: Object.fromEntries(Object.entries(this.parts).map(([name, part]) => [name, part.read()])),
      participants: this.participants.read(),
      campaign: this.campaigns.read(),
      photos: this.photos.read().all,
    };
  }

  draft() {
    const form = this.read();
    if (!isTouched(form, this.untouched)) return null;
    return { form, title: titleOf(form, this.spec), replaces: this.source.replaces ?? null };
  }

  kept(time) {
    element("draft-state").textContent = interpolate(gettext("Draft kept · %(time)s"), { time: clock(time) });
  }

  moved() {
    this.who?.suggest(this.where.location, this.where.area);
  }

  /** What a tap has marked can't be typed again: it is kept at once. */
  partChanged() {
    this.changed();
    this.keeper?.keep();
  }

  changed() {
    if (!this.isReady) return;
    this.where.suggestArea(this.who?.read().subject?.area);
    this.verdict?.show(this.details.read(), element("occurred_at").value);
    if (this.hasFaults) showFaults(this.root, faultsOf(this.read(), this.spec), false);
  }

  async submit(event) {
    event.preventDefault();
    if (this.isSaving) return;
    this.isSaving = true;
    try {
      await this.photos.settled;
      await this.save(this.read());
    } finally {
      this.isSaving = false;
    }
  }

  async save(form) {
    const faults = faultsOf(form, this.spec);
    this.hasFaults = faults.length > 0;
    showFaults(this.root, faults);
    if (this.hasFaults) return;
    const report = buildReport(form, this.spec);
    const { unsent, bytes } = this.photos.read();
    this.keeper.stop();
    this.where.stop();
    try {
      await enqueue(this.user, { report, form, title: titleOf(form, this.spec), photos: unsent, bytes });
    } catch (error) {
      this.failed(error);
      return;
    }
    if (this.source.replaces) await discard(this.user, this.source.replaces);
    if (!form.officer) await rememberKind(this.user, this.spec.kind, { area: form.area, detail: form.detail });
    showSaved(
      this.root,
      this.user,
      report.id,
      [titleOf(form, this.spec), this.where.nameOf(form.area)].filter(Boolean).join(" · "),
      startSender(this.user),
    );
    askToPersist();
  }

  /** The form stays as it is: nothing that was typed is lost. */
  failed(error) {
    const isWaiting = error instanceof AlreadyWaiting;
    const text = isWaiting
      ? gettext("This report is saved already and waits to be sent.")
      : gettext("It could not be saved on this phone: its storage may be full. Free some space and save again; the form stays as it is.");
    showFaults(this.root, [["", text]]);
    if (!isWaiting)
      this.keeper = autosave(
        this.user,
        this.begun.id,
        () => this.draft(),
        (time) => this.kept(time),
      );
  }
}

/** The page of a form that is filled in somebody else's name, where this one is not: whose villages and registers it offers follows from it. */
function goToOfficers(form, parameters) {
  const query = new URLSearchParams(parameters);
  query.set("atas-nama", form.officer);
  if (form.occurred_at) query.set("hari", localInput(form.occurred_at).slice(0, 10));
  location.replace(`${location.pathname}?${query}`);
}

async function main() {
  const root = element("entry");
  const user = await currentUser();
  const correction = root.dataset.correction || idInAddress(location.pathname);
  const spec = specOf(root);
  const parameters = new URLSearchParams(location.search);
  watchNetwork();
  const source = await sourceFor(user, spec, correction, parameters);
  startSender(user);
  if (source.blocked) {
    showBlocked(root, source.blocked);
    return;
  }
  const isElsewhere = (source.form.officer ?? "") !== spec.officer;
  if (isElsewhere && source.form.officer && !parameters.has("atas-nama")) {
    goToOfficers(source.form, parameters);
    return;
  }
  if (isElsewhere || (parameters.has("atas-nama") && !spec.officer)) {
    showBlocked(root, "network");
    return;
  }
  const last = correction || spec.officer ? {} : await lastOf(user, spec.kind);
  keepAddress(correction, source.form.id, parameters);
  if (source.draft) showRestored(root, user, source);
  else if (source.isNew)
    alertBox("warning", "alert-triangle", gettext("The server holds another report under this number. Check it and save: it becomes a new report."));
  const form = new EntryForm(root, user, spec, source, last);
  await form.start();
  if (parameters.has("pos")) form.parts.checkpoints?.arrive(parameters.get("pos"), parameters.get("nama") ?? "");
  if (parameters.has("untuk")) form.who?.expect(parameters.get("untuk"));
}

main().catch((error) => {
  showBlocked(element("entry"), "broken");
  throw error;
});

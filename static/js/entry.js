// The form of a sambang: filled mostly by itself, kept every two seconds, saved into the outbox.
import { watchLength } from "./lib/counter.js";
import { askToPersist, put, rowOf } from "./lib/db.js";
import { autosave, discardDraft } from "./lib/drafts.js";
import { faultsFrom, showFaults } from "./lib/faults.js";
import { Participants } from "./lib/form_participants.js";
import { Photos } from "./lib/form_photos.js";
import { makeClearable, Voices } from "./lib/form_voices.js";
import { Where } from "./lib/form_where.js";
import { Who } from "./lib/form_who.js";
import { gettext, interpolate } from "./lib/i18n.js";
import { watchNetwork } from "./lib/network.js";
import { AlreadyWaiting, discard, enqueue } from "./lib/outbox.js";
import { buildReport, faultsOf, isTouched, titleOf } from "./lib/report.js";
import { showSaved } from "./lib/saved.js";
import { sourceFor } from "./lib/sources.js";
import { startSender } from "./lib/sync.js";
import { clock, localInput, moment } from "./lib/times.js";

const TEXTS = ["result", "narrative", "follow_up", "received_by", "place", "next_visit_on"];
const CHOICES = ["field", "phase", "situation"];
// A draft older than this belongs to another moment and place than those in which it is opened again.
const OLD_MS = 30 * 60_000;

const element = (id) => document.getElementById(id);

class EntryForm {
  constructor(root, source, last) {
    this.root = root;
    this.user = root.dataset.user;
    this.source = source;
    this.begun = source.form;
    this.last = last;
    root.hidden = false; // a map that is not shown has no size
    this.where = new Where(this.user, () => this.moved());
    this.who = new Who(this.user, this.where, () => this.changed());
    this.voices = new Voices(() => this.changed());
    this.photos = new Photos(this.user, this.begun.id, () => this.changed());
    this.participants = new Participants(() => this.changed());
  }

  get isOld() {
    const { draft, form } = this.source;
    return form.version > 1 || Boolean(this.source.errors) || (draft && Date.now() - draft.saved_at > OLD_MS);
  }

  async start() {
    const form = this.begun;
    for (const name of TEXTS) element(name).value = form[name] ?? "";
    for (const name of CHOICES) this.check(name, [form[name]]);
    this.check("purposes", form.purposes);
    if (this.isOld && !form.occurred_at && this.source.draft) form.occurred_at = new Date(this.source.draft.saved_at).toISOString();
    if (form.occurred_at) element("occurred_at").value = localInput(form.occurred_at);
    watchLength(element("result"), element("result-count"));
    this.shownTime = element("occurred_at").value;
    makeClearable(this.root.querySelectorAll("input[name=field]"));
    this.participants.start(form.participants);
    this.voices.start(form.opinions);
    this.who.start(form);
    this.where.start({ ...form, area: form.area || this.last.area || "" }, !this.isOld && !form.location);
    await this.photos.start(form.photos);
    this.isReady = true;
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
    const time = element("occurred_at").value;
    return {
      ...this.begun,
      ...texts,
      ...choices,
      ...this.where.read(),
      ...this.who.read(),
      purposes: this.checked("purposes"),
      occurred_at: time === this.shownTime ? this.begun.occurred_at : time,
      participants: this.participants.read(),
      opinions: this.voices.read(),
      photos: this.photos.read().all,
    };
  }

  draft() {
    const form = this.read();
    if (!isTouched(form)) return null;
    return { form, title: titleOf(form), replaces: this.source.replaces ?? null };
  }

  kept(time) {
    element("draft-state").textContent = interpolate(gettext("Draft kept · %(time)s"), { time: clock(time) });
  }

  moved() {
    this.who.suggest(this.where.location, this.where.area);
  }

  changed() {
    if (!this.isReady) return;
    this.where.suggestArea(this.who.read().household?.area);
    if (this.hasFaults) showFaults(this.root, faultsOf(this.read()), false);
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
    const faults = faultsOf(form);
    this.hasFaults = faults.length > 0;
    showFaults(this.root, faults);
    if (this.hasFaults) return;
    const report = buildReport(form);
    const { unsent, bytes } = this.photos.read();
    this.keeper.stop();
    this.where.stop();
    try {
      await enqueue(this.user, { report, form, title: titleOf(form), photos: unsent, bytes });
    } catch (error) {
      this.failed(error);
      return;
    }
    if (this.source.replaces) await discard(this.user, this.source.replaces);
    await put("cache", { user: this.user, name: "last", data: { area: form.area, purposes: form.purposes }, fetched_at: Date.now() });
    showSaved(this.root, report.id, [titleOf(form), this.where.nameOf(form.area)].filter(Boolean).join(" · "), startSender(this.user));
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

function alertBox(kind, icon, text) {
  const box = element("alert").content.firstElementChild.cloneNode(true);
  box.classList.add(`alert-${kind}`);
  box.querySelector("use").setAttribute("href", box.querySelector("use").getAttribute("href").replace(/#.*/, `#${icon}`));
  box.querySelector("p").textContent = text;
  element("notice").replaceChildren(box);
  return box;
}

function showBlocked(root, reason) {
  const texts = {
    waiting: gettext("This report still waits to be sent from this phone. It can be corrected once the server has it."),
    offline: gettext("The report lies on the server, which cannot be reached right now. Open this page again later."),
    closed: gettext("This report can no longer be changed here."),
  };
  const box = alertBox("warning", "alert-triangle", texts[reason]);
  const link = Object.assign(document.createElement("a"), { className: "btn", href: root.dataset.outbox, textContent: gettext("To the outbox") });
  box.querySelector(".buttons").append(link);
}

function showRestored(root, { draft, form, replaces }) {
  const box = alertBox("success", "history", interpolate(gettext("Draft restored, as it was at %(time)s."), { time: moment(draft.saved_at) }));
  const discardForm = element("discard").content.firstElementChild.cloneNode(true);
  discardForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!discardForm.dataset.confirmed) return;
    await discardDraft(root.dataset.user, form.id);
    location.assign(form.version > 1 || replaces ? root.dataset.choose : `${root.dataset.create}?baru=1`);
  });
  const buttons = box.querySelector(".buttons");
  buttons.append(discardForm);
  if (form.version > 1 || replaces) return;
  buttons.append(
    Object.assign(document.createElement("a"), {
      className: "btn btn-quiet",
      href: `${root.dataset.create}?baru=1`,
      textContent: gettext("Start a new one"),
    }),
  );
}

/** A reload finds its way back to the same form. */
function keepAddress(correction, id, parameters) {
  if (!correction && !parameters.has("perbaiki")) history.replaceState(null, "", `?draf=${id}`);
}

async function main() {
  const root = element("entry");
  const { user, correction } = root.dataset;
  const parameters = new URLSearchParams(location.search);
  watchNetwork();
  const source = await sourceFor(user, correction, parameters);
  startSender(user);
  if (source.blocked) {
    showBlocked(root, source.blocked);
    return;
  }
  const last = (await rowOf("cache", user, "last"))?.data ?? {};
  if (!source.draft && !source.errors && !correction && last.purposes?.length) source.form.purposes = last.purposes;
  keepAddress(correction, source.form.id, parameters);
  if (source.draft) showRestored(root, source);
  else if (source.isNew)
    alertBox("warning", "alert-triangle", gettext("The server holds another report under this number. Check it and save: it becomes a new report."));
  const form = new EntryForm(root, source, correction ? {} : last);
  await form.start();
  if (parameters.has("keluarga")) form.who.expect(parameters.get("keluarga"));
}

main();

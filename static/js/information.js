// The form of a Laporan Informasi. Draft and outbox hold it encrypted; what the server has is wiped from the phone.
import { idInAddress } from "./lib/addresses.js";
import { get, NoNetwork } from "./lib/api.js";
import { makeClearable } from "./lib/clearable.js";
import { watchLength } from "./lib/counter.js";
import { askToPersist } from "./lib/db.js";
import { autosave } from "./lib/drafts.js";
import { faultsFrom, showFaults } from "./lib/faults.js";
import { alertBox, keepAddress, showBlocked, showRestored } from "./lib/form_opening.js";
import { Where } from "./lib/form_where.js";
import { gettext, interpolate } from "./lib/i18n.js";
import { buildInformation, CHOICES, faultsOfInformation, isInformationTouched, raisedFrom, SOURCE, SPEC, TEXTS } from "./lib/information.js";
import { watchNetwork } from "./lib/network.js";
import { AlreadyWaiting, discard, enqueue } from "./lib/outbox.js";
import { showSaved } from "./lib/saved.js";
import { currentUser } from "./lib/session.js";
import { sourceFor } from "./lib/sources.js";
import { startSender } from "./lib/sync.js";
import { clock, localInput } from "./lib/times.js";

// The fields of times on the page, and what the payload calls them.
const TIMES = { obtained_at: "occurred_at", event_at: "event_at" };

const element = (id) => document.getElementById(id);

class InformationForm {
  constructor(root, user, source) {
    this.root = root;
    this.user = user;
    this.source = source;
    this.begun = source.form;
    root.inert = false; // until now there was nothing that could keep what is typed
    this.where = new Where(this.user, () => this.changed());
  }

  start() {
    const form = this.begun;
    for (const name of TEXTS) element(name).value = form[name];
    for (const name of SOURCE) element(`source_${name}`).value = form.source[name];
    for (const name of CHOICES) for (const input of this.inputs(name)) input.checked = input.value === form[name];
    for (const [field, name] of Object.entries(TIMES)) if (form[name]) element(field).value = localInput(form[name]);
    this.shownTimes = Object.fromEntries(Object.keys(TIMES).map((field) => [field, element(field).value]));
    makeClearable([...this.inputs("urgency"), ...this.inputs("source_value")]);
    watchLength(element("facts"), element("facts-count"));
    this.openFilled();
    this.where.start(form, !form.area && !form.location);
    this.isReady = true;
    this.keep();
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.root.addEventListener("input", () => this.changed());
    if (this.source.errors) showFaults(this.root, this.faultsOf(this.source.errors));
  }

  inputs(name) {
    return this.root.querySelectorAll(`input[name="${name}"]`);
  }

  /** What is filled in already is not hidden behind a fold. */
  openFilled() {
    for (const fold of this.root.querySelectorAll("details.fold")) {
      const isUsed = (input) => (input.type === "radio" ? input.checked : input.value);
      fold.open = [...fold.querySelectorAll("input, textarea")].some(isUsed) && fold.id !== "more";
    }
  }

  keep() {
    this.keeper = autosave(
      this.user,
      this.begun.id,
      () => this.draft(),
      (time) => this.kept(time),
    );
  }

  faultsOf(errors) {
    return faultsFrom(errors).map(([part, text]) => [part === "occurred_at" ? "obtained_at" : part, text]);
  }

  /** What stands in the form now. A time that nobody changed keeps its seconds. */
  read() {
    const chosen = (name) => [...this.inputs(name)].find((input) => input.checked)?.value ?? "";
    const timeOf = (field, name) => (element(field).value === this.shownTimes[field] ? this.begun[name] : element(field).value);
    return {
      ...this.begun,
      ...Object.fromEntries(TEXTS.map((name) => [name, element(name).value])),
      ...Object.fromEntries(CHOICES.map((name) => [name, chosen(name)])),
      ...Object.fromEntries(Object.entries(TIMES).map(([field, name]) => [name, timeOf(field, name)])),
      ...this.where.read(),
      source: Object.fromEntries(SOURCE.map((name) => [name, element(`source_${name}`).value])),
    };
  }

  draft() {
    const form = this.read();
    return isInformationTouched(form) ? { type: "li", form, title: SPEC.label, replaces: this.source.replaces ?? null } : null;
  }

  kept(time) {
    element("draft-state").textContent = interpolate(gettext("Draft kept · %(time)s"), { time: clock(time) });
  }

  changed() {
    if (this.isReady && this.hasFaults) showFaults(this.root, faultsOfInformation(this.read()), false);
  }

  async submit(event) {
    event.preventDefault();
    if (this.isSaving) return;
    this.isSaving = true;
    await this.save(this.read()).finally(() => {
      this.isSaving = false;
    });
  }

  async save(form) {
    const faults = faultsOfInformation(form);
    this.hasFaults = faults.length > 0;
    showFaults(this.root, faults);
    if (this.hasFaults) return;
    const report = buildInformation(form);
    this.keeper.stop();
    this.where.stop();
    try {
      await enqueue(this.user, { type: "li", report, form, title: SPEC.label, photos: [], bytes: 0 });
    } catch (error) {
      this.failed(error);
      return;
    }
    if (this.source.replaces) await discard(this.user, this.source.replaces);
    showSaved(this.root, this.user, report.id, SPEC.label, startSender(this.user));
    askToPersist();
  }

  /** The form stays as it is: nothing that was typed is lost. */
  failed(error) {
    const isWaiting = error instanceof AlreadyWaiting;
    const text = isWaiting
      ? gettext("This LI is saved already and waits to be sent.")
      : gettext(
          "It could not be saved encrypted on this phone. Set the PIN of this phone or free some space, and save again; the form stays as it is.",
        );
    showFaults(this.root, [["", text]]);
    if (!isWaiting) this.keep();
  }
}

/** The form as the address asks for it; with ?asal= it begins with what a report holds. */
async function withOrigin(source, parameters) {
  if (!parameters.has("asal") || source.draft || source.blocked) return source;
  try {
    const { status, data } = await get(`reports/${encodeURIComponent(parameters.get("asal"))}/`);
    if (status === 200) return { ...source, form: raisedFrom(source.form, data, Number(parameters.get("pendapat")) || 0) };
  } catch (error) {
    if (!(error instanceof NoNetwork)) throw error;
  }
  return source;
}

async function main() {
  const root = element("entry");
  const user = await currentUser();
  const correction = root.dataset.correction || idInAddress(location.pathname);
  const parameters = new URLSearchParams(location.search);
  if (parameters.has("asal")) parameters.set("baru", "1");
  watchNetwork();
  const source = await withOrigin(await sourceFor(user, SPEC, correction, parameters), parameters);
  startSender(user);
  if (source.blocked) {
    showBlocked(root, source.blocked);
    return;
  }
  keepAddress(correction, source.form.id, parameters);
  if (source.draft) showRestored(root, user, source);
  else if (source.isNew)
    alertBox("warning", "alert-triangle", gettext("The server holds another report under this number. Check it and save: it becomes a new report."));
  new InformationForm(root, user, source).start();
}

main().catch((error) => {
  showBlocked(element("entry"), "broken");
  throw error;
});

// The form's part "who": the entry of a register (a household, a business, a post) that is suggested, searched or new, or nobody named.

import { Answer } from "./form_answer.js";
import { gettext, interpolate, ngettext } from "./i18n.js";
import { searched, suggested, watchRegister } from "./registers.js";
import { nameOf, noteOnWho } from "./report.js";
import { shortDay } from "./times.js";
import { newId } from "./uuid.js";

const element = (id) => document.getElementById(id);

function address({ rt, rw }) {
  return [rt && `RT ${rt}`, rw && `RW ${rw}`].filter(Boolean).join("/");
}

function lastVisit({ last_visit_on }) {
  return last_visit_on ? interpolate(gettext("last %(day)s"), { day: shortDay(last_visit_on) }) : gettext("not visited yet");
}

function visitNumber({ visit_count }) {
  return visit_count ? interpolate(gettext("visit no. %(number)s"), { number: visit_count + 1 }) : "";
}

function toAsk({ suggestion }) {
  return suggestion ? interpolate(gettext("ask for: %(item)s"), { item: suggestion.text }) : "";
}

function describe(entry) {
  return [address(entry), entry.area_name, visitNumber(entry), lastVisit(entry), toAsk(entry)].filter(Boolean).join(" · ");
}

export class Who {
  /** `register` is its path in the API; `where` knows the names of villages and in which one the officer stands; `served` in whose name and when. */
  constructor(user, register, where, onChange, served = "") {
    this.served = served;
    this.user = user;
    this.register = register;
    this.where = where;
    this.onChange = onChange;
    this.entries = [];
    this.answer = new Answer();
    this.newFields = [...document.querySelectorAll("[data-new]")];
    this.who = "";
    this.subject = null; // chosen, or the one being written
    this.offered = null; // on the card
    this.listen();
  }

  listen() {
    element("subject").addEventListener("click", () => this.toggleOffered());
    element("search-open").addEventListener("click", () => this.openSearch());
    element("search").addEventListener("input", () => this.showFound());
    element("search").addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    element("subject-new").addEventListener("click", () => this.choose(this.who === "new" ? "" : "new"));
    element("absent")?.addEventListener("change", () => this.renderOffered());
    element("declined")?.addEventListener("click", () => this.choose(this.who === "declined" ? "" : "declined"));
    for (const input of this.newFields) input.addEventListener("input", () => this.writeNew());
  }

  start({ who, subject }) {
    this.who = who;
    this.subject = subject;
    if (who === "known") this.offered = subject;
    if (who === "new") {
      this.newId = subject.id;
      for (const input of this.newFields) input.value = subject[input.dataset.new] ?? "";
    }
    this.render();
    return watchRegister(this.user, this.register, (entries) => this.known(entries), this.served).finally(() => this.looked());
  }

  read() {
    if (this.who !== "known") return { who: this.who, subject: this.subject };
    const { answers: _before, ...subject } = this.subject;
    return { who: this.who, subject: { ...subject, ...this.answer.read() } };
  }

  /** Whatever there is to know is known by now. */
  looked() {
    this.hasLooked = true;
    this.renderOffered();
  }

  known(entries) {
    this.entries = entries;
    const chosen = this.who === "known" && entries.find((one) => one.id === this.subject?.id);
    if (chosen) this.offered = chosen;
    if (this.expected) this.expect(this.expected);
    this.suggest();
    if (!element("search-part").hidden) this.showFound();
  }

  /** Chooses the entry of this id as soon as it is known: a page linked to it, or a QR code named it. */
  expect(id) {
    this.expected = id;
    const entry = this.entries.find((one) => one.id === id);
    if (entry && !this.who) this.pick(entry);
  }

  /** Offers the one to call on next, until the officer has chosen. */
  suggest(location = this.location, area = this.area) {
    this.location = location;
    this.area = area;
    if (this.who !== "known") this.offered = suggested(this.entries, location, area) ?? this.offered;
    this.renderOffered();
  }

  toggleOffered() {
    this.pick(this.who === "known" ? null : this.offered);
  }

  pick(entry) {
    this.who = entry ? "known" : "";
    this.subject = entry && this.kept(entry);
    if (entry) this.offered = entry;
    this.render();
    this.onChange();
  }

  /** What a draft keeps of a known entry. */
  kept({ id, head_name, name, rw, rt, area }) {
    return { id, ...(head_name === undefined ? { name } : { head_name }), rw, rt, area };
  }

  choose(who) {
    this.who = who;
    if (who === "new") this.writeNew();
    else this.subject = null;
    this.render();
    this.onChange();
    if (who === "new") this.newFields[0].focus();
  }

  writeNew() {
    this.newId ??= newId();
    this.subject = { id: this.newId, ...Object.fromEntries(this.newFields.map((input) => [input.dataset.new, input.value])) };
  }

  openSearch() {
    const part = element("search-part");
    part.hidden = !part.hidden;
    element("search-open").setAttribute("aria-expanded", String(!part.hidden));
    if (part.hidden) return;
    this.showFound();
    element("search").focus();
  }

  showFound() {
    const found = searched(
      this.entries.map((entry) => this.placed(entry)),
      element("search").value,
    );
    const rows = found.map((entry) => this.row(entry));
    element("search-rows").replaceChildren(...rows);
    element("search-rows").hidden = !rows.length;
    element("search-state").textContent = this.searchState(found.length);
  }

  searchState(count) {
    if (!this.entries.length) return gettext("None is known on this phone yet: add a new one.");
    if (!count) return gettext("None fits: add a new one.");
    return interpolate(ngettext("%(count)s found", "%(count)s found", count), { count });
  }

  row(entry) {
    const row = element("search-row").content.firstElementChild.cloneNode(true);
    row.querySelector(".row-title").textContent = nameOf(entry);
    row.querySelector(".row-meta").textContent = describe(entry);
    row.querySelector("button").addEventListener("click", () => this.found(entry));
    return row;
  }

  found(entry) {
    element("search-part").hidden = true;
    element("search-open").setAttribute("aria-expanded", "false");
    this.pick(entry);
    element("subject").focus();
  }

  /** An entry with the name of its village, as far as the phone knows it. */
  placed(entry) {
    return { ...entry, area_name: this.where.nameOf(entry.area) };
  }

  renderNote() {
    const home = this.who === "known" && this.offered?.area;
    const { standing } = this.where;
    const names = home && standing && home !== standing ? [home, standing].map((code) => this.where.nameOf(code) || code) : [];
    element("who-note").textContent = noteOnWho({ who: this.who, absent: element("absent")?.checked }, ...names);
  }

  renderOffered() {
    this.renderNote();
    const isMet = this.who === "known" && !element("absent")?.checked;
    this.answer.show(isMet ? this.offered : null, this.subject?.answers);
    element("subject").hidden = this.who === "new" || this.who === "declined";
    element("subject").disabled = !this.offered;
    if (!this.offered) return this.renderNobody();
    element("subject-name").textContent = nameOf(this.offered);
    const prefix = this.who === "known" ? "" : `${gettext("Suggested")} · `;
    element("subject-meta").textContent = prefix + describe(this.placed(this.offered));
    element("subject").setAttribute("aria-pressed", String(this.who === "known"));
  }

  /** Nothing to offer: still looked for, as the page says, or nothing is known. */
  renderNobody() {
    if (!this.hasLooked) return;
    element("subject-name").textContent = gettext("None is known on this phone yet: add a new one.");
    element("subject-meta").textContent = "";
  }

  render() {
    element("subject-new").setAttribute("aria-pressed", String(this.who === "new"));
    element("declined")?.setAttribute("aria-pressed", String(this.who === "declined"));
    element("new-part").hidden = this.who !== "new";
    this.renderOffered();
  }
}

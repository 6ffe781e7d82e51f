// The form's part "who": the household that is suggested, searched or new, or nobody named.

import { searched, suggested, watchHouseholds } from "./households.js";
import { gettext, interpolate, ngettext } from "./i18n.js";
import { familyOf, noteOnWho } from "./report.js";
import { shortDay } from "./times.js";
import { newId } from "./uuid.js";

const element = (id) => document.getElementById(id);
const NEW_FIELDS = ["head_name", "rt", "rw", "landmark"];

function address({ rt, rw }) {
  return `RT ${rt}/RW ${rw}`;
}

function lastVisit({ last_visit_on }) {
  return last_visit_on ? interpolate(gettext("last %(day)s"), { day: shortDay(last_visit_on) }) : gettext("not visited yet");
}

function visitNumber({ visit_count }) {
  return visit_count ? interpolate(gettext("visit no. %(number)s"), { number: visit_count + 1 }) : "";
}

function describe(household) {
  return [address(household), household.area_name, visitNumber(household), lastVisit(household)].filter(Boolean).join(" · ");
}

export class Who {
  /** `where` knows the names of villages and in which one the officer stands. */
  constructor(user, where, onChange) {
    this.user = user;
    this.where = where;
    this.onChange = onChange;
    this.households = [];
    this.who = "";
    this.household = null; // chosen, or the one being written
    this.offered = null; // on the card
    this.listen();
  }

  listen() {
    element("household").addEventListener("click", () => this.toggleOffered());
    element("search-open").addEventListener("click", () => this.openSearch());
    element("search").addEventListener("input", () => this.showFound());
    element("search").addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    element("household-new").addEventListener("click", () => this.choose(this.who === "new" ? "" : "new"));
    element("absent").addEventListener("change", () => this.renderNote());
    element("declined").addEventListener("click", () => this.choose(this.who === "declined" ? "" : "declined"));
    for (const name of NEW_FIELDS) element(name).addEventListener("input", () => this.writeNew());
  }

  start({ who, household, absent }) {
    this.who = who;
    this.household = household;
    if (who === "known") this.offered = household;
    if (who === "new") for (const name of NEW_FIELDS) element(name).value = household[name] ?? "";
    element("absent").checked = absent;
    this.render();
    return watchHouseholds(this.user, (households) => this.known(households));
  }

  read() {
    return { who: this.who, household: this.household, absent: element("absent").checked };
  }

  known(households) {
    this.households = households;
    const chosen = this.who === "known" && households.find((one) => one.id === this.household?.id);
    if (chosen) this.offered = chosen;
    if (this.expected) this.expect(this.expected);
    this.suggest();
    if (!element("search-part").hidden) this.showFound();
  }

  /** Chooses the household of this id as soon as it is known: a page linked to the visit of one household. */
  expect(id) {
    this.expected = id;
    const household = this.households.find((one) => one.id === id);
    if (household && !this.who) this.pick(household);
  }

  /** Offers the household to call on next, until the officer has chosen one. */
  suggest(location = this.location, area = this.area) {
    this.location = location;
    this.area = area;
    if (this.who !== "known") this.offered = suggested(this.households, location, area) ?? this.offered;
    this.renderOffered();
  }

  toggleOffered() {
    this.pick(this.who === "known" ? null : this.offered);
  }

  pick(household) {
    this.who = household ? "known" : "";
    this.household = household && this.kept(household);
    if (household) this.offered = household;
    this.render();
    this.onChange();
  }

  /** What a draft keeps of a known household. */
  kept({ id, head_name, rw, rt, area }) {
    return { id, head_name, rw, rt, area };
  }

  choose(who) {
    this.who = who;
    if (who === "new") this.writeNew();
    else this.household = null;
    this.render();
    this.onChange();
    if (who === "new") element("head_name").focus();
  }

  writeNew() {
    const id = this.newHousehold ?? newId();
    this.newHousehold = id;
    this.household = { id, ...Object.fromEntries(NEW_FIELDS.map((name) => [name, element(name).value])) };
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
      this.households.map((household) => this.placed(household)),
      element("search").value,
    );
    const rows = found.map((household) => this.row(household));
    element("search-rows").replaceChildren(...rows);
    element("search-rows").hidden = !rows.length;
    element("search-state").textContent = this.searchState(found.length);
  }

  searchState(count) {
    if (!this.households.length) return gettext("No household is known on this phone yet: add a new one.");
    if (!count) return gettext("No household fits: add a new one.");
    return interpolate(ngettext("%(count)s household", "%(count)s households", count), { count });
  }

  row(household) {
    const row = element("search-row").content.firstElementChild.cloneNode(true);
    row.querySelector(".row-title").textContent = familyOf(household);
    row.querySelector(".row-meta").textContent = describe(household);
    row.querySelector("button").addEventListener("click", () => this.found(household));
    return row;
  }

  found(household) {
    element("search-part").hidden = true;
    element("search-open").setAttribute("aria-expanded", "false");
    this.pick(household);
    element("household").focus();
  }

  /** A household with the name of its village, as far as the phone knows it. */
  placed(household) {
    return { ...household, area_name: this.where.nameOf(household.area) };
  }

  renderNote() {
    const home = this.who === "known" && this.offered?.area;
    const { standing } = this.where;
    const names = home && standing && home !== standing ? [home, standing].map((code) => this.where.nameOf(code) || code) : [];
    element("who-note").textContent = noteOnWho(this.read(), ...names);
  }

  renderOffered() {
    this.renderNote();
    element("household").hidden = !this.offered || this.who === "new" || this.who === "declined";
    if (!this.offered) return;
    element("household-name").textContent = familyOf(this.offered);
    const prefix = this.who === "known" ? "" : `${gettext("Suggested")} · `;
    element("household-meta").textContent = prefix + describe(this.placed(this.offered));
    element("household").setAttribute("aria-pressed", String(this.who === "known"));
  }

  render() {
    element("household-new").setAttribute("aria-pressed", String(this.who === "new"));
    element("declined").setAttribute("aria-pressed", String(this.who === "declined"));
    element("new-part").hidden = this.who !== "new";
    this.renderOffered();
  }
}

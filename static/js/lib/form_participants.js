// The form's part "who came along": colleagues of the unit, and names, each with the organisation it stands for.

import { fittingColleagues, watchColleagues } from "./colleagues.js";
import { gettext, interpolate } from "./i18n.js";

const element = (id) => document.getElementById(id);

const MOST_OFFERED = 8;

export class Participants {
  /** `officer`: in whose name the form is filled, who is no companion of the own activity. */
  constructor(user, onChange, officer = "") {
    this.user = user;
    this.onChange = onChange;
    this.officer = officer;
    this.people = [];
    this.colleagues = [];
    this.found = [];
    this.labels = Object.fromEntries([...element("participant-kind").options].map((option) => [option.value, option.text]));
    element("participant-add").addEventListener("click", () => this.add());
    element("participant-name").addEventListener("input", () => this.offer());
    element("participant-kind").addEventListener("change", () => this.offer());
    element("participant-name").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.add();
    });
  }

  start(people) {
    this.people = [...people];
    this.render();
    return watchColleagues(this.user, (colleagues) => this.known(colleagues));
  }

  known(colleagues) {
    this.colleagues = colleagues;
    this.offer();
  }

  /** The colleagues that may be meant, each one tap away. */
  offer() {
    const taken = new Set([this.officer, ...this.people.map(({ officer }) => officer)]);
    const isPolice = element("participant-kind").value === "POLRI";
    const found = isPolice ? fittingColleagues(this.colleagues, element("participant-name").value, taken, MOST_OFFERED) : [];
    this.found = found;
    element("colleagues").replaceChildren(...found.map((colleague) => this.chip(colleague)));
    element("colleagues").hidden = element("colleagues-help").hidden = !found.length;
  }

  chip({ username, name }) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: `+ ${name}` });
    button.addEventListener("click", () => this.take(username, name));
    item.append(button);
    return item;
  }

  take(username, name) {
    this.people.push({ kind: "POLRI", name, officer: username });
    element("participant-name").value = "";
    this.render();
    this.onChange();
    element("participant-name").focus();
  }

  /** Those listed, and a name that was typed but not added. */
  read() {
    const name = element("participant-name").value;
    return name.trim() ? [...this.people, { kind: element("participant-kind").value, name }] : [...this.people];
  }

  /** A name that fits one colleague alone is that colleague, who is credited. */
  add() {
    const [only, ...more] = this.found;
    if (only && !more.length && element("participant-name").value.trim()) return this.take(only.username, only.name);
    this.people = this.read();
    element("participant-name").value = "";
    element("participant-name").focus();
    this.render();
    this.onChange();
  }

  remove(index) {
    this.people.splice(index, 1);
    this.render();
    this.onChange();
  }

  render() {
    const chips = this.people.map(({ kind, name }, index) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chip";
      button.textContent = `${name} · ${this.labels[kind] ?? kind} ×`;
      button.setAttribute("aria-label", interpolate(gettext("Remove %(name)s"), { name: button.textContent }));
      button.addEventListener("click", () => this.remove(index));
      item.append(button);
      return item;
    });
    element("participants").replaceChildren(...chips);
    this.offer();
  }
}

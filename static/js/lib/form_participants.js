// The form's part "who came along": names, each with the organisation it stands for.

import { gettext, interpolate } from "./i18n.js";

const element = (id) => document.getElementById(id);

export class Participants {
  constructor(onChange) {
    this.onChange = onChange;
    this.people = [];
    this.labels = Object.fromEntries([...element("participant-kind").options].map((option) => [option.value, option.text]));
    element("participant-add").addEventListener("click", () => this.add());
    element("participant-name").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.add();
    });
  }

  start(people) {
    this.people = [...people];
    this.render();
  }

  /** Those listed, and a name that was typed but not added. */
  read() {
    const name = element("participant-name").value;
    return name.trim() ? [...this.people, { kind: element("participant-kind").value, name }] : [...this.people];
  }

  add() {
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
      button.setAttribute("aria-label", interpolate(gettext("Remove %(name)s"), { name }));
      button.addEventListener("click", () => this.remove(index));
      item.append(button);
      return item;
    });
    element("participants").replaceChildren(...chips);
  }
}

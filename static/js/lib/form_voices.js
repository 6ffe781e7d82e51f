// The form's part "voice of residents": one block of chips per voice, as many as were heard.

import { makeClearable } from "./clearable.js";

const NAMES = ["kind", "text", "urgency", "frequency", "field"];

let made = 0;

export class Voices {
  constructor(_section, onChange) {
    this.onChange = onChange;
    this.box = document.getElementById("voices");
    this.add = document.getElementById("voice-add");
    this.add.addEventListener("click", () => this.append().querySelector("input").focus());
  }

  start(opinions) {
    this.box.replaceChildren();
    for (const opinion of opinions) this.append(opinion);
    if (!opinions.length) this.append();
    this.render();
  }

  read() {
    return [...this.box.children].map((block) => this.readBlock(block)).filter((opinion) => opinion.kind);
  }

  readBlock(block) {
    const value = (name) => block.querySelector(name === "text" ? `[data-name="${name}"]` : `[data-name="${name}"]:checked`)?.value ?? "";
    return Object.fromEntries(NAMES.map((name) => [name, value(name)]));
  }

  append(opinion = {}) {
    const block = document.getElementById("voice").content.firstElementChild.cloneNode(true);
    made += 1;
    for (const input of block.querySelectorAll("[data-name]")) {
      const { name } = input.dataset;
      input.name = `voice-${made}-${name}`;
      if (input.type === "radio") input.checked = opinion[name] === input.value;
      else input.value = opinion[name] ?? "";
    }
    makeClearable(block.querySelectorAll("input[type=radio]"));
    block.addEventListener("change", () => this.render());
    block.querySelector(".voice-remove").addEventListener("click", () => this.remove(block));
    this.box.append(block);
    this.render();
    return block;
  }

  remove(block) {
    block.remove();
    if (!this.box.children.length) this.append();
    this.render();
    this.box.lastElementChild.querySelector("input").focus();
  }

  render() {
    const blocks = [...this.box.children];
    const chosen = blocks.filter((block) => this.readBlock(block).kind);
    for (const block of blocks) block.querySelector(".voice-rest").hidden = !chosen.includes(block);
    this.add.hidden = chosen.length < blocks.length;
    for (const [index, block] of chosen.entries()) block.dataset.fault = `opinions-${index}`;
    this.onChange();
  }
}

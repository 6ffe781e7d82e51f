// The one thing that the register still lacks of the entry called on: asked for at a visit, never needed.

import { fill, valueIn } from "./form_details.js";

function isSaid(value) {
  return value !== null && String(value).trim() !== "";
}

export class Answer {
  constructor() {
    this.part = document.getElementById("answer-part");
    this.boxes = [...(this.part?.querySelectorAll("[data-answer]") ?? [])];
    this.box = null; // the one that is shown
    this.filledFor = "";
  }

  /** Asks for what an entry lacks. What a draft holds as answered is asked still, also where the list has not come yet. */
  show(entry, answers = {}) {
    if (!this.part) return;
    const name = Object.keys(answers)[0] ?? entry?.suggestion?.field;
    this.box = (entry && this.boxes.find((box) => box.dataset.answer === name)) ?? null;
    this.part.hidden = !this.box;
    for (const box of this.boxes) box.hidden = box !== this.box;
    if (this.box) this.begin(`${entry.id} ${name}`, answers[name]);
  }

  /** What was typed of one entry is no answer for another. */
  begin(key, value) {
    if (key !== this.filledFor) fill(this.inputs, value ?? "");
    this.filledFor = key;
  }

  get inputs() {
    return [...this.box.querySelectorAll("input, textarea, select")];
  }

  read() {
    const value = this.box ? valueIn(this.inputs) : null;
    return isSaid(value) ? { answers: { [this.box.dataset.answer]: value } } : {};
  }
}

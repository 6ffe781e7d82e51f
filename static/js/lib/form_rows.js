// A repeated part of the form: blocks of the same fields, as many as there is something to say.

import { makeClearable } from "./clearable.js";
import { fill, valueIn } from "./form_details.js";

let made = 0;

function groupsOf(block) {
  const groups = new Map();
  for (const input of block.querySelectorAll("[data-name]")) {
    const { name } = input.dataset;
    groups.set(name, [...(groups.get(name) ?? []), input]);
  }
  return groups;
}

/** Whether nobody has put anything into a row: all but what it began with is left empty. */
function isEmpty(row, begun) {
  return Object.entries(row).every(
    ([name, value]) => value === "" || value === null || value === false || value?.length === 0 || begun[name] === value,
  );
}

/** What is filled in already is not hidden behind a fold. */
function isUsed(fold) {
  return [...fold.querySelectorAll("[data-name]")].some((input) => (["radio", "checkbox"].includes(input.type) ? input.checked : input.value));
}

export class Rows {
  constructor(section, onChange) {
    this.name = section.dataset.rows;
    this.box = section.querySelector("[data-row-box]");
    this.template = section.querySelector("template");
    this.begin = JSON.parse(section.dataset.begin || "[]");
    this.onChange = onChange;
    section.querySelector("[data-row-add]").addEventListener("click", () => this.add());
  }

  add() {
    this.append().querySelector("input, textarea").focus();
  }

  start(rows) {
    this.box.replaceChildren();
    for (const row of rows.length ? rows : this.begin) this.append(row);
  }

  read() {
    const begun = [...this.box.children].map((_block, index) => this.begin[index] ?? {});
    return [...this.box.children].map((block) => this.readBlock(block)).filter((row, index) => !isEmpty(row, begun[index]));
  }

  readBlock(block) {
    return Object.fromEntries([...groupsOf(block)].map(([name, inputs]) => [name, valueIn(inputs)]));
  }

  append(row = {}) {
    const block = this.template.content.firstElementChild.cloneNode(true);
    made += 1;
    for (const [name, inputs] of groupsOf(block)) {
      for (const input of inputs) input.name = `${this.name}-${made}-${name}`;
      if (row[name] !== undefined) fill(inputs, row[name]);
    }
    for (const fold of block.querySelectorAll("details.fold")) fold.open = isUsed(fold);
    makeClearable(block.querySelectorAll("input[type=radio]"));
    block.querySelector("[data-row-remove]").addEventListener("click", () => this.remove(block));
    this.box.append(block);
    this.number();
    return block;
  }

  remove(block) {
    block.remove();
    this.number();
    this.onChange();
  }

  /** Where a fault of the n-th row that is sent belongs. */
  number() {
    for (const [index, block] of [...this.box.children].entries()) block.dataset.fault = `${this.name}-${index}`;
  }
}

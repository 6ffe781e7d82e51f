// The form's own fields of one kind: whatever is called detail-..., read and written by its kind of control.

import { localInput } from "./times.js";

/** What a field is called in the JSON: detail-is_absent is `absent` there. */
function sentName(input) {
  return input.name.replace(/^detail-(is_|has_)?/, "");
}

/** Some controls hold one value together: chips. Gives [name, controls]. */
function groupsOf(root) {
  const groups = new Map();
  for (const input of root.querySelectorAll('[name^="detail-"]')) groups.set(sentName(input), [...(groups.get(sentName(input)) ?? []), input]);
  return groups;
}

/** A single checkbox says yes or no; one that stands in a list with a value of its own is chosen among others. */
function isYesNo(input) {
  return input.type === "checkbox" && !input.hasAttribute("value");
}

export function valueIn(inputs) {
  const [first] = inputs;
  if ("json" in first.dataset) return first.value ? JSON.parse(first.value) : null;
  const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
  if (first.type === "radio") return chosen[0] ?? "";
  if (isYesNo(first)) return first.checked;
  if (first.type === "checkbox") return chosen;
  if (first.type === "number") return first.value === "" ? null : Math.round(Number(first.value));
  return first.value;
}

export function fill(inputs, value) {
  const [first] = inputs;
  if ("json" in first.dataset) first.value = value ? JSON.stringify(value) : "";
  else if (isYesNo(first)) first.checked = Boolean(value);
  else if (first.type === "radio" || first.type === "checkbox") for (const input of inputs) input.checked = [value].flat().includes(input.value);
  else first.value = value ?? "";
}

export class Details {
  constructor(root) {
    this.groups = groupsOf(root);
  }

  /** Takes over what a draft or report holds; null leaves what the page proposes. */
  start(detail) {
    if (!detail) {
      for (const input of [...this.groups.values()].flat()) if ("today" in input.dataset) input.value = localInput(Date.now()).slice(0, 10);
      return;
    }
    for (const [name, inputs] of this.groups) fill(inputs, detail[name]);
  }

  read() {
    return Object.fromEntries([...this.groups].map(([name, inputs]) => [name, valueIn(inputs)]));
  }
}

// Shows what a form lacks: in words at each field, and as a list with links above.

// What the server calls the parts of a report, and what they are called on the page.
const PARTS = [
  [/^(location|area)/, "where"],
  [/^detail\.\w+\.answers\.(\w+)$/, "answer-$1"],
  [/^campaign\.values\.([\w-]+)$/, "campaign-$1"],
  [/^campaign.*$/, "campaign"],
  [/^detail\.(?:household|business|contact|community|post)\.(head_name|name|rt|rw)$/, "new-$1"],
  [/^detail\.(household|business|contact|community|post|declined)/, "who"],
  [/^detail\.(\w+)\.(\d+)\.\w+.*$/, "$1-$2"],
  [/^detail\.(\w+).*$/, "detail-$1"],
];

export function partOf(attr) {
  const [pattern, part] = PARTS.find(([one]) => one.test(attr ?? "")) ?? [];
  return pattern ? (attr.match(pattern)[0] ?? "").replace(pattern, part) : (attr ?? "");
}

/** Faults of the server's answer in the shape of our own: [part, text]. */
export function faultsFrom(errors) {
  return errors.map(({ attr, detail }) => [partOf(attr), detail]);
}

function clear(form) {
  for (const note of form.querySelectorAll("[data-fault-note]")) note.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
}

function noteAt(place, text, id) {
  const note = document.createElement("p");
  note.className = "field-error";
  note.dataset.faultNote = "";
  note.id = id;
  note.textContent = text;
  place.append(note);
}

function controlOf(place) {
  return place.querySelector("input:not([type=file], [type=hidden]), textarea, select, button");
}

/** What the page calls a part of the form, where the text does not name it by itself. */
function named(place, text) {
  const label = place.querySelector("label, legend, h2, h3")?.firstChild?.textContent?.trim().replace(/[?:]$/, "") ?? "";
  return !label || text.toLowerCase().includes(label.toLowerCase()) ? text : `${label}: ${text}`;
}

function summaryRow(form, part, text) {
  const row = document.createElement("li");
  const place = form.querySelector(`[data-fault="${part}"]`) ?? form.querySelector(`[name="${part}"]`)?.closest(".field");
  if (!place) {
    row.textContent = text;
    return row;
  }
  const control = controlOf(place);
  const id = `fault-${part}`;
  noteAt(place, text, id);
  if (control.matches("input, textarea, select")) control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", id);
  control.id ||= `control-${part}`;
  const link = document.createElement("a");
  link.href = `#${control.id}`;
  link.textContent = named(place, text);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    place.closest("details")?.setAttribute("open", "");
    control.focus();
  });
  row.append(link);
  return row;
}

/** Shows [part, text] faults; with `isMoving` the focus goes to the summary. */
export function showFaults(form, faults, isMoving = true) {
  clear(form);
  const summary = form.querySelector("#faults");
  summary.hidden = !faults.length;
  summary.querySelector("ul").replaceChildren(...faults.map(([part, text]) => summaryRow(form, part, text)));
  if (!faults.length || !isMoving) return;
  summary.focus();
  summary.scrollIntoView({ block: "start" });
}

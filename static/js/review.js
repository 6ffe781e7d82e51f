// Review by keyboard: V verifies, K goes to the note and, with a note, returns, N shows the next, Z takes a verification back.
// On the list: ticking all, and how many are ticked.
import { gettext, interpolate, ngettext } from "./lib/i18n.js";
import { startReportMap } from "./lib/report_map.js";

const UNDO_SHOWN_MS = 15_000;
const byId = (id) => document.getElementById(id);

startReportMap();

function giveBack() {
  const note = byId("note");
  if (note?.value.trim()) byId("return").click();
  else note?.focus();
}

const KEYS = {
  v: () => byId("verify")?.click(),
  k: giveBack,
  n: () => byId("next")?.click(),
  z: () => byId("undo-button")?.click(),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// A report is returned with a note only: say so before the way to the server.
byId("return")?.addEventListener("click", (event) => {
  if (byId("note").value.trim()) return;
  event.preventDefault();
  byId("note").required = true;
  byId("note").reportValidity();
});
byId("verify")?.addEventListener("click", () => {
  byId("note").required = false;
});

// The offer goes when it is no longer about the slip of a moment ago, unless somebody is about to take it.
const undo = byId("undo");
if (undo)
  setTimeout(() => {
    if (!undo.contains(document.activeElement)) undo.remove();
  }, UNDO_SHOWN_MS);

const boxes = [...document.querySelectorAll("#pick input[name=report]")];

function countPicked() {
  const number = boxes.filter((box) => box.checked).length;
  const label = document.querySelector("[data-pick-label]");
  const text = ngettext("Verify %(n)s report", "Verify %(n)s reports", number);
  label.textContent = number ? interpolate(text, { n: number }) : gettext("Verify those ticked");
  byId("pick-verify").disabled = !number;
  byId("pick-all").checked = number === boxes.length;
  byId("pick-all").indeterminate = number > 0 && number < boxes.length;
}

if (boxes.length) {
  byId("pick").addEventListener("change", countPicked);
  byId("pick-all").addEventListener("change", ({ target }) => {
    for (const box of boxes) box.checked = target.checked;
    countPicked();
  });
  countPicked();
}

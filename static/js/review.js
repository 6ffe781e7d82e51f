// Review by keyboard: V verifies, K goes to the note and, with a note, returns, N shows the next.

import { startReportMap } from "./lib/report_map.js";

startReportMap();

const byId = (id) => document.getElementById(id);

function giveBack() {
  const note = byId("note");
  if (note?.value.trim()) byId("return").click();
  else note?.focus();
}

const KEYS = { v: () => byId("verify")?.click(), k: giveBack, n: () => byId("next")?.click() };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input, textarea, select")) return;
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

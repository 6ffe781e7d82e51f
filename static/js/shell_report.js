// One of the own reports without network.
import { idInAddress } from "./lib/addresses.js";
import { keptOf } from "./lib/cache.js";
import { gettext } from "./lib/i18n.js";
import { watchNetwork } from "./lib/network.js";
import { entryOf } from "./lib/outbox.js";
import { kindLabels } from "./lib/rows.js";
import { currentUser } from "./lib/session.js";
import { fillTerms } from "./lib/shown_entry.js";
import { moment } from "./lib/times.js";

const element = (id) => document.getElementById(id);
// What the server says of a report for programs, not for people.
const UNSAID = ["photos_received", "officer", "content_hashes", "unit", "day", "clock_skew_s", "flags", "state", "received_at", "distance_m"];

async function main() {
  watchNetwork();
  const user = await currentUser();
  const id = idInAddress(location.pathname);
  const kept = (await keptOf(user, "reports"))?.data.find((report) => report.id === id);
  const report = kept ?? (await entryOf(user, id))?.report;
  if (!report) {
    element("report-state").textContent = gettext("Without network. This report does not lie on this phone.");
    return;
  }
  element("report-title").textContent = kindLabels()[report.kind] ?? report.kind;
  element("report-meta").textContent = moment(report.occurred_at);
  element("report-state").textContent = gettext("Without network · as it was fetched last");
  fillTerms(element("report-lines"), Object.fromEntries(Object.entries(report).filter(([name]) => !UNSAID.includes(name))));
  element("report-lines").hidden = false;
}

main();

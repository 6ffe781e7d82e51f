// The own reports without network: those that the phone fetched last.
import { keptOf } from "./lib/cache.js";
import { gettext, interpolate } from "./lib/i18n.js";
import { watchNetwork } from "./lib/network.js";
import { kindLabels, rowFrom, subjectOf } from "./lib/rows.js";
import { currentUser } from "./lib/session.js";
import { moment } from "./lib/times.js";

const element = (id) => document.getElementById(id);

async function main() {
  watchNetwork();
  const user = await currentUser();
  const kept = await keptOf(user, "reports");
  const labels = kindLabels();
  const rows = (kept?.data ?? []).map((report) =>
    rowFrom("activities-row", {
      title: [labels[report.kind] ?? report.kind, subjectOf(report)].filter(Boolean).join(" · "),
      meta: [moment(report.occurred_at), report.area_name, report.result || report.narrative].filter(Boolean).join(" · "),
      href: `/kegiatan/${report.id}/`,
    }),
  );
  element("activities-rows").replaceChildren(...rows);
  element("activities-rows").hidden = !rows.length;
  element("activities-state").textContent = rows.length
    ? interpolate(gettext("Without network · your last %(count)s reports, as of %(time)s"), { count: rows.length, time: moment(kept.fetched_at) })
    : gettext("Without network. No report of yours lies on this phone yet.");
}

main();

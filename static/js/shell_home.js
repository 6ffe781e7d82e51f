// The officer's first page without network: what was fetched last, and what waits here.
import { keptOf } from "./lib/cache.js";
import { gettext, interpolate, ngettext } from "./lib/i18n.js";
import { watchNetwork } from "./lib/network.js";
import { entriesOf } from "./lib/outbox.js";
import { watchAreas } from "./lib/places.js";

import { rowFrom } from "./lib/rows.js";
import { currentUser, personOf } from "./lib/session.js";
import { listen } from "./lib/signal.js";
import { moment, shortDay } from "./lib/times.js";

const element = (id) => document.getElementById(id);
const MOST = 5;

function fill(name, rows) {
  element(`home-${name}-rows`).replaceChildren(...rows);
  const section = element(`home-${name}`);
  if (section) section.hidden = !rows.length;
}

function ring({ kind, label, count, target, share }) {
  const made = element("home-ring").content.firstElementChild.cloneNode(true);
  const value = made.querySelector(".ring-value");
  if (count) value.setAttribute("stroke-dasharray", `${share} 100`);
  else value.remove();
  made.querySelector("text").textContent = `${count}/${target ?? "–"}`;
  made.querySelector("svg").setAttribute("aria-label", `${kind}, ${label}: ${count}/${target ?? "–"}`);
  made.querySelector(".ring-label").textContent = `${kind} ${label.toLowerCase()}`;
  return made;
}

function daysText(days) {
  if (days === null) return gettext("not visited yet");
  return interpolate(ngettext("%(days)s day ago", "%(days)s days ago", days), { days });
}

function returnedRow({ id, kind, day, review_note }) {
  const title = interpolate(gettext("%(kind)s of %(day)s came back"), { kind, day: shortDay(day) });
  return rowFrom("home-returned-row", { title, meta: `Kanit: “${review_note}”`, href: `/kegiatan/${id}/` });
}

function visitRow({ id, register, slug, title, rt, rw, village, days }) {
  const name = register === "household" ? `${gettext("Family of")} ${title}` : title;
  const address = [[rt && `RT ${rt}`, rw && `RW ${rw}`].filter(Boolean).join("/"), village].filter(Boolean).join(" ");
  const made = rowFrom("home-visit-row", { title: name, meta: `${address} · ${daysText(days)}` });
  const link = made.querySelector("a");
  link.href = `${link.getAttribute("href")}${slug}/?untuk=${id}`;
  return made;
}

async function showWaiting(user) {
  const entries = await entriesOf(user);
  const rows = entries.slice(0, MOST).map((entry) => rowFrom("home-plain-row", { title: entry.title ?? "…", meta: moment(entry.occurred_at) }));
  fill("waiting", rows);
}

async function main() {
  watchNetwork();
  const user = await currentUser();
  const [home, person] = await Promise.all([keptOf(user, "home"), personOf(user)]);
  element("home-person").textContent = person?.name || "polmas";
  element("home-day").textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full" }).format(new Date());
  const asOf = home && interpolate(gettext("Without network · as of %(time)s"), { time: moment(home.fetched_at) });
  element("home-as-of").textContent = asOf ?? gettext("Without network. Nothing of yours was fetched yet; recording works all the same.");
  const { rings = [], returned = [], next_visits = [], villages = [] } = home?.data ?? {};
  element("rings").replaceChildren(...rings.map(ring));
  element("rings").hidden = !rings.length;
  fill("returned", returned.map(returnedRow));
  fill("visits", next_visits.slice(0, MOST).map(visitRow));
  fill(
    "villages",
    villages.map(({ title }) => rowFrom("home-plain-row", { title })),
  );
  if (!villages.length)
    watchAreas(user, ({ held }) =>
      fill(
        "villages",
        held.map(({ properties }) => rowFrom("home-plain-row", { title: properties.name })),
      ),
    );
  await showWaiting(user);
  listen(() => showWaiting(user));
  element("home").hidden = false;
}

main();

// A round of points and its track: what follows from them, without any page.

import { gettext, interpolate, ngettext } from "./i18n.js";
import { metresBetween } from "./position.js";
import { clock } from "./times.js";

export const MOST_POINTS = 50;
const MOST_ON_TRACK = 2000;
const STEP_M = 10; // nearer points say nothing new
const UNSURE_M = 50; // less sure fixes jump about
const POST = /\/pos\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/?$/i;

/** {start, end, location} of the rows that carry a time: the first and the last, and the first position; null without any. */
export function spanOf(rows) {
  const timed = Object.values(rows)
    .flat()
    .filter((row) => row.at)
    .sort((a, b) => new Date(a.at) - new Date(b.at));
  if (!timed.length) return null;
  return { start: timed[0].at, end: timed.at(-1).at, location: timed.find((row) => row.location)?.location ?? null };
}

/** The track with one more fix, or the same one where the fix is unsure or near. Every second point goes before it gets too long. */
export function extended(track, { lat, lon, accuracy }) {
  const last = track.at(-1);
  if (accuracy > UNSURE_M) return track;
  if (last && metresBetween({ lon: last[0], lat: last[1] }, { lat, lon }) < STEP_M) return track;
  const kept = track.length < MOST_ON_TRACK ? track : track.filter((_point, index) => index % 2 === 0);
  return [...kept, [lon, lat]];
}

/** Metres along a track. */
export function lengthOf(track) {
  const places = track.map(([lon, lat]) => ({ lat, lon }));
  return places.slice(1).reduce((sum, place, index) => sum + metresBetween(places[index], place), 0);
}

/** The id of the post in what a QR code says; empty where it is another code. */
export function postIn(text) {
  return POST.exec(text.trim())?.[1].toLowerCase() ?? "";
}

/** What a patrol that is still going on is called among the drafts; empty for everything else. */
export function runningRound(form) {
  const span = spanOf(form.rows ?? {});
  if (form.kind !== "PATROLI" || form.version > 1 || !span) return "";
  const count = form.rows.checkpoints.length;
  const points = interpolate(ngettext("%(count)s point", "%(count)s points", count), { count });
  return `${interpolate(gettext("Patrol going on since %(time)s"), { time: clock(span.start) })} · ${points}`;
}

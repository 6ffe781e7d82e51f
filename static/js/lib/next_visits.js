// The visits that are due, as the server ranked them; where the phone already tells its position, the nearest of them first.

import { metresBetween, rounded } from "./position.js";

const SHOWN = 5;

/** 350 m, 1,2 km. */
export function inWords(metres, language = "id") {
  if (metres < 1000) return `${Math.max(10, Math.round(metres / 10) * 10)} m`;
  return `${(metres / 1000).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} km`;
}

/** The rows by distance from here; those without a position keep their turn behind them. */
export function byDistance(rows, here) {
  const metres = (row) => (row.lat === undefined ? Number.POSITIVE_INFINITY : metresBetween(here, row));
  const measured = rows.map((row, turn) => ({ ...row, turn, metres: metres(row) }));
  return measured.sort((a, b) => (a.metres === b.metres ? a.turn - b.turn : a.metres - b.metres));
}

function reorder(list, here) {
  const rows = [...list.children].map((item) => ({
    item,
    ...(item.dataset.lat && { lat: Number(item.dataset.lat), lon: Number(item.dataset.lon) }),
  }));
  for (const [place, { item, metres }] of byDistance(rows, here).entries()) {
    if (Number.isFinite(metres)) item.querySelector("[data-distance]").textContent = ` · ${inWords(metres, document.documentElement.lang)}`;
    item.hidden = place >= SHOWN;
    list.append(item);
  }
}

/** Never asks for the position by itself: the form does that, where it is plain what for. */
export async function nearestFirst(list) {
  if (!list?.children.length || !navigator.geolocation) return;
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (permission?.state !== "granted") return;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => reorder(list, rounded(coords)),
    () => {},
    { maximumAge: 300_000, timeout: 10_000 },
  );
}

// The households of the own villages: searched on the phone, and the one to call on next.

import { cached, fetchedPages } from "./cache.js";
import { metresBetween } from "./position.js";

const NEAR_M = 250;
const MOST_FOUND = 20;

export function watchHouseholds(user, onHouseholds) {
  return cached(user, "households", () => fetchedPages("households/?page_size=200"), onHouseholds);
}

function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

function words({ head_name, rt, rw, landmark, area_name }) {
  return plain(`${head_name} rt ${rt} rt ${Number(rt)} rw ${rw} rw ${Number(rw)} ${landmark ?? ""} ${area_name ?? ""}`);
}

/** Households whose name, RT, RW, village or landmark hold every word asked for. */
export function searched(households, text) {
  const asked = plain(text)
    .split(/[\s/]+/)
    .filter(Boolean);
  return households.filter((household) => asked.every((word) => words(household).includes(word))).slice(0, MOST_FOUND);
}

function byLongestUnvisited(a, b) {
  return (a.last_visit_on ?? "").localeCompare(b.last_visit_on ?? "");
}

/** The one to suggest: of those around the officer, else of the village, the one not visited for longest. */
export function suggested(households, location, area) {
  const near = location ? households.filter((one) => one.location && metresBetween(location, one.location) <= NEAR_M) : [];
  const inVillage = area ? households.filter((one) => one.area === area) : [];
  const pool = [near, inVillage, households].find((some) => some.length) ?? [];
  return [...pool].sort(byLongestUnvisited)[0] ?? null;
}

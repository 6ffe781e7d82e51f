// The registers of the own villages: searched on the phone, and the entry to call on next.

import { cached, fetchedPages } from "./cache.js";
import { metresBetween } from "./position.js";

const NEAR_M = 250;
const MOST_FOUND = 20;

/**
 * `register` is its path in the API, and its name among what is kept on the phone. Of an officer in whose name somebody records (`served`,
 * a query of officer and day) it holds that officer's villages, and is not kept.
 */
export async function watchRegister(user, register, onEntries, served = "") {
  if (!served) return cached(user, register, () => fetchedPages(`${register}/?page_size=200`), onEntries);
  const entries = await fetchedPages(`${register}/?page_size=200&${served}`);
  return entries && onEntries(entries);
}

function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

function words({ head_name, name, rt, rw, landmark, area_name }) {
  return plain(`${head_name ?? name} rt ${rt} rt ${Number(rt)} rw ${rw} rw ${Number(rw)} ${landmark ?? ""} ${area_name ?? ""}`);
}

/** Entries whose name, RT, RW, village or landmark hold every word asked for. */
export function searched(entries, text) {
  const asked = plain(text)
    .split(/[\s/]+/)
    .filter(Boolean);
  return entries.filter((entry) => asked.every((word) => words(entry).includes(word))).slice(0, MOST_FOUND);
}

/** What came due first; of what was never met the one that nobody called on for longest. */
function byTurn(a, b) {
  return (a.due_on ?? "").localeCompare(b.due_on ?? "") || (a.last_visit_on ?? "").localeCompare(b.last_visit_on ?? "");
}

/** The one to suggest: of those around the officer, else of the village, the one not visited for longest. */
export function suggested(entries, location, area) {
  const near = location ? entries.filter((one) => one.location && metresBetween(location, one.location) <= NEAR_M) : [];
  const inVillage = area ? entries.filter((one) => one.area === area) : [];
  const pool = [near, inVillage, entries].find((some) => some.length) ?? [];
  return [...pool].sort(byTurn)[0] ?? null;
}

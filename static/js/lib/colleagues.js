// The officers of the own unit, by user name and name alone: whom an activity was done with.

import { cached, fetched } from "./cache.js";

const FRESH_MS = 12 * 3600_000;

async function load() {
  return (await fetched("colleagues/"))?.results ?? null;
}

/** Calls `onColleagues([{username, name}])` with what is kept and again with what is new. */
export function watchColleagues(user, onColleagues) {
  return cached(user, "colleagues", load, onColleagues, FRESH_MS);
}

/** At most `most` colleagues whose names hold the text, without those named already. */
export function fittingColleagues(colleagues, text, taken, most) {
  const asked = text.trim().toLowerCase();
  return colleagues.filter(({ username, name }) => !taken.has(username) && name.toLowerCase().includes(asked)).slice(0, most);
}

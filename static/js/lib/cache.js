// Answers of the server that the form needs without network: kept per user, shown at once, renewed behind the page.

import { get, NoNetwork } from "./api.js";
import { put, rowOf } from "./db.js";
import { SEALED } from "./phone.js";
import { openRow, sealRow } from "./vault.js";

const FRESH_MS = 10 * 60_000;

/** {data, fetched_at} of what is kept under a name, or undefined. */
export async function keptOf(user, name) {
  const row = await openRow(user, await rowOf("cache", user, name));
  return row?.isLocked ? undefined : row;
}

export async function keep(user, name, data) {
  await put("cache", await sealRow(user, { user, name, data, fetched_at: Date.now() }, SEALED.cache));
}

/**
 * Gives what is kept under `name` at once, and calls `onData` again with what `load()` brings if it is older than
 * `fresh` milliseconds. Without network the kept data stand.
 */
export async function cached(user, name, load, onData, fresh = FRESH_MS) {
  const kept = await keptOf(user, name);
  if (kept) onData(kept.data);
  if (kept && Date.now() - kept.fetched_at < fresh) return;
  const data = await load();
  if (data === null) return;
  await keep(user, name, data);
  onData(data);
}

/** Data of one GET, or null when there is no network or no right. */
export async function fetched(path) {
  try {
    const { status, data } = await get(path);
    return status === 200 ? data : null;
  } catch (error) {
    if (error instanceof NoNetwork) return null;
    throw error;
  }
}

/** All pages of a list until `most` rows are there, or null when one of them did not come. */
export async function fetchedPages(path, most = 5000) {
  const rows = [];
  for (let next = path; next && rows.length < most; ) {
    const page = await fetched(next);
    if (!page) return null;
    rows.push(...page.results);
    const url = page.next && new URL(page.next, location.href);
    next = url ? url.pathname.replace(/^\/api\/v1\//, "") + url.search : null;
  }
  return rows;
}

// Answers of the server that the form needs without network: kept per user, shown at once, renewed behind the page.

import { get, NoNetwork } from "./api.js";
import { put, rowOf } from "./db.js";

const FRESH_MS = 10 * 60_000;

/**
 * Gives what is kept under `name` at once, and calls `onData` again with what `load()` brings if it is older than
 * `fresh` milliseconds. Without network the kept data stand.
 */
export async function cached(user, name, load, onData, fresh = FRESH_MS) {
  const kept = await rowOf("cache", user, name);
  if (kept) onData(kept.data);
  if (kept && Date.now() - kept.fetched_at < fresh) return;
  const data = await load();
  if (data === null) return;
  await put("cache", { user, name, data, fetched_at: Date.now() });
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

/** All pages of a list, or null when one of them did not come. */
export async function fetchedPages(path) {
  const rows = [];
  for (let next = path; next; ) {
    const page = await fetched(next);
    if (!page) return null;
    rows.push(...page.results);
    const url = page.next && new URL(page.next, location.href);
    next = url ? url.pathname.replace(/^\/api\/v1\//, "") + url.search : null;
  }
  return rows;
}

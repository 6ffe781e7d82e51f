// What the officer did last: which kinds how often, and what of a form usually stays the same.

import { keep, keptOf } from "./cache.js";

async function kept(user, name) {
  return (await keptOf(user, name))?.data ?? {};
}

/** {area, detail} of the last report of a kind; the village of the last report of any. */
export async function lastOf(user, kind) {
  const { area, kinds = {} } = await kept(user, "last");
  return { area, detail: kinds[kind]?.detail };
}

export async function rememberKind(user, kind, { area, detail }) {
  const { kinds = {} } = await kept(user, "last");
  const data = { area, kinds: { ...kinds, [kind]: { detail, count: (kinds[kind]?.count ?? 0) + 1 } } };
  await keep(user, "last", data);
}

/** The kinds filed most from this phone, the most frequent first. */
export async function kindsUsedMost(user, most) {
  const { kinds = {} } = await kept(user, "last");
  const sorted = Object.entries(kinds).sort(([, a], [, b]) => b.count - a.count);
  return sorted.slice(0, most).map(([kind]) => kind);
}

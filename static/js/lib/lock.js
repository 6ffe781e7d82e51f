// One sender at a time, over all tabs of this browser.

import { withDatabase } from "./db.js";
import { newId } from "./uuid.js";

const NAME = "polmas-outbox";
const LEASE_MS = 150_000; // longer than the slowest request
const owner = newId();

async function takeLease(now) {
  return withDatabase(async (db) => {
    const store = db.transaction("leases", "readwrite").store;
    const lease = await store.get(NAME);
    if (lease && lease.until > now) return false;
    await store.put({ name: NAME, owner, until: now + LEASE_MS });
    return true;
  });
}

/** Call before each request of a long run, so that no other tab takes the lease for abandoned. */
async function extendLease() {
  await withDatabase((db) => db.put("leases", { name: NAME, owner, until: Date.now() + LEASE_MS }));
}

async function withLease(work) {
  if (!(await takeLease(Date.now()))) return null;
  try {
    return await work(extendLease);
  } finally {
    await withDatabase((db) => db.delete("leases", NAME));
  }
}

/**
 * Runs `work(extend)` unless somebody else is at it; then returns null. Web Locks need HTTPS or localhost: elsewhere a
 * lease in the database does the same, since its transactions run one after the other.
 */
export function alone(work) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return withLease(work);
  return locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? work(async () => {}) : null));
}

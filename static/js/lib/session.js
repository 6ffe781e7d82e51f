// Whose phone this is right now. A page from the server says it (`data-user` of its body); the pages that the phone keeps say nothing of
// anybody, and ask the database.

import { answered } from "./api.js";
import { put, remove, rowOf, rowsOf, withDatabase } from "./db.js";
import { forgetKey, lockState, wipeCache } from "./phone.js";

const CURRENT = "current";
const CACHE_LASTS_MS = 7 * 24 * 3600_000;
const DEVICES = "polmas.devices"; // the phone's names at the server, by user; no secret
const UNLOCK = "/kunci/";
const SIGNED_OUT = "/luring/sesi/";
let isLeaving = false;

globalThis.addEventListener?.("pageshow", () => {
  isLeaving = false; // brought back as it was left
});

function never() {
  return new Promise(() => {});
}

/** Leaves this page. Each script of it finds out by itself that it must; a second call would break off what the first began to load. */
function goTo(address) {
  if (!isLeaving) location.replace(address);
  isLeaving = true;
  return never();
}

async function signedIn() {
  return (await withDatabase((db) => db.get("leases", CURRENT)))?.user ?? "";
}

export async function personOf(user) {
  return (await withDatabase((db) => db.get("people", String(user)))) ?? null;
}

/** The server has answered this user: what is cached may stay for another week. */
export async function heard(user, news = {}) {
  const before = await personOf(user);
  await put("people", { ...before, ...news, user, seen_at: Date.now() });
}

export async function signInAs(user, news) {
  await withDatabase((db) => db.put("leases", { name: CURRENT, user: String(user) }));
  await heard(user, news);
}

/** What is cached goes after a week without the server: the phone may be in other hands. What waits stays. */
async function expireCache(user, now = Date.now()) {
  const person = await personOf(user);
  if (person && now - person.seen_at > CACHE_LASTS_MS) await wipeCache(user);
}

/** The signed-in user of this page. A locked phone goes to its PIN, a signed-out one to the page that says so. */
export async function currentUser() {
  const { user, name = "" } = document.body.dataset;
  if (user) await signInAs(user, { name });
  const id = user || (await signedIn());
  if (!id) return goTo(SIGNED_OUT);
  await expireCache(id);
  if ((await lockState(id)) === "locked") return goTo(`${UNLOCK}?next=${encodeURIComponent(location.pathname + location.search)}`);
  return id;
}

/** Nobody is signed in from now on. Drafts and the outbox stay where they are, under their owner. */
export async function signOut(user) {
  await withDatabase((db) => db.delete("leases", CURRENT));
  await wipeCache(user);
  const person = await personOf(user);
  if (person) await remove("people", user);
}

export { signedIn };

function devices() {
  try {
    return JSON.parse(localStorage.getItem(DEVICES)) ?? {};
  } catch {
    return {};
  }
}

export function knownDevices() {
  return Object.values(devices());
}

export function noteDevice(user, device) {
  localStorage.setItem(DEVICES, JSON.stringify({ ...devices(), [user]: device }));
}

/** Asks of each user of this phone whether it was put out; if so, the key and all that is cached go, and the user is signed out here. */
export async function obeyRevocation() {
  for (const [user, device] of Object.entries(devices())) {
    const { data } = await answered("GET", `devices/${device}/`);
    if (data?.state !== "revoked") continue;
    if (await rowOf("keys", user, "phone")) await forgetKey(user);
    if ((await signedIn()) === user) await signOut(user);
    else await wipeCache(user);
    const rest = devices();
    delete rest[user];
    localStorage.setItem(DEVICES, JSON.stringify(rest));
  }
}

/** How many reports of a user wait here, drafts not counted. */
export async function unsentOf(user) {
  return (await rowsOf("outbox", user)).length;
}

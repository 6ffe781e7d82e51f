// The remembered phone: its PIN, which opens the key of vault.js; its secret, which shows the server that it was opened; its end.
//
// The key is random and never leaves this phone but for the server's copy, which is given out for the password alone: a forgotten PIN,
// or ten wrong ones, cost what is cached and nothing that waits to be sent. Rows that were written before the PIN was set, or
// under the browser's own key, are encrypted anew when it is set.

import { answered } from "./api.js";
import { base64, fromBase64 } from "./base64.js";
import { setSessionCookie } from "./cookies.js";
import { put, remove, rowOf, rowsOf, withDatabase } from "./db.js";
import { isStillOpen, MARK } from "./open_key.js";
import { newId } from "./uuid.js";
import { decryptWith, encryptWith, importKey, lockWith, openRow, randomBytes, sealRow, unlockWith, WrongSecret } from "./vault.js";

export const MOST_FAILURES = 10;
/** What is encrypted of each store's rows. */
export const SEALED = {
  drafts: ["form", "title", "replaces"],
  outbox: ["report", "form", "title"],
  photos: ["bytes"],
  cache: ["data"],
};

export class NoMoreTries extends Error {}

function phoneOf(user) {
  return rowOf("keys", user, "phone");
}

async function keepOpen(row, raw) {
  const mark = newId();
  setSessionCookie(MARK, mark);
  const fresh = { ...row, failures: 0, open: { key: await importKey(raw), mark, active_at: Date.now() } };
  await put("keys", fresh);
  return fresh;
}

/** "none" without PIN, else "open" or "locked". */
export async function lockState(user) {
  const phone = await phoneOf(user);
  if (!phone?.wrapped) return "none";
  return (await isStillOpen(phone)) ? "open" : "locked";
}

/** Encrypts anew whatever lies there in clear or under another key than the phone's; interrupted, it goes on at the next call. */
async function resealAll(user, k, formerKeys = {}) {
  for (const [store, names] of Object.entries(SEALED)) {
    for (const row of await rowsOf(store, user)) {
      if (row.sealed?.k === k) continue;
      const opened = await openRow(user, row, formerKeys);
      if (!opened.isLocked) await put(store, await sealRow(user, opened, names));
    }
  }
}

/** Keys of this phone from before it was put out or lost its name, as far as rows lie under them and the server still holds them. */
async function formerKeysOf(user, k) {
  const stores = await Promise.all(Object.keys(SEALED).map((store) => rowsOf(store, user)));
  const names = new Set(stores.flat().map((row) => row.sealed?.k));
  const keys = {};
  for (const name of names) {
    if (!name || name === k || name === "browser") continue;
    const { data } = await answered("POST", "devices/current/key/", { device: name });
    if (data?.key) keys[name] = await importKey(fromBase64(data.key));
  }
  return keys;
}

/**
 * Sets the PIN: asks the server for the key that this phone may have had before, else makes one, leaves a copy there and encrypts all that
 * lies here. Answers {status, code}: 403 with "password_needed" where the password must be given.
 */
export async function setPin(user, pin, password = "") {
  const asked = await answered("POST", "devices/current/key/", { password });
  if (asked.status !== 200) return asked;
  const raw = asked.data.key ? fromBase64(asked.data.key) : randomBytes(32);
  const secret = base64(randomBytes(32));
  const kept = await answered("PUT", "devices/current/key/", { key: base64(raw), secret });
  if (kept.status !== 204) return kept;
  const row = { user: String(user), id: "phone", k: asked.data.device, wrapped: await lockWith(pin, raw) };
  await keepOpen({ ...row, secret: await encryptWith(await importKey(raw), secret) }, raw);
  await resealAll(user, row.k, await formerKeysOf(user, row.k));
  return kept;
}

/** Takes the PIN off: everything lies in clear again but Laporan Informasi, which go under the browser's own key; the server forgets the secret. */
export async function removePin(user) {
  const answer = await answered("DELETE", "devices/current/key/");
  if (answer.status !== 204) return answer;
  for (const [store, names] of Object.entries(SEALED)) {
    for (const row of await rowsOf(store, user)) {
      const opened = await openRow(user, row);
      if (!opened.isLocked) await put(store, opened.type === "li" ? await sealRow(user, opened, names, "browser") : opened);
    }
  }
  await remove("keys", user, "phone");
  return answer;
}

/** Opens the phone. Throws WrongSecret with `left` tries, or NoMoreTries once the cache was wiped. */
export async function unlock(user, pin) {
  const phone = await phoneOf(user);
  if (!phone?.wrapped) throw new NoMoreTries();
  // Counted before it is tried: whoever switches the phone off in between gains no try.
  const failures = (phone.failures ?? 0) + 1;
  await put("keys", { ...phone, failures });
  const raw = await unlockWith(pin, phone.wrapped).catch((error) => error);
  if (raw instanceof WrongSecret) {
    if (failures >= MOST_FAILURES) {
      await forgetKey(user);
      throw new NoMoreTries();
    }
    throw Object.assign(raw, { left: MOST_FAILURES - failures });
  }
  if (raw instanceof Error) throw raw;
  const opened = await keepOpen(phone, raw);
  await resealAll(user, opened.k);
  await proveOpen(user);
}

/** Shows the server that the phone is open. False without network, or where the session ended. */
export async function proveOpen(user) {
  const phone = await phoneOf(user);
  if (!phone?.wrapped || !(await isStillOpen(phone))) return false;
  const secret = await decryptWith(phone.open.key, phone.secret);
  const { status } = await answered("POST", "devices/current/open/", { secret });
  return status === 204;
}

export async function lock(user) {
  const phone = await phoneOf(user);
  if (phone?.open) await put("keys", { ...phone, open: null });
}

/** Keeps the key in use while the phone is; called now and then by every page. */
export async function stayOpen(user) {
  const phone = await phoneOf(user);
  if (!phone?.open) return;
  if (await isStillOpen(phone)) await put("keys", { ...phone, open: { ...phone.open, active_at: Date.now() } });
  else await lock(user);
}

/** Removes what is cached of a user; drafts and the outbox stay. */
export async function wipeCache(user) {
  for (const { name } of await rowsOf("cache", user)) await remove("cache", user, name);
}

/** The key and all that is cached go; what waits stays encrypted until the owner signs in with the password and sets a new PIN. */
export async function forgetKey(user) {
  const phone = await phoneOf(user);
  await wipeCache(user);
  if (phone) await put("keys", { user: String(user), id: "phone", k: phone.k, wrapped: null, open: null });
}

/** Whether anybody has set a PIN on this phone. */
export async function isRemembered() {
  const rows = await withDatabase((db) => db.getAll("keys"));
  return rows.some((row) => row.id === "phone");
}

// Encrypts what lies in the phone's database.
//
//   const sealed = await seal(user, value)            null where nothing is to be encrypted: no PIN is set
//   const sealed = await seal(user, value, true)      always: with the PIN's key, else with a key of this browser (Laporan Informasi)
//   const sealed = await seal(user, value, "browser") with the key of this browser, whatever PIN there is
//   const value = await unseal(user, sealed)          throws Locked while the PIN has not been given
//   const row = await sealRow(user, {user, id, report, form}, ["report", "form"], always)      for rows of a store: the named
//   const row = await openRow(user, row)              fields move into `row.sealed` and back; a row under a locked key comes
//                                                     back as it lies, with `isLocked: true`
//
// `value` is an ArrayBuffer or whatever JSON holds. Sealed is {k, iv, box, as}: `k` names the key, `as` says "bytes" or "json".
//
// Keys, in the store `keys`, one row {user, id, ...} each:
//   id "browser"  a random AES-GCM key without PIN, made when first needed, never extractable. It keeps Laporan Informasi from whoever
//                 reads the database as text; against somebody with the whole phone only a PIN helps.
//   id "phone"    the remembered phone's: {k, wrapped, open, secret, failures}. `wrapped` is the key under the PIN (PBKDF2, AES-GCM); `open`
//                 the same key in use, not extractable, there only while the phone is open; see phone.js.
// Needs WebCrypto, which browsers give to https and to localhost alone: elsewhere isAble() is false, and seal() with `always` throws Unable.

import { put, rowOf } from "./db.js";
import { isStillOpen } from "./open_key.js";

export const ITERATIONS = 310_000;

export class Locked extends Error {}
export class Unable extends Error {}
export class WrongSecret extends Error {}

export function isAble() {
  return Boolean(globalThis.crypto?.subtle);
}

export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

export function importKey(raw) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** A key from what somebody remembers: a PIN, or the passphrase of a file. */
async function keyFrom(words, salt, iterations) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(words), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function isBytes(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

export async function encryptWith(key, value) {
  const iv = randomBytes(12);
  const plain = isBytes(value) ? value : new TextEncoder().encode(JSON.stringify(value));
  return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain), as: isBytes(value) ? "bytes" : "json" };
}

export async function decryptWith(key, { iv, box, as }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, box).catch(() => {
    throw new WrongSecret();
  });
  return as === "bytes" ? plain : JSON.parse(new TextDecoder().decode(plain));
}

/** Encrypts under words that somebody remembers; {salt, iterations, iv, box, as}. */
export async function lockWith(words, value) {
  const salt = randomBytes(16);
  return { salt, iterations: ITERATIONS, ...(await encryptWith(await keyFrom(words, salt, ITERATIONS), value)) };
}

/** Throws WrongSecret where the words are others. */
export async function unlockWith(words, locked) {
  return decryptWith(await keyFrom(words, locked.salt, locked.iterations), locked);
}

async function browserKey(user) {
  if (!isAble()) throw new Unable();
  const kept = await rowOf("keys", user, "browser");
  if (kept) return kept;
  const row = { user: String(user), id: "browser", k: "browser", key: await importKey(randomBytes(32)) };
  await put("keys", row);
  return row;
}

/** {k, key} to encrypt with, or null; throws Locked. */
async function keyToSeal(user, always) {
  if (always === "browser") return browserKey(user);
  const phone = await rowOf("keys", user, "phone");
  if (!phone?.wrapped) return always ? browserKey(user) : null;
  if (!(await isStillOpen(phone))) throw new Locked();
  return { k: phone.k, key: phone.open.key };
}

async function keyToOpen(user, k) {
  if (k === "browser") return (await browserKey(user)).key;
  const phone = await rowOf("keys", user, "phone");
  if (phone?.k !== k || !(await isStillOpen(phone))) throw new Locked();
  return phone.open.key;
}

export async function seal(user, value, always = false) {
  const found = await keyToSeal(user, always);
  return found && { k: found.k, ...(await encryptWith(found.key, value)) };
}

export async function unseal(user, sealed) {
  return decryptWith(await keyToOpen(user, sealed.k), sealed);
}

function without(row, names) {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

export async function sealRow(user, row, names, always = false) {
  const inside = Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));
  const only = names.length === 1 && isBytes(inside[names[0]]) ? names[0] : null; // a picture's bytes are not written as JSON
  const sealed = await seal(user, only ? inside[only] : inside, always);
  return sealed ? { ...without(row, names), sealed: only ? { ...sealed, only } : sealed } : row;
}

/** `keys` are others than the usual ones, by name: those of a phone before it was put out. */
export async function openRow(user, row, keys = {}) {
  if (!row?.sealed) return row;
  const key = keys[row.sealed.k];
  try {
    const value = await (key ? decryptWith(key, row.sealed) : unseal(user, row.sealed));
    return { ...without(row, ["sealed"]), ...(row.sealed.only ? { [row.sealed.only]: value } : value) };
  } catch (error) {
    if (error instanceof Locked) return { ...row, isLocked: true };
    throw error;
  }
}

export async function openRows(user, rows) {
  return Promise.all(rows.map((row) => openRow(user, row)));
}

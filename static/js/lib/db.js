// The phone's own database. Every row's key begins with the user, so that somebody else who signs in on this phone neither
// sees nor touches what waits here.
//
//   drafts  {user, id, state, saved_at}                     forms begun and not saved
//   outbox  {user, id, report, state, ...}                  reports saved and not yet safe on the server, see outbox.js
//   photos  {user, report, id, bytes, type}                 pictures of drafts and of the outbox
//   sent    {user, id, kind, occurred_at, sent_at, photos}  what the server has taken lately: a receipt, no content
//   cache   {user, name, data, fetched_at}                  areas and households, for when there is no network
//   keys    {user, id, ...}                                 see vault.js
//   people  {user, name, seen_at, ...}                      who uses this phone, and when the server was last heard, see session.js
//   leases  {name, owner, until}                            who sends, where the browser has no Web Locks; who is signed in
//
// Where a PIN is set the fields that hold anything of substance stand encrypted in `sealed` (phone.js lists them).

import { openDB } from "idb";

const NAME = "polmas";
const VERSION = 2;
// A browser under pressure closes the database behind our back; the next use opens it again.
const CLOSED = new Set(["InvalidStateError", "UnknownError"]);

let opened;

function createStores(db, before) {
  if (before < 1) {
    for (const name of ["drafts", "outbox", "sent"]) db.createObjectStore(name, { keyPath: ["user", "id"] });
    db.createObjectStore("photos", { keyPath: ["user", "report", "id"] });
    db.createObjectStore("cache", { keyPath: ["user", "name"] });
    db.createObjectStore("leases", { keyPath: "name" });
  }
  if (before < 2) {
    db.createObjectStore("keys", { keyPath: ["user", "id"] });
    db.createObjectStore("people", { keyPath: "user" });
  }
}

function forget() {
  opened = undefined;
}

function open() {
  opened ??= openDB(NAME, VERSION, {
    upgrade: createStores,
    blocking: closeDatabase,
    terminated: forget,
  }).catch((error) => {
    forget();
    throw error;
  });
  return opened;
}

/** Runs `work(db)`; opens the database again and repeats the work once if the browser has closed it meanwhile. */
export async function withDatabase(work) {
  try {
    return await work(await open());
  } catch (error) {
    if (!CLOSED.has(error.name)) throw error;
    forget();
    return work(await open());
  }
}

export async function closeDatabase() {
  const current = opened;
  forget();
  (await current)?.close();
}

/** All rows of one user in a store; more parts of the key narrow it down. */
export function rowsOf(store, user, ...parts) {
  const key = [String(user), ...parts];
  return withDatabase((db) => db.getAll(store, IDBKeyRange.bound(key, [...key, []])));
}

export function rowOf(store, user, ...parts) {
  return withDatabase((db) => db.get(store, [String(user), ...parts]));
}

export function put(store, row) {
  return withDatabase((db) => db.put(store, { ...row, user: String(row.user) }));
}

export function remove(store, user, ...parts) {
  return withDatabase((db) => db.delete(store, [String(user), ...parts]));
}

/** Asks the browser once not to throw the store away when the phone runs full. */
export async function askToPersist() {
  const storage = globalThis.navigator?.storage;
  if (!storage?.persist || (await storage.persisted())) return;
  if (localStorage.getItem("polmas.persist-asked")) return;
  localStorage.setItem("polmas.persist-asked", new Date().toISOString());
  await storage.persist();
}

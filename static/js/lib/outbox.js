// What is saved on this phone and not yet safe on the server.
//
// An entry: {user, id, type, kind, occurred_at, report, form, title, photos, bytes, queued_at, state, delivered_at, problem}
//   type          "report", or "li" for a Laporan Informasi, which is always encrypted
//   report        the payload, frozen when the form was saved and sent exactly so, however often
//   form          what stood in the form, to open it again when the report must be mended
//   photos        ids of pictures that the server does not have yet
//   state         "queued", "sending" or "needs_fixing"
//   delivered_at  when the server took the report, in milliseconds by its clock; its pictures may still be waiting
//   problem       {kind: "rejected" | "conflict" | "photo" | "refused", errors: [{code, detail, attr}], photo}
// An entry leaves only after the server has said that it holds the report and every picture of it. Where a PIN is set `report`, `form` and
// `title` lie encrypted; while the phone is locked an entry has `isLocked` and none of them, and is not sent.

import { put, remove, rowOf, rowsOf, withDatabase } from "./db.js";
import { SEALED } from "./phone.js";
import { dropPhotosOf } from "./photo_store.js";
import { announce } from "./signal.js";
import { openRow, openRows, sealRow } from "./vault.js";

const KEEP_RECEIPTS_MS = 30 * 24 * 3600 * 1000;

export class AlreadyWaiting extends Error {}

/** Puts a saved form into the outbox and removes its draft, both or neither. Mends an entry that needs fixing under its id. */
export async function enqueue(user, { report, form, title, photos, bytes, type = "report" }) {
  const key = [String(user), report.id];
  const fresh = { queued_at: Date.now(), state: "queued", delivered_at: null, problem: null };
  const { kind, occurred_at } = report;
  const plain = { user: key[0], id: report.id, type, kind, occurred_at, report, form, title, photos, photo_count: photos.length, bytes, ...fresh };
  const entry = await sealRow(user, plain, SEALED.outbox, type === "li");
  await withDatabase(async (db) => {
    const change = db.transaction(["outbox", "drafts"], "readwrite", { durability: "strict" }); // on the disk, whatever the battery does
    const before = await change.objectStore("outbox").get(key);
    if (before && before.state !== "needs_fixing") {
      await change.done;
      throw new AlreadyWaiting();
    }
    await Promise.all([change.objectStore("outbox").put(entry), change.objectStore("drafts").delete(key), change.done]);
  });
  await dropPhotosOf(user, report.id, photos);
  announce();
}

export async function entryOf(user, id) {
  return openRow(user, await rowOf("outbox", user, id));
}

/** All entries of one user, the one that waits longest first. */
export async function entriesOf(user) {
  const entries = await openRows(user, await rowsOf("outbox", user));
  return entries.sort((a, b) => a.queued_at - b.queued_at);
}

/** What can be sent now. */
export async function waitingOf(user) {
  return (await entriesOf(user)).filter((entry) => entry.state !== "needs_fixing" && !entry.isLocked);
}

export async function countsOf(user) {
  const entries = await rowsOf("outbox", user);
  const broken = entries.filter((entry) => entry.state === "needs_fixing").length;
  return { waiting: entries.length - broken, needsFixing: broken, all: entries.length };
}

/** Changes an entry in place. `change` gets a copy and returns the new row, or null to leave it; gone entries stay gone. */
async function update(user, id, change) {
  await withDatabase(async (db) => {
    const store = db.transaction("outbox", "readwrite").store;
    const entry = await store.get([String(user), id]);
    const next = entry && change({ ...entry });
    if (next) await store.put(next);
  });
  announce();
}

/** Shows entries as being sent, or as waiting again; those that need fixing stay so. */
export async function setState(user, entries, state) {
  await withDatabase(async (db) => {
    const { store, done } = db.transaction("outbox", "readwrite");
    for (const { id } of entries) {
      const entry = await store.get([String(user), id]);
      if (entry && entry.state !== "needs_fixing") await store.put({ ...entry, state });
    }
    await done;
  });
  announce();
}

/** The server holds the report since `serverTime`, milliseconds by its own clock. */
export function markDelivered(user, id, serverTime) {
  return update(user, id, (entry) => ({ ...entry, state: "queued", delivered_at: serverTime, problem: null }));
}

export function markProblem(user, id, problem) {
  return update(user, id, (entry) => ({ ...entry, state: "needs_fixing", problem }));
}

/** Sends an entry again as it is, after whatever stood in its way was removed. */
export function retry(user, id) {
  return update(user, id, (entry) => ({ ...entry, state: "queued", problem: null }));
}

/** The server holds this picture, or the officer gave it up: it is needed here no longer. */
export async function forgetPhoto(user, id, photo) {
  await update(user, id, (entry) => ({ ...entry, photos: entry.photos.filter((one) => one !== photo) }));
  await remove("photos", user, id, photo);
}

/** Takes an entry out after the server confirmed all of it, and keeps a receipt that tells nothing of what was in it. */
export async function finish(user, id) {
  const entry = await rowOf("outbox", user, id);
  if (!entry?.delivered_at || entry.photos.length) return;
  const receipt = {
    user,
    id,
    type: entry.type,
    kind: entry.kind,
    occurred_at: entry.occurred_at,
    sent_at: entry.delivered_at,
    photos: entry.photo_count,
  };
  await put("sent", receipt);
  await remove("outbox", user, id);
  announce();
}

/** Whether this id has been saved on this phone before: then a form needs another one. */
export async function isUsed(user, id) {
  return Boolean((await entryOf(user, id)) ?? (await rowOf("sent", user, id)));
}

export async function discard(user, id) {
  await remove("outbox", user, id);
  await dropPhotosOf(user, id);
  announce();
}

/** Receipts of the last thirty days, newest first; older ones are removed on the way. */
export async function recentlySent(user, now = Date.now()) {
  const receipts = await rowsOf("sent", user);
  const old = receipts.filter((receipt) => now - receipt.sent_at > KEEP_RECEIPTS_MS);
  for (const { id } of old) await remove("sent", user, id);
  return receipts.filter((receipt) => !old.includes(receipt)).sort((a, b) => b.sent_at - a.sent_at);
}

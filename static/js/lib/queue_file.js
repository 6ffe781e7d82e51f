// The queue as an encrypted file: the last resort when a phone never finds the network again, and the way to another phone.
//
// {format: "polmas-outbox", schema: 2, user, exported_at, count, salt, iterations, iv, box}; the rest is readable with the passphrase alone.
// Ids stay as they are, so a report that is sent from both phones arrives once. Only its owner reads it in.

import { base64, fromBase64 } from "./base64.js";
import { rowOf, withDatabase } from "./db.js";
import { entriesOf } from "./outbox.js";
import { SEALED } from "./phone.js";
import { keepPhoto, photosOf } from "./photo_store.js";
import { announce } from "./signal.js";
import { lockWith, sealRow, unlockWith } from "./vault.js";

const FORMAT = "polmas-outbox";
export const SHORTEST = 8; // letters of a passphrase

export class NotOurFile extends Error {}
export class OtherUsersFile extends Error {}
export { WrongSecret } from "./vault.js";

async function withPhotos(user, entry) {
  const photos = (await photosOf(user, entry.id)).map(({ id, type, exif, bytes }) => ({ id, type, exif, base64: base64(bytes) }));
  const { user: _owner, ...rest } = entry;
  return { ...rest, pictures: photos };
}

/** The file's object. Entries that lie under a lost key stay out. */
export async function exportQueue(user, passphrase) {
  const entries = (await entriesOf(user)).filter((entry) => !entry.isLocked);
  const whole = await Promise.all(entries.map((entry) => withPhotos(user, entry)));
  const { salt, iv, box, iterations } = await lockWith(passphrase, whole);
  const head = { format: FORMAT, schema: 2, user: String(user), exported_at: new Date().toISOString(), count: entries.length, iterations };
  return { ...head, salt: base64(salt), iv: base64(iv), box: base64(box) };
}

function readFile(text) {
  try {
    const file = JSON.parse(text);
    if (file.format !== FORMAT || file.schema !== 2) throw new NotOurFile();
    return { ...file, salt: fromBase64(file.salt), iv: fromBase64(file.iv), box: fromBase64(file.box), as: "json" };
  } catch (error) {
    throw error instanceof NotOurFile ? error : new NotOurFile();
  }
}

async function isKnown(user, id) {
  return Boolean((await rowOf("outbox", user, id)) ?? (await rowOf("sent", user, id)));
}

async function takeIn(user, { pictures, ...entry }) {
  for (const { id, type, exif, base64: text } of pictures)
    await keepPhoto({ user, report: entry.id, id, type, exif, bytes: fromBase64(text).buffer });
  const state = entry.state === "sending" ? "queued" : entry.state;
  const row = await sealRow(user, { ...entry, user: String(user), state }, SEALED.outbox, entry.type === "li");
  await withDatabase((db) => db.put("outbox", row));
}

/** Reads a file in: {taken, known}. Throws NotOurFile, OtherUsersFile or WrongSecret and then changes nothing. */
export async function importQueue(user, text, passphrase) {
  const file = readFile(text);
  if (file.user !== String(user)) throw new OtherUsersFile();
  const entries = await unlockWith(passphrase, file);
  const counts = { taken: 0, known: 0 };
  for (const entry of entries) {
    const known = await isKnown(user, entry.id);
    if (!known) await takeIn(user, entry);
    counts[known ? "known" : "taken"] += 1;
  }
  announce();
  return counts;
}

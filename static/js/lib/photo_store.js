// Pictures wait in a store of their own, as bytes: some browsers lose Blobs in IndexedDB.

import { put, remove, rowOf, rowsOf } from "./db.js";
import { SEALED } from "./phone.js";
import { newId } from "./uuid.js";
import { openRow, openRows, sealRow } from "./vault.js";

/** `exif` is {taken_at, lat, lon}, each where the camera noted it. */
export async function keepPhoto({ user, report, id, bytes, type, exif = {} }) {
  return put("photos", await sealRow(user, { user, report, id, bytes, type, exif }, SEALED.photos));
}

export async function photoOf(user, report, id) {
  return openRow(user, await rowOf("photos", user, report, id));
}

export async function photosOf(user, report) {
  return openRows(user, await rowsOf("photos", user, report));
}

export function dropPhoto(user, report, id) {
  return remove("photos", user, report, id);
}

/** Removes the pictures of a report except those that are still wanted. */
export async function dropPhotosOf(user, report, wanted = []) {
  for (const photo of await rowsOf("photos", user, report)) if (!wanted.includes(photo.id)) await dropPhoto(user, report, photo.id);
}

/** Copies pictures to another report under new ids, and returns these: an id names one picture of one report for ever. */
export async function copyPhotos(user, from, to) {
  const ids = [];
  for (const { bytes, type, exif } of await photosOf(user, from)) {
    const id = newId();
    await keepPhoto({ user, report: to, id, bytes, type, exif });
    ids.push(id);
  }
  return ids;
}

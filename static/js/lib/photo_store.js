// Pictures wait in a store of their own, as bytes: some browsers lose Blobs in IndexedDB.

import { put, remove, rowOf, rowsOf } from "./db.js";
import { newId } from "./uuid.js";

export function keepPhoto({ user, report, id, bytes, type }) {
  return put("photos", { user, report, id, bytes, type });
}

export function photoOf(user, report, id) {
  return rowOf("photos", user, report, id);
}

export function photosOf(user, report) {
  return rowsOf("photos", user, report);
}

export function dropPhoto(user, report, id) {
  return remove("photos", user, report, id);
}

/** Removes the pictures of a report except those that are still wanted. */
export async function dropPhotosOf(user, report, wanted = []) {
  for (const photo of await photosOf(user, report)) if (!wanted.includes(photo.id)) await dropPhoto(user, report, photo.id);
}

/** Copies pictures to another report under new ids, and returns these: an id names one picture of one report for ever. */
export async function copyPhotos(user, from, to) {
  const ids = [];
  for (const { bytes, type } of await photosOf(user, from)) {
    const id = newId();
    await keepPhoto({ user, report: to, id, bytes, type });
    ids.push(id);
  }
  return ids;
}

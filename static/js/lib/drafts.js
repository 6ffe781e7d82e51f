// Forms begun and not saved: kept on this phone every two seconds and whenever the page leaves the screen.

import { put, remove, rowOf, rowsOf } from "./db.js";
import { SEALED } from "./phone.js";
import { dropPhotosOf } from "./photo_store.js";
import { openRow, openRows, sealRow } from "./vault.js";

const EVERY_MS = 2000;

export async function loadDraft(user, id) {
  return readable(await openRow(user, await rowOf("drafts", user, id)));
}

function readable(draft) {
  return draft?.isLocked ? undefined : draft;
}

/** The drafts of one user, the one touched last first. */
export async function listDrafts(user) {
  const drafts = (await openRows(user, await rowsOf("drafts", user))).filter(readable);
  return drafts.sort((a, b) => b.saved_at - a.saved_at);
}

export async function saveDraft(user, id, content) {
  return put("drafts", await sealRow(user, { user, id, ...content, saved_at: Date.now() }, SEALED.drafts, content.type === "li"));
}

/** Throws a draft away. Pictures that an entry of the outbox still needs stay: a draft may be the mending of one. */
export async function discardDraft(user, id) {
  const entry = await rowOf("outbox", user, id);
  await remove("drafts", user, id);
  await dropPhotosOf(user, id, entry?.photos);
}

/**
 * Keeps a draft of what `read()` returns while it differs from what was kept last. `read` gives null as long as there is
 * nothing worth keeping. Returns {keep, stop}: `keep()` saves now, `stop()` ends it (after saving or discarding the form).
 */
export function autosave(user, id, read, onSaved) {
  let last = "";
  let active = true;
  const keep = async () => {
    const content = active ? read() : null;
    const text = content && JSON.stringify(content);
    if (!text || text === last) return;
    await saveDraft(user, id, content);
    last = text;
    onSaved?.(new Date());
  };
  const leave = () => document.visibilityState === "hidden" && keep();
  const renew = (event) => event.detail.push(keep());
  const clock = setInterval(keep, EVERY_MS);
  document.addEventListener("visibilitychange", leave);
  document.addEventListener("polmas:leave", renew);
  window.addEventListener("pagehide", keep);
  const stop = () => {
    active = false;
    clearInterval(clock);
    document.removeEventListener("visibilitychange", leave);
    document.removeEventListener("polmas:leave", renew);
    window.removeEventListener("pagehide", keep);
  };
  return { keep, stop };
}

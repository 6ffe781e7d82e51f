// Sends the outbox: reports in batches, then their pictures one by one. Retries are normal; the server knows every id.

import { NoNetwork, postForm, postJson } from "./api.js";
import { alone } from "./lock.js";
import { finish, forgetPhoto, markDelivered, markProblem, setState, waitingOf } from "./outbox.js";
import { proveOpen } from "./phone.js";
import { photoOf } from "./photo_store.js";
import { obeyRevocation } from "./session.js";
import { announce } from "./signal.js";
import { askForBackgroundSync } from "./worker.js";

const BATCH = 50;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 5 * 60_000;

/** Why a run stopped early. `wait` is what the server asked for, in seconds. */
class Halt extends Error {
  constructor(reason, wait = 0) {
    super(reason);
    this.reason = reason;
    this.wait = wait;
  }
}

/** Milliseconds until the next try after `failures` failures in a row: doubling, at most five minutes, never in step. */
export function backoff(failures, random = Math.random) {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
  return full / 2 + (random() * full) / 2;
}

/** The answers that say nothing about the items, only that this is not the time: all of these keep everything. */
function haltFor({ status, retryAfter, data }) {
  if (status === 401 && data?.errors?.[0]?.code === "locked") return new Halt("locked");
  if (status === 401 || status === 403) return new Halt("signed_out");
  if (status === 409) return new Halt("other_user");
  if (status === 429) return new Halt("busy", retryAfter);
  return new Halt("server", retryAfter);
}

async function applyResult(user, entry, result, serverTime) {
  if (result.status === "created" || result.status === "known") return markDelivered(user, entry.id, serverTime);
  if (result.status !== "conflict" && result.status !== "rejected") throw new Halt("server");
  return markProblem(user, entry.id, { kind: result.status, errors: result.errors ?? [] });
}

/** A request that the server refused as a whole: split it until the one item is found that it cannot take. */
async function sendHalves(user, entries, answer) {
  if (entries.length === 1) return markProblem(user, entries[0].id, { kind: "refused", errors: answer.data?.errors ?? [] });
  const middle = Math.ceil(entries.length / 2);
  await sendBatch(user, entries.slice(0, middle));
  return sendBatch(user, entries.slice(middle));
}

async function sendBatch(user, entries) {
  const route = routeOf(entries[0]);
  const answer = await postJson(`${route}/sync/`, {
    user: Number(user),
    sent_at: new Date().toISOString(),
    [route]: entries.map((entry) => entry.report),
  });
  if (answer.status === 400 || answer.status === 413) return sendHalves(user, entries, answer);
  const results = answer.data?.results;
  if (answer.status !== 200 || results?.length !== entries.length) throw haltFor(answer);
  for (const [index, entry] of entries.entries()) await applyResult(user, entry, results[index], answer.serverTime);
  return undefined;
}

/** Laporan Informasi go by the same protocol to a route of their own. */
function routeOf({ report }) {
  return report.kind === "LI" ? "informations" : "reports";
}

async function sendReports(user, extend) {
  const waiting = (await waitingOf(user)).filter((entry) => !entry.delivered_at);
  for (const route of ["reports", "informations"])
    await sendBatches(
      user,
      waiting.filter((entry) => routeOf(entry) === route),
      extend,
    );
}

async function sendBatches(user, entries, extend) {
  for (let start = 0; start < entries.length; start += BATCH) {
    const batch = entries.slice(start, start + BATCH);
    await extend();
    await setState(user, batch, "sending");
    try {
      await sendBatch(user, batch);
    } finally {
      await setState(user, batch, "queued");
    }
  }
}

async function sendPhoto(user, entry, id) {
  const photo = await photoOf(user, entry.id, id);
  if (!photo) return forgetPhoto(user, entry.id, id);
  const form = new FormData();
  form.append("id", id);
  for (const [name, value] of Object.entries(photo.exif ?? {})) form.append(name, value);
  form.append("file", new Blob([photo.bytes], { type: photo.type }), `${id}.jpg`);
  const answer = await postForm(`reports/${entry.id}/photos/`, form);
  if (answer.status === 200 || answer.status === 201) return forgetPhoto(user, entry.id, id);
  if ([400, 404, 409, 413, 415].includes(answer.status)) {
    return markProblem(user, entry.id, { kind: "photo", photo: id, errors: answer.data?.errors ?? [], status: answer.status });
  }
  throw haltFor(answer);
}

async function sendPhotos(user, extend) {
  for (const entry of (await waitingOf(user)).filter((one) => one.delivered_at)) {
    for (const id of entry.photos) {
      await extend();
      await sendPhoto(user, entry, id);
    }
    await finish(user, entry.id);
  }
}

/**
 * Sends all that waits for this user. Returns {reason, wait}: reason is "done", or why it stopped ("offline",
 * "signed_out", "other_user", "busy", "server"), or "elsewhere" when another tab is sending.
 */
export async function sendAll(user) {
  const run = async (extend) => {
    try {
      await sendReports(user, extend);
      await sendPhotos(user, extend);
      return { reason: "done", wait: 0 };
    } catch (error) {
      if (error instanceof NoNetwork) return { reason: "offline", wait: 0 };
      if (error instanceof Halt) return { reason: error.reason, wait: error.wait };
      throw error;
    }
  };
  const result = (await alone(run)) ?? { reason: "elsewhere", wait: 0 };
  // The server has waited too long for this phone, which is still open here: it says so and goes on.
  if (result.reason === "locked" && (await proveOpen(user))) return (await alone(run)) ?? result;
  return result;
}

const senders = new Map();

/** Sends whenever there is a reason to: now, when the network or the page comes back, and on a timer that backs off. */
class Sender {
  constructor(user) {
    this.user = user;
    this.failures = 0;
    this.notBefore = 0;
    this.running = null;
  }

  /** Starts a run, or joins the one under way. Before the hour that the server named it does nothing. */
  kick() {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    clearTimeout(this.timer);
    if (Date.now() < this.notBefore) return this.schedule("busy");
    if (!(await waitingOf(this.user)).length) return "done";
    announce({ sending: true });
    const { reason, wait } = await sendAll(this.user);
    this.failures = reason === "done" ? 0 : this.failures + 1;
    this.notBefore = wait ? Date.now() + wait * 1000 : 0;
    const rest = reason !== "done" || (await waitingOf(this.user)).length > 0;
    return rest ? this.schedule(reason) : this.report(reason);
  }

  schedule(reason) {
    if (reason === "offline") askForBackgroundSync();
    const delay = Math.max(backoff(Math.max(1, this.failures)), this.notBefore - Date.now());
    this.timer = setTimeout(() => this.kick(), delay);
    return this.report(reason);
  }

  report(reason) {
    if (reason === "signed_out") obeyRevocation();
    announce({ sending: false, reason, notBefore: this.notBefore });
    return reason;
  }
}

/** The sender of this page for this user; starting it twice gives the same one. */
export function startSender(user) {
  if (senders.has(String(user))) return senders.get(String(user));
  const sender = new Sender(user);
  senders.set(String(user), sender);
  const kick = () => sender.kick();
  window.addEventListener("online", kick);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && kick());
  kick();
  return sender;
}

// Requests to the server's API with the session of this browser. Every answer comes back as {status, data,
// serverTime, retryAfter}; only a missing network throws, as NoNetwork.

import { cookie } from "./cookies.js";

const ROOT = "/api/v1/";

export class NoNetwork extends Error {}

/** Seconds from a Retry-After header, which holds seconds or a date; 0 without one. */
export function secondsToWait(header, now = Date.now()) {
  if (!header) return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const until = Date.parse(header);
  return Number.isNaN(until) ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}

async function send(path, { method, body, headers, timeout }) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), timeout);
  try {
    return await fetch(ROOT + path, { method, body, headers, credentials: "same-origin", signal: stop.signal });
  } catch (error) {
    throw new NoNetwork(error.message);
  } finally {
    clearTimeout(clock);
  }
}

async function read(response) {
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const data = isJson ? await response.json().catch(() => null) : null;
  // A hotel's or operator's sign-in page answers 200 with HTML: that is no answer of ours.
  const status = response.ok && data === null && response.status !== 204 ? 0 : response.status;
  const serverTime = Date.parse(response.headers.get("Date")) || Date.now();
  return { status, data, serverTime, retryAfter: secondsToWait(response.headers.get("Retry-After")) };
}

export async function get(path, timeout = 20_000) {
  return read(await send(path, { method: "GET", headers: { Accept: "application/json" }, timeout }));
}

async function postOnce(path, body, type, timeout) {
  const headers = { Accept: "application/json", "X-CSRFToken": await cookie("csrftoken") };
  if (type) headers["Content-Type"] = type;
  return read(await send(path, { method: "POST", body, headers, timeout }));
}

/** Posts; a 403 may mean an aged CSRF cookie, so `me/` renews it and the post is tried once more. */
async function post(path, body, type, timeout) {
  const answer = await postOnce(path, body, type, timeout);
  if (answer.status !== 403) return answer;
  const me = await get("me/");
  return me.status === 200 ? postOnce(path, body, type, timeout) : { ...answer, status: me.status === 401 ? 401 : 403 };
}

export function postJson(path, data, timeout = 60_000) {
  return post(path, JSON.stringify(data), "application/json", timeout);
}

export function postForm(path, form, timeout = 120_000) {
  return post(path, form, "", timeout);
}

/** Any other act: {status, data, code}; status 0 without network. `code` is the first error's. */
export async function answered(method, path, data) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": await cookie("csrftoken") };
  try {
    const answer = await read(await send(path, { method, body: data && JSON.stringify(data), headers, timeout: 20_000 }));
    return { ...answer, code: answer.data?.errors?.[0]?.code ?? "" };
  } catch (error) {
    if (error instanceof NoNetwork) return { status: 0, data: null, code: "" };
    throw error;
  }
}

// A browser's surroundings for the modules of the outbox: a database, cookies, and a server that answers as it is told.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { closeDatabase } from "../../static/js/lib/db.js";

export const USER = "7";

export function browser() {
  const listeners = {};
  const addEventListener = (name, run) => {
    listeners[name] = [...(listeners[name] ?? []), run];
  };
  const target = { addEventListener, removeEventListener: () => {} };
  vi.stubGlobal("window", target);
  vi.stubGlobal("document", { ...target, cookie: "csrftoken=first", visibilityState: "visible" });
  const fire = (name) => {
    for (const run of listeners[name] ?? []) run();
  };
  return { fire };
}

/** A phone whose database is new. */
export async function freshDatabase() {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
}

function answer({ status = 200, data = {}, headers = {}, html = false }) {
  const body = html ? "<html></html>" : JSON.stringify(data);
  return new Response(status === 204 ? null : body, { status, headers: { "Content-Type": html ? "text/html" : "application/json", ...headers } });
}

/** The server: `reply(request)` gives {status, data, headers}, or throws for a missing network. All requests are kept. */
export function server(reply) {
  const requests = [];
  vi.stubGlobal("fetch", async (url, options) => {
    const body = typeof options.body === "string" ? JSON.parse(options.body) : options.body;
    const request = { path: String(url).replace("/api/v1/", ""), method: options.method, headers: options.headers, body, text: options.body };
    requests.push(request);
    return answer(await reply(request, requests.length));
  });
  return requests;
}

/** A server that takes everything: reports by their id, photos too. `status` is what it says of each report. */
export function willing(status = "created") {
  return ({ path, body }) => {
    if (path === "me/") return { data: { id: 7 } };
    if (path.endsWith("/photos/")) return { status: 201, data: { id: body.get("id") } };
    return { data: { results: body.reports.map(({ id }) => ({ id, status, errors: [] })) } };
  };
}

export function form(id, more = {}) {
  const report = { id, schema: 1, version: 1, base_version: null, kind: "DDS", occurred_at: "2026-11-20T09:15:00+07:00", result: "Aman.", ...more };
  return { report, form: { id, version: report.version }, title: `Sambang ${id}`, photos: [], bytes: 0 };
}

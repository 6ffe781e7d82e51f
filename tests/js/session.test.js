import { beforeEach, expect, test, vi } from "vitest";
import { keep, keptOf } from "../../static/js/lib/cache.js";
import { enqueue, entriesOf } from "../../static/js/lib/outbox.js";
import { currentUser, heard } from "../../static/js/lib/session.js";
import { browser, form, freshDatabase, server, USER, willing } from "./setup.js";

const DAY_MS = 24 * 3600_000;

/** A page that the phone keeps: it says nothing of anybody. */
function keptPage() {
  vi.stubGlobal("document", { ...document, body: { dataset: {} } });
}

beforeEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  browser();
  vi.stubGlobal("location", { protocol: "http:" });
  await freshDatabase();
  server(willing());
  vi.stubGlobal("document", { ...document, body: { dataset: { user: USER, name: "Aipda Sutrisno" } } });
  await currentUser();
  await keep(USER, "households", [{ head_name: "Widodo" }]);
  await enqueue(USER, form("a"));
  keptPage();
  vi.useFakeTimers({ toFake: ["Date"] });
});

test("within a week without the server all stays, and every word of it begins the week anew", async () => {
  vi.setSystemTime(Date.now() + 6 * DAY_MS);
  expect(await currentUser()).toBe(USER);
  await heard(USER);
  vi.setSystemTime(Date.now() + 6 * DAY_MS);
  expect(await currentUser()).toBe(USER);
  expect((await keptOf(USER, "households")).data).toHaveLength(1);
});

test("after a week what is cached goes, what waits stays", async () => {
  vi.setSystemTime(Date.now() + 7 * DAY_MS + 1000);
  expect(await currentUser()).toBe(USER);
  expect(await keptOf(USER, "households")).toBeUndefined();
  expect(await entriesOf(USER)).toHaveLength(1);
});

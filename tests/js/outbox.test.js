import { beforeEach, describe, expect, test, vi } from "vitest";
import { closeDatabase, withDatabase } from "../../static/js/lib/db.js";
import { discardDraft, listDrafts, saveDraft } from "../../static/js/lib/drafts.js";
import { AlreadyWaiting, countsOf, discard, enqueue, entriesOf, entryOf, isUsed, recentlySent, retry } from "../../static/js/lib/outbox.js";
import { copyPhotos, keepPhoto, photosOf } from "../../static/js/lib/photo_store.js";
import { sendAll } from "../../static/js/lib/sync.js";
import { browser, form, freshDatabase, server, USER, willing } from "./setup.js";

const PICTURE = new Uint8Array([255, 216, 255, 1, 2, 3]).buffer;

async function enqueueWithPhotos(id, ...photos) {
  for (const photo of photos) await keepPhoto({ user: USER, report: id, id: photo, bytes: PICTURE, type: "image/jpeg" });
  await enqueue(USER, { ...form(id, { photos }), photos, bytes: photos.length * PICTURE.byteLength });
}

beforeEach(async () => {
  vi.unstubAllGlobals();
  browser();
  await freshDatabase();
});

describe("the outbox on the phone", () => {
  test("saving moves the draft into the outbox, both at once", async () => {
    await saveDraft(USER, "a", { form: { id: "a" }, title: "Sambang" });
    await enqueue(USER, form("a"));
    expect(await listDrafts(USER)).toEqual([]);
    expect((await entryOf(USER, "a")).state).toBe("queued");
  });

  test("the payload is kept as it was saved, whatever happens to the object afterwards", async () => {
    const saved = form("a");
    await enqueue(USER, saved);
    const frozen = JSON.stringify(saved.report);
    saved.report.result = "lain";
    const requests = server(willing());
    await sendAll(USER);
    expect(JSON.stringify(requests[0].body.reports[0])).toBe(frozen);
  });

  test("an entry that waits is not replaced by another one of its id", async () => {
    await enqueue(USER, form("a"));
    await expect(enqueue(USER, form("a", { result: "lain" }))).rejects.toBeInstanceOf(AlreadyWaiting);
    expect((await entryOf(USER, "a")).report.result).toBe("Aman.");
  });

  test("the queue survives that the browser closes the database", async () => {
    await enqueue(USER, form("a"));
    await withDatabase((db) => db.close());
    expect((await entriesOf(USER)).length).toBe(1);
    await closeDatabase();
    expect((await countsOf(USER)).waiting).toBe(1);
  });

  test("another user neither sees nor sends nor loses what waits", async () => {
    await enqueue(USER, form("a"));
    await enqueue("8", form("b"));
    const requests = server(willing());
    await sendAll("8");
    expect(requests[0].body).toMatchObject({ user: 8, reports: [{ id: "b" }] });
    expect(requests[0].body.reports.length).toBe(1);
    expect((await entriesOf(USER)).map(({ id }) => id)).toEqual(["a"]);
    expect(await recentlySent(USER)).toEqual([]);
  });

  test("a draft that is thrown away leaves the pictures that an entry still needs", async () => {
    await enqueueWithPhotos("a", "p1");
    await keepPhoto({ user: USER, report: "a", id: "p2", bytes: PICTURE, type: "image/jpeg" });
    await discardDraft(USER, "a");
    expect((await photosOf(USER, "a")).map(({ id }) => id)).toEqual(["p1"]);
  });

  test("a report saved anew takes copies of the pictures under ids of their own", async () => {
    await enqueueWithPhotos("a", "p1");
    const ids = await copyPhotos(USER, "a", "b");
    await discard(USER, "a");
    expect(ids).not.toContain("p1");
    expect((await photosOf(USER, "b")).map(({ id }) => id)).toEqual(ids);
  });

  test("receipts go after thirty days", async () => {
    await enqueue(USER, form("a"));
    server(willing());
    await sendAll(USER);
    expect((await recentlySent(USER)).length).toBe(1);
    expect(await recentlySent(USER, Date.now() + 31 * 24 * 3600_000)).toEqual([]);
    expect(await isUsed(USER, "a")).toBe(false);
  });
});

describe("what the server answers", () => {
  test("created and known leave the outbox, conflict and rejected stay with their reason", async () => {
    for (const id of ["a", "b", "c", "d"]) await enqueue(USER, form(id));
    const errors = [{ code: "required", detail: "Pilih desa.", attr: "area" }];
    const statuses = { a: "created", b: "known", c: "conflict", d: "rejected" };
    server(({ body }) => ({ data: { results: body.reports.map(({ id }) => ({ id, status: statuses[id], errors: id === "d" ? errors : [] })) } }));
    expect((await sendAll(USER)).reason).toBe("done");
    const left = await entriesOf(USER);
    expect(left.map(({ id, state, problem }) => [id, state, problem.kind])).toEqual([
      ["c", "needs_fixing", "conflict"],
      ["d", "needs_fixing", "rejected"],
    ]);
    expect(left[1].problem.errors).toEqual(errors);
    expect((await recentlySent(USER)).map(({ id }) => id).sort()).toEqual(["a", "b"]);
  });

  test("a rejected report is mended under its own id and sent again", async () => {
    await enqueue(USER, form("a"));
    server(willing("rejected"));
    await sendAll(USER);
    await enqueue(USER, form("a", { result: "Sudah diperbaiki." }));
    const requests = server(willing());
    await sendAll(USER);
    expect(requests[0].body.reports[0]).toMatchObject({ id: "a", result: "Sudah diperbaiki." });
    expect(await entriesOf(USER)).toEqual([]);
  });

  test("a lost answer changes nothing: the same bytes are sent again, and known ends it", async () => {
    await enqueue(USER, form("a"));
    const requests = server((_request, count) => {
      if (count === 1) throw new TypeError("network");
      return willing("known")(requests[count - 1]);
    });
    expect((await sendAll(USER)).reason).toBe("offline");
    expect((await entryOf(USER, "a")).state).toBe("queued");
    expect((await sendAll(USER)).reason).toBe("done");
    expect(requests[1].body.reports).toEqual(requests[0].body.reports);
    expect(await entriesOf(USER)).toEqual([]);
  });

  test("fifty reports go in one request, the rest in the next", async () => {
    for (let n = 0; n < 60; n++) await enqueue(USER, form(`r${String(n).padStart(2, "0")}`));
    const requests = server(willing());
    await sendAll(USER);
    expect(requests.map(({ body }) => body.reports.length)).toEqual([50, 10]);
  });

  test("a refused batch is split until the one bad item is found; the others go through", async () => {
    for (const id of ["a", "bad", "c"]) await enqueue(USER, form(id));
    server((request) => (request.body.reports.some(({ id }) => id === "bad") ? { status: 413, data: { errors: [] } } : willing()(request)));
    await sendAll(USER);
    expect((await entriesOf(USER)).map(({ id, problem }) => [id, problem.kind])).toEqual([["bad", "refused"]]);
  });

  test.each([
    [401, "signed_out"],
    [409, "other_user"],
    [500, "server"],
    [503, "server"],
  ])("%s keeps everything", async (status, reason) => {
    await enqueue(USER, form("a"));
    server(({ path }) => (path === "me/" ? { status: 401 } : { status, data: {} }));
    expect((await sendAll(USER)).reason).toBe(reason);
    expect((await entryOf(USER, "a")).state).toBe("queued");
  });

  test("a sign-in page of the operator's network is no answer", async () => {
    await enqueue(USER, form("a"));
    server(() => ({ status: 200, html: true }));
    expect((await sendAll(USER)).reason).toBe("server");
    expect((await countsOf(USER)).waiting).toBe(1);
  });

  test("429 says how long to wait", async () => {
    await enqueue(USER, form("a"));
    server(() => ({ status: 429, data: {}, headers: { "Retry-After": "90" } }));
    expect(await sendAll(USER)).toEqual({ reason: "busy", wait: 90 });
  });

  test("an aged CSRF cookie is renewed by me/ and the request tried once more", async () => {
    await enqueue(USER, form("a"));
    const requests = server((request) => {
      if (request.path === "me/") {
        vi.stubGlobal("document", { cookie: "csrftoken=second" });
        return { data: { id: 7 } };
      }
      return request.headers["X-CSRFToken"] === "second" ? willing()(request) : { status: 403, data: {} };
    });
    expect((await sendAll(USER)).reason).toBe("done");
    expect(requests.map(({ path }) => path)).toEqual(["reports/sync/", "me/", "reports/sync/"]);
    expect(requests[2].text.includes('"id":"a"')).toBe(true);
  });

  test("403 after the renewal is not tried for ever", async () => {
    await enqueue(USER, form("a"));
    const requests = server(({ path }) => (path === "me/" ? { data: { id: 7 } } : { status: 403, data: {} }));
    expect((await sendAll(USER)).reason).toBe("signed_out");
    expect(requests.length).toBe(3);
  });
});

describe("photos", () => {
  test("go after their report, one request each, and only then the entry leaves", async () => {
    await enqueueWithPhotos("a", "p1", "p2");
    const seen = [];
    server(async (request) => {
      seen.push([request.path, (await entriesOf(USER)).length]);
      return willing()(request);
    });
    await sendAll(USER);
    expect(seen).toEqual([
      ["reports/sync/", 1],
      ["reports/a/photos/", 1],
      ["reports/a/photos/", 1],
    ]);
    expect(await entriesOf(USER)).toEqual([]);
    expect(await photosOf(USER, "a")).toEqual([]);
  });

  test("an interrupted run goes on where it stopped: the report is not sent again, nor the photo that arrived", async () => {
    await enqueueWithPhotos("a", "p1", "p2");
    server((request, count) => {
      if (count === 3) throw new TypeError("network");
      return willing()(request);
    });
    expect((await sendAll(USER)).reason).toBe("offline");
    expect((await entryOf(USER, "a")).photos).toEqual(["p2"]);
    const requests = server(willing());
    await sendAll(USER);
    expect(requests.map(({ path, body }) => [path, body.get("id")])).toEqual([["reports/a/photos/", "p2"]]);
    expect(await entriesOf(USER)).toEqual([]);
  });

  test.each([400, 409, 413, 415])("%s for a photo stays visible and can be tried again", async (status) => {
    await enqueueWithPhotos("a", "p1");
    server((request) => (request.path.endsWith("/photos/") ? { status, data: { errors: [{ detail: "Bukan gambar." }] } } : willing()(request)));
    await sendAll(USER);
    const entry = await entryOf(USER, "a");
    expect(entry).toMatchObject({ state: "needs_fixing", problem: { kind: "photo", photo: "p1", errors: [{ detail: "Bukan gambar." }] } });
    await retry(USER, "a");
    server(willing());
    await sendAll(USER);
    expect(await entriesOf(USER)).toEqual([]);
  });
});

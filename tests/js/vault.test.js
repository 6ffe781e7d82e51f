import { beforeEach, describe, expect, test, vi } from "vitest";
import { keep, keptOf } from "../../static/js/lib/cache.js";
import { rowOf, rowsOf } from "../../static/js/lib/db.js";
import { listDrafts, saveDraft } from "../../static/js/lib/drafts.js";
import { IDLE_MS } from "../../static/js/lib/open_key.js";
import { countsOf, enqueue, entriesOf, waitingOf } from "../../static/js/lib/outbox.js";
import { forgetKey, lock, lockState, NoMoreTries, setPin, stayOpen, unlock } from "../../static/js/lib/phone.js";
import { keepPhoto, photoOf } from "../../static/js/lib/photo_store.js";
import { exportQueue, importQueue, NotOurFile, OtherUsersFile, WrongSecret } from "../../static/js/lib/queue_file.js";
import { sendAll } from "../../static/js/lib/sync.js";
import { seal, unseal } from "../../static/js/lib/vault.js";
import { browser, form, freshDatabase, server, USER, willing } from "./setup.js";

const PIN = "271828";
const OTHER_PIN = "314159";

/** The server as far as phones are concerned: it keeps each phone's key and gives it out again. */
function escrow(device = "phone-1") {
  const keys = {};
  let current = device;
  const reply = (request) => {
    if (request.path === "devices/current/key/" && request.method === "POST")
      return { data: { device: request.body.device ?? current, key: keys[request.body.device ?? current] ?? null } };
    if (request.path === "devices/current/key/") keys[current] = request.body.key;
    if (request.path.startsWith("devices/")) return { status: 204 };
    return willing()(request);
  };
  const become = (name) => {
    current = name;
  };
  return { reply, keys, become };
}

let phones;

beforeEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  browser();
  vi.stubGlobal("location", { protocol: "http:" });
  await freshDatabase();
  phones = escrow();
  server(phones.reply);
});

/** The browser was closed: cookies that end with it are gone. */
function restart() {
  vi.stubGlobal("document", { ...document, cookie: "csrftoken=first" });
}

test("without a PIN nothing is encrypted, except where it always is", async () => {
  expect(await seal(USER, { a: 1 })).toBeNull();
  const sealed = await seal(USER, { secret: "sumber" }, true);
  expect(sealed.k).toBe("browser");
  expect(await unseal(USER, sealed)).toEqual({ secret: "sumber" });
});

test("a Laporan Informasi lies encrypted without a PIN, too", async () => {
  await enqueue(USER, { ...form("li", { result: "rahasia" }), type: "li" });
  const row = await rowOf("outbox", USER, "li");
  expect(row.report).toBeUndefined();
  expect(row.sealed.k).toBe("browser");
  expect((await entriesOf(USER))[0].report.result).toBe("rahasia");
});

describe("with a PIN", () => {
  beforeEach(async () => {
    await enqueue(USER, form("before", { result: "sebelum PIN" }));
    await keepPhoto({ user: USER, report: "before", id: "p", bytes: new Uint8Array([1, 2, 3]).buffer, type: "image/jpeg", exif: { lat: -7 } });
    expect((await setPin(USER, PIN)).status).toBe(204);
  });

  test("all that lies here is encrypted, what was written before included", async () => {
    await saveDraft(USER, "d", { form: { result: "draf" }, title: "Draf" });
    await keep(USER, "households", [{ head_name: "Widodo" }]);
    for (const store of ["outbox", "photos", "drafts", "cache"]) {
      const rows = await rowsOf(store, USER);
      expect(rows.map((row) => row.sealed?.k)).toEqual(["phone-1"]);
      expect(JSON.stringify(rows)).not.toMatch(/sebelum PIN|draf"|Widodo/);
    }
    expect((await entriesOf(USER))[0].report.result).toBe("sebelum PIN");
    expect(new Uint8Array((await photoOf(USER, "before", "p")).bytes)).toEqual(new Uint8Array([1, 2, 3]));
    expect((await listDrafts(USER))[0].form.result).toBe("draf");
    expect((await keptOf(USER, "households")).data[0].head_name).toBe("Widodo");
  });

  test("a restart locks it; the queue is counted and not sent until the PIN is given", async () => {
    restart();
    expect(await lockState(USER)).toBe("locked");
    expect((await entriesOf(USER))[0]).toMatchObject({ id: "before", isLocked: true });
    expect((await countsOf(USER)).all).toBe(1);
    expect(await waitingOf(USER)).toEqual([]);
    expect(await keptOf(USER, "households")).toBeUndefined();
    await unlock(USER, PIN);
    await sendAll(USER);
    expect(await entriesOf(USER)).toEqual([]);
  });

  test("a quarter of an hour in the background locks it, use keeps it open", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + IDLE_MS - 1000);
    await stayOpen(USER);
    vi.setSystemTime(Date.now() + IDLE_MS - 1000);
    expect(await lockState(USER)).toBe("open");
    vi.setSystemTime(Date.now() + IDLE_MS);
    expect(await lockState(USER)).toBe("locked");
    await stayOpen(USER);
    expect((await rowOf("keys", USER, "phone")).open).toBeNull();
  });

  test("the open key cannot be taken out of the browser", async () => {
    const { open } = await rowOf("keys", USER, "phone");
    expect(open.key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", open.key)).rejects.toThrow();
  });

  test("ten wrong PINs wipe the cache, and the password brings the queue back under a new PIN", async () => {
    await keep(USER, "households", [{ head_name: "Widodo" }]);
    await lock(USER);
    for (let left = 9; left > 0; left--) await expect(unlock(USER, OTHER_PIN)).rejects.toMatchObject({ left });
    await expect(unlock(USER, OTHER_PIN)).rejects.toThrow(NoMoreTries);
    expect(await rowsOf("cache", USER)).toEqual([]);
    await expect(unlock(USER, PIN)).rejects.toThrow(NoMoreTries);
    expect((await entriesOf(USER))[0].isLocked).toBe(true);
    await setPin(USER, OTHER_PIN);
    expect((await entriesOf(USER))[0].report.result).toBe("sebelum PIN");
    expect((await photoOf(USER, "before", "p")).exif).toEqual({ lat: -7 });
  }, 30_000);

  test("a right PIN in time gives all tries back", async () => {
    await lock(USER);
    await expect(unlock(USER, OTHER_PIN)).rejects.toMatchObject({ left: 9 });
    await unlock(USER, PIN);
    await lock(USER);
    await expect(unlock(USER, OTHER_PIN)).rejects.toMatchObject({ left: 9 });
  });

  test("after the phone was put out, its new name gets at the rows of the old one", async () => {
    await forgetKey(USER);
    phones.become("phone-2");
    await setPin(USER, OTHER_PIN);
    expect(await rowsOf("outbox", USER)).toMatchObject([{ sealed: { k: "phone-2" } }]);
    expect((await entriesOf(USER))[0].report.result).toBe("sebelum PIN");
  });

  test("what is written after the cache was wiped is kept beside what is still locked", async () => {
    await forgetKey(USER);
    await enqueue(USER, form("after"));
    expect((await waitingOf(USER)).map(({ id }) => id)).toEqual(["after"]);
    await setPin(USER, PIN);
    expect((await waitingOf(USER)).map(({ id }) => id).sort()).toEqual(["after", "before"]);
  });
});

describe("the queue as a file", () => {
  const WORDS = "kata sandi berkas";

  async function exported() {
    await enqueue(USER, { ...form("a", { result: "Isi laporan" }), photos: ["p"] });
    await keepPhoto({ user: USER, report: "a", id: "p", bytes: new Uint8Array([9, 8, 7]).buffer, type: "image/jpeg", exif: { taken_at: "x" } });
    return JSON.stringify(await exportQueue(USER, WORDS));
  }

  test("is unreadable without its passphrase", async () => {
    const text = await exported();
    expect(text).not.toContain("Isi laporan");
    await expect(importQueue(USER, text, "salah kata sandi")).rejects.toThrow(WrongSecret);
    await expect(importQueue(USER, "{}", WORDS)).rejects.toThrow(NotOurFile);
    await expect(importQueue(USER, "\u0000", WORDS)).rejects.toThrow(NotOurFile);
  });

  test("brings reports and pictures to another phone under the same ids", async () => {
    const text = await exported();
    await freshDatabase();
    expect(await importQueue(USER, text, WORDS)).toEqual({ taken: 1, known: 0 });
    expect(await importQueue(USER, text, WORDS)).toEqual({ taken: 0, known: 1 });
    const [entry] = await entriesOf(USER);
    expect(entry).toMatchObject({ id: "a", state: "queued", photos: ["p"], report: { result: "Isi laporan" } });
    expect(new Uint8Array((await photoOf(USER, "a", "p")).bytes)).toEqual(new Uint8Array([9, 8, 7]));
    const requests = server(willing());
    await sendAll(USER);
    expect(requests.map(({ path }) => path)).toEqual(["reports/sync/", "reports/a/photos/"]);
    expect(await importQueue(USER, text, WORDS)).toEqual({ taken: 0, known: 1 });
  });

  test("of somebody else is refused", async () => {
    const text = await exported();
    await expect(importQueue("8", text, WORDS)).rejects.toThrow(OtherUsersFile);
    expect(await entriesOf("8")).toEqual([]);
  });
});

test("a receipt holds no content", async () => {
  await enqueue(USER, form("a", { result: "Isi" }));
  server(willing());
  await sendAll(USER);
  const [receipt] = await rowsOf("sent", USER);
  expect(Object.keys(receipt).sort()).toEqual(["id", "kind", "occurred_at", "photos", "sent_at", "type", "user"]);
  expect(await rowsOf("photos", USER)).toEqual([]);
});

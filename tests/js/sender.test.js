import { beforeEach, describe, expect, test, vi } from "vitest";
import { secondsToWait } from "../../static/js/lib/api.js";
import { alone } from "../../static/js/lib/lock.js";
import { enqueue, entriesOf } from "../../static/js/lib/outbox.js";
import { backoff, sendAll, startSender } from "../../static/js/lib/sync.js";
import { browser, form, freshDatabase, server, USER, willing } from "./setup.js";

let page;

beforeEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  page = browser();
  await freshDatabase();
});

describe("one sender at a time", () => {
  async function twoRuns() {
    await enqueue(USER, form("a"));
    const requests = server(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return willing()(request);
    });
    const reasons = (await Promise.all([sendAll(USER), sendAll(USER)])).map(({ reason }) => reason);
    return { requests, reasons };
  }

  test("by Web Locks", async () => {
    let held = false;
    const request = async (_name, _options, work) => {
      if (held) return work(null);
      held = true;
      try {
        return await work({});
      } finally {
        held = false;
      }
    };
    vi.stubGlobal("navigator", { locks: { request } });
    const { requests, reasons } = await twoRuns();
    expect(requests.length).toBe(1);
    expect(reasons.sort()).toEqual(["done", "elsewhere"]);
  });

  test("by a lease in the database where the browser has no Web Locks", async () => {
    vi.stubGlobal("navigator", {});
    const { requests, reasons } = await twoRuns();
    expect(requests.length).toBe(1);
    expect(reasons.sort()).toEqual(["done", "elsewhere"]);
  });

  test("a lease that nobody gave back runs out", async () => {
    vi.stubGlobal("navigator", {});
    vi.useFakeTimers({ toFake: ["Date"] });
    let release;
    const first = alone(() => new Promise((resolve) => (release = resolve)));
    await vi.waitFor(() => expect(release).toBeDefined());
    expect(await alone(async () => "second")).toBeNull();
    vi.setSystemTime(Date.now() + 151_000);
    expect(await alone(async () => "second")).toBe("second");
    release();
    await first;
  });
});

describe("when it is tried again", () => {
  test("the delay doubles up to five minutes and is never in step", () => {
    expect([1, 2, 3, 20].map((failures) => backoff(failures, () => 1))).toEqual([5_000, 10_000, 20_000, 300_000]);
    expect(backoff(20, () => 0)).toBe(150_000);
  });

  test("Retry-After is read as seconds or as a date", () => {
    expect(secondsToWait("90")).toBe(90);
    expect(secondsToWait(null)).toBe(0);
    expect(secondsToWait("Wed, 21 Oct 2026 07:28:30 GMT", Date.parse("Wed, 21 Oct 2026 07:28:00 GMT"))).toBe(30);
  });

  test("the page's sender sends at once, and again when the network comes back", async () => {
    let isOnline = false;
    server((request) => {
      if (!isOnline) throw new TypeError("network");
      return willing()(request);
    });
    await enqueue("11", form("a"));
    const sender = startSender("11");
    expect(await sender.running).toBe("offline");
    isOnline = true;
    page.fire("online");
    await sender.running;
    expect(await entriesOf("11")).toEqual([]);
    expect(startSender("11")).toBe(sender);
  });

  test("before the hour that the server named nothing is sent", async () => {
    const requests = server(() => ({ status: 503, data: {}, headers: { "Retry-After": "120" } }));
    await enqueue("12", form("a"));
    const sender = startSender("12");
    await sender.running;
    expect(await sender.kick()).toBe("busy");
    expect(requests.length).toBe(1);
    clearTimeout(sender.timer);
  });

  test("with nothing waiting the server is left alone", async () => {
    const requests = server(willing());
    await startSender("13").running;
    expect(requests).toEqual([]);
  });
});

import { beforeEach, expect, test, vi } from "vitest";
import { keep } from "../../static/js/lib/cache.js";
import { grouped, keptMap } from "../../static/js/lib/map/kept.js";
import { wipeCache } from "../../static/js/lib/phone.js";
import { prepare } from "../../static/js/lib/prepare.js";
import { browser, freshDatabase, server, USER } from "./setup.js";

const COLLEAGUE = "2";
const LABELS = { DDS: "Sambang" };

function thing(id, layer, coordinates, more = {}) {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates },
    properties: { layer, id, count: 1, title: id, meta: "Pedalangan", url: `/${id}/`, ...more },
  };
}

beforeEach(async () => {
  vi.unstubAllGlobals();
  browser();
  vi.stubGlobal("location", { protocol: "http:" });
  vi.stubGlobal("document", { ...document, documentElement: { lang: "id" } });
  await freshDatabase();
});

test("things of the own villages and the places of own reports, since the oldest of them", async () => {
  await keep(USER, "areas", { held: [{ properties: { code: "33.74.11.1004" } }], around: [] });
  await keep(USER, "map", { features: [thing("pos", "posts", [110.42, -7.06])] });
  await keep(USER, "reports", [
    {
      id: "a",
      kind: "DDS",
      location: { lat: -7.06, lon: 110.43 },
      area_name: "Pedalangan",
      occurred_at: "2026-11-20T09:15:00+07:00",
      state: "submitted",
    },
    { id: "b", kind: "DDS", location: null, occurred_at: "2026-11-20T09:15:00+07:00", state: "submitted" },
    { id: "c", kind: "DDS", location: { lat: -7.06, lon: 110.43 }, occurred_at: "2026-11-20T09:15:00+07:00", state: "withdrawn" },
  ]);
  const { areas, features, since } = await keptMap(USER, LABELS);
  expect(areas.held).toHaveLength(1);
  expect(features.map(({ properties: { layer, url } }) => [layer, url])).toEqual([
    ["posts", "/pos/"],
    ["visits", "/kegiatan/a/"],
  ]);
  expect(features[0].properties.meta).toMatch(/^Pedalangan · ./); // its page does not open here
  expect(features[1].properties.title).toBe("Sambang");
  expect(since).toBeLessThanOrEqual(Date.now());
});

test("somebody else on this phone sees nothing of it, and neither does its owner after signing out", async () => {
  await keep(USER, "map", { features: [thing("pos", "posts", [110.42, -7.06])] });
  const nothing = { areas: { held: [], around: [] }, features: [], since: null };
  expect(await keptMap(COLLEAGUE, LABELS)).toEqual(nothing);
  await wipeCache(USER);
  expect(await keptMap(USER, LABELS)).toEqual(nothing);
});

test("it is fetched with the rest of what the shift needs, once in a while", async () => {
  const asked = [];
  server(({ path }) => {
    asked.push(path);
    if (path === "map/own/") return { data: { features: [thing("pos", "posts", [110.42, -7.06])] } };
    return { data: { id: USER, features: [], results: [], next: null } };
  });
  expect(await prepare(USER, () => {})).toBe(true);
  await prepare(USER, () => {});
  expect(asked.filter((path) => path === "map/own/")).toHaveLength(1);
  expect((await keptMap(USER, LABELS)).features).toHaveLength(1);
});

test("things of one layer that a fingertip covers are one group; others stand alone", () => {
  const pixelOf = (lon, lat) => ({ x: lon * 100, y: lat * 100 });
  const things = [thing("a", "posts", [0.1, 0.1]), thing("b", "posts", [0.3, 0.2]), thing("c", "people", [0.1, 0.1]), thing("d", "posts", [3, 3])];
  const [pair, ...alone] = grouped(things, pixelOf);
  expect(pair.properties).toEqual({ layer: "posts", count: 2, bounds: [0.1, 0.1, 0.3, 0.2] });
  expect(pair.geometry.coordinates[0]).toBeCloseTo(0.2);
  expect(alone.map(({ properties }) => properties.id)).toEqual(["c", "d"]);
});

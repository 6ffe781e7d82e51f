// The villages that the officer holds: drawn, listed, and found from a point even without network.

import { cached, fetched } from "./cache.js";

export function watchAreas(user, onAreas) {
  return cached(user, "areas", async () => (await fetched("areas/?held=1"))?.features ?? null, onAreas);
}

function inRing([lon, lat], ring) {
  let inside = false;
  for (let here = 0, before = ring.length - 1; here < ring.length; before = here++) {
    const [x, y] = ring[here];
    const [px, py] = ring[before];
    if (y > lat !== py > lat && lon < ((px - x) * (lat - y)) / (py - y) + x) inside = !inside;
  }
  return inside;
}

function inPolygon(point, [outer, ...holes]) {
  return inRing(point, outer) && !holes.some((hole) => inRing(point, hole));
}

export function covers(geometry, { lat, lon }) {
  const polygons = geometry?.type === "MultiPolygon" ? geometry.coordinates : geometry ? [geometry.coordinates] : [];
  return polygons.some((polygon) => inPolygon([lon, lat], polygon));
}

/** The held village or neighbourhood that covers a point, or null. */
export function heldAt(features, location) {
  return features.find((feature) => covers(feature.geometry, location)) ?? null;
}

const VILLAGES = ["KELURAHAN", "DESA"];

/** {code, name} of the village in an answer of areas/locate/, with the district in the name: Pedalangan, Banyumanik. */
export function villageOf(found) {
  const all = [...(found.parents ?? []), found];
  const village = all.find((area) => VILLAGES.includes(area.level));
  if (!village) return null;
  const district = all.find((area) => area.level === "KECAMATAN");
  return { code: village.code, name: district ? `${village.name}, ${district.name}` : village.name };
}

/** The village at a point, asked of the server; null without network or outside every village. */
export async function locate({ lat, lon }) {
  const found = await fetched(`areas/locate/?lat=${lat}&lon=${lon}`);
  return found && villageOf(found);
}

// The villages that the officer holds, and those around: drawn, listed, and found from a point even without network.

import { cached, fetched } from "./cache.js";

const ZOOM = 14; // shapes are simplified to the pixels of this zoom
const FRESH_MS = 12 * 3600_000;

async function featuresOf(query) {
  return (await fetched(`areas/?page_size=200&zoom=${ZOOM}&${query}`))?.features ?? null;
}

async function loadAreas(served = "") {
  const held = await featuresOf(served || "held=true");
  if (!held) return null;
  const own = new Set(held.map(({ properties }) => properties.code));
  const parents = new Set(held.map(({ properties }) => properties.parent).filter(Boolean));
  const lists = await Promise.all([...parents].map((parent) => featuresOf(`parent=${parent}`)));
  return { held, around: lists.flatMap((features) => features ?? []).filter(({ properties }) => !own.has(properties.code)) };
}

/**
 * Calls `onAreas({held, around})`, both lists of GeoJSON features, with what is kept and again with what is new. Those of an
 * officer in whose name somebody records (`served`, a query of officer and day) are asked for each time: they are not kept on this phone.
 */
export async function watchAreas(user, onAreas, served = "") {
  if (!served) return cached(user, "areas", loadAreas, onAreas, FRESH_MS);
  const areas = await loadAreas(served);
  return areas && onAreas(areas);
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

/** The first of these areas that covers a point, or null. */
export function areaAt(features, location) {
  return features.find((feature) => covers(feature.geometry, location)) ?? null;
}

const METRES_PER_DEGREE = 111_320;

function metresToEdge({ lat, lon }, [x1, y1], [x2, y2]) {
  const narrow = Math.cos((lat * Math.PI) / 180);
  const [ax, ay, bx, by] = [(x1 - lon) * narrow, y1 - lat, (x2 - lon) * narrow, y2 - lat];
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length ? Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / length)) : 0;
  return Math.hypot(ax + along * (bx - ax), ay + along * (by - ay)) * METRES_PER_DEGREE;
}

/** Metres on the ground from a point to an area: 0 inside, infinite where the shape is not known. */
export function metresTo(geometry, location) {
  if (covers(geometry, location)) return 0;
  const polygons = geometry?.type === "MultiPolygon" ? geometry.coordinates : geometry ? [geometry.coordinates] : [];
  const edges = polygons.flat().flatMap((ring) => ring.slice(1).map((corner, n) => metresToEdge(location, ring[n], corner)));
  return edges.reduce((least, metres) => Math.min(least, metres), Number.POSITIVE_INFINITY);
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

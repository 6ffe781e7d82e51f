// What the phone keeps of the map, as features that Marks draws: things of the own villages, and the places of the own reports.

import { keptOf } from "../cache.js";
import { gettext } from "../i18n.js";
import { subjectOf } from "../rows.js";
import { moment } from "../times.js";

const CELL_PX = 56; // a group is as wide as a fingertip
const EDGES = [Math.min, Math.min, Math.max, Math.max]; // west, south, east, north

/** An own report as a feature; its page opens without network, too. */
export function visitOf(report, labels) {
  const { id, kind, location, area_name, occurred_at } = report;
  const title = [labels[kind] ?? kind, subjectOf(report)].filter(Boolean).join(" · ");
  const meta = [moment(occurred_at), area_name].filter(Boolean).join(" · ");
  const properties = { layer: "visits", id, count: 1, title, meta, url: `/kegiatan/${id}/` };
  return { type: "Feature", geometry: { type: "Point", coordinates: [location.lon, location.lat] }, properties };
}

function needingNetwork(feature) {
  const { meta } = feature.properties;
  return { ...feature, properties: { ...feature.properties, meta: [meta, gettext("its page needs the network")].filter(Boolean).join(" · ") } };
}

/** {areas, features, since} of a user: GeoJSON features, and when the oldest of them was fetched, null where nothing lies here. */
export async function keptMap(user, labels) {
  const [areas, map, reports] = await Promise.all(["areas", "map", "reports"].map((name) => keptOf(user, name)));
  const own = (reports?.data ?? []).filter(({ location, state }) => location && state !== "withdrawn");
  const times = [areas, map, reports].filter(Boolean).map(({ fetched_at }) => fetched_at);
  return {
    areas: areas?.data ?? { held: [], around: [] },
    features: [...(map?.data.features ?? []).map(needingNetwork), ...own.map((report) => visitOf(report, labels))],
    since: times.length ? Math.min(...times) : null,
  };
}

function boxOf(features) {
  const places = features.map(({ geometry }) => geometry.coordinates);
  return EDGES.map((choose, edge) => choose(...places.map((place) => place[edge % 2])));
}

function groupOf(features) {
  const [west, south, east, north] = boxOf(features);
  const { layer } = features[0].properties;
  const geometry = { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] };
  return { type: "Feature", geometry, properties: { layer, count: features.length, bounds: [west, south, east, north] } };
}

/** One feature for each cell of the screen and layer, as the server groups them. `pixelOf(lon, lat)` gives {x, y} at the zoom shown. */
export function grouped(features, pixelOf) {
  const cells = new Map();
  for (const feature of features) {
    const { x, y } = pixelOf(...feature.geometry.coordinates);
    const cell = `${feature.properties.layer} ${Math.floor(x / CELL_PX)} ${Math.floor(y / CELL_PX)}`;
    cells.set(cell, [...(cells.get(cell) ?? []), feature]);
  }
  return [...cells.values()].map((some) => (some.length === 1 ? some[0] : groupOf(some)));
}

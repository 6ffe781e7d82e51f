// The base map from a PMTiles file, drawn on the phone in the colours of the page. It is large: import it when a map is made.

import { PMTiles } from "pmtiles";
import { leafletLayer } from "protomaps-leaflet";
import { language } from "./i18n.js";

const DARK = "(prefers-color-scheme: dark)";

/** What the file says of itself; null where it does not come. */
async function headerOf(file) {
  try {
    return await file.getHeader();
  } catch (error) {
    console.warn("base map:", error.message);
    return null;
  }
}

/** Lays the base map below whatever else a Leaflet map shows, and changes its colours with the page's. */
export async function layBelow(map, { url, attribution }) {
  const file = new PMTiles(url);
  const header = await headerOf(file);
  if (!header) return;
  const { minLat, minLon, maxLat, maxLon, maxZoom } = header;
  const still = { url: file, attribution, lang: language(), maxDataZoom: maxZoom, maxZoom: map.getMaxZoom() };
  const bounds = L.latLngBounds([minLat, minLon], [maxLat, maxLon]);
  const dark = matchMedia(DARK);
  let layer;
  const draw = () => {
    layer?.remove();
    layer = leafletLayer({ ...still, bounds, flavor: dark.matches ? "dark" : "light" })
      .addTo(map)
      .bringToBack();
  };
  if (!map.attributionControl) L.control.attribution({ prefix: false }).addTo(map);
  dark.addEventListener("change", draw);
  map.on("unload", () => dark.removeEventListener("change", draw));
  draw();
}

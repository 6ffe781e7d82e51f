// The map of one report: its village, the place, and the ring within which the phone was sure of it.

import { areaLayer, boundsOf, fitNames } from "./leaflet_layers.js";
import { roundLayer } from "./round_layer.js";

function drawPlace(map, { lat, lon, accuracy }) {
  if (accuracy) L.circle([lat, lon], { radius: accuracy, className: "map-accuracy", weight: 1, interactive: false }).addTo(map);
  L.circleMarker([lat, lon], { radius: 8, className: "map-visit", interactive: false }).addTo(map);
}

function showAll(map, extent, point) {
  const bounds = extent ? boundsOf(extent) : L.latLngBounds([]);
  if (point) bounds.extend([point.lat, point.lon]);
  map.fitBounds(bounds, { padding: [16, 16], maxZoom: 16, animate: false });
}

/** Draws as soon as django-leaflet has made the map. */
export function startReportMap() {
  addEventListener("map:init", ({ detail: { map } }) => {
    const { areas, extent, point, round } = JSON.parse(document.getElementById("report-map-data").textContent);
    showAll(map, extent, point);
    if (areas) {
      const layer = areaLayer(map, areas, ({ code }) => location.assign(`/wilayah/${code}/`));
      map.on("zoomend", () => fitNames(map, layer));
      fitNames(map, layer);
    }
    const walked = round && roundLayer(round.points, round.track)?.addTo(map);
    if (walked) map.fitBounds(walked.getBounds(), { paddingTopLeft: [64, 28], paddingBottomRight: [28, 28], maxZoom: 17, animate: false });
    else if (point) drawPlace(map, point);
  });
}

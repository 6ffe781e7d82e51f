// The map of a problem's page: its villages, and its place.

import { areaLayer, boundsOf, fitNames } from "./lib/leaflet_layers.js";

const ZOOM = 16;

addEventListener("map:init", ({ detail: { map } }) => {
  const { areas, extent, shape, title } = JSON.parse(document.getElementById("problem-map-data").textContent);
  if (extent) map.fitBounds(boundsOf(extent), { padding: [12, 12], animate: false });
  if (areas) {
    const layer = areaLayer(map, areas, ({ code }) => location.assign(`/wilayah/${code}/`));
    map.on("zoomend", () => fitNames(map, layer));
    fitNames(map, layer);
  }
  if (!shape) return;
  const place = L.geoJSON(shape, {
    style: { className: "shape-outline" },
    pointToLayer: (_feature, latlng) => L.circleMarker(latlng, { radius: 10, className: "map-visit" }),
    onEachFeature: (_feature, layer) => layer.bindTooltip(document.createTextNode(title)),
  }).addTo(map);
  const centre = place.getBounds().getCenter();
  if (shape.type === "Point") map.setView(centre, ZOOM, { animate: false });
  else map.fitBounds(place.getBounds(), { padding: [40, 40], maxZoom: 17, animate: false });
});

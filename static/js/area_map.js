// The map of an area's page: the area among its neighbours, and the latest visits.

import { areaLayer, boundsOf, card, fitNames, mark } from "./lib/leaflet_layers.js";

const data = (id) => JSON.parse(document.getElementById(id).textContent);

addEventListener("map:init", ({ detail: { map } }) => {
  const { areas, extent } = data("area-map-areas");
  const layer = areaLayer(map, areas, ({ code }) => location.assign(`../${code}/`));
  map.on("zoomend", () => fitNames(map, layer));
  map.fitBounds(boundsOf(extent), { padding: [16, 16], animate: false });
  fitNames(map, layer);
  for (const { lat, lon, label, url } of data("area-map-points") || []) {
    mark({ lat, lon }, { className: "map-dot", size: 32, title: label })
      .bindPopup(() => card([{ url, title: label }]))
      .addTo(map);
  }
});

// The map of two outlines of one area: the one that stands dashed, the one that comes filled.

import { boundsOf } from "./lib/leaflet_layers.js";

addEventListener("map:init", ({ detail: { map } }) => {
  const { areas, extent } = JSON.parse(document.getElementById("area-compare-outlines").textContent);
  L.geoJSON(areas, {
    interactive: false,
    style: ({ properties }) => ({ className: properties.is_new ? "outline-new" : "outline-old" }),
  }).addTo(map);
  map.options.zoomSnap = 0.25; // the outlines fill the frame
  map.fitBounds(boundsOf(extent), { padding: [16, 16], animate: false });
});

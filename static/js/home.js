// The officer's home: the own villages as a picture, each with this month's visits.
import { shapesOn } from "./lib/choropleth.js";

const data = document.getElementById("village-shapes");

if (data) {
  window.addEventListener("map:init", ({ detail: { map } }) => {
    map.dragging.disable();
    map.scrollWheelZoom.disable();
    shapesOn(map, JSON.parse(data.textContent), { className: () => "map-area map-area-own", counts: true });
  });
}

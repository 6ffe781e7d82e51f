// The officer's home: the own villages as a picture, each with this month's visits, and of the visits that are due the nearest first.
import { shapesOn } from "./lib/choropleth.js";
import { nearestFirst } from "./lib/next_visits.js";

const data = document.getElementById("village-shapes");

if (data) {
  window.addEventListener("map:init", ({ detail: { map } }) => {
    for (const handler of [map.dragging, map.scrollWheelZoom, map.doubleClickZoom, map.touchZoom, map.keyboard]) handler?.disable();
    map.zoomControl?.remove();
    shapesOn(map, JSON.parse(data.textContent), { className: () => "map-area map-area-own", counts: true });
  });
}

nearestFirst(document.getElementById("next-visits"));

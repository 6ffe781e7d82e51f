// The dashboard's map: drawn once, then given new numbers whenever htmx renews the figures around it.
import { shapesOn } from "./lib/choropleth.js";

let map;
let drawn;
let counts; // what is drawn

async function drawPlaces() {
  const source = document.getElementById("places-source");
  if (!map || !source || source.dataset.counts === counts) return;
  counts = source.dataset.counts;
  const answer = await fetch(source.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { shapes } = await answer.json();
  const isFirst = !drawn;
  drawn?.remove();
  drawn = shapesOn(map, shapes, {
    className: (shape) => `map-area fill-heat-${shape.heat}`,
    label: (shape) => `${shape.name} ${shape.count}`,
    fit: isFirst,
  });
}

window.addEventListener("map:init", (event) => {
  map = event.detail.map;
  map.scrollWheelZoom.disable();
  drawPlaces();
});

document.body.addEventListener("htmx:afterSettle", drawPlaces);

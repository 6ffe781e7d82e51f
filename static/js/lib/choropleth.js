// Villages on a Leaflet map, coloured by CSS classes: [{ code, name, geojson (text), count, link }].
import { mark } from "./leaflet_layers.js";

const { L } = window;
const LETTER_PX = 7.5; // average width of a letter of a name, in pixels

// Leaflet takes strings for HTML: names go in as text.
function words(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

function widthOf(map, layer) {
  const bounds = layer.getBounds();
  return map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
}

// A name stands on its village where there is room for it.
function fitLabels(map, group) {
  for (const layer of group.getLayers()) {
    if (!layer.label) continue;
    if (widthOf(map, layer) > layer.label.length * LETTER_PX) layer.openTooltip();
    else layer.closeTooltip();
  }
}

function shapeLayer(shape, className, label) {
  const layer = L.geoJSON(JSON.parse(shape.geojson), { style: { className: className(shape) } });
  if (label) {
    layer.label = label(shape);
    layer.bindTooltip(words(layer.label), { permanent: true, direction: "center", className: "map-name", interactive: false });
  }
  if (shape.link) layer.on("click", () => window.location.assign(shape.link));
  return layer;
}

// Draws the shapes and shows all of them. `className(shape)` gives the colour, `label(shape)` the words on it; with `counts`
// each carries its number in a circle.
export function shapesOn(map, shapes, { className, counts = false, label, fit = true }) {
  const group = L.featureGroup(shapes.map((shape) => shapeLayer(shape, className, label))).addTo(map);
  map.options.zoomSnap = 0.25; // whole steps leave a village half the size of its frame
  if (fit && shapes.length) map.fitBounds(group.getBounds(), { padding: [16, 16], animate: false });
  fitLabels(map, group);
  map.on("zoomend", () => fitLabels(map, group));
  if (counts) {
    group.getLayers().forEach((layer, place) => {
      const { count, name } = shapes[place];
      const { lat, lng } = layer.getBounds().getCenter();
      if (count) mark({ lat, lon: lng }, { className: "map-count", size: 34, text: String(count), title: `${name}: ${count}` }).addTo(map);
    });
  }
  return group;
}

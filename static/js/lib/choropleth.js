// Villages on a Leaflet map, coloured by CSS classes: [{ code, name, geojson (text), count, link }].

const { L } = window;

function badge(count) {
  return L.divIcon({ className: "map-count", html: String(Number(count)), iconSize: [34, 34] });
}

// Leaflet takes strings for HTML: names go in as text.
function words(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

// Draws the shapes and shows all of them. `className(shape)` gives the colour; with `counts` each carries its number.
export function shapesOn(map, shapes, { className, counts = false, label, fit = true } = {}) {
  const group = L.featureGroup();
  for (const shape of shapes) {
    const layer = L.geoJSON(JSON.parse(shape.geojson), { style: { className: className(shape) } });
    layer.bindTooltip(words(label ? label(shape) : shape.name), { sticky: true });
    if (shape.link) layer.on("click", () => window.location.assign(shape.link));
    group.addLayer(layer);
    if (counts && shape.count) {
      L.marker(layer.getBounds().getCenter(), { icon: badge(shape.count), interactive: false, keyboard: false }).addTo(group);
    }
  }
  group.addTo(map);
  if (fit && shapes.length) map.fitBounds(group.getBounds(), { padding: [12, 12] });
  return group;
}

// What the maps of areas and visits share: shapes with names, marks that a finger and a keyboard reach, cards.

const LETTER_PX = 7.5; // average width of a letter of a name, in pixels

/** Draws a GeoJSON collection of areas; `onOpen(properties)` answers a click. Gives the layer. */
export function areaLayer(collection, onOpen) {
  return L.geoJSON(collection, {
    style: ({ properties }) => ({ className: properties.is_own ? "map-area map-area-own" : "map-area" }),
    onEachFeature: ({ properties }, layer) => {
      layer.bindTooltip(properties.name, { permanent: true, direction: "center", className: "map-name", interactive: false });
      if (onOpen) layer.on("click", () => onOpen(properties));
    },
  });
}

/** Shows a name only where its area is wide enough on the screen for it. Call after each zoom. */
export function fitNames(map, layer) {
  for (const area of layer.getLayers()) {
    const bounds = area.getBounds();
    const width = map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
    const { name } = area.feature.properties;
    if (width > name.length * LETTER_PX) area.openTooltip();
    else area.closeTooltip();
  }
}

/** A mark that opens something: focusable, with a name for those who do not see it. */
export function mark(place, { className, size, text = "", title }) {
  const face = document.createElement("span");
  face.className = className;
  face.textContent = text;
  const icon = L.divIcon({ className: "map-mark", iconSize: [size, size], html: face });
  return L.marker([place.lat, place.lon], { icon, title, alt: title, riseOnHover: true });
}

/** The content of a popup: one linked line with a grey one below for each of `entries` ({url, title, meta}). */
export function card(entries) {
  const list = document.createElement("ul");
  list.className = "map-card";
  for (const { url, title, meta } of entries) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    if (meta) {
      const below = document.createElement("span");
      below.textContent = meta;
      item.append(below);
    }
    list.append(item);
  }
  return list;
}

export function boundsOf([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

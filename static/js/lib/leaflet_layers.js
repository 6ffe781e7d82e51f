// What the maps of areas and visits share: shapes with names, marks that a finger and a keyboard reach, cards.

const LETTER_PX = 7.5; // average width of a letter of a name, in pixels
const LINE_PX = 18;
const NAMES = "names"; // the pane of the names: above the shapes, below the marks

/** Draws a GeoJSON collection of areas with their names; `onOpen(properties)` answers a click. Gives the layer. */
export function areaLayer(map, collection, onOpen) {
  if (!map.getPane(NAMES)) map.createPane(NAMES).classList.add("map-names");
  const layer = L.geoJSON(collection, {
    style: ({ properties }) => ({ className: properties.is_own ? "map-area map-area-own" : "map-area" }),
    onEachFeature: ({ properties }, area) => {
      // As text: a string would be read as HTML, and a name may hold anything.
      area.bindTooltip(document.createTextNode(properties.name), {
        permanent: true,
        direction: "center",
        className: "map-name",
        pane: NAMES,
        interactive: false,
      });
      area.on("click", () => onOpen(properties));
    },
  });
  return layer.addTo(map).bringToBack();
}

/** Where a name would stand on the screen, and whether its area is wide enough for it. */
function nameBox(map, area) {
  const bounds = area.getBounds();
  const width = map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
  const { name, is_own } = area.feature.properties;
  const half = L.point(name.length * LETTER_PX, LINE_PX).divideBy(2);
  const middle = map.latLngToContainerPoint(bounds.getCenter());
  return { area, is_own, fits: width > half.x * 2, box: L.bounds(middle.subtract(half), middle.add(half)) };
}

/** Shows the names that have room: within their area, and beside each other; the own areas first. Call after each zoom. */
export function fitNames(map, layer) {
  const names = layer.getLayers().map((area) => nameBox(map, area));
  const shown = [];
  for (const { area, fits, box } of names.sort((one, other) => other.is_own - one.is_own)) {
    const isShown = fits && !shown.some((taken) => taken.overlaps(box));
    if (isShown) shown.push(box);
    area[isShown ? "openTooltip" : "closeTooltip"]();
  }
}

/** A ring of several layers, each as wide as its part of the whole. */
function ringOf(counts) {
  const whole = Object.values(counts).reduce((sum, count) => sum + count, 0);
  let from = 0;
  const parts = Object.entries(counts).map(([layer, count]) => {
    const begin = from;
    from += (count / whole) * 100;
    return `var(--layer-${layer}) ${begin}% ${from}%`;
  });
  return `conic-gradient(${parts.join(", ")})`;
}

/**
 * A mark that opens something: focusable, with a name for those who do not see it. `icon` names a template of the page;
 * `ring` holds counts by layer that are drawn round the text.
 */
export function mark(place, { className, size, text = "", title, icon: name, ring }) {
  const face = document.createElement("span");
  face.className = className;
  face.textContent = text;
  if (ring) face.style.setProperty("--ring", ringOf(ring));
  if (name) face.append(document.getElementById(`icon-${name}`).content.cloneNode(true));
  const icon = L.divIcon({ className: "map-mark", iconSize: [size, size], iconAnchor: [size / 2, size / 2], html: face });
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

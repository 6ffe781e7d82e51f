// The map of a form: a tap puts the pin, which can be dragged; the fields of latitude and longitude follow, and lead.

import { gettext } from "./i18n.js";
import { areaLayer, boundsOf, fitNames, mark } from "./leaflet_layers.js";

const field = (name) => document.getElementById(`id_${name}`);
const DECIMALS = 6; // eleven centimetres

function written() {
  const [lat, lon] = [field("lat").value, field("lon").value].map((text) => (text.trim() ? Number(text) : Number.NaN));
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
}

function write({ lat, lng }) {
  field("lat").value = lat.toFixed(DECIMALS);
  field("lon").value = lng.toFixed(DECIMALS);
}

class Pin {
  constructor({ areas, extent }) {
    Object.assign(this, { areas, extent, map: null, marker: null });
    addEventListener("map:init", ({ detail: { map } }) => this.draw(map));
    for (const name of ["lat", "lon"]) field(name).addEventListener("change", () => this.show());
  }

  draw(map) {
    this.map = map;
    map.fitBounds(boundsOf(this.extent), { padding: [8, 8], animate: false });
    const layer = areaLayer(map, this.areas, () => {});
    map.on("zoomend", () => fitNames(map, layer));
    fitNames(map, layer);
    map.on("click", ({ latlng }) => this.put(latlng));
    this.show(15);
  }

  put(latlng) {
    write(latlng);
    this.show();
  }

  /** Where the fields say; without numbers there is no pin. */
  show(zoom) {
    const place = written();
    this.marker?.remove();
    this.marker = null;
    if (!place || !this.map) return;
    this.marker = mark(place, { className: "map-dot", size: 32, title: gettext("Move pin") }).addTo(this.map);
    this.marker.options.draggable = true;
    this.marker.dragging?.enable();
    this.marker.on("dragend", () => write(this.marker.getLatLng()));
    this.map.setView([place.lat, place.lon], Math.max(zoom ?? 0, this.map.getZoom()), { animate: false });
  }
}

/** Draws as soon as django-leaflet has made the map. */
export function startPinMap(data) {
  return new Pin(data);
}

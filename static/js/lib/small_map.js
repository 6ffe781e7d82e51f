// The map of the form: the own villages, the fix with its ring, and a pin that can be moved by finger or arrow keys.

import { roundLayer } from "./round_layer.js";

const STEP_M = 5;
const ZOOM = 13.5; // shows a kelurahan with its neighbours
const PIN_ZOOM = 17;
const METRES_PER_DEGREE = 111_320;
const KEYS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class SmallMap {
  constructor(element, onPin) {
    this.onPin = onPin;
    this.element = element;
    const still = {
      zoomControl: false,
      dragging: false,
      touchZoom: false,
      scrollWheelZoom: false,
      doubleClickZoom: false,
      boxZoom: false,
      keyboard: false,
      baseMap: false, // the form is to open on the slowest network
    };
    const { tiles, attribution } = element.dataset;
    this.map = L.map(element, { ...still, attributionControl: Boolean(tiles), zoomSnap: 0.25, maxZoom: 19 });
    if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(this.map);
    this.map.setView([-2.5, 118], 4);
    this.map.on("click", ({ latlng }) => this.pinMode && this.movePin(latlng));
    element.addEventListener("keydown", (event) => this.pinMode && this.onKey(event));
  }

  drawAreas(held, around) {
    this.areas?.remove();
    this.around?.remove();
    this.areas = L.geoJSON(held, { className: "map-area map-area-own", interactive: false }).addTo(this.map);
    this.around = L.geoJSON(around, { className: "map-area", interactive: false }).addTo(this.map);
    this.areas.bringToBack();
    this.around.bringToBack();
    if (!this.place) this.showAll();
  }

  showAll() {
    const bounds = this.areas?.getBounds();
    if (bounds?.isValid()) this.map.fitBounds(bounds, { padding: [12, 12], animate: false });
  }

  /** Shows where the report stands: {lat, lon, accuracy}; without accuracy it is a pin set by hand. */
  show(place) {
    this.place = place;
    this.mark?.remove();
    this.ring?.remove();
    if (!place) return this.showAll();
    const point = [place.lat, place.lon];
    if (place.accuracy)
      this.ring = L.circle(point, { radius: place.accuracy, className: "map-accuracy", weight: 1, interactive: false }).addTo(this.map);
    this.mark = this.pinMode ? this.pinAt(point) : L.circleMarker(point, { radius: 8, className: "map-here", interactive: false });
    this.mark.addTo(this.map);
    if (this.round && !this.pinMode) return this.showRound();
    return this.map.setView(point, this.pinMode ? Math.max(PIN_ZOOM, this.map.getZoom()) : ZOOM, { animate: false });
  }

  /** Draws the points of a round by their numbers, those without position left out, and the track as [lon, lat]. */
  drawRound(places, track) {
    this.round?.remove();
    this.round = roundLayer(places, track)?.addTo(this.map) ?? null;
    if (this.round && !this.pinMode) this.showRound();
  }

  showRound() {
    this.map.fitBounds(this.round.getBounds(), { padding: [24, 24], maxZoom: PIN_ZOOM, animate: false });
  }

  pinAt(point) {
    const icon = L.divIcon({ className: "map-pin", iconSize: [48, 48], iconAnchor: [24, 44], html: document.getElementById("pin-icon").innerHTML });
    const pin = L.marker(point, { icon, draggable: true, keyboard: false, autoPan: true });
    pin.on("dragend", () => this.movePin(pin.getLatLng()));
    return pin;
  }

  /** Lets the officer move the pin; starts in the middle of what is shown when there is no position. */
  setPinMode(isOn) {
    this.pinMode = isOn;
    for (const handler of ["dragging", "touchZoom", "doubleClickZoom"]) this.map[handler][isOn ? "enable" : "disable"]();
    this.element.tabIndex = isOn ? 0 : -1;
    this.element.classList.toggle("is-pinning", isOn);
    this.map.invalidateSize();
    if (isOn && !this.place) this.movePin(this.map.getCenter());
    else this.show(this.place);
  }

  movePin({ lat, lng }) {
    this.show({ lat: Number(lat.toFixed(6)), lon: Number(lng.toFixed(6)) });
    this.onPin(this.place);
  }

  onKey(event) {
    const step = KEYS[event.key];
    if (!step || !this.place) return;
    event.preventDefault();
    const { lat, lon } = this.place;
    const degrees = STEP_M / METRES_PER_DEGREE;
    this.movePin({ lat: lat + step[1] * degrees, lng: lon + (step[0] * degrees) / Math.cos((lat * Math.PI) / 180) });
  }
}

// The map page: areas and layers of what the screen shows, asked of the server after each move.

import { get, NoNetwork } from "./lib/api.js";
import { gettext, interpolate } from "./lib/i18n.js";
import { areaLayer, boundsOf, card, fitNames, reducedMotion } from "./lib/leaflet_layers.js";
import { countText, Marks, number } from "./lib/map/marks.js";
import { showHours, showSpots } from "./lib/map/panels.js";
import { searching } from "./lib/map/search.js";
import { TimeSlider } from "./lib/map/time.js";
import { creating, dropping, LocateButton, measuring, TapMode } from "./lib/map/tools.js";

const WAIT_MS = 150;
const THING_ZOOM = 17;
const MODES = { points: "clusters", heat: "squares", spots: "hotspots" };
const byId = (id) => document.getElementById(id);

class MapPage {
  constructor(map, frame) {
    this.map = map;
    this.frame = frame;
    this.form = byId("map-form");
    this.status = frame.querySelector(".map-status");
    this.modes = [...document.querySelectorAll("input[name=mode]")];
    const boxes = [...this.form.querySelectorAll("input[name=lapisan]")];
    this.labels = Object.fromEntries(boxes.map((box) => [box.value, box.closest("label").textContent.trim()]));
    this.happening = new Set(boxes.filter((box) => "happens" in box.dataset).map(({ value }) => value));
    this.marks = new Marks(map, this.labels);
    this.map.addControl(new LocateButton(this));
    this.time = new TimeSlider(document.querySelector(".map-time"), frame.dataset, () => this.later());
    const taps = new TapMode(map, byId("map-hint"));
    this.taps = taps;
    measuring(taps, map, byId("map-measure"));
    creating(taps, map, byId("map-create"));
    dropping(document.querySelector(".map-buttons"));
    searching(byId("map-search"), (bounds, { layer }) => {
      const box = boxes.find(({ value }) => value === layer);
      if (box) box.checked = true;
      this.show(bounds);
    });
    byId("map-link").addEventListener("click", () => this.copyLink());
    byId("map-export").addEventListener("click", ({ currentTarget }) => {
      currentTarget.search = this.asked(...(this.layers.length ? this.layers : ["areas"]));
    });
    byId("map-print").addEventListener("click", ({ currentTarget }) => {
      currentTarget.search = this.asked(...this.layers);
    });
    for (const box of boxes) box.addEventListener("change", () => this.later());
    for (const radio of this.modes) radio.addEventListener("change", () => this.later());
    byId("map-measures").addEventListener("change", () => this.later());
    this.begin();
    this.map.on("moveend popupclose", () => this.later());
    this.later();
  }

  /** The view of the address, else the own areas. */
  begin() {
    const asked = new URLSearchParams(location.search);
    const mode = this.modes.find(({ value }) => value === asked.get("mode"));
    if (mode) mode.checked = true;
    this.time.goTo(asked.get("hari"));
    const [lat, lon, zoom] = ["lat", "lon", "zoom"].map((name) => Number.parseFloat(asked.get(name)));
    if ([lat, lon, zoom].every(Number.isFinite)) this.map.setView([lat, lon], zoom, { animate: false });
    else if (this.frame.dataset.bounds) {
      this.map.fitBounds(boundsOf(this.frame.dataset.bounds.split(",").map(Number)), { padding: [12, 12], animate: false });
    }
  }

  get layers() {
    return new FormData(this.form).getAll("lapisan");
  }

  get mode() {
    return this.modes.find(({ checked }) => checked).value;
  }

  /** The layers that the chosen way of showing counts: heat and hot spots only tell of what happens. */
  get counting() {
    return this.mode === "points" ? this.layers : this.layers.filter((layer) => this.happening.has(layer));
  }

  /** Heat and hot spots stand open only while something that happens is shown. */
  offerModes() {
    const none = !this.layers.some((layer) => this.happening.has(layer));
    const [points, ...others] = this.modes;
    for (const radio of others) radio.disabled = none;
    if (none) points.checked = true;
  }

  /** From how many things on, and how close together, a place is a hot spot. */
  get measures() {
    if (this.mode !== "spots") return {};
    return Object.fromEntries([...byId("map-measures").querySelectorAll("select")].map(({ name, value }) => [name, value]));
  }

  show(bounds) {
    const zoom = Math.min(THING_ZOOM, this.map.getBoundsZoom(bounds, false, [24, 24]));
    this.map.setView(bounds.getCenter(), zoom, { animate: !reducedMotion() });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), WAIT_MS);
  }

  /** The question for what the screen shows now. */
  query() {
    const clamp = (value, most) => Math.min(most, Math.max(-most, value));
    const box = this.map.getBounds();
    const bbox = [clamp(box.getWest(), 180), clamp(box.getSouth(), 90), clamp(box.getEast(), 180), clamp(box.getNorth(), 90)];
    return { bbox: bbox.map((degree) => degree.toFixed(6)).join(","), zoom: Math.round(this.map.getZoom()) };
  }

  /** The address that opens the same view again. */
  address() {
    const { lat, lng } = this.map.getCenter();
    const asked = new URLSearchParams(location.search);
    for (const name of ["lapisan", "lat", "lon", "zoom", "mode", "hari"]) asked.delete(name);
    for (const layer of this.layers) asked.append("lapisan", layer);
    for (const [name, value] of Object.entries({ lat: lat.toFixed(5), lon: lng.toFixed(5), zoom: this.map.getZoom() })) asked.set(name, value);
    if (this.mode !== "points") asked.set("mode", this.mode);
    if (this.time.span !== this.time.whole) asked.set("hari", this.time.span.from);
    // A colleague opens the same days, not those up to their own today.
    asked.set("dari", this.frame.dataset.from);
    asked.set("sampai", this.frame.dataset.to);
    return `${location.origin}${location.pathname}?${asked}`;
  }

  /** What the pages of files and of paper are told: layers, the days on the slider, kinds, and the part of the map on the screen. */
  asked(...layers) {
    const { from, to } = this.time.span;
    const { bbox, zoom } = this.query();
    const asked = new URLSearchParams({ dari: from, sampai: to, petak: bbox, zoom });
    for (const layer of layers) asked.append("lapisan", layer);
    for (const kind of this.frame.dataset.kinds.split(",").filter(Boolean)) asked.append("jenis", kind);
    return asked;
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(this.address());
      this.say(gettext("The link to this view is copied."));
    } catch {
      this.say(this.address()); // without a secure page there is no clipboard
    }
  }

  async load() {
    const turn = (this.turn ?? 0) + 1;
    this.turn = turn;
    this.offerModes();
    history.replaceState(history.state, "", this.address());
    const query = this.query();
    const rows = { ...query, ...this.time.span, kinds: this.frame.dataset.kinds };
    const ask = (path, layers, more) => get(`map/${path}/?${new URLSearchParams({ ...rows, layers: layers.join(","), ...more })}`);
    try {
      const [outlines, things, hours] = await Promise.all([
        fetch(`${this.frame.dataset.areas}?${new URLSearchParams(query)}`).then((response) => (response.ok ? response.json() : null)),
        ask(MODES[this.mode], this.counting, this.measures),
        ask("hours", this.layers),
      ]);
      if (turn !== this.turn) return;
      if (!outlines || things.status !== 200 || hours.status !== 200) throw new NoNetwork("no map data");
      this.drawAreas(outlines);
      this.drawThings(things.data);
      showHours(byId("map-panels"), hours.data.results);
      await this.countVillages();
    } catch (error) {
      if (!(error instanceof NoNetwork) && !(error instanceof TypeError)) throw error;
      if (turn === this.turn) this.say(gettext("The map's data did not come. Move the map to try again."));
    }
  }

  /** The table by village follows the layers and the days, not the view. */
  async countVillages() {
    const { from, to } = this.time.span;
    const asked = new URLSearchParams({ dari: from, sampai: to });
    for (const layer of this.layers) asked.append("lapisan", layer);
    for (const kind of this.frame.dataset.kinds.split(",").filter(Boolean)) asked.append("jenis", kind);
    if (this.counted === String(asked)) return;
    const isFirst = !this.counted;
    this.counted = String(asked);
    if (isFirst) return; // the page came with it
    const response = await fetch(`?${asked}`, { headers: { "HX-Request": "true" } });
    if (response.ok && this.counted === String(asked)) byId("map-villages").innerHTML = await response.text();
  }

  say(text) {
    this.status.textContent = text;
  }

  drawThings({ features, notes = [] }) {
    const { mode } = this;
    byId("heat-legend").hidden = mode !== "heat";
    byId("map-measures").hidden = mode !== "spots";
    const found = mode === "spots" && !features.length ? [gettext("No hot spot in this view.")] : [];
    byId("map-notes").textContent = [...found, ...notes].join(" ");
    byId("map-notes").hidden = !notes.length;
    showSpots(byId("map-spots"), mode === "spots" ? features : [], this.labels, (bounds) => this.marks.goTo(bounds));
    if (mode === "heat") this.sayHeat(this.marks.drawSquares(features));
    else if (mode === "spots") this.marks.drawSpots(features);
    else this.marks.draw(features);
    this.say(this.counting.map((layer) => countText(sum(features, layer), this.labels[layer])).join(" · "));
  }

  sayHeat({ most }) {
    const layers = this.counting.map((layer) => this.labels[layer]).join(", ");
    const told = gettext("the darker, the more: up to %(most)s in one square, counting %(layers)s");
    byId("heat-legend").textContent = interpolate(told, { most: number(most), layers });
  }

  drawAreas(collection) {
    this.areas?.remove();
    this.areas = areaLayer(this.map, collection, ({ code }) => this.taps.mode || this.openArea(code));
    fitNames(this.map, this.areas);
  }

  openArea(code) {
    const area = this.areas.getLayers().find(({ feature }) => feature.properties.code === code);
    const { name } = area.feature.properties;
    L.popup()
      .setLatLng(area.getCenter())
      .setContent(card([{ url: `/wilayah/${code}/`, title: name, meta: code }]))
      .openOn(this.map);
  }
}

/** How many things of a layer the features stand for; a square tells of several layers. */
function sum(features, layer) {
  return features.reduce((total, { properties }) => total + (properties.layers?.[layer] ?? (properties.layer === layer ? properties.count : 0)), 0);
}

addEventListener("map:init", ({ detail: { map } }) => {
  new MapPage(map, map.getContainer().closest(".map-frame"));
});

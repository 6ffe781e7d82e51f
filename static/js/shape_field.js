// Fields of a form in which a place is marked: the map, its buttons, and the line of coordinates, kept in step.

import { get } from "./lib/api.js";
import { gettext, interpolate } from "./lib/i18n.js";
import { boundsOf } from "./lib/leaflet_layers.js";
import { watchPosition } from "./lib/position.js";
import { ShapeEditor } from "./lib/shape_editor.js";

const INDONESIA = [94.5, -11.5, 141.5, 6.5];
const MOST_ZOOM = 19;
const VILLAGE_PARTS = 4; // of its code: 33.74.11.1004

function says(mode, corners) {
  if (mode === "point") return gettext("Tap the map where it is. The pin can be dragged.");
  if (mode === "edit") return gettext("Drag the corners; a small one between two makes a new corner. A long press takes a corner away.");
  if (mode !== "outline") return "";
  if (corners < 3) return gettext("Tap the corners of the outline one after the other.");
  return interpolate(gettext("%(count)s corners. Tap the first one again, or finish the outline."), { count: corners });
}

/** {lat, lon} of a line such as "-7.0629, 110.4280"; null where it is none. */
function read(text) {
  const [lat, lon, more] = text
    .trim()
    .split(/[\s,;]+/)
    .map(Number);
  const isPlace = more === undefined && lat >= -11.5 && lat <= 6.5 && lon >= 94.5 && lon <= 141.5;
  return isPlace ? { lat, lng: lon } : null;
}

class ShapeInput {
  constructor(box) {
    const part = (name) => box.querySelector(`[data-shape-${name}]`);
    Object.assign(this, { box, state: part("state"), line: part("point"), drawn: part("drawn"), tools: part("tools") });
    part("part").hidden = false;
    this.map = this.makeMap(part("map"));
    this.editor = new ShapeEditor(this.map, { onChange: (shape) => this.changed(shape), onMode: () => this.refresh() });
    this.tools.addEventListener("click", ({ target }) => this.act(target.closest("[data-shape-act]")?.dataset.shapeAct));
    this.line?.addEventListener("change", () => this.typed());
    box.addEventListener("keydown", (event) => event.key === "Escape" && this.editor.mode && this.editor.setMode(""));
    this.start();
  }

  makeMap(element) {
    const { tiles, attribution } = element.dataset;
    const map = L.map(element, { attributionControl: Boolean(tiles), maxZoom: MOST_ZOOM, minZoom: 4, tapHold: true });
    if (tiles) L.tileLayer(tiles, { attribution, maxZoom: MOST_ZOOM }).addTo(map);
    const backdrop = JSON.parse(this.box.querySelector('script[type="application/json"]')?.textContent || "null");
    if (backdrop?.areas) this.areas = L.geoJSON(backdrop.areas, { interactive: false, style: { className: "map-area shape-area" } }).addTo(map);
    const showAll = () => map.fitBounds(boundsOf(backdrop?.extent || INDONESIA), { padding: [8, 8], animate: false });
    showAll();
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (!this.editor.shape && !this.editor.mode) showAll();
    }).observe(element);
    return map;
  }

  start() {
    const shape = this.drawn.value ? this.parsed() : null;
    const place = shape ? null : read(this.line?.value ?? "");
    if (shape || place) this.editor.show(shape || { type: "Point", coordinates: [place.lng, place.lat] });
    this.refresh();
    if (!this.editor.shape && this.line) this.editor.setMode("point");
    this.followVillage();
  }

  parsed() {
    try {
      return JSON.parse(this.drawn.value);
    } catch {
      return null;
    }
  }

  act(name) {
    const { editor } = this;
    if (!name) return;
    if (name === "point" || name === "edit" || name === "outline") editor.setMode(editor.mode === name ? "" : name);
    if (name === "corner") editor.putMiddle();
    if (name === "finish") editor.finish();
    if (name === "undo") editor.undo();
    if (name === "remove") editor.remove();
    if (name === "here") this.find();
  }

  find() {
    this.state.textContent = gettext("Looking for the position …");
    this.stop?.();
    this.stop = watchPosition(
      ({ lat, lon, accuracy }) => {
        this.editor.mark({ type: "Point", coordinates: [lon, lat] });
        this.state.textContent = interpolate(gettext("Position sure within %(metres)s m"), { metres: Math.round(accuracy) });
      },
      () => {
        this.state.textContent = gettext("There is no position: allow it in the browser's settings, or write it by hand.");
      },
    );
  }

  typed() {
    const place = read(this.line.value);
    if (place) this.editor.mark({ type: "Point", coordinates: [place.lng, place.lat] });
    else if (!this.line.value.trim()) this.editor.shape?.type === "Point" && this.editor.mark(null);
    else this.state.textContent = gettext("Write latitude and longitude with a comma between, such as -7.0629, 110.4280.");
  }

  changed(shape) {
    this.village = "";
    this.drawn.value = shape ? JSON.stringify(shape) : "";
    if (this.line) this.line.value = shape?.type === "Point" ? shape.coordinates.toReversed().join(", ") : "";
    this.refresh();
    this.findVillage(shape);
    this.box.dispatchEvent(new CustomEvent("shape:change", { bubbles: true, detail: { shape } }));
  }

  refresh() {
    const { editor } = this;
    const { mode, shape } = editor;
    const isOutline = shape && shape.type !== "Point";
    const shown = {
      corner: mode === "outline" || mode === "point",
      finish: mode === "outline" && editor.corners > 2,
      edit: isOutline && mode !== "outline",
      undo: editor.canUndo,
      remove: shape && mode !== "outline",
    };
    for (const button of this.tools.children) {
      const name = button.dataset.shapeAct;
      if (name in shown) button.hidden = !shown[name];
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(mode === name));
    }
    const text = [this.village, says(mode, editor.corners)].filter(Boolean).join(" ");
    if (this.state.textContent !== text) this.state.textContent = text;
  }

  // A form that asks for the village too: each finds the other.

  get villages() {
    return this.box.closest("form")?.querySelector("select[data-village]");
  }

  followVillage() {
    this.villages?.addEventListener("change", ({ target }) => {
      const area = this.areas?.getLayers().find(({ feature }) => feature.properties.code === target.value);
      if (area && !this.editor.shape) this.map.fitBounds(area.getBounds(), { padding: [8, 8], animate: false });
    });
  }

  async findVillage(shape) {
    if (shape?.type !== "Point") return;
    const [lon, lat] = shape.coordinates;
    const { status, data } = await get(`areas/locate/?${new URLSearchParams({ lat, lon })}`).catch(() => ({}));
    if (status !== 200 || this.editor.shape !== shape) return;
    const found = [data, ...data.parents];
    const { name } = found.find(({ code }) => code.split(".").length === VILLAGE_PARTS) ?? data;
    this.village = interpolate(gettext("Lies in %(village)s."), { village: name });
    this.refresh();
    const option = [...(this.villages?.options ?? [])].find(({ value }) => found.some(({ code }) => code === value));
    if (option) this.villages.value = option.value;
  }
}

for (const box of document.querySelectorAll("[data-shape-input]")) new ShapeInput(box);

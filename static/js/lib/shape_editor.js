// Marks one place on a Leaflet map: a point or an outline, as GeoJSON. What was before can be had back.

const PIN_ZOOM = 17;
const DECIMALS = 6; // eleven centimetres
const EDITING = { allowSelfIntersection: true, snappable: false, preventMarkerRemoval: false };
const DRAWING = { ...EDITING, tooltips: false, continueDrawing: false, finishOn: "dblclick" };

const rounded = (part) => (Array.isArray(part) ? part.map(rounded) : Number(part.toFixed(DECIMALS)));

function pin([lon, lat]) {
  const face = document.createElement("span");
  face.className = "shape-pin";
  const icon = L.divIcon({ className: "shape-pin-box", iconSize: [48, 48], iconAnchor: [24, 40], html: face });
  return L.marker([lat, lon], { icon, draggable: true, autoPan: true, keyboard: false });
}

export class ShapeEditor {
  mode = ""; // "", "point", "outline" or "edit"
  shape = null;
  past = [];

  /** `onChange(shape)` hears of each shape that is marked, null where it was taken away; `onMode(mode)` of each change of what a tap does. */
  constructor(map, { onChange, onMode = () => {} }) {
    Object.assign(this, { map, onChange, onMode });
    map.on("click", ({ latlng }) => this.mode === "point" && this.putPoint(latlng));
    map.on("pm:create", ({ layer }) => this.drawn(layer));
    map.on("pm:drawstart", ({ workingLayer }) => workingLayer.on("pm:vertexadded pm:vertexremoved", () => this.onMode(this.mode)));
  }

  /** Shows a shape without telling anybody; the map goes there unless told not to. */
  show(shape, { follow = true } = {}) {
    this.layer?.remove();
    this.shape = shape;
    this.layer = shape && this.layerOf(shape).addTo(this.map);
    if (shape && follow) this.goThere();
  }

  layerOf(shape) {
    if (shape.type !== "Point") return L.geoJSON(shape, { style: { className: "shape-outline" } });
    const mark = pin(shape.coordinates);
    mark.on("dragend", () => this.putPoint(mark.getLatLng()));
    return mark;
  }

  goThere() {
    if (this.shape.type === "Point") this.map.setView(this.layer.getLatLng(), Math.max(PIN_ZOOM, this.map.getZoom()), { animate: false });
    else this.map.fitBounds(this.layer.getBounds(), { padding: [24, 24], maxZoom: 18, animate: false });
  }

  /** Marks a shape anew; the one before can be had back by `undo`. */
  mark(shape, options) {
    this.past.push(this.shape);
    this.show(shape, options);
    this.onChange(shape);
  }

  putPoint({ lat, lng }) {
    this.mark({ type: "Point", coordinates: rounded([lng, lat]) }, { follow: false });
  }

  remove() {
    this.setMode("");
    this.mark(null);
  }

  get corners() {
    return this.mode === "outline" ? (this.map.pm?.Draw.Polygon._layer?.getLatLngs().length ?? 0) : 0;
  }

  get canUndo() {
    return this.mode === "outline" ? this.corners > 0 : this.past.length > 0;
  }

  /** Takes the last corner back while an outline is drawn, else the last shape. */
  undo() {
    if (this.mode === "outline") {
      if (this.corners) this.map.pm.Draw.Polygon._removeLastVertex();
      this.onMode(this.mode);
      return;
    }
    if (!this.past.length) return;
    this.setMode("");
    this.show(this.past.pop());
    this.onChange(this.shape);
  }

  async setMode(mode) {
    if (this.mode === "outline") this.map.pm.disableDraw();
    if (this.mode === "edit") this.outlines((layer) => layer.pm.disable());
    this.mode = mode;
    this.map.getContainer().classList.toggle("is-marking", mode === "point" || mode === "outline");
    this.onMode(mode);
    if (mode !== "outline" && mode !== "edit") return;
    const { makeDrawable } = await import("./geoman.js");
    if (this.mode !== mode) return;
    makeDrawable(this.map);
    if (this.layer) makeDrawable(this.layer);
    if (mode === "outline") this.map.pm.enableDraw("Polygon", DRAWING);
    else this.bend();
  }

  /** For the keyboard: a point, or one more corner, in the middle of what the map shows. */
  putMiddle() {
    const latlng = this.map.getCenter();
    if (this.mode !== "outline") return this.putPoint(latlng);
    const draw = this.map.pm?.Draw.Polygon;
    draw?._hintMarker?.setLatLng(latlng);
    draw?._createVertex({ latlng });
    return this.onMode(this.mode);
  }

  finish() {
    this.map.pm.Draw.Polygon._finishShape();
  }

  drawn(layer) {
    const shape = layer.toGeoJSON().geometry;
    layer.remove();
    this.mode = "";
    this.setMode("");
    this.mark({ ...shape, coordinates: rounded(shape.coordinates) });
  }

  outlines(act) {
    this.layer?.eachLayer?.(act);
  }

  bend() {
    const keep = ({ layer }) => {
      const { geometry } = layer.toGeoJSON();
      this.past.push(this.shape);
      this.shape = { ...geometry, coordinates: rounded(geometry.coordinates) };
      this.onChange(this.shape);
      this.onMode(this.mode);
    };
    this.outlines((layer) => {
      layer.pm.enable(EDITING);
      layer.on("pm:markerdragend pm:vertexadded pm:vertexremoved", keep);
    });
  }
}

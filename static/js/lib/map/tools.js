// The tools of the map page: where am I, measuring, adding by a tap.

import { gettext, interpolate, language } from "../i18n.js";
import { reducedMotion } from "../leaflet_layers.js";

export const LocateButton = L.Control.extend({
  options: { position: "topleft" },

  initialize(page) {
    this.page = page;
  },

  onAdd(map) {
    const bar = L.DomUtil.create("div", "leaflet-bar");
    const button = L.DomUtil.create("button", "map-button", bar);
    button.type = "button";
    button.title = gettext("Show where I am");
    button.setAttribute("aria-label", button.title);
    button.append(document.getElementById("locate-icon").content.cloneNode(true));
    L.DomEvent.disableClickPropagation(bar);
    button.addEventListener("click", () => this.locate(map, button));
    return bar;
  },

  locate(map, button) {
    button.setAttribute("aria-busy", "true");
    const done = () => button.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        done();
        this.show(map, coords);
      },
      () => {
        done();
        this.page.say(gettext("Your position is not known. Allow it in the browser's settings."));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  },

  show(map, { latitude, longitude, accuracy }) {
    this.here?.remove();
    const place = [latitude, longitude];
    this.here = L.layerGroup([
      L.circle(place, { radius: accuracy, className: "map-accuracy", weight: 1, interactive: false }),
      L.circleMarker(place, { radius: 8, className: "map-here", interactive: false }),
    ]).addTo(map);
    map.setView(place, Math.max(15, map.getZoom()), { animate: !reducedMotion() });
  },
});

const EARTH_M = 6_371_008.8;
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Size of a ring of {lat, lng} on the sphere, in square metres (spherical excess, as geographers compute it). */
export function ringArea(points) {
  let sum = 0;
  points.forEach((point, index) => {
    const next = points[(index + 1) % points.length];
    sum += radians(next.lng - point.lng) * (2 + Math.sin(radians(point.lat)) + Math.sin(radians(next.lat)));
  });
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
}

const rounded = (value, digits = 0) => value.toLocaleString(language(), { maximumFractionDigits: digits });
export const metres = (length) => (length < 1000 ? `${rounded(length)} m` : `${rounded(length / 1000, 2)} km`);
export const squareMetres = (size) =>
  size < 10_000 ? `${rounded(size)} m²` : size < 1_000_000 ? `${rounded(size / 10_000, 2)} ha` : `${rounded(size / 1_000_000, 2)} km²`;

/** What the map asks of a tap: one mode at a time, told in a line above the map, left by Escape or its button. */
class TapMode {
  constructor(map, hint) {
    this.map = map;
    this.hint = hint;
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.mode && this.leave());
    map.on("click", ({ latlng }) => this.mode?.onTap(latlng));
    map.getContainer().addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    if (event.key !== "Enter" || !this.mode || event.target !== this.map.getContainer()) return;
    event.preventDefault();
    this.mode.onTap(this.map.getCenter());
  }

  enter(mode) {
    this.leave();
    this.mode = mode;
    this.say(mode.hint);
    this.map.getContainer().classList.add("is-tapping");
    this.hint.scrollIntoView({ block: "start", behavior: reducedMotion() ? "auto" : "smooth" });
    this.map.doubleClickZoom.disable();
  }

  say(text) {
    const leave = document.createElement("button");
    leave.type = "button";
    leave.className = "btn";
    leave.textContent = this.mode.leave ?? gettext("Done");
    leave.addEventListener("click", () => this.leave());
    const actions = this.mode.actions?.() ?? [];
    this.hint.replaceChildren(document.createTextNode(text), ...actions, leave);
  }

  leave() {
    const mode = this.mode;
    this.mode = null;
    this.hint.replaceChildren();
    this.map.getContainer().classList.remove("is-tapping");
    this.map.doubleClickZoom.enable();
    mode?.onLeave?.();
  }
}

export { TapMode };

/** Distances and sizes by taps. */
export function measuring(taps, map, button) {
  const points = [];
  const drawn = L.layerGroup();
  const text = () => {
    if (points.length < 2) return gettext("Tap the points to measure, or Enter for the middle of the map.");
    const length = points.slice(1).reduce((sum, point, index) => sum + map.distance(points[index], point), 0);
    const size = points.length > 2 ? interpolate(gettext(", area %(size)s"), { size: squareMetres(ringArea(points)) }) : "";
    return interpolate(gettext("Distance %(length)s%(size)s"), { length: metres(length), size });
  };
  const draw = () => {
    drawn.clearLayers();
    if (points.length > 2) L.polygon(points, { className: "map-measure", interactive: false }).addTo(drawn);
    else L.polyline(points, { className: "map-measure", interactive: false }).addTo(drawn);
    for (const point of points) L.circleMarker(point, { radius: 6, className: "map-here", interactive: false }).addTo(drawn);
    taps.say(text());
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return taps.leave();
    points.length = 0;
    drawn.addTo(map);
    taps.enter({
      hint: text(),
      onTap: (place) => {
        points.push(place);
        draw();
      },
      onLeave: () => {
        button.setAttribute("aria-pressed", "false");
        drawn.clearLayers();
      },
    });
    button.setAttribute("aria-pressed", "true");
  });
}

/** Buttons that on a small screen open what stands beside them; Escape, a choice or a tap elsewhere closes it. */
export function dropping(root) {
  const buttons = [...root.querySelectorAll("[data-drop]")];
  const close = (but) => {
    for (const button of buttons) if (button !== but) button.setAttribute("aria-expanded", "false");
  };
  for (const button of buttons) {
    const content = button.nextElementSibling;
    button.addEventListener("click", () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")));
    content.addEventListener("click", ({ target }) => target.closest("button, a") && close());
    content.addEventListener("change", () => close());
  }
  document.addEventListener("click", ({ target }) => close(buttons.find((button) => button.parentElement.contains(target))));
  root.addEventListener("keydown", ({ key }) => key === "Escape" && close());
}

const MOST_CORNERS = 60;
const point = ({ lat, lng }) => `${lat.toFixed(6)},${lng.toFixed(6)}`;

/** Links that begin a new thing: by a tap where it lies, or by the corners of its area. */
export function creating(taps, map, menu) {
  for (const link of menu?.querySelectorAll("a") ?? []) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      menu.open = false;
      if (link.dataset.draw === "polygon") drawArea(taps, map, link.href);
      else
        taps.enter({
          hint: gettext("Tap where it lies, or Enter for the middle of the map."),
          leave: gettext("Cancel"),
          onTap: (place) => location.assign(`${link.href}?titik=${point(place)}`),
        });
    });
  }
}

function drawArea(taps, map, href) {
  const corners = [];
  const shape = L.polygon([], { className: "map-measure", interactive: false }).addTo(map);
  const done = document.createElement("button");
  done.type = "button";
  done.className = "btn btn-primary";
  done.textContent = gettext("Use this area");
  done.addEventListener("click", () => {
    const ring = [...corners, corners[0]].map(({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
    location.assign(`${href}?${new URLSearchParams({ bentuk: JSON.stringify({ type: "Polygon", coordinates: [ring] }) })}`);
  });
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn";
  undo.textContent = gettext("Undo");
  undo.addEventListener("click", () => {
    corners.pop();
    draw();
  });
  const draw = () => {
    shape.setLatLngs(corners);
    taps.say(interpolate(gettext("Tap the corners: %(count)s"), { count: corners.length }));
  };
  taps.enter({
    hint: gettext("Tap the corners of the area, at least three."),
    leave: gettext("Cancel"),
    actions: () => [...(corners.length ? [undo] : []), ...(corners.length > 2 ? [done] : [])],
    onTap: (place) => {
      if (corners.length < MOST_CORNERS) corners.push(place);
      draw();
    },
    onLeave: () => shape.remove(),
  });
}

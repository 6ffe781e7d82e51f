// The map without network: the own areas, and of their layers what the phone keeps.

import { gettext, interpolate } from "./lib/i18n.js";
import { areaLayer, card, fitNames } from "./lib/leaflet_layers.js";
import { grouped, keptMap } from "./lib/map/kept.js";
import { countText, Marks } from "./lib/map/marks.js";
import { LocateButton } from "./lib/map/tools.js";
import { watchNetwork } from "./lib/network.js";
import { kindLabels } from "./lib/rows.js";
import { currentUser } from "./lib/session.js";
import { moment } from "./lib/times.js";

const SINGLE_ZOOM = 16; // from here on things stand singly, those on one spot apart
const VIEW_MARGIN = 0.1;
const element = (id) => document.getElementById(id);

class KeptMap {
  constructor(map, { areas, features }) {
    this.map = map;
    this.features = features;
    this.status = document.querySelector(".map-status");
    const boxes = [...element("map-form").querySelectorAll("input[name=lapisan]")];
    const asked = new URLSearchParams(location.search).getAll("lapisan");
    this.labels = {};
    for (const box of boxes) {
      this.labels[box.value] = box.closest("label").textContent.trim();
      if (asked.length) box.checked = asked.includes(box.value);
      box.addEventListener("change", () => this.choose());
    }
    this.marks = new Marks(map, this.labels);
    map.addControl(new LocateButton(this));
    this.drawAreas(areas);
    map.on("moveend popupclose", () => this.draw());
    this.draw();
  }

  /** The card that somebody reads may be of a layer that is no longer wanted. */
  choose() {
    this.map.closePopup();
    this.draw();
  }

  say(text) {
    this.status.textContent = text;
  }

  drawAreas({ held, around }) {
    const told = (features, is_own) =>
      features.filter(({ geometry }) => geometry).map((one) => ({ ...one, properties: { ...one.properties, is_own } }));
    const collection = { type: "FeatureCollection", features: [...told(around, false), ...told(held, true)] };
    const layer = areaLayer(this.map, collection, (area) => this.openArea(layer, area));
    const own = L.geoJSON(told(held, true)).getBounds();
    if (own.isValid()) this.map.fitBounds(own, { padding: [12, 12], animate: false });
    this.map.on("zoomend", () => fitNames(this.map, layer));
    fitNames(this.map, layer);
  }

  openArea(layer, { code, name }) {
    const area = layer.getLayers().find(({ feature }) => feature.properties.code === code);
    const meta = `${code} · ${gettext("its page needs the network")}`;
    L.popup()
      .setLatLng(area.getCenter())
      .setContent(card([{ url: `/wilayah/${code}/`, title: name, meta }]))
      .openOn(this.map);
  }

  draw() {
    const layers = new FormData(element("map-form")).getAll("lapisan");
    const box = this.map.getBounds().pad(VIEW_MARGIN);
    const shown = this.features.filter(
      ({ geometry, properties }) => layers.includes(properties.layer) && box.contains(geometry.coordinates.toReversed()),
    );
    const zoom = this.map.getZoom();
    const pixelOf = (lon, lat) => this.map.project([lat, lon], zoom);
    this.marks.draw(zoom < SINGLE_ZOOM ? grouped(shown, pixelOf) : shown);
    const count = (name) => shown.filter(({ properties }) => properties.layer === name).length;
    this.say(layers.map((name) => countText(count(name), this.labels[name])).join(" · "));
  }
}

function asOf(since) {
  if (!since) return gettext("Without network. Nothing of your areas lies on this phone yet.");
  return interpolate(gettext("Without network · as of %(time)s"), { time: moment(since) });
}

function offerWholeMap() {
  const show = () => {
    element("map-online").hidden = !navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

addEventListener("map:init", async ({ detail: { map } }) => {
  watchNetwork();
  offerWholeMap();
  const kept = await keptMap(await currentUser(), kindLabels());
  element("map-as-of").textContent = asOf(kept.since);
  new KeptMap(map, kept);
});

// The map page: areas and visits of what the screen shows, asked of the server after each move.

import { get, NoNetwork } from "./lib/api.js";
import { gettext, interpolate, language, ngettext } from "./lib/i18n.js";
import { areaLayer, boundsOf, card, fitNames, mark, reducedMotion } from "./lib/leaflet_layers.js";

const CLOSE_ZOOM = 17; // as near as a click on a group goes; marks on one spot share a card
const WAIT_MS = 150;
const SAME_SPOT_PX = 14;

function visitsText(count) {
  return interpolate(ngettext("%(count)s visit with a position", "%(count)s visits with a position", count), {
    count: count.toLocaleString(language()),
  });
}

class MapPage {
  constructor(map, frame) {
    this.map = map;
    this.frame = frame;
    this.status = frame.querySelector(".map-status");
    this.visits = L.layerGroup().addTo(map);
    this.map.addControl(new LocateButton(this));
    this.map.on("moveend popupclose", () => this.later());
    const { bounds } = frame.dataset;
    if (bounds) this.map.fitBounds(boundsOf(bounds.split(",").map(Number)), { padding: [12, 12], animate: false });
    this.later();
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

  async load() {
    const turn = (this.turn ?? 0) + 1;
    this.turn = turn;
    const { from, to, kind, areas } = this.frame.dataset;
    const query = this.query();
    try {
      const [outlines, visits] = await Promise.all([
        fetch(`${areas}?${new URLSearchParams(query)}`).then((response) => (response.ok ? response.json() : null)),
        get(`map/clusters/?${new URLSearchParams({ ...query, from, to, ...(kind && { kind }) })}`),
      ]);
      if (turn !== this.turn) return;
      if (!outlines || visits.status !== 200) throw new NoNetwork("no map data");
      this.drawAreas(outlines);
      this.drawVisits(visits.data.features);
      const count = visits.data.features.reduce((sum, { properties }) => sum + properties.count, 0);
      this.say(visitsText(count));
    } catch (error) {
      if (!(error instanceof NoNetwork) && !(error instanceof TypeError)) throw error;
      if (turn === this.turn) this.say(gettext("The map's data did not come. Move the map to try again."));
    }
  }

  say(text) {
    this.status.textContent = text;
  }

  drawAreas(collection) {
    this.areas?.remove();
    this.areas = areaLayer(this.map, collection, ({ code }) => this.openArea(code));
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

  /** Draws what came; the card that somebody reads stays, with its mark. */
  drawVisits(features) {
    const read = this.visits.getLayers().find((layer) => layer.isPopupOpen());
    for (const layer of this.visits.getLayers()) if (layer !== read) this.visits.removeLayer(layer);
    const single = features.filter(({ properties }) => properties.count === 1 && !read?.ids.includes(properties.id));
    for (const feature of features.filter(({ properties }) => properties.count > 1)) this.visits.addLayer(this.groupMark(feature));
    for (const spot of this.spots(single)) this.visits.addLayer(this.spotMark(spot));
  }

  groupMark({ geometry, properties: { count, bounds } }) {
    const title = visitsText(count);
    const size = Math.min(56, 32 + Math.round(6 * Math.log10(count) * 2));
    const [lon, lat] = geometry.coordinates;
    const face = mark({ lat, lon }, { className: "map-count", size, text: String(count), title });
    const open = () => this.goTo(boundsOf(bounds));
    face.on("click", open).on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && open());
    return face;
  }

  goTo(bounds) {
    const zoom = Math.min(CLOSE_ZOOM + 1, Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(bounds, false, [48, 48])));
    this.map.setView(bounds.getCenter(), zoom, { animate: !reducedMotion() });
  }

  /** Visits that stand on one spot of the screen, together: a finger could not choose between them. */
  spots(features) {
    const spots = [];
    for (const feature of features) {
      const [lon, lat] = feature.geometry.coordinates;
      const place = this.map.latLngToLayerPoint([lat, lon]);
      const near = spots.find((spot) => spot.place.distanceTo(place) < SAME_SPOT_PX);
      if (near) near.visits.push(feature.properties);
      else spots.push({ place, lat, lon, visits: [feature.properties] });
    }
    return spots;
  }

  spotMark({ lat, lon, visits }) {
    const entries = visits.map(({ url, kind_name, area, occurred, officer }) => ({
      url,
      title: `${kind_name}, ${area}`,
      meta: `${occurred} · ${officer}`,
    }));
    const count = visits.length;
    const title = count === 1 ? `${entries[0].title}, ${entries[0].meta}` : visitsText(count);
    const look = count === 1 ? { className: "map-dot", size: 32 } : { className: "map-count map-count-red", size: 32, text: String(count) };
    const spot = mark({ lat, lon }, { ...look, title }).bindPopup(() => card(entries), { minWidth: 190 });
    spot.ids = visits.map(({ id }) => id);
    return spot;
  }
}

const LocateButton = L.Control.extend({
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

addEventListener("map:init", ({ detail: { map } }) => {
  new MapPage(map, map.getContainer().closest(".map-frame"));
});

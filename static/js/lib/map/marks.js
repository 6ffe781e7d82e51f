// What stands on the map for things: a mark for one, a count for several, squares of a heat map, circles of hot spots.

import { gettext, interpolate, language } from "../i18n.js";
import { boundsOf, card, mark, reducedMotion } from "../leaflet_layers.js";

const CLOSE_ZOOM = 17; // as near as a click on a group goes; marks on one spot share a card
const SAME_SPOT_PX = 14;
const SHIFT_PX = 22; // groups of several layers stand beside each other
const HEAT_STEPS = 7;

export const number = (count) => count.toLocaleString(language());

/** "12 Activities", as said by marks and lists. */
export const countText = (count, label) => interpolate(gettext("%(label)s: %(count)s"), { label, count: number(count) });

export class Marks {
  /** `labels` are the names of the layers by their codes. */
  constructor(map, labels) {
    this.map = map;
    this.labels = labels;
    this.group = L.layerGroup().addTo(map);
  }

  /** Draws what came; the card that somebody reads stays, with its mark. */
  draw(features) {
    const read = this.group.getLayers().find((layer) => layer.isPopupOpen?.());
    for (const layer of this.group.getLayers()) if (layer !== read) this.group.removeLayer(layer);
    const single = features.filter(({ properties }) => properties.id && !read?.ids?.includes(properties.id));
    const groups = features.filter(({ properties }) => properties.count > 1);
    const shown = [...new Set(groups.map(({ properties }) => properties.layer))];
    for (const feature of groups) this.group.addLayer(this.groupMark(feature, shown));
    for (const { properties } of single) if (properties.outline) this.group.addLayer(this.outline(properties));
    for (const spot of this.spots(single)) this.group.addLayer(this.spotMark(spot));
  }

  outline({ outline, layer }) {
    return L.geoJSON(outline, { interactive: false, style: { className: `map-outline map-layer-${layer}` } });
  }

  groupMark({ geometry, properties: { count, bounds, layer } }, shown) {
    const title = countText(count, this.labels[layer]);
    const size = Math.min(56, 32 + Math.round(6 * Math.log10(count) * 2));
    const [lon, lat] = geometry.coordinates;
    const shift = (shown.indexOf(layer) - (shown.length - 1) / 2) * SHIFT_PX;
    const face = mark({ lat, lon }, { className: `map-count map-layer-${layer}`, size, text: number(count), title, shift });
    const open = () => this.goTo(boundsOf(bounds));
    return face.on("click", open).on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && open());
  }

  goTo(bounds) {
    const zoom = Math.min(CLOSE_ZOOM + 1, Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(bounds, false, [48, 48])));
    this.map.setView(bounds.getCenter(), zoom, { animate: !reducedMotion() });
  }

  /** Things that stand on one spot of the screen, together: a finger could not choose between them. */
  spots(features) {
    const spots = [];
    for (const feature of features) {
      const [lon, lat] = feature.geometry.coordinates;
      const place = this.map.latLngToLayerPoint([lat, lon]);
      const near = spots.find((spot) => spot.place.distanceTo(place) < SAME_SPOT_PX);
      if (near) near.things.push(feature.properties);
      else spots.push({ place, lat, lon, things: [feature.properties] });
    }
    return spots;
  }

  spotMark({ lat, lon, things }) {
    const one = things.length === 1 && things[0];
    const title = one ? `${one.title}, ${one.meta}` : interpolate(gettext("%(count)s things in one place"), { count: number(things.length) });
    const layers = new Set(things.map(({ layer }) => layer));
    const colour = layers.size === 1 ? `map-layer-${things[0].layer}` : "";
    const look = one
      ? { className: `map-sign ${colour}`, size: 32, icon: one.layer }
      : { className: `map-count ${colour}`, size: 32, text: number(things.length) };
    const spot = mark({ lat, lon }, { ...look, title }).bindPopup(() => card(things), { minWidth: 190, autoPanPaddingTopLeft: [64, 8] });
    spot.ids = things.map(({ id }) => id);
    return spot;
  }

  /** Squares with their counts, darker the more; gives the greatest for a legend. */
  drawSquares(features) {
    this.group.clearLayers();
    const most = Math.max(1, ...features.map(({ properties }) => properties.count));
    const step = (count) => Math.max(1, Math.ceil((count / most) * HEAT_STEPS));
    for (const feature of features) {
      const { count, layers } = feature.properties;
      const told = Object.entries(layers).map(([layer, some]) => countText(some, this.labels[layer]));
      L.geoJSON(feature, { style: { className: `map-square fill-heat-${step(count)}` } })
        .bindTooltip(document.createTextNode(told.join(" · ")))
        .addTo(this.group);
    }
    return { most };
  }

  drawSpots(features) {
    this.group.clearLayers();
    for (const { geometry, properties } of features) {
      const [lon, lat] = geometry.coordinates;
      const { count, layer, kind_name } = properties;
      const title = `${countText(count, this.labels[layer])}, ${kind_name}`;
      const box = boundsOf(properties.bounds);
      L.circle([lat, lon], {
        radius: Math.max(120, box.getNorthEast().distanceTo(box.getSouthWest()) / 2 + 40),
        className: "map-spot",
        interactive: false,
      }).addTo(this.group);
      mark({ lat, lon }, { className: `map-count map-layer-${layer}`, size: 36, text: number(count), title })
        .on("click", () => this.goTo(box))
        .on("keypress", ({ originalEvent }) => originalEvent.key === "Enter" && this.goTo(box))
        .addTo(this.group);
    }
  }
}

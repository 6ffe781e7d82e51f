// What stands on the map for things: a mark for one, a count for several, squares of a heat map, circles of hot spots.

import { gettext, interpolate, language } from "../i18n.js";
import { boundsOf, card, mark, reducedMotion } from "../leaflet_layers.js";

const CLOSE_ZOOM = 17; // as near as a click on a group goes; marks on one spot share a card
const SAME_SPOT_PX = 14;
const GROUP_PX = [32, 56]; // the least and the greatest width of a group
const APART_PX = 4; // groups nearer than that to touching become one
const HEAT_STEPS = 7;

export const number = (count) => count.toLocaleString(language());

/** "12 Activities", as said by marks and lists. */
export const countText = (count, label) => interpolate(gettext("%(label)s: %(count)s"), { label, count: number(count) });

const widthOf = (count) => Math.min(GROUP_PX[1], GROUP_PX[0] + Math.round(12 * Math.log10(count)));

function join(stack, { geometry, properties: { layer, count, bounds } }) {
  const [lon, lat] = geometry.coordinates;
  const [west, south, east, north] = bounds ?? [lon, lat, lon, lat];
  stack.count += count;
  stack.counts[layer] = (stack.counts[layer] ?? 0) + count;
  stack.bounds = [
    Math.min(west, stack.bounds[0]),
    Math.min(south, stack.bounds[1]),
    Math.max(east, stack.bounds[2]),
    Math.max(north, stack.bounds[3]),
  ];
}

/**
 * Groups whose marks would cover each other as one, the greatest first, with the single things that would lie below them; the others stand
 * `apart`. `pointOf([lon, lat])` gives the place on the screen.
 */
export function stacked(groups, singles, pointOf) {
  const stacks = [];
  const under = (feature, width) => {
    const point = pointOf(feature.geometry.coordinates);
    return stacks.find((stack) => Math.hypot(stack.point.x - point.x, stack.point.y - point.y) < (widthOf(stack.count) + width) / 2 - APART_PX);
  };
  for (const feature of groups.toSorted((one, other) => other.properties.count - one.properties.count)) {
    const { coordinates } = feature.geometry;
    const stack = under(feature, widthOf(feature.properties.count));
    if (stack) join(stack, feature);
    else stacks.push({ place: coordinates, point: pointOf(coordinates), count: 0, counts: {}, bounds: [180, 90, -180, -90] });
    if (!stack) join(stacks.at(-1), feature);
  }
  const apart = [];
  for (const feature of singles) {
    const stack = under(feature, 0);
    if (stack) join(stack, feature);
    else apart.push(feature);
  }
  return { stacks, apart };
}

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
    const { stacks, apart } = stacked(groups, single, ([lon, lat]) => this.map.latLngToLayerPoint([lat, lon]));
    for (const stack of stacks) this.group.addLayer(this.groupMark(stack));
    for (const { properties } of single) if (properties.outline) this.group.addLayer(this.outline(properties));
    for (const spot of this.spots(apart)) this.group.addLayer(this.spotMark(spot));
  }

  outline({ outline, layer }) {
    return L.geoJSON(outline, { interactive: false, style: { className: `map-outline map-layer-${layer}` } });
  }

  /** A group, in the colour of its layer; of several layers with a ring that shows how many are of each. */
  groupMark({ place: [lon, lat], count, counts, bounds }) {
    const layers = Object.keys(counts);
    const title = layers.map((layer) => countText(counts[layer], this.labels[layer])).join(" · ");
    const size = widthOf(count);
    const className = layers.length === 1 ? `map-count map-layer-${layers[0]}` : "map-count map-mixed";
    const face = mark({ lat, lon }, { className, size, text: number(count), title, ring: layers.length > 1 && counts });
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
    const spot = mark({ lat, lon }, { ...look, title }).bindPopup(() => card(things), { minWidth: 190, autoPanPaddingTopLeft: [64, 72] });
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

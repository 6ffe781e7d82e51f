// The part that draws and bends outlines. It is large and adds itself to the page's one Leaflet: import it when somebody first draws.

import "@geoman-io/leaflet-geoman-free";

/** Lets a map, or what lies on it, be drawn upon though it was there first. */
export function makeDrawable(part) {
  L.PM.reInitLayer(part);
}

// The form of a post: its position by the phone of whoever stands there.
import { gettext, interpolate } from "./lib/i18n.js";
import { watchPosition } from "./lib/position.js";

const element = (id) => document.getElementById(id);

function found({ lat, lon, accuracy }) {
  element("id_lat").value = lat;
  element("id_lon").value = lon;
  element("here-state").textContent = interpolate(gettext("Position sure within %(metres)s m"), { metres: Math.round(accuracy) });
}

element("here").addEventListener("click", () => {
  element("here-state").textContent = gettext("Looking for the position …");
  watchPosition(found, () => {
    element("here-state").textContent = gettext("There is no position: allow it in the browser's settings, or write it by hand.");
  });
});

// An entry of a register: its map, and on its form the pin, or the position of who stands before the door.

import { gettext, interpolate } from "./lib/i18n.js";
import { startPinMap } from "./lib/pin_map.js";
import { watchPosition } from "./lib/position.js";
import { startReportMap } from "./lib/report_map.js";

if (document.getElementById("report-map-data")) startReportMap();
const pin = document.getElementById("pin-map-data") && startPinMap(JSON.parse(document.getElementById("pin-map-data").textContent));

const button = document.querySelector("[data-here]");
const status = document.querySelector("[data-here-status]");
const field = (name) => document.getElementById(`id_${name}`);

function fill({ lat, lon, accuracy }) {
  field("lat").value = lat;
  field("lon").value = lon;
  pin?.show();
  status.textContent = interpolate(gettext("Sure within %(metres)s m"), { metres: Math.round(accuracy) });
}

function say(trouble) {
  status.textContent =
    trouble === "denied" ? gettext("The phone does not give its position to this page. Allow it in the browser.") : gettext("No position found.");
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => watchPosition(fill, say));
}

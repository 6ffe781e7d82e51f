// The form's part "where": position, village, pin.

import { gettext, interpolate } from "./i18n.js";
import { areaAt, locate, metresTo, watchAreas } from "./places.js";
import { watchPosition } from "./position.js";
import { SmallMap } from "./small_map.js";

const ASK_AGAIN_MS = 1500;

const element = (id) => document.getElementById(id);

export class Where {
  /** `onChange` is called whenever position or village change; `served`: whose villages these are, as the API is asked. */
  constructor(user, onChange, served = "") {
    this.served = served;
    this.user = user;
    this.onChange = onChange;
    this.features = [];
    this.held = [];
    this.location = null;
    this.area = "";
    this.names = {};
    this.trouble = "";
    this.map = new SmallMap(element("where-map"), (place) => this.pinned(place));
    element("pin").addEventListener("click", () => this.togglePin());
    element("area").addEventListener("change", (event) => this.chosen(event.target.value));
  }

  /** Takes over what a draft or report holds; looks for the phone's own position only when asked to. */
  start({ location, area, outside_reason }, isWatching) {
    if (element("outside")) element("outside_reason").value = outside_reason ?? "";
    this.location = location;
    this.area = area;
    if (location) this.map.show(location);
    this.stop = isWatching
      ? watchPosition(
          (fix) => this.fixed(fix),
          (trouble) => this.failed(trouble),
        )
      : () => {};
    if (!isWatching && !location) this.trouble = "none";
    if (location) this.findVillage();
    this.render();
    watchAreas(this.user, (areas) => this.known(areas), this.served);
  }

  read() {
    const reason = this.isOutside ? (element("outside_reason")?.value ?? "") : "";
    return { location: this.location, area: this.area, outside_reason: reason };
  }

  known({ held, around }) {
    this.features = [...held, ...around];
    this.held = held;
    for (const { properties } of this.features) this.names[properties.code] ??= properties.name;
    this.map.drawAreas(held, around);
    const options = (features) => features.map(({ properties }) => new Option(properties.name, properties.code));
    element("area-held").replaceChildren(...options(held));
    element("area-around").replaceChildren(...options(around));
    if (!this.area && !this.location && held.length === 1) this.area = held[0].properties.code;
    if (this.location) this.findVillage();
    this.render();
  }

  fixed(fix) {
    this.trouble = "";
    this.location = fix;
    this.map.show(fix);
    this.findVillage();
    this.render();
  }

  failed(trouble) {
    if (this.location) return;
    this.trouble = trouble;
    this.render();
  }

  pinned(place) {
    this.stop();
    this.location = place;
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.findVillage(), ASK_AGAIN_MS);
    this.findHere();
    this.render();
  }

  chosen(code) {
    this.area = code;
    this.render();
  }

  /** A village that comes with the household: taken only while the phone knows nothing better. */
  suggestArea(code) {
    if (this.location || !code) return;
    this.area = code;
    this.render();
  }

  /** The village by the shapes on the phone: at once, and without network. */
  findHere() {
    const found = areaAt(this.features, this.location);
    if (found) this.area = found.properties.code;
    return found;
  }

  async findVillage() {
    const asked = this.location;
    if (!this.findHere()) this.area = "";
    this.asked = asked;
    this.render();
    const village = await locate(asked).catch(() => null);
    if (asked !== this.location) return; // a later place is asked for by itself
    this.asked = null;
    if (village) {
      this.area = village.code;
      this.names[village.code] = village.name;
    }
    this.render();
  }

  togglePin() {
    const isOn = element("pin").getAttribute("aria-pressed") !== "true";
    element("pin").setAttribute("aria-pressed", String(isOn));
    element("pin").textContent = isOn ? gettext("Pin is right") : this.pinLabel();
    if (isOn) this.stop();
    this.map.setPinMode(isOn);
    if (isOn) element("where-map").focus();
    this.render();
  }

  pinLabel() {
    return this.location ? gettext("Move pin") : gettext("Place a pin");
  }

  /** As the server judges it: farther from every area held than the position is unsure of itself; by the village where there is none. */
  get isOutside() {
    if (!this.held.length || !(this.location || this.area)) return false;
    const shaped = this.held.filter(({ geometry }) => geometry);
    if (!this.location || !shaped.length)
      return !this.held.some(({ properties: { code } }) => code === this.area || code.startsWith(`${this.area}.`));
    return shaped.every(({ geometry }) => metresTo(geometry, this.location) > (this.location.accuracy ?? 0));
  }

  get name() {
    return this.names[this.area] ?? this.area;
  }

  /** The village that the position lies in, which the server files the report under; empty while it is only chosen. */
  get standing() {
    return this.location ? this.area : "";
  }

  /** The bare name of a village, without its district; empty where the phone does not know it. */
  nameOf(code) {
    return this.features.find(({ properties }) => properties.code === code)?.properties.name ?? this.names[code] ?? "";
  }

  title() {
    if (this.area) return this.name;
    if (this.location) return this.asked === this.location ? gettext("Finding the village …") : gettext("Village is found when it is sent");
    return this.trouble ? gettext("Choose the village") : gettext("Looking for the position …");
  }

  meta() {
    if (this.location?.accuracy) return interpolate(gettext("Accuracy %(metres)s m · automatic"), { metres: Math.round(this.location.accuracy) });
    if (this.location) return gettext("Pin set by hand");
    if (this.served) return gettext("As the paper says: choose the village, or place the pin.");
    if (this.trouble === "denied") return gettext("No permission for the position · position to follow");
    return this.trouble || this.area ? gettext("Position to follow") : gettext("You can go on meanwhile.");
  }

  render() {
    element("where-village").textContent = this.title();
    element("where-meta").textContent = this.meta();
    if (!this.map.pinMode) element("pin").textContent = this.pinLabel();
    element("where-choice").hidden = Boolean(this.location) || !this.trouble;
    element("area").value = this.area;
    if (element("outside")) element("outside").hidden = !this.isOutside;
    this.onChange();
  }
}

// The track of a round, while the officer wants it and the screen is on: a browser stops locating once it is locked.

import { gettext, interpolate } from "./i18n.js";
import { rounded } from "./position.js";
import { extended, lengthOf } from "./rounds.js";

export class Track {
  /** `section` holds the switch, what is said about it, and the hidden input that keeps the points. */
  constructor(section, onChange) {
    this.box = section.querySelector("[data-track-on]");
    this.state = section.querySelector("[data-track-state]");
    this.input = section.querySelector("[name=detail-track]");
    this.onChange = onChange;
    this.box.addEventListener("change", () => (this.box.checked ? this.begin() : this.stop()));
    document.addEventListener("visibilitychange", () => this.watch !== undefined && this.stayAwake());
  }

  get points() {
    return this.input.value ? JSON.parse(this.input.value) : [];
  }

  begin() {
    if (!navigator.geolocation) return this.failed();
    const options = { enableHighAccuracy: true, maximumAge: 5000 };
    this.watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.moved(rounded(coords)),
      (error) => error.code === error.PERMISSION_DENIED && this.failed(), // anything else passes: the next fix may come
      options,
    );
    this.stayAwake();
    return this.render();
  }

  /** Where the browser has no wake lock, or is short of battery, the screen goes dark in its own time. */
  async stayAwake() {
    if (document.visibilityState !== "visible") return;
    this.awake = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  stop() {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    this.watch = undefined;
    this.awake?.release();
    this.render();
  }

  failed() {
    this.box.checked = false;
    this.stop();
    this.state.textContent = gettext("The track needs the position: allow it in the browser's settings.");
  }

  moved(fix) {
    const before = this.points;
    const track = extended(before, fix);
    if (track === before) return;
    this.input.value = JSON.stringify(track);
    this.render();
    this.onChange();
  }

  render() {
    const { points } = this;
    const told = { points: points.length, metres: Math.round(lengthOf(points)) };
    this.state.textContent = points.length ? interpolate(gettext("%(points)s points · about %(metres)s m"), told) : "";
  }
}

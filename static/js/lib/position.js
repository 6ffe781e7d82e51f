// Where the phone is. A fix is a gift that may come late or never: nothing waits for it.

const GOOD_ENOUGH_M = 15;
const GIVE_UP_MS = 60_000;

/** Six decimals are 11 cm: more would only pretend. */
export function rounded({ latitude, longitude, accuracy }) {
  return { lat: Number(latitude.toFixed(6)), lon: Number(longitude.toFixed(6)), accuracy: Math.round(accuracy * 10) / 10 };
}

/**
 * Calls `onFix({lat, lon, accuracy})` with each better fix, and `onTrouble("denied" | "unavailable")` when none will come.
 * Stops by itself at a good fix or after a minute, unless told otherwise. Returns a function that stops it.
 */
export function watchPosition(onFix, onTrouble, giveUpMs = GIVE_UP_MS) {
  const geolocation = globalThis.navigator?.geolocation;
  if (!geolocation || globalThis.isSecureContext === false) {
    onTrouble("unavailable");
    return () => {};
  }
  let best = Number.POSITIVE_INFINITY;
  const stop = () => {
    geolocation.clearWatch(watch);
    clearTimeout(clock);
  };
  const found = ({ coords }) => {
    if (coords.accuracy >= best) return;
    best = coords.accuracy;
    onFix(rounded(coords));
    if (best <= GOOD_ENOUGH_M) stop();
  };
  const failed = (error) => {
    if (error.code === error.PERMISSION_DENIED) stop();
    if (best === Number.POSITIVE_INFINITY) onTrouble(error.code === error.PERMISSION_DENIED ? "denied" : "unavailable");
  };
  const watch = geolocation.watchPosition(found, failed, { enableHighAccuracy: true, timeout: 30_000, maximumAge: 15_000 });
  const clock = setTimeout(stop, giveUpMs);
  return stop;
}

/** Metres between two {lat, lon}; good to a fraction of a percent over the length of a district. */
export function metresBetween(a, b) {
  const radians = Math.PI / 180;
  const x = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  const y = (b.lat - a.lat) * radians;
  return Math.hypot(x, y) * 6_371_000;
}

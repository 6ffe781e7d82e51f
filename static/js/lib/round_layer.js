// A patrol on a map: its points by their numbers, and its track.

function numbered(number) {
  return L.divIcon({ className: "map-mark", iconSize: [26, 26], html: `<span class="map-count map-point">${number}</span>` });
}

/** A layer of the points that have a position, {lat, lon} or null, and of the track as [lon, lat]; null where there is nothing to draw. */
export function roundLayer(places, track) {
  const marks = places.flatMap((place, index) =>
    place ? [L.marker([place.lat, place.lon], { icon: numbered(index + 1), interactive: false })] : [],
  );
  const path = track.map(([lon, lat]) => [lat, lon]);
  const lines = path.length ? [L.polyline(path, { className: "map-track", interactive: false })] : [];
  return marks.length || lines.length ? L.featureGroup([...lines, ...marks]) : null;
}

"""Points of a GeoJSON file as the rows of a table of potentials: OpenStreetMap and others name things in words of their own."""

import json
import math
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from polmas.summaries.imports.sheets import LONGEST_CELL, MOST_ROWS, STRANGE, Row

NAMES = ("nama", "name", "title")
KINDS = ("jenis", "kind", "amenity", "shop", "type")
IDS = ("osm_id", "@id", "id", "full_id")
OSM_IDS = ("osm_id", "@id", "full_id")
OSM, OTHER = "OpenStreetMap", "GeoJSON"
# What sources call a kind, in small letters, and the code of POTENTIAL_PLACE.
KNOWN = {
    "PAUD": ("paud", "tk", "kindergarten"),
    "SEKOLAH": ("sd", "mi", "smp", "mts", "sma", "smk", "ma", "sekolah", "school"),
    "KAMPUS": ("kampus", "universitas", "university", "college"),
    "PESANTREN": ("pesantren",),
    "TEMPAT_IBADAH": ("masjid", "musala", "gereja", "pura", "vihara", "kelenteng", "place_of_worship"),
    "PERBANKAN": ("bank", "atm"),
    "KESEHATAN": ("klinik", "puskesmas", "rs", "rumah sakit", "apotek", "clinic", "hospital", "doctors"),
    "MINIMARKET": ("minimarket", "convenience", "supermarket"),
    "PASAR": ("pasar", "marketplace"),
    "PERTOKOAN": ("mal", "mall", "pertokoan"),
    "HALTE": ("halte", "bus_stop"),
    "TERMINAL": ("terminal", "stasiun", "bus_station", "station"),
    "SPBU": ("spbu", "fuel"),
    "TOL": ("tol", "gerbang tol", "toll_booth"),
    "KANTOR_PUBLIK": ("kantor", "townhall", "government"),
    "KANTOR_POLISI": ("polisi", "police"),
}
CODES = {word: code for code, words in KNOWN.items() for word in words}


def is_geojson(file) -> bool:
    """Whether an open file begins as a JSON object does."""
    start = file.read(64)
    file.seek(0)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read(file) -> list[Row]:
    """A row for each feature, by its number in the file. Raises ValidationError where the file as a whole cannot be taken."""
    try:
        said = json.loads(file.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This file is no GeoJSON text. Choose a file that ends in .geojson or .json.")) from error
    features = said.get("features") if isinstance(said, dict) else None
    if not isinstance(features, list) or not features:
        raise ValidationError(_("The file holds no points."))
    if len(features) > MOST_ROWS:
        raise ValidationError(_("More than %(most)d rows. Split the file.") % {"most": MOST_ROWS})
    return [_row(number, feature) for number, feature in enumerate(features, 1)]


def _row(number, feature) -> Row:
    row = Row(number, {})
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    said = {str(name).casefold(): value for name, value in properties.items()} if isinstance(properties, dict) else {}
    lon, lat = _point(feature.get("geometry"))
    if lat is None:
        row.refuse("Lintang", _("This feature is no point."))
    external, source = _source(said, feature)
    kind = _text(said, KINDS)
    cells: dict[str, str] = {"name": _text(said, NAMES), "kind": CODES.get(kind.casefold(), kind), "external_id": external, "source": source}
    row.cells = {**cells, "area": "", "lat": "" if lat is None else repr(lat), "lon": "" if lon is None else repr(lon)}
    return row


def _point(geometry) -> tuple[float | None, float | None]:
    places = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(places, list) or len(places) < 2:
        return None, None
    lon, lat = places[:2]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < 1e6 for number in (lon, lat)):
        return None, None
    return (float(lon), float(lat)) if math.isfinite(lon) and math.isfinite(lat) else (None, None)


def _source(said, feature) -> tuple[str, str]:
    """The number of the feature at its source, and which that is."""
    external = _text(said, IDS) or _text({"id": feature.get("id")}, ("id",))
    source = _text(said, ("sumber", "source"))
    is_osm = any(said.get(name) for name in OSM_IDS)
    return external[:80], (source or (OSM if is_osm else OTHER))[:60]


def _text(said: dict[str, Any], names) -> str:
    """The first of these that says something, as one line."""
    for name in names:
        value = said.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and (text := " ".join(str(value).split())):
            return STRANGE.sub("?", text)[:LONGEST_CELL]
    return ""

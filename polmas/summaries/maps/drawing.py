"""The map on paper: areas and layers of a part of it as an SVG that needs nothing from outside, and the list of what stands on it."""

import dataclasses
import datetime
import math
from collections.abc import Iterable, Iterator

from django.utils import timezone

from polmas.people.models import User
from polmas.people.periods import Period
from polmas.summaries.maps.clusters import View, clusters
from polmas.summaries.maps.layers import LAYERS, Asked, Layer, may_see_map
from polmas.summaries.maps.outlines import areas_in_view

WIDTH, HEIGHT = 1000, 640  # of the drawing, in its own units
LEAST_RADIANS = 1e-6  # about six metres: a smaller box is drawn as that
EARTH_M = 6_378_137  # radius of Web Mercator
MOST_LISTED = 60
NAME_ROOM = 7  # units that a letter of an area's name takes
SCALES_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000)
# The layers' colours, as on the screen: static/css/_map.scss.
COLOURS = {
    "visits": "#275785",
    "problems": "#8a5a00",
    "incidents": "#a32e22",
    "potentials": "#256b44",
    "posts": "#4a3222",
    "people": "#6b3f86",
    "groups": "#0f6b70",
    "communities": "#7a4a1e",
}


@dataclasses.dataclass(frozen=True)
class Sheet:
    """Where degrees come to lie on the drawing: Web Mercator, the box widened to the drawing's shape."""

    west: float
    north: float
    scale: float  # units of the drawing for one radian

    @classmethod
    def of(cls, bbox: tuple[float, float, float, float]) -> "Sheet":
        west, south, east, north = bbox
        left, right, bottom, top = math.radians(west), math.radians(east), _mercator(south), _mercator(north)
        scale = min(WIDTH / max(right - left, LEAST_RADIANS), HEIGHT / max(top - bottom, LEAST_RADIANS))
        return cls((left + right) / 2 - WIDTH / 2 / scale, (top + bottom) / 2 + HEIGHT / 2 / scale, scale)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return round((math.radians(lon) - self.west) * self.scale, 1), round((self.north - _mercator(lat)) * self.scale, 1)

    def path(self, geometry: dict) -> str:
        """The outline of a GeoJSON geometry as SVG draws it."""
        return "".join("M" + "L".join(f"{x} {y}" for x, y in (self.at(*point[:2]) for point in ring)) + "Z" for ring in _rings(geometry))

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """What the whole drawing shows, in degrees."""
        south, north = (math.degrees(math.atan(math.sinh(y))) for y in (self.north - HEIGHT / self.scale, self.north))
        return math.degrees(self.west), south, math.degrees(self.west + WIDTH / self.scale), north

    @property
    def bar(self) -> dict:
        """The longest round length that takes at most a quarter of the width, on the middle of the sheet."""
        middle = math.cos(math.atan(math.sinh(self.north - HEIGHT / 2 / self.scale)))
        units = self.scale / (EARTH_M * middle)  # for a metre
        metres = max((length for length in SCALES_M if length * units <= WIDTH / 4), default=SCALES_M[0])
        return {"width": round(metres * units, 1), "label": f"{metres} m" if metres < 1000 else f"{metres // 1000} km"}


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat)))))


def _rings(geometry: dict) -> Iterator[list]:
    if geometry["type"] == "Polygon":
        yield from geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon
    elif geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings(part)


def drawing(user, layers: Iterable[Layer], asked: Asked, view: View) -> dict:
    """What the SVG and the list beside it need: areas, marks numbered as they are listed, a legend with counts, and a scale."""
    sheet = Sheet.of(view.bbox)
    whole = View(sheet.bbox, view.zoom)
    layers = list(layers)
    found = [feature for layer in layers for feature in clusters(layer, layer.shown(user, asked), whole)]
    singles = [feature for feature in found if feature["properties"]["count"] == 1]
    listed = {id(feature): number for number, feature in enumerate(singles[:MOST_LISTED], 1)}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "areas": [_area(sheet, feature) for feature in areas_in_view(user, whole)["features"]],
        "outlines": [_outline(sheet, feature) for feature in singles if "outline" in feature["properties"]],
        "marks": [_mark(sheet, feature, listed.get(id(feature))) for feature in found],
        "has_groups": len(found) > len(singles),
        "listed": [{"number": number, **feature["properties"]} for number, feature in enumerate(singles[:MOST_LISTED], 1)],
        "unlisted": max(0, len(singles) - MOST_LISTED),
        "legend": [{"label": layer.label, "colour": COLOURS[layer.name], "count": _count(found, layer)} for layer in layers],
        "bar": sheet.bar,
        "drawn_at": timezone.now(),
    }


def _count(features, layer) -> int:
    return sum(feature["properties"]["count"] for feature in features if feature["properties"]["layer"] == layer.name)


def _area(sheet: Sheet, feature: dict) -> dict:
    """With its name in the middle of its box, where it has room for it."""
    points = [sheet.at(*point[:2]) for ring in _rings(feature["geometry"]) for point in ring]
    left, right = min(x for x, _y in points), max(x for x, _y in points)
    top, bottom = min(y for _x, y in points), max(y for _x, y in points)
    name = feature["properties"]["name"]
    fits = right - left > len(name) * NAME_ROOM
    middle = {"x": round((left + right) / 2, 1), "y": round((top + bottom) / 2, 1)} if fits else {}
    return {"path": sheet.path(feature["geometry"]), "is_own": feature["properties"]["is_own"], "name": name, **middle}


def _outline(sheet: Sheet, feature: dict) -> dict:
    return {"path": sheet.path(feature["properties"]["outline"]), "colour": COLOURS[feature["properties"]["layer"]]}


def _mark(sheet: Sheet, feature: dict, number: int | None) -> dict:
    said = feature["properties"]
    x, y = sheet.at(*feature["geometry"]["coordinates"])
    is_group = said["count"] > 1
    return {
        "x": x,
        "y": y,
        "colour": COLOURS[said["layer"]],
        "is_group": is_group,
        "text": str(said["count"] if is_group else number or ""),
        "radius": min(26, 13 + round(5 * math.log10(said["count"]))),
    }


def drawn(user, options: dict) -> dict:
    """What the page and the paper show of the options, as far as the person may see it."""
    start, end = (datetime.date.fromisoformat(options[name]) for name in ("from", "to"))
    asked = Asked(start, end, {name: frozenset(kinds) for name, kinds in options["kinds"].items()})
    layers = [LAYERS[name] for name in options["layers"]] if may_see_map(user) else []
    view = View(tuple(options["bbox"]), options["zoom"])
    return {"map": drawing(user, layers, asked, view), "period": Period(start, end)}


def paper(user_id: int, options: dict) -> dict:
    """What the worker prints for a person."""
    user = User.objects.get(pk=user_id)
    return {**drawn(user, options), "unit": user.post.unit, "by": user.full_name}

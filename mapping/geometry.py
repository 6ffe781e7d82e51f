"""Points and outlines that people draw or programs send, as GeoJSON (RFC 7946): read, bounded and repaired."""

import json
import math
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import GEOSException, MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mapping.models.areas import in_indonesia

POINT, POLYGON, MULTIPOLYGON = "Point", "Polygon", "MultiPolygon"
SHAPES = (POINT, POLYGON, MULTIPOLYGON)
LONGEST_TEXT = 100_000  # characters
MOST_VERTICES = 500
LARGEST_KM2 = 500
KM_PER_DEGREE = 111.32
DECIMALS = 6  # of a degree: eleven centimetres

Position = tuple[float, float]
Shape = Point | Polygon | MultiPolygon


def geometry_of(value: Any, kinds: Iterable[str] = SHAPES) -> Shape:
    """A point, polygon or multipolygon of one of `kinds` in EPSG:4326, from GeoJSON as text or as read from it.

    Rings are closed and a third coordinate is dropped; an outline that crosses itself is repaired to the polygons that it draws.
    Raises ValidationError with a sentence for whoever drew it.
    """
    said = _read(value)
    if said.get("type") == "Feature":
        said = _read(said.get("geometry"))
    kind = said.get("type")
    if kind not in tuple(kinds):
        raise ValidationError(_("This is no place of the kind that is asked for here."), code="kind")
    try:
        if kind == POINT:
            return _point(said.get("coordinates"))
        polygons = said.get("coordinates") if kind == MULTIPOLYGON else [said.get("coordinates")]
        return _outline(_listed(polygons))
    except (GEOSException, TypeError, OverflowError) as error:
        raise _unreadable() from error


def point_of(text: str) -> Point:
    """The point that somebody typed: latitude first, as maps and phones show it: "-7.0629, 110.4280"."""
    parts = text.replace(";", ",").split(",") if "," in text or ";" in text else text.split()
    if len(parts) == 4:  # decimal commas: "-7,0629, 110,4280"
        parts = [f"{parts[0]}.{parts[1].strip()}", f"{parts[2]}.{parts[3].strip()}"]
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError as error:
        raise ValidationError(_("Write latitude and longitude with a comma between, such as -7.0629, 110.4280."), code="coordinates") from error
    return _point([lon, lat])


def typed(point: Point) -> str:
    """A point as somebody would type it."""
    return f"{point.y:.{DECIMALS}f}, {point.x:.{DECIMALS}f}"


def geojson(geometry: Shape | None) -> dict | None:
    """Longitude first, as RFC 7946 has it, no finer than eleven centimetres."""
    if geometry is None:
        return None
    return {"type": geometry.geom_type, "coordinates": _rounded(geometry.coords)}


def _rounded(part):
    return [_rounded(inner) for inner in part] if isinstance(part, tuple | list) else round(part, DECIMALS)


def _read(value) -> dict:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValidationError(_too_fine(), code="vertices")
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise _unreadable() from error
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def _unreadable() -> ValidationError:
    return ValidationError(_("This place cannot be read. Mark it again."), code="geometry")


def _too_fine() -> str:
    return _("This outline has more than %(most)s corners. Draw it more coarsely.") % {"most": MOST_VERTICES}


def _listed(value) -> list:
    if not isinstance(value, list) or not value:
        raise _unreadable()
    return value


def _position(value) -> Position:
    numbers = _listed(value)
    if len(numbers) < 2 or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers[:2]):
        raise _unreadable()
    lon, lat = float(numbers[0]), float(numbers[1])
    if not (math.isfinite(lon) and math.isfinite(lat) and in_indonesia(lon, lat)):
        raise ValidationError(_("This position lies outside Indonesia."), code="outside")
    return round(lon, DECIMALS), round(lat, DECIMALS)


def _point(coordinates) -> Point:
    return Point(*_position(coordinates), srid=4326)


def _ring(value) -> list[Position]:
    ring = [_position(position) for position in _listed(value)]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    if len(ring) < 4:
        raise ValidationError(_("An outline needs three corners at least."), code="corners")
    return ring


def _outline(polygons: list) -> Polygon | MultiPolygon:
    drawn = [_listed(rings) for rings in polygons]
    if sum(len(_listed(ring)) for rings in drawn for ring in rings) > MOST_VERTICES:
        raise ValidationError(_too_fine(), code="vertices")
    shapes = [Polygon(*(_ring(ring) for ring in rings), srid=4326) for rings in drawn]
    outline = _repaired(shapes[0] if len(shapes) == 1 else MultiPolygon(*shapes, srid=4326))
    if square_kilometres(outline) > LARGEST_KM2:
        raise ValidationError(_("This outline is larger than %(most)s km².") % {"most": LARGEST_KM2}, code="size")
    return outline


def _repaired(outline):
    """The polygons that an outline draws; an outline that encloses nothing is refused."""
    if not outline.valid:
        outline = outline.make_valid()
    polygons = [part for part in _parts(outline) if part.geom_type == POLYGON and part.area > 0]
    if not polygons:
        raise ValidationError(_("This outline encloses no ground."), code="empty")
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(*polygons)
    whole.srid = 4326
    return whole


def _parts(geometry):
    if geometry.geom_type in (MULTIPOLYGON, "GeometryCollection"):
        for part in geometry:
            yield from _parts(part)
    else:
        yield geometry


def square_kilometres(outline) -> float:
    """Good to a percent at the size of a district, which is all that a limit needs."""
    return outline.area * KM_PER_DEGREE**2 * math.cos(math.radians(outline.centroid.y))

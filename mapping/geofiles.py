"""Reads files of boundaries, one feature after the other: GeoJSON by hand, anything else through GDAL.

GeoJSON may come from a browser's upload, so it never reaches GDAL, and it is read piece by piece: the whole country is a
gigabyte of text. Other formats are opened by path alone, by an operator on the machine itself.
"""

import gzip
import json
import math
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from django.contrib.gis.gdal import CoordTransform, DataSource, GDALException, SpatialReference
from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BLOCK = 1 << 20  # characters read at once
LONGEST_FEATURE = 1 << 26  # characters: the most detailed coast of one regency stays far below
FEATURES = re.compile(r'"features"\s*:\s*\[')
BETWEEN = tuple(" \t\r\n,")
GZIP_MAGIC = b"\x1f\x8b"
GDAL_FORMATS = {".shp", ".gpkg", ".zip", ".fgb", ".kml"}


class RefusedError(ValueError):
    """Why one feature is not taken; the rest of the file goes on."""


class Feature(NamedTuple):
    """One feature of a file: its number in the file (from 1), what is said of it, and its geometry as the file gives it."""

    number: int
    properties: dict
    geometry: dict | GEOSGeometry | None


def read_features(file) -> Iterator[Feature]:
    """The features of a path or of an open binary file. Raises ValidationError where the file as a whole cannot be read."""
    path = Path(file) if isinstance(file, str | Path) else None
    try:
        if path and path.suffix.lower() in GDAL_FORMATS:
            yield from _from_gdal(path)
        else:
            with path.open("rb") if path else nullcontext(file) as stream, _as_text(stream) as text:
                yield from _from_geojson(text)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValidationError(_("This file is no GeoJSON text. Choose a file that ends in .geojson or .json.")) from error
    except (OSError, EOFError, zlib.error, GDALException) as error:
        raise ValidationError(_("The file cannot be opened, or is damaged.")) from error


@contextmanager
def _as_text(stream):
    """The text of an open file, unpacked where it is packed by gzip."""
    is_packed = stream.read(2) == GZIP_MAGIC
    stream.seek(0)
    text = TextIOWrapper(gzip.GzipFile(fileobj=stream) if is_packed else stream, encoding="utf-8-sig")
    try:
        yield text
    finally:
        text.detach()


def _whole_number(text) -> int | float:
    """A whole number; one with more digits than Python converts is as good as infinite, and refused where it stands for something."""
    try:
        return int(text)
    except ValueError:
        return math.inf


def _from_geojson(text) -> Iterator[Feature]:
    """Decodes one element of `features` after the other, so that no more than one lies in memory."""
    decoder = json.JSONDecoder(parse_int=_whole_number)
    buffer, place = _start_of_features(text)
    number = 0
    while True:
        while buffer[place : place + 1] in BETWEEN:
            place += 1
        if buffer[place : place + 1] == "]":
            return
        try:
            element, place = decoder.raw_decode(buffer, place)
        except json.JSONDecodeError as error:
            buffer, place = _read_on(text, buffer[place:], error), 0
            continue
        number += 1
        yield _feature(number, element)


def _start_of_features(text):
    buffer = ""
    while not (found := FEATURES.search(buffer)):
        more = text.read(BLOCK)
        if not more or len(buffer) > LONGEST_FEATURE:
            raise ValidationError(_("This file is no GeoJSON with a list of areas (FeatureCollection)."))
        buffer += more
    return buffer, found.end()


def _read_on(text, rest, error):
    """The rest and as much again, so that a long feature is not decoded from its start for each block."""
    more = text.read(max(BLOCK, len(rest)))
    if not more or len(rest) > LONGEST_FEATURE:
        raise ValidationError(_("The file is broken or cut off before its end.")) from error
    return rest + more


def _feature(number, element) -> Feature:
    element = element if isinstance(element, dict) else {}
    properties = element.get("properties")
    return Feature(number, properties if isinstance(properties, dict) else {}, element.get("geometry"))


def _from_gdal(path) -> Iterator[Feature]:
    """Features of a Shapefile (zipped or not), GeoPackage or whatever else this machine's GDAL reads, turned to EPSG:4326."""
    layer = DataSource(f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path))[0]
    wgs84 = SpatialReference("WGS84")
    turn = CoordTransform(layer.srs, wgs84) if layer.srs else None
    for number, feature in enumerate(layer, start=1):
        try:
            geometry = feature.geom
            if turn:
                geometry.transform(turn)
            shape = GEOSGeometry(memoryview(geometry.wkb))
        except (GDALException, GEOSException):
            shape = None
        yield Feature(number, {name: feature.get(name) for name in feature.fields}, shape)


def multipolygon(geometry) -> tuple[MultiPolygon, bool]:
    """The polygons of a geometry as one valid, flat MultiPolygon in EPSG:4326, and whether it had to be repaired.

    Raises RefusedError, with the reason, for anything that holds no polygon.
    """
    is_closed = True
    try:
        if isinstance(geometry, dict):
            geometry, is_closed = _from_coordinates(geometry)
        if geometry is None or geometry.geom_type not in ("Polygon", "MultiPolygon"):
            raise RefusedError(_("no polygon"))
        shape = _flat(geometry)
        is_valid = shape.valid
        polygons = _polygons(shape if is_valid else shape.make_valid())
    except (GEOSException, TypeError, ValueError, KeyError, OverflowError, struct.error) as error:
        raise error if isinstance(error, RefusedError) else RefusedError(_("its coordinates cannot be read")) from error
    if not polygons:
        raise RefusedError(_("nothing of its shape is left after repair"))
    return MultiPolygon(polygons, srid=4326), not (is_valid and is_closed)


def _flat(geometry):
    """The geometry without heights."""
    if geometry.hasz:
        return GEOSGeometry(memoryview(_polygons_wkb([polygon.coords for polygon in _polygons(geometry)])[0]))
    return geometry


def _polygons(geometry) -> list[Polygon]:
    """The polygons in a geometry: what repair makes of a bow tie may hold lines and points too, which are let go."""
    if geometry.geom_type == "Polygon":
        return [] if geometry.empty else [geometry]
    if geometry.geom_type in ("MultiPolygon", "GeometryCollection"):
        return [polygon for part in geometry for polygon in _polygons(part)]
    return []


def _from_coordinates(geometry: dict):
    """A GEOS geometry of a GeoJSON polygon, and whether all its rings came closed. Written as WKB: point by point takes minutes for a country."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise RefusedError(_("no polygon"))
    wkb, is_closed = _polygons_wkb([coordinates] if kind == "Polygon" else coordinates)
    return GEOSGeometry(memoryview(wkb)), is_closed


def _polygons_wkb(polygons) -> tuple[bytes, bool]:
    """Well-known binary of a MultiPolygon (OGC 06-103r4, 8.2), little-endian; open rings are closed."""
    parts, is_closed = [struct.pack("<BII", 1, 6, len(polygons))], True
    for rings in polygons:
        parts.append(struct.pack("<BII", 1, 3, len(rings)))
        for ring in rings:
            points = [(x, y) for x, y, *_height in ring]
            if points[:1] != points[-1:]:
                points, is_closed = [*points, points[0]], False
            parts += [struct.pack("<I", len(points)), struct.pack(f"<{2 * len(points)}d", *(value for point in points for value in point))]
    return b"".join(parts), is_closed

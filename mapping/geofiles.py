"""Reads files of boundaries, one feature after the other: GeoJSON by hand, Shapefile and GeoPackage through GDAL (packed_files.py).

GeoJSON is read piece by piece: the whole country is a gigabyte of text.
"""

import codecs
import contextlib
import gzip
import json
import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from django.contrib.gis.gdal import CoordTransform, GDALException, SpatialReference
from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mapping.packed_files import DAMAGED, DRIVERS, Feature, Layer, at_path, name_of, read_by_gdal, srs_of_srid, unpacked

BLOCK = 1 << 20  # characters read at once
LONGEST_FEATURE = 1 << 26  # characters: the most detailed coast of one regency stays far below
FEATURES = re.compile(r'"features"\s*:\s*\[')
PROJECTION = re.compile(r'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"[^"]*EPSG:+(?:[0-9.]*:)?([0-9]{4,6})"')
BETWEEN = tuple(" \t\r\n,")
GZIP_MAGIC = b"\x1f\x8b"
MAGICS = {b"PK\x03\x04": ".zip", b"SQLi": ".gpkg", GZIP_MAGIC: "", b"\x00\x00\x27\x0a": ".shp"}
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DEEPEST = 20  # collections within collections
DEGREES = (4326, 4979)


class RefusedError(ValueError):
    """Why one feature is not taken; the rest of the file goes on."""


class Reading(NamedTuple):
    """How a file is read where it does not say so itself, or says it wrongly: its projection, the order of its axes, its letters."""

    srid: int | None = None
    swap_axes: bool = False
    encoding: str = ""
    progress: Callable[[int, int], None] = lambda done, total: None


AS_IT_SAYS = Reading()


def read_features(file, how: Reading = AS_IT_SAYS) -> Iterator[Layer | Feature]:
    """The layers and features of a path or of an open binary file. Raises ValidationError where the file as a whole cannot be read."""
    if how.encoding:
        _check_encoding(how.encoding)
    try:
        yield from _from_path(Path(file), how) if isinstance(file, str | Path) else _from_stream(file, how)
    except RecursionError as error:
        raise ValidationError(_("This file is no GeoJSON text. Choose a file that ends in .geojson or .json.")) from error
    except UnicodeError as error:
        raise ValidationError(_("The text of this file is not in the encoding that was named.")) from error
    except (OSError, EOFError, zlib.error, GDALException) as error:
        raise ValidationError(DAMAGED) from error


def _check_encoding(name):
    try:
        is_text = codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise ValidationError(_("There is no encoding %(name)s; usual ones are utf-8 and cp1252.") % {"name": name[:40]})


def _from_path(path: Path, how) -> Iterator[Layer | Feature]:
    ending = path.suffix.lower()
    if ending in DRIVERS and path.exists():
        yield from read_by_gdal(path, how.srid, how.encoding, how.progress)
    elif ending == ".zip":
        with unpacked(path) as found:
            for part in found:
                yield from _from_path(part, how)
    else:
        with path.open("rb") as stream:
            yield from _from_stream(stream, how, path)


def _from_stream(stream, how, path: Path | None = None) -> Iterator[Layer | Feature]:
    """What an open file holds, by its first bytes: a name may say anything."""
    head = stream.read(4)
    stream.seek(0)
    ending = next((ending for magic, ending in MAGICS.items() if head.startswith(magic)), "")
    if ending:
        with nullcontext(path) if path and path.suffix.lower() == ending else at_path(stream, ending) as place:
            yield from _from_path(place, how)
    else:
        with _as_text(stream, how.encoding) as text:
            yield from _from_geojson(text, how, _Watch(stream, how.progress))


def _as_windows(error):
    """Bytes that are no UTF-8, as Windows-1252 has them: files written by Excel and old GIS carry them in names."""
    raw = error.object[error.start : error.end]
    return raw.decode("cp1252", "replace"), error.end


codecs.register_error("polmas.windows", _as_windows)


@contextmanager
def _as_text(stream, encoding: str):
    """The text of an open file, unpacked where it is packed by gzip."""
    is_packed = stream.read(2) == GZIP_MAGIC
    stream.seek(0)
    bytes_of = gzip.GzipFile(fileobj=stream) if is_packed else stream
    is_wide = bytes_of.read(2) in UTF16
    bytes_of.seek(0)
    name = "utf-16" if is_wide else encoding or "utf-8-sig"
    text = TextIOWrapper(bytes_of, encoding=name, errors="strict" if encoding or is_wide else "polmas.windows")
    try:
        yield text
    finally:
        with contextlib.suppress(ValueError):
            text.detach()


class _Watch:
    """Tells how much of a file was read."""

    def __init__(self, stream, progress):
        self.stream, self.progress = stream, progress
        self.total = stream.seek(0, 2) if progress else 0
        stream.seek(0)

    def tell(self):
        self.progress(self.stream.tell(), self.total)


def _whole_number(text) -> int | float:
    """A whole number; one with more digits than Python converts is as good as infinite, and refused where it stands for something."""
    try:
        return int(text)
    except ValueError:
        return math.inf


def _from_geojson(text, how, watch) -> Iterator[Layer | Feature]:
    """Decodes one element of `features` after the other, so that no more than one lies in memory."""
    decoder = json.JSONDecoder(parse_int=_whole_number)
    buffer, place = _start_of_features(text)
    srs = _srs_of(buffer[:place], how.srid)
    turn = CoordTransform(srs, SpatialReference("WGS84")) if srs else None
    yield Layer([], name_of(srs))
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
            watch.tell()
            continue
        number += 1
        yield _feature(number, element, turn)


def _srs_of(head: str, srid: int | None) -> SpatialReference | None:
    """The projection asked for, or the one that GeoJSON of before 2016 names ahead of its features; None for degrees."""
    named = PROJECTION.search(head)
    number = srid or (int(named[1]) if named else None)
    return srs_of_srid(number) if number and number not in DEGREES else None


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


def _feature(number, element, turn) -> Feature:
    element = element if isinstance(element, dict) else {}
    properties = element.get("properties")
    return Feature(number, properties if isinstance(properties, dict) else {}, element.get("geometry"), turn)


# What GEOS finds wrong with a shape, and what people call it.
FAULTS = (
    ("Hole lies outside", _("a hole lay outside its outline and now counts as a part")),
    ("Self-intersection", _("its rings crossed themselves")),
    ("Ring Self-intersection", _("a ring touched itself")),
    ("Nested", _("parts lay within each other")),
    ("Holes are nested", _("holes lay within each other")),
    ("Too few points", _("a ring had too few points")),
    ("Interior is disconnected", _("its holes cut it in two")),
    ("Duplicate Rings", _("a ring occurred twice")),
)
BROKEN = _("its rings crossed, touched or stayed open")
OPEN = _("a ring was open and has been closed")
MIXED = _("lines or points beside its polygons were left out")


def multipolygon(feature: Feature, swap_axes: bool = False) -> tuple[MultiPolygon, str]:
    """The polygons of a feature as one valid, flat MultiPolygon in EPSG:4326, and what had to be repaired, in words.

    Raises RefusedError, with the reason, for anything that holds no polygon.
    """
    try:
        shape, repairs = _degrees(feature, swap_axes)
        fault = _fault_of(shape)
        polygons = _polygons(shape.make_valid() if fault else shape)
    except (GEOSException, GDALException, TypeError, ValueError, KeyError, OverflowError, struct.error, RecursionError) as error:
        raise error if isinstance(error, RefusedError) else RefusedError(_("its coordinates cannot be read")) from error
    if not polygons:
        raise RefusedError(_("nothing of its shape is left after repair"))
    return MultiPolygon(polygons, srid=4326), "; ".join(map(str, (*repairs, *filter(None, [fault]))))


def _degrees(feature, swap_axes):
    """The polygons as the file has them, flat and in degrees, and what was mended on the way."""
    geometry, repairs = feature.geometry, []
    if isinstance(geometry, dict):
        polygons, is_pure = _polygons_said(geometry)
        wkb, is_closed = _polygons_wkb(polygons, swap_axes)
        geometry = GEOSGeometry(memoryview(wkb))
        repairs += [] if is_closed else [OPEN]
    elif geometry is not None:
        is_pure = geometry.geom_type != "GeometryCollection"
        parts = _polygons(geometry)
        if not parts and not geometry.geom_type.endswith("Polygon"):
            raise RefusedError(_("no polygon"))
        if swap_axes or geometry.hasz or not is_pure:
            geometry = GEOSGeometry(memoryview(_polygons_wkb([polygon.coords for polygon in parts], swap_axes)[0]))
    else:
        raise RefusedError(_("no polygon"))
    if feature.turn:
        geometry.transform(feature.turn)
    return geometry, repairs if is_pure else [*repairs, MIXED]


def _fault_of(shape) -> str:
    """What is wrong with a shape in words; empty where nothing is."""
    if shape.valid:
        return ""
    reason = shape.valid_reason
    if reason.startswith("Invalid Coordinate"):
        raise RefusedError(_("its coordinates cannot be read"))
    return str(next((words for beginning, words in FAULTS if reason.startswith(beginning)), BROKEN))


def _polygons(geometry) -> list[Polygon]:
    """The polygons in a geometry: what repair makes of a bow tie may hold lines and points too, which are let go."""
    if geometry.geom_type == "Polygon":
        return [] if geometry.empty else [geometry]
    if geometry.geom_type in ("MultiPolygon", "GeometryCollection"):
        return [polygon for part in geometry for polygon in _polygons(part)]
    return []


def _polygons_said(geometry: dict, depth: int = 0) -> tuple[list, bool]:
    """The polygons of a GeoJSON geometry as lists of rings, and whether it holds nothing else."""
    kind = geometry.get("type")
    if kind == "Polygon":
        return [geometry.get("coordinates")], True
    if kind == "MultiPolygon":
        return list(geometry["coordinates"]), True
    if kind != "GeometryCollection" or depth > DEEPEST:
        raise RefusedError(_("no polygon"))
    found = []
    for part in geometry.get("geometries") or ():
        with contextlib.suppress(RefusedError):
            found += _polygons_said(part, depth + 1)[0]
    if not found:
        raise RefusedError(_("no polygon"))
    return found, False


def _polygons_wkb(polygons, swap_axes: bool = False) -> tuple[bytes, bool]:
    """Well-known binary of a MultiPolygon (OGC 06-103r4, 8.2), little-endian; open rings are closed. Point by point takes minutes for a country."""
    parts, is_closed = [struct.pack("<BII", 1, 6, len(polygons))], True
    for rings in polygons:
        parts.append(struct.pack("<BII", 1, 3, len(rings)))
        for ring in rings:
            points = [(y, x) for x, y, *_height in ring] if swap_axes else [(x, y) for x, y, *_height in ring]
            if points[:1] != points[-1:]:
                points, is_closed = [*points, points[0]], False
            values = [value for point in points for value in point]
            if not math.isfinite(sum(values)):
                raise RefusedError(_("its coordinates cannot be read"))
            parts += [struct.pack("<I", len(points)), struct.pack(f"<{len(values)}d", *values)]
    return b"".join(parts), is_closed

"""Reads one Shapefile or GeoPackage through GDAL, in a process of its own: `python -m mapping.gdal_reader PATH DRIVER`.

GDAL is C that reads strangers' files. Here it opens with one driver alone, within bounds of time and memory, and whatever a broken file
makes of it ends no worker. Each layer goes to the output as a line {"layer", "fields", "wkt", "count"}, each feature as a line
[properties, geometry] with the geometry as flat WKB in base64, and the end as {"end": true}. Texts come as Latin-1: bytes of the file, undecoded.
"""

import base64
import ctypes
import json
import os
import resource
import sys

from django.contrib.gis.gdal import DataSource, Driver, GDALException, OGRGeometry
from django.contrib.gis.gdal.libgdal import lgdal
from django.contrib.gis.gdal.prototypes import ds as vectors
from django.contrib.gis.gdal.prototypes import geom as geometries

MEMORY_BYTES = 4 << 30
CPU_SECONDS = 300
WRITTEN_BYTES = 1 << 28  # an index that a Shapefile came without
CANNOT_OPEN = 3
SHAPEFILE = "ESRI Shapefile"

_flatten = lgdal.OGR_G_FlattenTo2D
_flatten.argtypes, _flatten.restype = [ctypes.c_void_p], None
_straight = lgdal.OGR_G_GetLinearGeometry
_straight.argtypes, _straight.restype = [ctypes.c_void_p, ctypes.c_double, ctypes.c_void_p], ctypes.c_void_p


def main(path: str, driver: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    try:
        source = _opened(path, driver)
        layers = [source[number] for number in range(len(source))]
    except GDALException:
        return CANNOT_OPEN
    for layer in layers:
        _tell({"layer": layer.name, "fields": layer.fields, "wkt": _wkt(layer), "count": len(layer)})
        for feature in layer:
            _tell([_properties(feature), _geometry(feature)])
    _tell({"end": True})
    return 0


def _tell(line) -> None:
    sys.stdout.write(json.dumps(line, default=str) + "\n")


def _opened(path, driver) -> DataSource:
    Driver.ensure_registered()
    drivers = (ctypes.c_char_p * 2)(driver.encode(), None)
    options = (ctypes.c_char_p * 2)(b"ENCODING=", None) if driver == SHAPEFILE else None  # bytes as they are
    pointer = vectors.open_ds(os.fsencode(path), vectors.GDAL_OF_READONLY | vectors.GDAL_OF_VECTOR, drivers, options, None)
    return DataSource(pointer, ctypes.c_void_p(), encoding="latin-1")  # type: ignore[arg-type]  # pointers, which the stubs do not know


def _wkt(layer) -> str | None:
    try:
        return layer.srs.wkt if layer.srs else None
    except GDALException:
        return None


def _properties(feature) -> dict:
    said = {}
    for name in feature.fields:
        try:
            said[name] = feature.get(name)
        except (GDALException, ValueError, OverflowError):
            said[name] = None
    return said


def _geometry(feature) -> str | None:
    """Flat, with straight lines for curves; None where the file has none, or what nothing can be made of."""
    try:
        pointer = geometries.clone_geom(vectors.get_feat_geom_ref(feature.ptr))
        _flatten(pointer)
        return base64.b64encode(bytes(OGRGeometry(_straight(pointer, 0, None) or pointer).wkb)).decode()
    except (GDALException, KeyError, ValueError, ctypes.ArgumentError):
        return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

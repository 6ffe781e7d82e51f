"""Shapefiles, GeoPackages and zipped files of boundaries: unpacked within bounds, read by GDAL in a process of its own."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from django.contrib.gis.gdal import CoordTransform, GDALException, SpatialReference
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DRIVERS = {".shp": "ESRI Shapefile", ".gpkg": "GPKG"}
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
TEXTS = (".geojson", ".json")
UNPACKED_BYTES, MOST_PARTS = 2 << 30, 1000
LONGEST_SECONDS = 600
DAMAGED = _("The file cannot be opened, or is damaged.")


class Feature(NamedTuple):
    """One feature of a file: its number in the file (from 1), what is said of it, its geometry as the file gives it, and how to turn that
    into degrees."""

    number: int
    properties: dict
    geometry: dict | GEOSGeometry | None
    turn: CoordTransform | None = None


class Layer(NamedTuple):
    """The beginning of a layer: its fields in the file's own spelling, and the projection, where the file names one."""

    fields: list[str]
    projection: str = ""


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[list[Path]]:
    """The files with boundaries in a ZIP, in a folder that goes again, under names of ours; the smallest first, as parents are."""
    with tempfile.TemporaryDirectory(prefix="polmas-areas-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                yield _extract(archive, Path(folder))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:  # RuntimeError: it asks for a password
            raise ValidationError(DAMAGED) from error


def _extract(archive: zipfile.ZipFile, folder: Path) -> list[Path]:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise ValidationError(_("This file unpacks to far more than boundaries hold."))
    wanted = (*SHAPEFILE_PARTS, *TEXTS, ".gpkg")
    stems: dict[str, Path] = {}
    found = []
    for part in parts:
        name = PurePosixPath(part.filename.replace("\\", "/"))
        ending = name.suffix.lower()
        if ending not in wanted or name.name.startswith(".") or "__MACOSX" in name.parts:
            continue
        stem = stems.setdefault(str(name.with_suffix("")).casefold(), folder / str(len(stems)))
        target = stem.with_suffix(ending)
        with archive.open(part) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
        if ending in (*DRIVERS, *TEXTS):
            found.append(target)
    if not found:
        raise ValidationError(_("The ZIP holds no Shapefile, GeoPackage or GeoJSON."))
    return sorted(found, key=lambda file: file.stat().st_size)


@contextlib.contextmanager
def at_path(stream: IO[bytes], ending: str) -> Iterator[Path]:
    """An open file as a path on this machine, for libraries that read no streams."""
    with tempfile.TemporaryDirectory(prefix="polmas-areas-") as folder:
        path = Path(folder) / f"0{ending}"
        with path.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
        yield path


def read_by_gdal(path: Path, srid: int | None, encoding: str, progress: Callable[[int, int], None]) -> Iterator[Layer | Feature]:
    """The layers and features of one file. Raises ValidationError where it cannot be opened, or GDAL ends before the file does."""
    number, total = 0, 0
    turn: CoordTransform | None = None
    for line in _lines_of(path, DRIVERS[path.suffix.lower()]):
        if isinstance(line, dict):
            srs = _srs_of(line["wkt"], srid)
            turn = CoordTransform(srs, SpatialReference("WGS84")) if srs else None
            total += max(0, line["count"])
            yield Layer([decoded(name, encoding) for name in line["fields"]], name_of(srs))
            continue
        number += 1
        if number % 100 == 0:
            progress(number, total)
        said, wkb = line
        properties = {decoded(name, encoding): decoded(value, encoding) for name, value in said.items()}
        yield Feature(number, properties, wkb and _geometry(wkb), turn)


def _lines_of(path: Path, driver: str) -> Iterator[Any]:
    """What the reading process says; its last line is missing where it was broken off."""
    command = [sys.executable, "-m", "mapping.gdal_reader", str(path.resolve()), driver]
    has_index = any(path.with_suffix(ending).exists() for ending in (".shx", ".SHX"))
    environment = {**os.environ, "SHAPE_RESTORE_SHX": "NO" if has_index else "YES", "CPL_LOG": os.devnull, "PYTHONIOENCODING": "utf-8"}
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        clock = threading.Timer(LONGEST_SECONDS, process.kill)
        clock.start()
        try:
            for text in process.stdout or ():
                line = json.loads(text)
                if isinstance(line, dict) and "end" in line:
                    return
                yield line
        except ValueError as error:
            raise ValidationError(DAMAGED) from error
        finally:
            clock.cancel()
            process.kill()
    raise ValidationError(DAMAGED)


def _srs_of(wkt: str | None, srid: int | None) -> SpatialReference | None:
    if srid:
        return srs_of_srid(srid)
    try:
        return SpatialReference(wkt) if wkt else None
    except GDALException:
        return None


def name_of(srs: SpatialReference | None) -> str:
    return (srs.name or "") if srs else ""


def srs_of_srid(srid: int) -> SpatialReference:
    """The projection of an EPSG number. Raises ValidationError for one that does not exist."""
    try:
        return SpatialReference(srid)
    except (GDALException, TypeError, OverflowError) as error:
        raise ValidationError(_("There is no projection EPSG:%(srid)s.") % {"srid": srid}) from error


def _geometry(wkb: str) -> GEOSGeometry | None:
    try:
        return GEOSGeometry(memoryview(base64.b64decode(wkb)))
    except (GEOSException, ValueError):
        return None


def decoded(value, encoding: str = ""):
    """A text of the reading process, by the encoding named; without one as UTF-8 where it is that, else as Windows-1252."""
    if not isinstance(value, str):
        return value
    raw = value.encode("latin-1", "replace")
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    return raw.decode(encoding or "latin-1", "replace")

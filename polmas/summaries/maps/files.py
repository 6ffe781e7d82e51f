"""Layers as files: GeoJSON, CSV, XLSX and Shapefile. Each writer takes features one by one, so that a file may be long."""

import dataclasses
import datetime
import itertools
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.contrib.gis.geos import GEOSGeometry, Point

from polmas.people import sheets
from polmas.people.sheets import Cell, harmless

IN_MEMORY = 8 * 1024 * 1024  # bytes; what is longer waits on disk
FIELD_NAME = 10  # characters of a column's name in a DBF
TEXT = 254  # characters of a text in it
# ESRI's words for EPSG:4326.
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


@dataclasses.dataclass(frozen=True)
class Feature:
    """One thing with what is said of it, by heading, and where it lies (None where nobody knows)."""

    facts: dict[str, Cell]
    geometry: GEOSGeometry | None


def geojson(features: Iterable[Feature], title: str) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever stores it closes it
    file.write(f'{{"type":"FeatureCollection","name":{json.dumps(title)},"features":['.encode())
    for number, feature in enumerate(features):
        shape = json.loads(feature.geometry.json) if feature.geometry else None
        said = {"type": "Feature", "geometry": shape, "properties": {name: plain(cell) for name, cell in feature.facts.items()}}
        file.write(f"{',' if number else ''}\n{json.dumps(said, ensure_ascii=False)}".encode())
    file.write(b"\n]}\n")
    return file


def plain(cell: Cell) -> Any:
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def csv(features: Iterable[Feature], title: str) -> IO[bytes]:
    heads, rows = table(features)
    return sheets.as_csv(heads, rows)


def xlsx(features: Iterable[Feature], title: str) -> IO[bytes]:
    heads, rows = table(features)
    return sheets.as_xlsx(title, heads, rows)


def table(features: Iterable[Feature]) -> tuple[list[str], Iterator[list]]:
    """Headings and rows; the place as degrees of a point of it."""
    features = iter(features)
    first = next(features, None)
    heads = [*(first.facts if first else ()), "lat", "lon"]
    return heads, (cells(feature) for feature in itertools.chain([first] if first else [], features))


def cells(feature: Feature) -> list:
    middle = feature.geometry and feature.geometry.point_on_surface
    return [*feature.facts.values(), *((degree(middle.y), degree(middle.x)) if isinstance(middle, Point) else (None, None))]


def degree(value: float) -> Decimal:
    """To eleven centimetres."""
    return Decimal(f"{value:.6f}")


def shapefile(features: Iterable[Feature], title: str) -> IO[bytes]:
    """A ZIP with one Shapefile of points and one of outlines, as far as there are any: a Shapefile holds one kind of shape."""
    with tempfile.TemporaryDirectory() as folder:
        writers: dict[str, Any] = {}
        for feature in features:
            if feature.geometry:
                _write(writers, Path(folder), feature.geometry, feature.facts)
        for writer in writers.values():
            writer.close()
        return _zipped(Path(folder))


def _write(writers: dict, folder: Path, geometry: GEOSGeometry, facts: dict[str, Cell]) -> None:
    import shapefile as pyshp  # imported where used: a web process stays small

    part = "titik" if geometry.geom_type == "Point" else "bidang"
    if part not in writers:
        writers[part] = pyshp.Writer(str(folder / part), encoding="utf-8")
        for name, cell in facts.items():
            writers[part].field(name[:FIELD_NAME], *_dbf_type(cell))
    writers[part].shape(json.loads(geometry.json))
    writers[part].record(*(_dbf(cell) for cell in facts.values()))


def _dbf_type(cell: Cell) -> tuple:
    return ("N", 18, 0) if isinstance(cell, int) else ("C", TEXT)


def _dbf(cell: Cell):
    text = harmless("" if cell is None else plain(cell))
    return text.encode()[:TEXT].decode(errors="ignore") if isinstance(text, str) else text


def _zipped(folder: Path) -> IO[bytes]:
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever stores it closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
        for part in sorted({path.stem for path in folder.iterdir()}):
            archive.writestr(f"{part}.prj", WGS84)
            archive.writestr(f"{part}.cpg", "UTF-8")
    return out


WRITERS = {"geojson": geojson, "csv": csv, "xlsx": xlsx, "zip": shapefile}

"""Shapefiles and GeoPackages of a few polygons, written byte by byte: no library of the project writes them."""

import contextlib
import sqlite3
import struct
import zipfile
from pathlib import Path

from django.contrib.gis.gdal import SpatialReference
from django.contrib.gis.geos import Polygon

POLYGON, POLYGON_Z = 5, 15
WIDTH = 60  # bytes of a text in a DBF
# A table of no rows and no fields.
DBF_ONLY = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, 0, 33, 1) + b"\r"


def shapefile(folder: Path, name: str, rows, wkt: str, encoding="utf-8", is_zipped=False, has_heights=False) -> Path:
    """The path of a Shapefile (ESRI white paper of 1998) with rings and what is said of each; or of the ZIP that holds it."""
    records = [_record(ring, has_heights) for ring, _said in rows]
    kind = POLYGON_Z if has_heights else POLYGON
    parts = {
        "shp": _main(kind, [struct.pack(">ii", n, len(body) // 2) + body for n, body in enumerate(records, start=1)]),
        "shx": _main(kind, _index(records)),
        "dbf": _table([said for _ring, said in rows], encoding),
    }
    if wkt:
        parts["prj"] = wkt.encode()
    for ending, content in parts.items():
        (folder / f"{name}.{ending}").write_bytes(content)
    if not is_zipped:
        return folder / f"{name}.shp"
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in parts.items():
            archive.writestr(f"batas/{name}.{ending}", content)
    return path


def _record(ring, has_heights):
    ring = ring[::-1]  # outlines go clockwise here
    box = _box(ring)
    body = struct.pack("<i4dii", POLYGON_Z if has_heights else POLYGON, *box, 1, len(ring)) + struct.pack("<i", 0)
    body += b"".join(struct.pack("<2d", x, y) for x, y in ring)
    if has_heights:
        body += (struct.pack("<2d", 5, 5) + struct.pack("<d", 5) * len(ring)) * 2  # heights, then measures
    return body


def _box(ring):
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _main(kind, records):
    body = b"".join(records)
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) + struct.pack("<2i8d", 1000, kind, *[0] * 8) + body


def _index(records):
    place = 50
    for body in records:
        yield struct.pack(">ii", place, len(body) // 2)
        place += 4 + len(body) // 2


def _table(rows, encoding):
    """A dBase III table; its text is in the encoding, which it does not name."""
    fields = list(rows[0])
    head = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, len(rows), 33 + 32 * len(fields), 1 + WIDTH * len(fields))
    described = b"".join(struct.pack("<11sc4xBB14x", field.encode()[:10], b"C", WIDTH, 0) for field in fields)
    lines = b"".join(b" " + b"".join(str(row[field]).encode(encoding).ljust(WIDTH)[:WIDTH] for field in fields) for row in rows)
    return head + described + b"\r" + lines + b"\x1a"


def geopackage(path: Path, ring, said: dict, srid: int = 4326) -> Path:
    """The least that OGC 12-128 asks of a GeoPackage: a SQLite file with one layer of one feature."""
    columns = list(said)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(f"""
            PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;
            CREATE TABLE gpkg_spatial_ref_sys
                (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT,
                min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
            INSERT INTO gpkg_contents VALUES ('desa', 'features', 'desa', '', '2026-01-01T00:00:00.000Z', NULL, NULL, NULL, NULL, {srid});
            CREATE TABLE gpkg_geometry_columns
                (table_name TEXT PRIMARY KEY, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
            INSERT INTO gpkg_geometry_columns VALUES ('desa', 'geom', 'POLYGON', {srid}, 0, 0);
            CREATE TABLE desa (fid INTEGER PRIMARY KEY, geom BLOB, {", ".join(f"{column} TEXT" for column in columns)});
        """)  # noqa: S608
        db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('named', ?, 'EPSG', ?, ?, '')", [srid, srid, SpatialReference(srid).wkt])
        head = b"GP" + struct.pack("<BBi", 0, 1, srid)
        marks = ", ".join("?" * len(columns))
        db.execute(f"INSERT INTO desa VALUES (1, ?, {marks})", [head + bytes(Polygon(ring).wkb), *said.values()])  # noqa: S608
        db.commit()
    return path

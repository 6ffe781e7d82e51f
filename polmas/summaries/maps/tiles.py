"""Vector tiles (Mapbox Vector Tile 2.1) of areas and layers, for GIS clients. PostGIS cuts and encodes them."""

import dataclasses
import datetime
import math

from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet

from mapping.models import Area, AreaShape
from polmas.summaries.maps.layers import Layer

EXTENT = 4096  # of a tile, in its own units
BUFFER = 64  # drawn round it, in the same
SINGLY_FROM = 14  # the zoom from which each thing stands alone; before it, cells of a grid with their counts
CELLS = 64  # across a tile
MOST_SHAPES = 1500  # areas of a tile; with more, the level above is drawn
WORLD_M = 40_075_016.6856  # circumference in Web Mercator (EPSG:3857)

CUT = f"ST_TileEnvelope(%s, %s, %s), {EXTENT}, {BUFFER}"
SINGLY = f"""
SELECT ST_AsMVT(tile, %s, {EXTENT}, 'geom') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(location, 3857), {CUT}) AS geom, id::text, kind, 1 AS count{{day}}
    FROM ({{rows}}) AS asked (location, id, kind{{day}})
) AS tile
"""  # noqa: S608 - numbers of our own
BY_CELL = f"""
SELECT ST_AsMVT(tile, %s, {EXTENT}, 'geom') FROM (
    SELECT ST_AsMVTGeom(ST_Centroid(ST_Collect(at)), {CUT}) AS geom, count(*)::int AS count
    FROM (SELECT ST_Transform(location, 3857) AS at FROM ({{rows}}) AS asked (location)) AS placed
    GROUP BY ST_SnapToGrid(at, %s)
) AS tile
"""  # noqa: S608 - numbers of our own
SHAPES = f"""
SELECT ST_AsMVT(tile, 'areas', {EXTENT}, 'geom') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(shape, 3857), {CUT}) AS geom, code, name, level
    FROM ({{rows}}) AS asked (shape, code, name, level)
) AS tile
"""  # noqa: S608 - numbers of our own


@dataclasses.dataclass(frozen=True)
class Tile:
    """One square of the world as web maps cut it: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def is_real(self) -> bool:
        return 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    @property
    def box(self) -> Polygon:
        """In degrees, with a margin so that what stands on the edge is drawn on both sides."""
        margin = BUFFER / EXTENT
        west, east = (360 * column / 2**self.z - 180 for column in (self.x - margin, self.x + 1 + margin))
        south, north = (_latitude(row / 2**self.z) for row in (self.y + 1 + margin, self.y - margin))
        box = Polygon.from_bbox((west, south, east, north))
        box.srid = 4326
        return box

    @property
    def key(self) -> list[int]:
        return [self.z, self.x, self.y]


def _latitude(row: float) -> float:
    """Degrees north of a share of the way from the upper to the lower edge of the Web Mercator square."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row))))


def points(layer: Layer, rows: QuerySet, tile: Tile) -> bytes:
    """A layer's rows in a tile: singly, or counted in cells."""
    asked = rows.filter(location__bboverlaps=tile.box).values_list("location", "uuid", layer.kind, *([layer.day] if layer.day else []))
    head = [layer.name, *tile.key]
    if tile.z >= SINGLY_FROM:
        return _encoded(SINGLY.replace("{day}", ", day" if layer.day else ""), head, asked)
    return _encoded(BY_CELL, head, asked, WORLD_M / 2**tile.z / CELLS)


def shapes(user, day: datetime.date, tile: Tile) -> bytes:
    """Outlines of areas in a tile, of the finest level of which there are not too many."""
    drawn = AreaShape.objects.on(day).filter(area__in=Area.objects.for_user(user), shape__bboverlaps=tile.box)
    depths = drawn.order_by().values_list("area__depth").annotate(count=Count("pk"))
    fitting = [depth for depth, count in depths if count <= MOST_SHAPES]
    asked = drawn.filter(area__depth=max(fitting, default=1)).values_list("shape", "area__code", "area__name", "area__level")
    return _encoded(SHAPES, tile.key, asked)


def _encoded(sql: str, head: list, rows: QuerySet, *tail) -> bytes:
    """The tile that a statement makes of rows; an empty one where the person can have none."""
    try:
        inner, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return b""
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{rows}", inner), [*head, *values, *tail])
        return bytes(cursor.fetchone()[0])

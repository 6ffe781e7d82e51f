"""Points of a view: singly when near or few, in groups when far, and counted in the cells of a grid."""

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db import connection, transaction
from django.db.models import Avg, Count, F, FloatField, Func, IntegerField, Max, Min, QuerySet

from polmas.summaries.maps.layers import Layer

NEAR_ZOOM = 16  # from here on things stand singly
MOST_POINTS = 300
CELL_PIXELS = 56  # a group is as wide as a fingertip
MOST_CELLS_ACROSS = 28  # whatever zoom is asked for, an answer stays small
LONGITUDE, LATITUDE = PLACE = tuple(Func(F("location"), function=name, output_field=FloatField()) for name in ("ST_X", "ST_Y"))
EDGES = {"west": Min, "south": Min, "east": Max, "north": Max}
OUTLINE_DEGREES = 0.00002  # two metres: finer is not drawn
WORLD_PIXELS = 256  # width of the world at zoom 0


@dataclasses.dataclass(frozen=True)
class View:
    """What the screen shows: west, south, east, north in degrees, and the zoom as web maps count."""

    bbox: tuple[float, float, float, float]
    zoom: int

    @property
    def box(self) -> Polygon:
        box = Polygon.from_bbox(self.bbox)
        box.srid = 4326
        return box

    @property
    def cell(self) -> float:
        """Width of a group in degrees."""
        west, south, east, north = self.bbox
        return max(360 * CELL_PIXELS / WORLD_PIXELS / 2**self.zoom, max(east - west, north - south) / MOST_CELLS_ACROSS)


def clusters(layer: Layer, rows: QuerySet, view: View) -> list[dict]:
    """GeoJSON features of a layer's rows in a view: one for each row when near, one for each cell of a grid when far."""
    rows = rows.filter(location__bboverlaps=view.box)
    if view.zoom >= NEAR_ZOOM:
        near = list(rows.values_list("pk", flat=True)[: MOST_POINTS + 1])
        if len(near) <= MOST_POINTS:
            return points(layer, near)
    cells = grid(rows, view.cell)
    alone = points(layer, [cell["newest"] for cell in cells if cell["count"] == 1])
    return alone + [group(layer, cell) for cell in cells if cell["count"] > 1]


def grid(rows: QuerySet, size: float) -> list[dict]:
    """Rows counted by cells of a grid, with the middle and the box of those in each."""
    edges = {name: call(LONGITUDE if name in ("west", "east") else LATITUDE) for name, call in EDGES.items()}
    return counted(cells_of(rows, size).annotate(lon=Avg(LONGITUDE), lat=Avg(LATITUDE), newest=Max("pk"), **edges))


def cells_of(rows: QuerySet, size: float) -> QuerySet:
    """Rows counted by cells of a grid: column and row from 0° on, and how many."""
    column, row = (Func(place, size, template="floor(%(expressions)s)::int", arg_joiner=" / ", output_field=IntegerField()) for place in PLACE)
    return rows.annotate(column=column, row=row).values("column", "row").annotate(count=Count("*"))


def counted(cells: QuerySet) -> list[dict]:
    """The cells, counted in memory: the planner takes each row for a cell of its own, and would sort them on disk."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        return list(cells)


def feature(layer: Layer, lon: float, lat: float, **properties) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        "properties": {"layer": layer.name, **properties},
    }


def group(layer: Layer, cell: dict) -> dict:
    return feature(layer, cell["lon"], cell["lat"], count=cell["count"], bounds=[round(cell[edge], 6) for edge in EDGES])


def points(layer: Layer, keys: list[int]) -> list[dict]:
    """Single rows, with what their cards say."""
    words = dict(layer.kinds()) if keys else {}
    return [point(layer, row, words) for row in layer.near(keys)]


def point(layer: Layer, row, words: dict[str, str]) -> dict:
    kind = getattr(row, layer.kind)
    when = {"occurred_at": getattr(row, layer.moment).isoformat()} if layer.moment else {}
    word = words.get(kind, kind)
    said: dict[str, Any] = {"id": str(row.uuid), "kind": kind, "kind_name": word, "area": row.area.name if row.area else "", **when}
    if outline := layer.outline(row):
        said["outline"] = json.loads(outline.simplify(OUTLINE_DEGREES, preserve_topology=True).json)
    return feature(layer, *row.location.coords, count=1, **said, title=layer.title(row, word), meta=layer.meta(row), url=layer.url(row))


def squares(asked: Iterable[tuple[Layer, QuerySet]], view: View) -> list[dict]:
    """The cells of a grid with how many rows of all layers lie in each, as squares: a heat map that says what it counted."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    for layer, rows in asked:
        for cell in counted(cells_of(rows.filter(location__bboverlaps=view.box), view.cell)):
            counts.setdefault((cell["column"], cell["row"]), {})[layer.name] = cell["count"]
    return [square(place, view.cell, some) for place, some in counts.items()]


def square(place: tuple[int, int], size: float, counts: dict[str, int]) -> dict:
    column, row = place
    west, south, east, north = (round(edge * size, 6) for edge in (column, row, column + 1, row + 1))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"count": sum(counts.values()), "layers": counts},
    }

"""Hot spots: places where many things of a layer lie close together, found by counting alone (DBSCAN). Nothing is predicted, of nobody."""

import dataclasses

from django.contrib.gis.db.models import Extent
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from polmas.summaries.maps.clusters import View
from polmas.summaries.maps.layers import Layer

WIDEST = 6  # degrees between the points: beyond a zone of UTM metres are none any more
MOST_POINTS = 20_000  # within one question; beyond that the view is too wide
SHOWN = 20

TOO_WIDE = _("More than %(most)d things lie in this view, or too far apart to measure. Zoom in, or choose fewer days.")
HOW = _(
    "A hot spot is a place where at least %(least)d lie within %(metres)d metres of each other. "
    "It says where things were recorded, not where they will happen, and nothing about persons."
)

# Metres on the ground: DBSCAN measures in the plane, so points go to the UTM zone of the view's middle.
SQL = """
WITH points (location, kind) AS ({rows}),
placed AS (SELECT points.*, ST_ClusterDBSCAN(ST_Transform(location, %s), %s, %s) OVER () AS spot FROM points),
spots AS (
    SELECT spot, count(*) AS count, ST_Centroid(ST_Collect(location)) AS middle, mode() WITHIN GROUP (ORDER BY kind) AS kind,
           ST_Extent(location) AS box
    FROM placed WHERE spot IS NOT NULL GROUP BY spot
)
SELECT count, ST_X(middle), ST_Y(middle), kind, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
FROM spots ORDER BY count DESC, spot LIMIT %s
"""


@dataclasses.dataclass(frozen=True)
class Measure:
    """From how many things on, each within how many metres of the next, a place counts."""

    least: int = 5
    radius_m: int = 150


@dataclasses.dataclass(frozen=True)
class HotSpots:
    """What was found in a view, and how: the sentence stands beside every list of them."""

    features: list[dict]
    counted: int
    measure: Measure
    is_too_wide: bool = False

    @property
    def sentence(self) -> str:
        """How they were found, and what they do not say."""
        if self.is_too_wide:
            return str(TOO_WIDE) % {"most": MOST_POINTS}
        return str(HOW) % {"least": self.measure.least, "metres": self.measure.radius_m}


def hot_spots(layer: Layer, rows: QuerySet, view: View, measure: Measure) -> HotSpots:
    """The places with the most rows of a layer in a view."""
    rows = rows.filter(location__bboverlaps=view.box)
    counted, extent = rows.values("pk")[: MOST_POINTS + 1].count(), rows.aggregate(extent=Extent("location"))["extent"]
    if counted > MOST_POINTS or (extent and extent[2] - extent[0] > WIDEST):
        return HotSpots([], counted, measure, is_too_wide=True)
    if counted < measure.least:
        return HotSpots([], counted, measure)
    words = dict(layer.kinds())
    sql, values = rows.values_list("location", layer.kind).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(rows=sql), [*values, utm_zone(extent), measure.radius_m, measure.least, SHOWN])
        return HotSpots([spot(layer, words, *row) for row in cursor.fetchall()], counted, measure)


def utm_zone(extent: tuple[float, float, float, float]) -> int:
    """EPSG code of the UTM zone (WGS 84) round the middle of the points, so that what a view shows beside them changes no distance."""
    west, south, east, north = extent
    zone = min(60, int(((west + east) / 2 + 180) // 6) + 1)
    return (32700 if south + north < 0 else 32600) + zone


def spot(layer: Layer, words: dict, count: int, lon: float, lat: float, kind: str, *box: float) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        "properties": {
            "layer": layer.name,
            "count": count,
            "kind": kind,
            "kind_name": words.get(kind, kind),
            "bounds": [round(value, 6) for value in box],
        },
    }

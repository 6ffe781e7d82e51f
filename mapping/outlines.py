"""Shapes as a page's map takes them: one GeoJSON collection, no finer than the screen shows."""

import datetime
import json
import math

from django.contrib.gis.db.models import Extent, GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Point
from django.db.models import F, Func, QuerySet

from mapping.models import Area, AreaShape

PIXELS = 1000  # across the extent that a page shows at first: finer points are left away


def feature_collection(
    shapes: QuerySet[AreaShape], extent: tuple[float, float, float, float], own: set[str] | frozenset[str] = frozenset(), most: int | None = None
) -> dict:
    """The shapes with code, name and whether they are among `own`, simplified to the pixels of an extent (west, south, east, north)."""
    tolerance = max(extent[2] - extent[0], extent[3] - extent[1]) / PIXELS
    outline = Func(F("shape"), tolerance, function="ST_SimplifyPreserveTopology", output_field=GeometryField(srid=4326))
    rows = shapes.annotate(geojson=AsGeoJSON(outline, precision=5)).order_by("area__code").values_list("area__code", "area__name", "geojson")
    features = [
        {"type": "Feature", "id": code, "geometry": json.loads(geojson), "properties": {"code": code, "name": name, "is_own": code in own}}
        for code, name, geojson in rows[:most]
    ]
    return {"type": "FeatureCollection", "features": features}


def backdrop(areas: QuerySet[Area], day: datetime.date, most: int = 60) -> dict | None:
    """Areas to draw behind a field in which a place is marked, and the box round them; the box alone where they are very many."""
    shapes = AreaShape.objects.on(day).filter(area__in=areas.order_by().values("pk"))
    extent = shapes.aggregate(extent=Extent("shape"))["extent"]
    if not extent:
        return None
    is_many = shapes.count() > most
    return {"areas": None if is_many else feature_collection(shapes, extent), "extent": extent}


def place_map(area: Area, point: Point | None, day: datetime.date) -> dict | None:
    """What the map of one thing in a village shows (static/js/lib/report_map.js); None where neither village nor point is drawn."""
    shapes = AreaShape.objects.on(day).filter(area=area)
    extent = shapes.aggregate(extent=Extent("shape"))["extent"]
    if not extent and not point:
        return None
    return {
        "areas": feature_collection(shapes, extent) if extent else None,
        "extent": extent,
        "point": point and {"lat": point.y, "lon": point.x, "accuracy": None},
    }


def outlines(before, after) -> dict | None:
    """Two outlines of one area as a page's map takes them, with the box that holds both; None where there is neither."""
    shapes = {name: shape for name, shape in (("before", before), ("after", after)) if shape}
    if not shapes:
        return None
    boxes = [shape.extent for shape in shapes.values()]
    extent = [min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes)]
    tolerance = math.hypot(extent[2] - extent[0], extent[3] - extent[1]) / PIXELS
    features = [
        {"type": "Feature", "properties": {"is_new": name == "after"}, "geometry": json.loads(shape.simplify(tolerance, preserve_topology=True).json)}
        for name, shape in shapes.items()
    ]
    return {"areas": {"type": "FeatureCollection", "features": features}, "extent": extent}

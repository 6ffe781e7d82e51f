"""What the map of one report shows: the village, and the point with the ring of its accuracy."""

from django.contrib.gis.db.models import Extent

from mapping.models import AreaShape
from mapping.outlines import feature_collection


def map_of(report) -> dict | None:
    """None where there is nothing to draw: no position, and no shape of the village on that day."""
    shapes = AreaShape.objects.on(report.day).filter(area=report.area_id)
    extent = shapes.aggregate(extent=Extent("shape"))["extent"]
    point = report.location
    if not extent and not point:
        return None
    return {
        "areas": feature_collection(shapes, extent, {report.area.code}) if extent else None,
        "extent": extent,
        "point": point and {"lat": point.y, "lon": point.x, "accuracy": report.accuracy_m},
    }

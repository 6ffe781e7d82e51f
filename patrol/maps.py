"""What the map of one report shows: the village, the areas that its officer held on that day, the point with the ring of its accuracy,
and of a patrol its points and its track."""

from django.contrib.gis.db.models import Extent
from django.db.models import Q

from mapping.models import AreaShape, Beat
from mapping.outlines import feature_collection, place_map


def map_of(report) -> dict | None:
    """None where there is nothing to draw: no position, and no shape of these areas on that day."""
    held = Beat.objects.on(report.day).filter(user=report.officer_id).values_list("area__code", flat=True)
    own = set(held)
    shapes = AreaShape.objects.on(report.day).filter(Q(area=report.area_id) | Q(area__code__in=own))
    extent = shapes.aggregate(extent=Extent("shape"))["extent"]
    point, walked = report.location, round_of(report)
    if not extent and not point and not walked:
        return None
    return {
        "areas": feature_collection(shapes, extent, own) if extent else None,
        "extent": extent,
        "point": point and {"lat": point.y, "lon": point.x, "accuracy": report.accuracy_m},
        "round": walked,
    }


def round_of(report) -> dict | None:
    """The points of a patrol in their order, None where one has no position, and the track."""
    points = [point.location and {"lat": point.location.y, "lon": point.location.x} for point in report.checkpoints.all()]
    track = report.patrol.track if hasattr(report, "patrol") else None
    return {"points": points, "track": [list(place) for place in track.coords] if track else []} if any(points) or track else None


def map_of_entry(entry) -> dict | None:
    """The village of an entry of a register, and where it lies; None where neither is drawn."""
    return place_map(entry.area, entry.location, entry.unit.today())

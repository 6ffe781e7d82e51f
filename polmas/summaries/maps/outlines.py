"""Outlines of areas in a view, and where a person's map begins."""

from django.contrib.gis.db.models import Extent
from django.db.models import Count
from django.utils import timezone

from mapping.models import Area, AreaShape
from mapping.outlines import feature_collection
from polmas.summaries.maps.clusters import View

MOST_AREAS = 400


def areas_in_view(user, view: View) -> dict:
    """Outlines of the areas in a view, of the finest level that the screen can hold; the own ones marked."""
    day = timezone.localdate()
    shapes = AreaShape.objects.on(day).filter(area__in=Area.objects.for_user(user), area__depth__lte=Area.VILLAGE_DEPTH, shape__bboverlaps=view.box)
    depths = dict(shapes.order_by().values_list("area__depth").annotate(Count("pk")))
    fitting = [depth for depth, count in depths.items() if count <= MOST_AREAS] or list(depths)[:1]
    shapes = shapes.filter(area__depth__in=[max(fitting)] if fitting else [])
    own = set(Area.objects.mine(user, day).filter(depth__in=fitting).values_list("code", flat=True))
    return feature_collection(shapes, view.bbox, own, most=MOST_AREAS)


def first_view(user) -> tuple[float, float, float, float] | None:
    """The box round the own areas, where the map starts; None where none is drawn."""
    day = timezone.localdate()
    return AreaShape.objects.on(day).filter(area__in=Area.objects.mine(user, day)).aggregate(extent=Extent("shape"))["extent"]

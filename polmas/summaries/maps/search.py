"""What a search on the map finds: areas by name or code, and things by their names."""

from django.contrib.gis.db.models import Extent
from django.urls import reverse
from django.utils import timezone

from mapping.models import Area, AreaShape
from polmas.summaries.maps.layers import LAYERS

MOST_AREAS = 8
CONSIDERED = 100  # of those whose names fit
MOST_THINGS = 5  # of each layer


def find(user, text: str) -> list[dict]:
    """Areas first, then things; each with a label, what it is, its page and the box where it lies."""
    return areas(user, text) + [one for layer in LAYERS.values() if layer.searched for one in things(layer, user, text)]


def areas(user, text: str) -> list[dict]:
    """Drawn areas; the own ones stand before others of the name."""
    day = timezone.localdate()
    found = AreaShape.objects.on(day).filter(area__in=Area.objects.for_user(user).search(text)).order_by("area__depth", "area__code")
    shapes = list(found.values("area__pk", "area__code", "area__name", "area__parent__name").annotate(box=Extent("shape"))[:CONSIDERED])
    mine = set(Area.objects.mine(user, day).filter(pk__in=[shape["area__pk"] for shape in shapes]).values_list("pk", flat=True))
    return [area_found(shape) for shape in sorted(shapes, key=lambda shape: shape["area__pk"] not in mine)[:MOST_AREAS]]


def area_found(shape: dict) -> dict:
    code, around = shape["area__code"], shape["area__parent__name"]
    return {
        "layer": "areas",
        "label": shape["area__name"],
        "meta": " · ".join(filter(None, (around, code))),
        "url": reverse("patrol:area_detail", args=[code]),
        "bounds": list(shape["box"]),
    }


def things(layer, user, text: str) -> list[dict]:
    rows = layer.rows(user).filter(location__isnull=False, **{f"{layer.searched}__icontains": text.strip()})
    return [
        {
            "layer": layer.name,
            "label": layer.title(row, ""),
            "meta": " · ".join(filter(None, (str(layer.label), row.area and row.area.name))),
            "url": layer.url(row),
            "bounds": [*row.location.coords, *row.location.coords],
        }
        for row in rows.select_related(*layer.related).order_by("pk")[:MOST_THINGS]
    ]

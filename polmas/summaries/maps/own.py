"""What an officer's phone keeps of the map for work without network: the newest of each layer in the villages held today."""

import datetime

from mapping.models import Area
from polmas.summaries.maps.clusters import points
from polmas.summaries.maps.layers import LAYERS, Asked, Layer

KEPT = tuple(LAYERS[name] for name in ("problems", "incidents", "potentials", "posts", "people"))
MOST = 500  # of each layer
DAYS = 90  # of incidents; problems are those that are open


def kept_days(today: datetime.date) -> Asked:
    return Asked(today - datetime.timedelta(days=DAYS - 1), today)


def own_points(user, asked: Asked) -> list[dict]:
    """Points as the map's cards tell them, layer by layer, the newest first."""
    held = list(Area.objects.villages_held_by(user, asked.end).order_by().values_list("pk", flat=True))
    return [feature for layer in KEPT for feature in points(layer, newest(layer, user, held, asked))] if held else []


def newest(layer: Layer, user, held: list[int], asked: Asked) -> list[int]:
    """Keys of the newest rows that lie in these villages."""
    rows = layer.for_phones(layer.shown(user, asked).filter(layer.lying_in(held)))
    order = (f"-{layer.moment}", "-pk") if layer.moment else ("-pk",)
    return list(rows.order_by(*order).values_list("pk", flat=True)[:MOST])

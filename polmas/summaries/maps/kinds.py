"""Which kinds are the most frequent of what the map shows."""

from django.db.models import Count, QuerySet

from polmas.summaries.maps.layers import Layer

TOP = 5


def top(layer: Layer, rows: QuerySet, most: int = TOP) -> list[dict]:
    """The most frequent kinds."""
    words = dict(layer.kinds())
    counts = rows.values_list(layer.kind).annotate(count=Count("pk")).order_by("-count", layer.kind)[:most]
    return [{"kind": kind, "label": words.get(kind, kind), "count": count} for kind, count in counts]

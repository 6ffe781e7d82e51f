"""When things happen: by weekday and hour, and which kinds most."""

from django.db.models import Count, DateTimeField, F, Func, IntegerField, QuerySet

from polmas.summaries.maps.layers import Layer

WEEKDAYS, HOURS = 7, 24
TOP = 5


def matrix(layer: Layer, rows: QuerySet) -> list[list[int]]:
    """Counts by weekday (Monday first) and hour, each row by the clock of its own unit's zone."""
    local = Func(F("unit__time_zone"), F(layer.moment), function="timezone", output_field=DateTimeField())
    counts = rows.annotate(weekday=part("isodow", local), hour=part("hour", local)).values_list("weekday", "hour").annotate(Count("pk"))
    table = [[0] * HOURS for _ in range(WEEKDAYS)]
    for weekday, hour, count in counts:
        table[weekday - 1][hour] = count
    return table


def part(name: str, at) -> Func:
    return Func(at, template=f"EXTRACT({name} FROM %(expressions)s)::int", output_field=IntegerField())


def top(layer: Layer, rows: QuerySet, most: int = TOP) -> list[dict]:
    """The most frequent kinds."""
    words = dict(layer.kinds())
    counts = rows.values_list(layer.kind).annotate(count=Count("pk")).order_by("-count", layer.kind)[:most]
    return [{"kind": kind, "label": words.get(kind, kind), "count": count} for kind, count in counts]

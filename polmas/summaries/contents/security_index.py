"""The security index of the last closed quarter, for part C of the monthly paper (domain.md 5.7, 7). It is internal: not every reader of the
paper sees it. What a quarter is made of stays with its board; here stand its numbers."""

from polmas.people.periods import Period
from polmas.summaries import index_results
from polmas.summaries.contents.groups import Group
from polmas.summaries.models import IndexPeriod


def security_index(group: Group, period: Period) -> dict[str, list[dict]]:
    """One row for each area with a board at a unit itself or directly below it: the newest quarter that is closed and not later than the
    period's, with its fields, and the total of the one before. The unit's own areas come first."""
    quarter = (period.end.year, (period.end.month + 2) // 3)
    depth = group.units[0].depth
    closed = group.within(IndexPeriod.objects.filter(unit__depth__lte=depth + 1, state=IndexPeriod.State.CLOSED, year__lte=quarter[0]))
    known = closed.select_related("unit", "area").order_by("unit__depth", "area__code", "-year", "-quarter")
    by_area: dict[tuple[str, int], list[IndexPeriod]] = {}
    for row in known:
        if (row.year, row.quarter) <= quarter:
            by_area.setdefault((row.of, row.area_id), []).append(row)
    results = index_results.briefs_of([rows[0] for rows in by_area.values()])
    found: dict[str, list[dict]] = {path: [] for path in group.paths}
    for (path, _area), rows in by_area.items():
        found[path].append(_told(rows, results[rows[0].pk], path))
    return found


def _told(rows, result, path) -> dict:
    newest, before = rows[0], rows[1] if len(rows) > 1 else None
    return {
        "unit": newest.unit.name,
        "is_own": newest.unit.path == path,
        "area": newest.area.name,
        "year": newest.year,
        "quarter": newest.quarter,
        "before": None if before is None else str(before.total),
        **_numbers(result.total),
        "fields": [{"field": part.field.value, **_numbers(part.index)} for part in result.fields],
    }


def _numbers(index) -> dict:
    band = index.band.value if index.band else None
    return {"value": None if index.value is None else str(index.value), "band": band, "scored": index.scored, "total": index.total}

"""Which monthly summaries are owed now, by each unit's own calendar."""

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from polmas.people.models import Unit
from polmas.people.models.units import POLRES_KINDS, UnitKind
from polmas.people.periods import Period, month_of, months_back
from polmas.summaries.models import DailyCount, Measure, PeriodKind, Summary


def reporting_units():
    """Units that write summaries: Polsek from their reports, Polres from their Polsek. Deepest first."""
    return Unit.objects.filter(kind__in=[UnitKind.POLSEK, *POLRES_KINDS], is_active=True).order_by("-depth", "path")


def month_before(day: datetime.date) -> Period:
    """The last month that is over on a day."""
    return month_of(months_back(day, 1))


def due_now() -> Iterator[tuple[int, str, datetime.date]]:
    """(unit id, period, start) of every monthly summary to be built now, children before parents.

    A unit owes the month before from the first of the month on, by its own midnight. A Polres waits for its Polsek until the day
    on which its own paper is due, and names those that are missing then. A draft is built anew once a day, and an approved summary
    when its month counts another number of reports by now, however that came about.
    """
    units = [(unit, month_before(unit.today())) for unit in reporting_units()]
    newest = _newest({month.start for _, month in units})
    stored = _stored([month for _, month in units])
    missing = [unit.path for unit, month in units if not unit.is_polres and (unit.pk, month.start) not in newest]
    for unit, month in units:
        summary = newest.get((unit.pk, month.start))
        waits = unit.is_polres and unit.today().day < unit.month_due_day and any(path.startswith(unit.path) for path in missing)
        if (summary is None and not waits) or (summary and _is_behind(unit, summary, stored[unit.path, month.start])):
            yield unit.pk, PeriodKind.MONTHLY, month.start


def _newest(starts) -> dict[tuple[int, datetime.date], Any]:
    """The newest revision of each unit's month, without its text and figures, and with the `total` that it states."""
    rows = Summary.objects.filter(period=PeriodKind.MONTHLY, starts_on__in=starts).order_by("revision")
    rows = rows.annotate(total=F("figures__activities__total__now"))
    return {(row.unit_id, row.starts_on): row for row in rows.only("unit_id", "starts_on", "state", "built_at")}


def _stored(months: list[Period]) -> Counter:
    """Stored counts by path and month, each unit's with all below it: one reading for all units."""
    sums: Counter = Counter()
    if months:
        days = (min(month.start for month in months), max(month.end for month in months))
        rows = DailyCount.objects.filter(measure=Measure.BY_KIND, day__range=days).order_by()
        for path, start, count in rows.values_list("unit__path", TruncMonth("day")).annotate(Sum("count")):
            sums.update({(path[:end], start): count for end in range(Unit.steplen, len(path) + 1, Unit.steplen)})
    return sums


def _is_behind(unit, summary, count):
    if summary.is_draft:
        return unit.day_of(summary.built_at) < unit.today()
    # A Polres follows its Polsek: each of their builds asks for its own (building.build_and_tell).
    return not unit.is_polres and summary.total != count

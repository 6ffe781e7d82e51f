"""Which summaries are owed now, by each unit's own calendar: all units and periods in one statement."""

import datetime
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from polmas.people.models import Unit
from polmas.people.models.units import Zone
from polmas.people.periods import DAY, Period, month_of, months_back, week_of
from polmas.people.scope import SMALL_UNITS
from polmas.summaries.models import PeriodKind
from polmas.summaries.models.due_times import KINDS_OF, due_at

# How many periods back are looked after: an outage is made up for, and reports that come late make a revision.
LOOK_BACK = {PeriodKind.DAILY: 7, PeriodKind.WEEKLY: 4, PeriodKind.MONTHLY: 1}


def reporting_units():
    """Units that write summaries, deepest first."""
    return Unit.objects.filter(kind__in=KINDS_OF, is_active=True).order_by("-depth", "path")


def month_before(day: datetime.date) -> Period:
    """The last month that is over on a day."""
    return month_of(months_back(day, 1))


def last_periods(kind: str, today: datetime.date) -> list[Period]:
    """The periods of a kind that are over and still looked after, the newest first."""
    number = LOOK_BACK[PeriodKind(kind)]
    if kind == PeriodKind.DAILY:
        return [Period(today - DAY * back, today - DAY * back) for back in range(1, number + 1)]
    if kind == PeriodKind.WEEKLY:
        return [week_of(today - DAY * 7 * back) for back in range(1, number + 1)]
    return [month_of(months_back(today.replace(day=1), back)) for back in range(1, number + 1)]


# Every unit with every period that it looks after, what stands there in its newest revision, and how often its days have changed by now.
# A Polsek counts with its pospol; a unit above follows those below it, whose builds ask for its own.
OWED = f"""
    WITH wanted AS (
        SELECT * FROM unnest(%(zones)s::text[], %(todays)s::date[], %(periods)s::text[], %(starts)s::date[], %(ends)s::date[], %(lasts)s::boolean[])
        AS span (time_zone, today, period, first_day, last_day, is_last)
    ),
    writer AS (
        SELECT unit.id, unit.path::text, unit.kind, unit.depth, wanted.* FROM people_unit unit JOIN wanted USING (time_zone)
        WHERE unit.is_active AND unit.kind = ANY(%(kinds)s) AND NOT (unit.kind = 'POLDA' AND wanted.period = 'daily')
    ),
    newest AS (
        SELECT DISTINCT ON (unit_id, period, starts_on) unit_id, period, starts_on, state, built_at, changes, approved_at
        FROM summaries_summary WHERE starts_on >= (SELECT min(first_day) FROM wanted)
        ORDER BY unit_id, period, starts_on, revision DESC
    ),
    daily AS (
        SELECT CASE WHEN unit.kind = ANY(%(small)s) THEN left(unit.path, -{Unit.steplen}) ELSE unit.path END AS path,
            stored.day, sum(stored.changes) AS changes
        FROM summaries_countedday stored JOIN people_unit unit ON unit.id = stored.unit_id
        WHERE stored.day BETWEEN (SELECT min(first_day) FROM wanted) AND (SELECT max(last_day) FROM wanted)
        GROUP BY 1, 2
    ),
    total AS (
        SELECT daily.path, span.period, span.first_day, sum(daily.changes) AS changes
        FROM daily JOIN (SELECT DISTINCT period, first_day, last_day FROM wanted) span ON daily.day BETWEEN span.first_day AND span.last_day
        GROUP BY 1, 2, 3
    ),
    below AS (
        SELECT left(writer.path, -{Unit.steplen}) AS path, writer.period, writer.first_day,
            bool_or(newest.unit_id IS NULL) AS is_missing, bool_or(newest.unit_id IS NOT NULL) AS is_begun
        FROM writer LEFT JOIN newest ON newest.unit_id = writer.id AND newest.period = writer.period AND newest.starts_on = writer.first_day
        GROUP BY 1, 2, 3
    )
    SELECT writer.id, writer.period, writer.first_day, newest.unit_id IS NULL AND coalesce(below.is_missing, FALSE)
    FROM writer
    LEFT JOIN newest ON newest.unit_id = writer.id AND newest.period = writer.period AND newest.starts_on = writer.first_day
    LEFT JOIN total ON total.path = writer.path AND total.period = writer.period AND total.first_day = writer.first_day
    LEFT JOIN below ON below.path = writer.path AND below.period = writer.period AND below.first_day = writer.first_day
    WHERE (newest.unit_id IS NULL AND (writer.is_last OR (total.path IS NOT NULL AND writer.kind = 'POLSEK') OR below.is_begun))
        OR (newest.approved_at IS NULL AND (newest.built_at AT TIME ZONE writer.time_zone)::date < writer.today)
        OR (newest.unit_id IS NOT NULL AND newest.changes <> coalesce(total.changes, 0))
    ORDER BY writer.depth DESC, writer.path, writer.last_day DESC, writer.period
"""  # noqa: S608 - put together from constants; values are parameters


def due_now() -> Iterator[tuple[int, str, datetime.date]]:
    """(unit id, period, start) of every summary to be built now, children before parents.

    A unit owes a period from the day after it on, by its own midnight. A unit with others below waits for theirs until its own paper is
    due, and names those that are missing then. A draft is built anew once a day and when something in its days changed; an approved
    summary is looked at again when something did, and gets a revision if its figures differ.
    """
    with connection.cursor() as cursor:
        cursor.execute(OWED, _spans())
        rows = cursor.fetchall()
    waiting = Unit.objects.in_bulk({unit for unit, _period, _start, waits in rows if waits})
    for unit, period, start, waits in rows:
        if not waits or timezone.now() >= due_at(waiting[unit], period, _end(period, start)):
            yield unit, period, start


def _end(period, start):
    return start if period == PeriodKind.DAILY else week_of(start).end if period == PeriodKind.WEEKLY else month_of(start).end


def _spans() -> dict[str, list]:
    """The periods of each time zone by its own today, as columns."""
    now = timezone.now()
    rows = [
        (zone.value, today, kind.value, period.start, period.end, number == 0)
        for zone in Zone
        for today in [Unit(time_zone=zone.value).day_of(now)]
        for kind in PeriodKind
        for number, period in enumerate(last_periods(kind, today))
    ]
    names = ("zones", "todays", "periods", "starts", "ends", "lasts")
    columns = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    return {**columns, "kinds": [str(kind) for kind in KINDS_OF], "small": sorted(SMALL_UNITS)}

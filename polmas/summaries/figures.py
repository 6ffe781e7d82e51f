"""Reading counts: the stored ones of days that nobody touched since, and a live count of the days that carry a mark.

Dashboards, the API and the summaries all read through `counts`. Each call is one statement, so stored and live parts are of the
same moment, and its cost follows the number of units and days, not of reports.
"""

import collections
import datetime
from typing import NamedTuple

from django.db import connection

from polmas.people.models import Unit
from polmas.people.periods import Period
from polmas.summaries.models import Measure
from polmas.summaries.recount import LIVE

COLUMNS = {"branch": "left(path, %(branch)s)", "day": "day", "key": "key"}
TALLY = f"""
    WITH unit AS (SELECT id, path FROM people_unit WHERE path LIKE %(below)s),
    wanted AS (
        SELECT DISTINCT mark.unit_id, mark.day FROM patrol_countmark mark JOIN unit ON unit.id = mark.unit_id
        WHERE mark.day BETWEEN %(start)s AND %(end)s
    ),
    live AS ({LIVE}),
    tally AS (
        SELECT unit.path, stored.day, stored.key, stored.count FROM summaries_dailycount stored JOIN unit ON unit.id = stored.unit_id
        WHERE stored.measure = %(measure)s AND stored.day BETWEEN %(start)s AND %(end)s
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.unit_id = stored.unit_id AND wanted.day = stored.day)
        UNION ALL
        SELECT unit.path, live.day, live.key, live.count FROM live JOIN unit ON unit.id = live.unit_id WHERE live.measure = %(measure)s
    )
"""  # noqa: S608 - put together from constants; values are parameters


class Row(NamedTuple):
    """One group: the columns that were not asked for are None. `branch` is the path of the unit itself or of its child."""

    branch: str | None
    day: datetime.date | None
    key: str | None
    number: int


def counts(unit: Unit, measure: Measure, period: Period, by=(), only_itself=False) -> list[Row]:
    """Reports of a unit and all below it (or of itself alone), in the groups asked for: any of branch, day, key."""
    columns = ", ".join(COLUMNS[name] if name in by else "NULL" for name in COLUMNS)
    groups = ", ".join(str(place) for place, name in enumerate(COLUMNS, 1) if name in by)
    closing = f" GROUP BY {groups} ORDER BY {groups}" if groups else ""
    return [Row(*row) for row in _select(f"{columns}, coalesce(sum(count), 0)::bigint", closing, unit, measure, period, only_itself)]


def total(unit: Unit, period: Period, only_itself=False) -> int:
    return counts(unit, Measure.BY_KIND, period, only_itself=only_itself)[0].number


def officers_reporting(unit: Unit, period: Period) -> dict[str, int]:
    """How many officers reported at all, per branch."""
    rows = _select(f"{COLUMNS['branch']}, count(DISTINCT key)", " GROUP BY 1", unit, Measure.BY_OFFICER, period)
    return dict(rows)


def by_key(rows: list[Row], period: Period) -> collections.Counter:
    """Sums per key over the rows (grouped by day and key) that lie in a period."""
    sums: collections.Counter = collections.Counter()
    for row in rows:
        if row.day and period.start <= row.day <= period.end:
            sums[row.key] += row.number
    return sums


def by_day(rows: list[Row], period: Period) -> list[int]:
    """One number for each day of the period, zero where nothing was counted."""
    sums: collections.Counter = collections.Counter()
    for row in rows:
        sums[row.day] += row.number
    return [sums[period.start + datetime.timedelta(days=place)] for place in range(period.days)]


def _select(columns, closing, unit, measure, period, only_itself=False):
    values = {
        "below": unit.path if only_itself else f"{unit.path}%",
        "branch": len(unit.path) + Unit.steplen,
        "measure": measure,
        "start": period.start,
        "end": period.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{TALLY} SELECT {columns} FROM tally{closing}", values)  # noqa: S608 - constants of this module
        return cursor.fetchall()

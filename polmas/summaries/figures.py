"""Reading counts: the stored ones of days that nobody touched since, and a live count of the days that carry a mark.

Dashboards, the API and the summaries all read through `counts`. Each call is one statement, so stored and live parts are of the
same moment, and its cost follows the number of days, and of units only where something changed just now: a branch of the tree is
read at one row a day.
"""

import collections
import datetime
from typing import NamedTuple

from django.db import connection

from polmas.people.models import Unit
from polmas.people.periods import Period
from polmas.summaries.models import Measure
from polmas.summaries.models.counts import ADDED_UP
from polmas.summaries.recount import LIVE

COLUMNS = {"branch": "left(path, %(branch)s)", "day": "day", "key": "key"}
UNITS = "unit AS MATERIALIZED (SELECT id, path::text, numchild FROM people_unit WHERE path LIKE %(below)s)"
WANTED = """
    wanted AS MATERIALIZED (
        SELECT DISTINCT unit_id, day, unit.path FROM patrol_countmark mark JOIN unit ON unit.id = mark.unit_id
        WHERE mark.day BETWEEN %(start)s AND %(end)s
    ),
"""
# Counts of single units, for what is not added up: officers, villages.
BY_UNIT = f"""
    WITH {UNITS}, {WANTED} live AS ({LIVE}),
    tally AS (
        SELECT unit.path, stored.day, stored.key, stored.count FROM summaries_dailycount stored JOIN unit ON unit.id = stored.unit_id
        WHERE stored.measure = %(measure)s AND stored.day BETWEEN %(start)s AND %(end)s
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.unit_id = stored.unit_id AND wanted.day = stored.day)
        UNION ALL
        SELECT unit.path, live.day, live.key, live.count FROM live JOIN unit ON unit.id = live.unit_id WHERE live.measure = %(measure)s
    )
"""  # noqa: S608 - put together from constants; values are parameters
# From the top down: where the sum of a branch may be out of date on a day, or the branches themselves are asked for, the unit's own count
# and the sums of those directly below are taken instead, and so on.
BY_BRANCH = f"""
    WITH RECURSIVE {UNITS}, {WANTED} live AS ({LIVE}),
    unsure AS MATERIALIZED (
        SELECT unit.path, mark.day FROM summaries_branchmark mark JOIN unit ON unit.id = mark.unit_id WHERE mark.day BETWEEN %(start)s AND %(end)s
        UNION
        SELECT left(wanted.path, place.length), wanted.day
        FROM wanted CROSS JOIN LATERAL generate_series(length(%(path)s), length(wanted.path), %(step)s) AS place (length)
        UNION
        SELECT unit.path, span.day::date FROM people_treechange moved
        JOIN unit ON unit.id = moved.unit_id OR starts_with(moved.before, unit.path) OR starts_with(moved.after, unit.path)
        CROSS JOIN generate_series(%(start)s::date, %(end)s::date, interval '1 day') AS span (day)
    ),
    opened (path, day) AS (
        SELECT unit.path, span.day::date FROM unit CROSS JOIN generate_series(%(start)s::date, %(end)s::date, interval '1 day') AS span (day)
        WHERE unit.path = %(path)s
        AND (%(is_split)s OR unit.numchild = 0 OR EXISTS (SELECT FROM unsure WHERE unsure.path = unit.path AND unsure.day = span.day))
        UNION ALL
        SELECT unsure.path, unsure.day FROM opened JOIN unsure ON left(unsure.path, -%(step)s) = opened.path AND unsure.day = opened.day
    ),
    summed (id, path, day) AS (
        SELECT unit.id, unit.path, span.day::date FROM unit CROSS JOIN generate_series(%(start)s::date, %(end)s::date, interval '1 day') AS span (day)
        WHERE unit.path = %(path)s
        UNION ALL
        SELECT unit.id, unit.path, opened.day FROM opened JOIN unit ON left(unit.path, -%(step)s) = opened.path
    ),
    tally AS (
        SELECT summed.path, summed.day, told.key, told.value::bigint AS count
        FROM summed JOIN unit USING (id) JOIN summaries_branchday stored ON stored.unit_id = summed.id AND stored.day = summed.day
        CROSS JOIN LATERAL jsonb_each_text(stored.counts -> %(measure)s) told
        WHERE unit.numchild > 0 AND NOT EXISTS (SELECT FROM opened WHERE opened.path = summed.path AND opened.day = summed.day)
        UNION ALL
        SELECT own.path, own.day, stored.key, stored.count
        FROM (
            SELECT unit.id, opened.path, opened.day FROM opened JOIN unit USING (path)
            UNION
            SELECT id, path, day FROM summed JOIN unit USING (id, path) WHERE numchild = 0
        ) own
        JOIN summaries_dailycount stored ON stored.unit_id = own.id AND stored.day = own.day AND stored.measure = %(measure)s
        WHERE NOT EXISTS (SELECT FROM wanted WHERE wanted.unit_id = own.id AND wanted.day = own.day)
        UNION ALL
        SELECT unit.path, live.day, live.key, live.count FROM live JOIN unit ON unit.id = live.unit_id WHERE live.measure = %(measure)s
    )
"""  # noqa: S608


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
    return [Row(*row) for row in _select(f"{columns}, coalesce(sum(count), 0)::bigint", closing, unit, measure, period, only_itself, "branch" in by)]


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


def _select(columns, closing, unit, measure, period, only_itself=False, is_split=False):
    values = {
        "path": unit.path,
        "below": unit.path if only_itself else f"{unit.path}%",
        "branch": len(unit.path) + Unit.steplen,
        "step": Unit.steplen,
        "measure": measure,
        "start": period.start,
        "end": period.end,
        "is_split": is_split,
    }
    tally = BY_BRANCH if measure in ADDED_UP and not only_itself else BY_UNIT
    with connection.cursor() as cursor:
        cursor.execute(f"{tally} SELECT {columns} FROM tally{closing}", values)  # noqa: S608 - constants of this module
        return cursor.fetchall()

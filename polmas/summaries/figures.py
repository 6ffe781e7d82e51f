"""Reading counts: the stored ones of days that nobody touched since, and a live count of the days that carry a mark.

Dashboards, the API and the summaries all read through `counts`. Each call is one statement, so stored and live parts are of the
same moment, and its cost follows the number of days, and of units only where something changed just now: a branch of the tree is
read at one row a day.
"""

import collections
import datetime
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection

from polmas.people.models import Unit
from polmas.people.periods import Period
from polmas.summaries.measures import live_of
from polmas.summaries.models import Measure
from polmas.summaries.models.counts import ADDED_UP
from polmas.summaries.recount import BIT, MONTH

COLUMNS = {"branch": "left(path, %(branch)s)", "day": "day", "key": "key", "measure": "measure"}
UNITS = "unit AS MATERIALIZED (SELECT id, path::text, numchild FROM people_unit WHERE path LIKE %(below)s)"
WANTED = """
    wanted AS MATERIALIZED (
        SELECT DISTINCT unit_id, day, unit.path
        FROM (SELECT unit_id, day FROM patrol_countmark UNION ALL SELECT unit_id, day FROM people_daymark) mark JOIN unit ON unit.id = mark.unit_id
        WHERE mark.day BETWEEN %(start)s AND %(end)s
    ),
"""
# Counts of single units, for what is not added up: officers, villages.
SINGLE = f"""
    {WANTED} live AS ({{live}}),
    tally AS (
        SELECT unit.path, stored.day, stored.measure, stored.key, stored.count
        FROM summaries_dailycount stored JOIN unit ON unit.id = stored.unit_id
        WHERE stored.measure = ANY(%(measures)s) AND stored.day BETWEEN %(start)s AND %(end)s
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.unit_id = stored.unit_id AND wanted.day = stored.day)
        UNION ALL
        SELECT unit.path, live.day, live.measure, live.key, live.count
        FROM live JOIN unit ON unit.id = live.unit_id WHERE live.measure = ANY(%(measures)s)
    )
"""  # noqa: S608 - put together from constants; values are parameters
BY_UNIT = f"WITH {UNITS}, {SINGLE}"
# The same of some units and no others, whose numbers are known.
OF_UNITS = f"WITH unit AS MATERIALIZED (SELECT id, path::text, numchild FROM people_unit WHERE id = ANY(%(ids)s)), {SINGLE}"  # noqa: S608
# From the top down: where the sum of a branch may be out of date on a day, or the branches themselves are asked for, the unit's own count
# and the sums of those directly below are taken instead, and so on. Sums and counts are looked up one by one (LATERAL), and
# the days are written out: the planner can't know how few are asked for, and would prepare for those of all units and years.
BY_BRANCH = f"""
    WITH RECURSIVE {UNITS}, {WANTED} live AS ({{live}}),
    unsure AS MATERIALIZED (
        SELECT unit.path, mark.day FROM summaries_branchmark mark JOIN unit ON unit.id = mark.unit_id WHERE mark.day BETWEEN %(start)s AND %(end)s
        UNION
        SELECT left(wanted.path, place.length), wanted.day
        FROM wanted CROSS JOIN LATERAL generate_series(length(%(path)s), length(wanted.path), %(step)s) AS place (length)
        UNION
        SELECT unit.path, span.day FROM people_treechange moved
        JOIN unit ON unit.id = moved.unit_id OR starts_with(moved.before, unit.path) OR starts_with(moved.after, unit.path)
        CROSS JOIN unnest(%(days)s::date[]) AS span (day)
    ),
    opened (path, day) AS (
        SELECT unit.path, span.day FROM unit CROSS JOIN unnest(%(days)s::date[]) AS span (day)
        WHERE unit.path = %(path)s
        AND (%(is_split)s OR unit.numchild = 0 OR EXISTS (SELECT FROM unsure WHERE unsure.path = unit.path AND unsure.day = span.day))
        UNION ALL
        SELECT unsure.path, unsure.day FROM opened JOIN unsure ON left(unsure.path, -%(step)s) = opened.path AND unsure.day = opened.day
    ),
    summed (id, path, day) AS (
        SELECT unit.id, unit.path, span.day FROM unit CROSS JOIN unnest(%(days)s::date[]) AS span (day)
        WHERE unit.path = %(path)s
        UNION ALL
        SELECT unit.id, unit.path, opened.day FROM opened JOIN unit ON left(unit.path, -%(step)s) = opened.path
    ),
    tally AS (
        SELECT summed.path, summed.day, wished.measure, told.key, told.value::bigint AS count
        FROM summed JOIN unit USING (id)
        CROSS JOIN LATERAL (
            SELECT counts FROM summaries_branchday one WHERE one.unit_id = summed.id AND one.day = summed.day LIMIT 1
        ) stored
        CROSS JOIN unnest(%(measures)s::text[]) AS wished (measure)
        CROSS JOIN LATERAL jsonb_each_text(stored.counts -> wished.measure) told
        WHERE unit.numchild > 0 AND NOT EXISTS (SELECT FROM opened WHERE opened.path = summed.path AND opened.day = summed.day)
        UNION ALL
        SELECT own.path, own.day, stored.measure, stored.key, stored.count
        FROM (
            SELECT unit.id, opened.path, opened.day FROM opened JOIN unit USING (path)
            UNION
            SELECT id, path, day FROM summed JOIN unit USING (id, path) WHERE numchild = 0
        ) own
        CROSS JOIN LATERAL (
            SELECT measure, key, count FROM summaries_dailycount one
            WHERE one.unit_id = own.id AND one.day = own.day AND one.measure = ANY(%(measures)s) OFFSET 0
        ) stored
        WHERE NOT EXISTS (SELECT FROM wanted WHERE wanted.unit_id = own.id AND wanted.day = own.day)
        UNION ALL
        SELECT unit.path, live.day, live.measure, live.key, live.count
        FROM live JOIN unit ON unit.id = live.unit_id WHERE live.measure = ANY(%(measures)s)
    )
"""  # noqa: S608
# Who reported on any day of the span: by the months of officers, and on days that are marked by the reports.
REPORTING = f"""
    WITH {UNITS}, {WANTED} live AS ({{live}}),
    marked AS (SELECT {MONTH} AS month, unit_id, {BIT} AS days FROM wanted GROUP BY 1, 2),
    reporting AS (
        SELECT unit.path, stored.officer_id::text AS officer
        FROM summaries_officermonth stored JOIN unnest(%(months)s::date[], %(bits)s::int[]) AS span (month, days) USING (month)
        JOIN unit ON unit.id = stored.unit_id LEFT JOIN marked USING (month, unit_id)
        WHERE stored.month = ANY(%(months)s::date[]) AND stored.days & span.days & ~coalesce(marked.days, 0) <> 0
        UNION ALL
        SELECT unit.path, live.key FROM live JOIN unit ON unit.id = live.unit_id WHERE live.measure = '{Measure.BY_OFFICER}'
    )
    SELECT {COLUMNS["branch"]}, count(DISTINCT officer) FROM reporting GROUP BY 1
"""  # noqa: S608


class Row(NamedTuple):
    """One group: the columns that were not asked for are None. `branch` is the path of the unit itself or of its child."""

    branch: str | None
    day: datetime.date | None
    key: str | None
    measure: str | None
    number: int


def counts(unit: Unit, measure: Measure, period: Period, by=(), only_itself=False) -> list[Row]:
    """One measure of a unit and all below it (or of itself alone), in the groups asked for: any of branch, day, key."""
    return several(unit, [measure], period, by, only_itself)


def several(unit: Unit, measures: Collection[Measure], period: Period, by=(), only_itself=False) -> list[Row]:
    """Measures in the groups asked for, `measure` itself among them; all of them added up for the units above (`ADDED_UP`), or none."""
    columns = ", ".join(COLUMNS[name] if name in by else "NULL" for name in COLUMNS)
    groups = ", ".join(str(place) for place, name in enumerate(COLUMNS, 1) if name in by)
    closing = f" GROUP BY {groups} ORDER BY {groups}" if groups else ""
    number = f"{columns}, coalesce(sum(count), 0)::bigint"
    return [Row(*row) for row in _select(number, closing, unit, measures, period, only_itself, is_split="branch" in by)]


def of_units(ids: list[int], length: int, measures: Collection[Measure], period: Period, by=(), since: datetime.date | None = None) -> list[tuple]:
    """Measures of these units alone, by the first letters of their paths, the measure, and what is asked for more: (path, measure, *by,
    number). Of days there may be two spans, `since` one and before: True and False."""
    columns = {"day": "day", "key": "key", "span": "day >= %(since)s"}
    chosen = ", ".join(["left(path, %(branch)s)", "measure", *(columns[name] for name in by)])
    groups = ", ".join(str(place) for place in range(1, 3 + len(by)))
    values: dict[str, Any] = {
        "ids": ids,
        "branch": length,
        "start": period.start,
        "end": period.end,
        "since": since,
        "measures": [str(name) for name in measures],
    }
    tally = OF_UNITS.format(live=live_of(frozenset(measures)))
    with connection.cursor() as cursor:
        cursor.execute(f"{tally} SELECT {chosen}, sum(count)::bigint FROM tally GROUP BY {groups} ORDER BY {groups}", values)  # noqa: S608
        return cursor.fetchall()


def total(unit: Unit, period: Period, only_itself=False) -> int:
    return counts(unit, Measure.BY_KIND, period, only_itself=only_itself)[0].number


def officers_reporting(unit: Unit, period: Period) -> dict[str, int]:
    """How many officers reported at all, per branch."""
    values = _values(unit, period)
    bits: collections.Counter = collections.Counter()  # by month: its days that lie in the period, as in OfficerMonth
    for day in values["days"]:
        bits[day.replace(day=1)] |= 1 << day.day - 1
    months = {"months": list(bits.keys()), "bits": list(bits.values())}
    with connection.cursor() as cursor:
        cursor.execute(REPORTING.format(live=live_of(frozenset({Measure.BY_OFFICER}))), values | months)
        return dict(cursor.fetchall())


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


def _select(columns, closing, unit, measures, period, only_itself=False, is_split=False):
    values = _values(unit, period, only_itself) | {"measures": [str(measure) for measure in measures], "is_split": is_split}
    tally = BY_BRANCH if set(measures) <= set(ADDED_UP) and not only_itself else BY_UNIT
    with connection.cursor() as cursor:
        cursor.execute(f"{tally.format(live=live_of(frozenset(measures)))} SELECT {columns} FROM tally{closing}", values)  # noqa: S608 - constants of this module
        return cursor.fetchall()


def _values(unit, period, only_itself=False):
    return {
        "path": unit.path,
        "below": unit.path if only_itself else f"{unit.path}%",
        "branch": len(unit.path) + Unit.steplen,
        "step": Unit.steplen,
        "start": period.start,
        "days": [period.start + datetime.timedelta(days=place) for place in range(period.days)],
        "end": period.end,
    }

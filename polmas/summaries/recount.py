"""Counting units' days anew, each exactly once, whatever else is going on.

Why it is exact: whoever changes a row writes its mark in the same transaction: reports themselves, the database for all else that is
counted (`marks_days`). A recount holds the locks of its keys, then looks at
the marks and only then at the rows, each with a fresh snapshot (READ COMMITTED), so every change whose mark it takes is in what
it counts. Marks that come later stay, and with them the duty to count again. A worker killed in between leaves marks and old
counts as they were. Readers see both in one statement (`figures`), and count marked days from the rows themselves.
"""

import datetime
import time

from django.db import connection, transaction
from django.utils import timezone

from patrol.models import CountMark
from patrol.recount import recount_entries
from polmas.people.models import DayMark
from polmas.summaries import branches, freshness
from polmas.summaries.branches import LOCK, WANTED, parameters
from polmas.summaries.measures import LIVE
from polmas.summaries.models import Measure

MARKS = f"""
    SELECT mark.* FROM {WANTED} JOIN (
        SELECT 'report' AS of, id, unit_id, day, reports FROM patrol_countmark UNION ALL SELECT 'day', id, unit_id, day, '{{}}' FROM people_daymark
    ) mark USING (unit_id, day)
"""  # noqa: S608
# Only what differs is written: of a day's counts one more report changes four.
REPLACE = f"""
    WITH wanted AS (SELECT * FROM {WANTED}), live AS MATERIALIZED ({LIVE}), gone AS (
        DELETE FROM summaries_dailycount stored USING wanted
        WHERE stored.unit_id = wanted.unit_id AND stored.day = wanted.day
            AND NOT EXISTS (
                SELECT FROM live
                WHERE (live.unit_id, live.day, live.measure, live.key) = (stored.unit_id, stored.day, stored.measure, stored.key)
            )
    )
    INSERT INTO summaries_dailycount AS stored (unit_id, day, measure, key, count) SELECT * FROM live
    ON CONFLICT (unit_id, day, measure, key) DO UPDATE SET count = excluded.count WHERE stored.count <> excluded.count
"""  # noqa: S608
# The bit of a day in its month, and the days of the keys as such bits.
MONTH, BIT = "date_trunc('month', day)::date", "bit_or(1 << extract(day FROM day)::int - 1)"
OFFICERS = f"""
    SELECT {MONTH} AS month, unit_id, key::bigint AS officer_id, {BIT} AS days
    FROM {{counts}} WHERE measure = '{Measure.BY_OFFICER}' GROUP BY 1, 2, 3
"""  # noqa: S608
# Of the days counted now the officers' bits are set or taken away; other days of the month stay as they are.
REPLACE_OFFICERS = f"""
    WITH wanted AS (SELECT * FROM {WANTED}),
    counted AS (SELECT {MONTH} AS month, unit_id, {BIT} AS days FROM wanted GROUP BY 1, 2),
    found AS ({OFFICERS.format(counts="wanted JOIN summaries_dailycount USING (unit_id, day)")}),
    gone AS (
        UPDATE summaries_officermonth stored SET days = stored.days & ~counted.days FROM counted
        WHERE (stored.month, stored.unit_id) = (counted.month, counted.unit_id) AND stored.days & counted.days <> 0 AND NOT EXISTS (
            SELECT FROM found WHERE (found.month, found.unit_id, found.officer_id) = (stored.month, stored.unit_id, stored.officer_id)
        )
    )
    INSERT INTO summaries_officermonth AS stored (month, unit_id, officer_id, days) SELECT month, unit_id, officer_id, days FROM found
    ON CONFLICT (month, unit_id, officer_id) DO UPDATE SET days = excluded.days | (stored.days & ~(
        SELECT counted.days FROM counted WHERE (counted.month, counted.unit_id) = (excluded.month, excluded.unit_id)
    ))
"""  # noqa: S608
# That what hangs on these days is not what it was: for who built on them before.
CHANGED = f"""
    INSERT INTO summaries_countedday AS stored (unit_id, day, changes) SELECT unit_id, day, 1 FROM {WANTED}
    ON CONFLICT (unit_id, day) DO UPDATE SET changes = stored.changes + 1
"""  # noqa: S608
TOGETHER = 200  # keys of one transaction
FRESH = datetime.timedelta(days=2)  # days that are looked at first


def lock(*key) -> None:
    """Waits until nobody else works on this key; held until the transaction ends.

    The number is 64 bits of a hash of the key's words: two keys that share one only wait for each other needlessly.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, key))])


def recount(unit_id: int, day: datetime.date) -> int:
    """Replaces all counts of one (unit, day), and of what the marked reports visited, by what the rows say now.

    Returns how many marks it took. Safe to run at any time.
    """
    return recount_keys([(unit_id, day)])


def recount_marked(within: float | None = None) -> int:
    """Counts anew the days that are marked, the last ones first; returns how many. Older ones as long as there are any, or for so many
    seconds: an update may mark all days of the country, and today must not wait behind years. What is left waits for the next time."""
    recent = timezone.localdate() - FRESH
    keys = sorted({key for model in (CountMark, DayMark) for key in _marked(model.objects.filter(day__gte=recent).order_by())})
    for start in range(0, len(keys), TOGETHER):
        recount_keys(keys[start : start + TOGETHER], only_marked=True)
    return len(keys) + _recount_older(recent, within)


def _recount_older(recent, within) -> int:
    number, began = 0, time.monotonic()
    while within is None or time.monotonic() - began < within:
        keys = {key for model in (CountMark, DayMark) for key in _marked(model.objects.filter(day__lt=recent).order_by("pk")[:TOGETHER])}
        if not keys:
            break
        recount_keys(sorted(keys), only_marked=True)
        number += len(keys)
    return number


def _marked(rows):
    return rows.values_list("unit_id", "day")


@transaction.atomic
def recount_keys(keys: list[tuple[int, datetime.date]], only_marked: bool = False) -> int:
    """The keys of one transaction. Where somebody else took the marks while we waited for the locks, that key is done (`only_marked`)."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"what": "daily:", **parameters(keys)})
        cursor.execute(MARKS, parameters(keys))
        marks = cursor.fetchall()
        marked = sorted({(unit_id, day) for _of, _pk, unit_id, day, _reports in marks})
        if only_marked:
            keys = marked
        if marked:
            cursor.execute(CHANGED, parameters(marked))
        if keys:
            cursor.execute(REPLACE, parameters(keys))
            cursor.execute(LOCK, {"what": "month:", **parameters(sorted({(unit_id, day.replace(day=1)) for unit_id, day in keys}))})
            cursor.execute(REPLACE_OFFICERS, parameters(keys))
            cursor.execute(branches.READ_TREE)
            cursor.execute(branches.MARK, parameters(keys))
            freshness.turn(cursor, [unit_id for unit_id, _day in keys])
        if reports := sorted({report for *_mark, reports in marks for report in reports}):
            recount_entries(reports)
        CountMark.objects.filter(pk__in=[pk for of, pk, *_mark in marks if of == "report"]).delete()
        DayMark.objects.filter(pk__in=[pk for of, pk, *_mark in marks if of == "day"]).delete()
    return len(marks)


def officers_all() -> None:
    """The months of every officer from the counts, in one statement: after counts were written by the million."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM summaries_officermonth")
        cursor.execute(f"INSERT INTO summaries_officermonth (month, unit_id, officer_id, days) {OFFICERS.format(counts='summaries_dailycount')}")

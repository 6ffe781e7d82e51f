"""Counting units' days anew, each exactly once, whatever else is going on.

Why it is exact: a report's transaction writes the report and its mark together. A recount holds the locks of its keys, then looks at
the marks and only then at the rows, each with a fresh snapshot (READ COMMITTED), so every change whose mark it takes is in what
it counts. Marks that come later stay, and with them the duty to count again. A worker killed in between leaves marks and old
counts as they were. Readers see both in one statement (`figures`), and count marked days from the rows themselves.
"""

import datetime

from django.db import connection, transaction

from patrol.models import CountMark
from patrol.recount import recount_entries
from polmas.summaries import branches
from polmas.summaries.branches import LOCK, WANTED, parameters

# Every measure of every (unit, day) in `wanted`, from the reports. Returned and withdrawn ones count by state alone. Reports that are
# alike in all measures are counted first: a row for each report and measure would cost several times as much.
LIVE = """
    SELECT alike.unit_id, alike.day, measured.measure, measured.key, sum(alike.count)::bigint AS count
    FROM (
        SELECT unit_id, day, kind, state, officer_id, area_id, count(*) AS count FROM wanted JOIN patrol_report USING (unit_id, day)
        GROUP BY unit_id, day, kind, state, officer_id, area_id
    ) alike
    JOIN mapping_area area ON area.id = alike.area_id
    CROSS JOIN LATERAL (VALUES
        ('reports_by_kind', alike.kind), ('reports_by_state', alike.state),
        ('reports_by_officer', alike.officer_id::text), ('reports_by_area', area.code)
    ) AS measured (measure, key)
    WHERE measured.measure = 'reports_by_state' OR alike.state IN ('submitted', 'verified', 'accepted')
    GROUP BY alike.unit_id, alike.day, measured.measure, measured.key
"""
MARKS = f"SELECT mark.id, mark.unit_id, mark.day, mark.reports FROM {WANTED} JOIN patrol_countmark mark USING (unit_id, day)"  # noqa: S608
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
TOGETHER = 200  # keys of one transaction


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


def recount_marked() -> int:
    """Counts anew every day that is marked by now; returns how many. What is marked meanwhile waits for the next time."""
    keys = sorted(CountMark.objects.order_by().values_list("unit_id", "day").distinct())
    for start in range(0, len(keys), TOGETHER):
        recount_keys(keys[start : start + TOGETHER], only_marked=True)
    return len(keys)


@transaction.atomic
def recount_keys(keys: list[tuple[int, datetime.date]], only_marked: bool = False) -> int:
    """The keys of one transaction. Where somebody else took the marks while we waited for the locks, that key is done (`only_marked`)."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"what": "daily:", **parameters(keys)})
        cursor.execute(MARKS, parameters(keys))
        marks = cursor.fetchall()
        if only_marked:
            keys = sorted({(unit_id, day) for _pk, unit_id, day, _reports in marks})
        if keys:
            cursor.execute(REPLACE, parameters(keys))
            cursor.execute(branches.READ_TREE)
            cursor.execute(branches.MARK, parameters(keys))
        if marks:
            recount_entries(sorted({report for *_mark, reports in marks for report in reports}))
        CountMark.objects.filter(pk__in=[pk for pk, *_mark in marks]).delete()
    return len(marks)

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

# Every measure of every (unit, day) in `wanted`, from the reports. Returned and withdrawn ones count by state alone.
LIVE = """
    SELECT report.unit_id, report.day, measured.measure, measured.key, count(*) AS count
    FROM wanted
    JOIN patrol_report report ON report.unit_id = wanted.unit_id AND report.day = wanted.day
    JOIN mapping_area area ON area.id = report.area_id
    CROSS JOIN LATERAL (VALUES
        ('reports_by_kind', report.kind), ('reports_by_state', report.state),
        ('reports_by_officer', report.officer_id::text), ('reports_by_area', area.code)
    ) AS measured (measure, key)
    WHERE measured.measure = 'reports_by_state' OR report.state IN ('submitted', 'verified', 'accepted')
    GROUP BY report.unit_id, report.day, measured.measure, measured.key
"""
WANTED = "unnest(%(units)s::bigint[], %(days)s::date[]) AS wanted (unit_id, day)"
LOCK = f"""
    SELECT pg_advisory_xact_lock(hashtextextended('daily:' || unit_id || ':' || day, 0))
    FROM (SELECT unit_id, day FROM {WANTED} ORDER BY unit_id, day) wanted
"""  # noqa: S608 - put together from constants; values are parameters
MARKS = f"SELECT mark.id, mark.unit_id, mark.day FROM {WANTED} JOIN patrol_countmark mark USING (unit_id, day)"  # noqa: S608
DELETE = f"DELETE FROM summaries_dailycount stored USING {WANTED} WHERE stored.unit_id = wanted.unit_id AND stored.day = wanted.day"  # noqa: S608
INSERT = f"""
    WITH wanted AS (SELECT * FROM {WANTED})
    INSERT INTO summaries_dailycount (unit_id, day, measure, key, count) {LIVE}
"""  # noqa: S608
TOGETHER = 200  # keys of one transaction


def lock(*key) -> None:
    """Waits until nobody else works on this key; held until the transaction ends.

    The number is 64 bits of a hash of the key's words: two keys that share one only wait for each other needlessly.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, key))])


def recount(unit_id: int, day: datetime.date) -> int:
    """Replaces all counts of one (unit, day), and of what was visited then, by what the rows say now.

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
        cursor.execute(LOCK, parameters(keys))
        cursor.execute(MARKS, parameters(keys))
        marks = cursor.fetchall()
        if only_marked:
            keys = sorted({(unit_id, day) for _pk, unit_id, day in marks})
        if keys:
            cursor.execute(DELETE, parameters(keys))
            cursor.execute(INSERT, parameters(keys))
            recount_entries(parameters(keys))
        CountMark.objects.filter(pk__in=[pk for pk, _unit, _day in marks]).delete()
    return len(marks)


def parameters(keys) -> dict[str, list]:
    return {"units": [unit_id for unit_id, _day in keys], "days": [day for _unit, day in keys]}

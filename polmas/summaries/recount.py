"""Counting one unit's day anew, exactly once, whatever else is going on.

Why it is exact: a report's transaction writes the report and its mark together. A recount holds the key's lock, then looks at
the marks and only then at the rows, each with a fresh snapshot (READ COMMITTED), so every change whose mark it takes is in what
it counts. Marks that come later stay, and with them the duty to count again. A worker killed in between leaves marks and old
counts as they were. Readers see both in one statement (`figures`), and count marked days from the rows themselves.
"""

import datetime

from django.db import connection, transaction

from patrol.models import CountMark
from patrol.recount import recount_entries
from polmas.summaries.models import DailyCount

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
INSERT = f"""
    WITH wanted AS (SELECT %(unit)s::bigint AS unit_id, %(day)s::date AS day)
    INSERT INTO summaries_dailycount (unit_id, day, measure, key, count) {LIVE}
"""


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
    with transaction.atomic(), connection.cursor() as cursor:
        lock("daily", unit_id, day)
        taken = list(CountMark.objects.filter(unit_id=unit_id, day=day).values_list("pk", flat=True))
        DailyCount.objects.filter(unit_id=unit_id, day=day).delete()
        cursor.execute(INSERT, {"unit": unit_id, "day": day})
        recount_entries(unit_id, day)
        CountMark.objects.filter(pk__in=taken).delete()
    return len(taken)

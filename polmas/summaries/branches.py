"""Adding up the counts of the units above: one row a day for a Polres, Polda or Mabes with all below it.

A recount marks the days of those above in its own transaction; adding up takes the marks, then looks at the counts with a fresh snapshot,
so that a change whose mark it takes is in the sum (as `recount` does with the rows). Readers read a marked day from the units below
(`figures`), hence they are never behind. When the tree itself changes, the days of those above are marked, before and after.
"""

import datetime
import time

from django.db import connection, transaction

from polmas.people.models import Unit
from polmas.summaries import freshness
from polmas.summaries.models import BranchMark
from polmas.summaries.models.counts import ADDED_UP

TOGETHER = 100  # keys of one transaction

WANTED = "unnest(%(units)s::bigint[], %(days)s::date[]) AS wanted (unit_id, day)"
LOCK = f"""
    SELECT pg_advisory_xact_lock(hashtextextended(%(what)s || unit_id || ':' || day, 0))
    FROM (SELECT unit_id, day FROM {WANTED} ORDER BY unit_id, day) wanted
"""  # noqa: S608 - put together from constants; values are parameters
# Each unit with every unit above it, and with itself where units lie below.
ABOVE = f"""
    SELECT unit.id AS unit_id, branch.id AS branch_id
    FROM people_unit unit
    CROSS JOIN LATERAL generate_series({Unit.steplen}, length(unit.path), {Unit.steplen}) AS place (length)
    JOIN people_unit branch ON branch.path = left(unit.path, place.length)
    WHERE branch.numchild > 0
"""  # noqa: S608
MARK = f"""
    INSERT INTO summaries_branchmark (unit_id, day)
    SELECT DISTINCT above.branch_id, wanted.day FROM {WANTED} JOIN ({ABOVE}) above USING (unit_id)
"""  # noqa: S608
# A recount knows those above by the tree as it finds it: who marks for a changed tree waits until the recounts that began before it are over.
TREE = "hashtextextended('tree of units', 0)"
READ_TREE = f"SELECT pg_advisory_xact_lock_shared({TREE})"
MARKS = f"SELECT mark.id FROM {WANTED} JOIN summaries_branchmark mark USING (unit_id, day)"  # noqa: S608
SUMS = f"""
    SELECT wanted.unit_id, wanted.day, stored.measure, stored.key, sum(stored.count) AS count
    FROM wanted
    JOIN ({ABOVE}) above ON above.branch_id = wanted.unit_id
    JOIN summaries_dailycount stored ON stored.unit_id = above.unit_id AND stored.day = wanted.day
    WHERE stored.measure = ANY(%(measures)s)
    GROUP BY wanted.unit_id, wanted.day, stored.measure, stored.key
"""  # noqa: S608
STORE = f"""
    summed AS (SELECT unit_id, day, measure, jsonb_object_agg(key, count) AS numbers FROM ({SUMS}) sums GROUP BY unit_id, day, measure)
    INSERT INTO summaries_branchday AS stored (unit_id, day, counts)
    SELECT unit_id, day, coalesce(jsonb_object_agg(measure, numbers) FILTER (WHERE measure IS NOT NULL), '{{}}')
    FROM wanted LEFT JOIN summed USING (unit_id, day) GROUP BY unit_id, day
    ON CONFLICT (unit_id, day) DO UPDATE SET counts = excluded.counts WHERE stored.counts <> excluded.counts
"""  # noqa: S608
ADD_UP = f"WITH wanted AS (SELECT * FROM {WANTED}), {STORE}"  # noqa: S608
# All days of all branches, from the lowest to the highest: each adds its own counts to what its children have, and a child that is a
# branch has its sum already. To look for each branch and day one by one takes minutes where there are thousands.
BRANCHES = "SELECT DISTINCT depth FROM people_unit WHERE numchild > 0 ORDER BY depth DESC"
NO_SUMS = "CREATE TEMPORARY TABLE branch_sum (unit_id bigint, day date, measure text, key text, count bigint) ON COMMIT DROP"
ADD_UP_LEVEL = f"""
    WITH branch AS (SELECT id, path FROM people_unit WHERE depth = %(depth)s AND numchild > 0),
    child AS (
        SELECT unit.id, unit.numchild, branch.id AS branch_id FROM people_unit unit
        JOIN branch ON branch.path = left(unit.path, length(unit.path) - {Unit.steplen}) WHERE unit.depth = %(depth)s + 1
    ),
    counting AS (SELECT id, branch_id FROM child WHERE numchild = 0 UNION ALL SELECT id, id FROM branch)
    INSERT INTO branch_sum
    SELECT branch_id, day, measure, key, sum(count) FROM (
        SELECT branch_id, day, measure, key, count FROM summaries_dailycount JOIN counting ON counting.id = unit_id WHERE measure = ANY(%(measures)s)
        UNION ALL SELECT branch_id, day, measure, key, count FROM branch_sum JOIN child ON child.id = unit_id
    ) below GROUP BY 1, 2, 3, 4
"""  # noqa: S608
STORE_ALL = """
    INSERT INTO summaries_branchday (unit_id, day, counts)
    SELECT unit_id, day, jsonb_object_agg(measure, numbers) FROM (
        SELECT unit_id, day, measure, jsonb_object_agg(key, count) AS numbers FROM branch_sum GROUP BY 1, 2, 3
    ) measured GROUP BY 1, 2;
    DROP TABLE branch_sum
"""
# Of a unit that changed its place, the days on which it counts; of its new parent those as well, for it may have had no units below before.
# Above it stand those whose path begins its old one or its new one, and every unit whose own path was shifted meanwhile. Their papers of
# these days are no longer what they were (`CountedDay`): the unit stands on that of its new parent and no more on that of its old one.
MARK_MOVED = """
    WITH moved AS (SELECT * FROM people_treechange WHERE id = ANY(%(changes)s)),
    branch AS (
        SELECT DISTINCT unit.id FROM people_unit unit JOIN moved
        ON moved.unit_id = unit.id OR starts_with(moved.before, unit.path) OR starts_with(moved.after, unit.path)
    ),
    counted AS (SELECT unit_id FROM moved UNION SELECT id FROM branch),
    touched AS (
        SELECT branch.id AS unit_id, days.day FROM branch
        CROSS JOIN (SELECT DISTINCT stored.day FROM summaries_dailycount stored JOIN counted USING (unit_id)) days
    ),
    changed AS (
        INSERT INTO summaries_countedday AS stored (unit_id, day, changes) SELECT unit_id, day, 1 FROM touched
        ON CONFLICT (unit_id, day) DO UPDATE SET changes = stored.changes + 1
    )
    INSERT INTO summaries_branchmark (unit_id, day) SELECT unit_id, day FROM touched
"""


def add_up_marked(within: float | None = None) -> int:
    """Adds up the days that are marked by now, the last days first; all, or as many as so many seconds allow. Returns how many. What is
    left, or marked meanwhile, waits for the next time."""
    take_tree_changes()
    keys = sorted(BranchMark.objects.order_by().values_list("unit_id", "day").distinct(), key=lambda key: (key[1], key[0]), reverse=True)
    began = time.monotonic()
    for start in range(0, len(keys), TOGETHER):
        if within is not None and time.monotonic() - began > within:
            return start
        add_up(keys[start : start + TOGETHER])
    return len(keys)


@transaction.atomic
def add_up(keys: list[tuple[int, datetime.date]]) -> None:
    """Replaces the sums of some (unit, day) by what the counts below say now. Safe to run at any time."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"what": "branch:", **parameters(keys)})
        cursor.execute(MARKS, parameters(keys))
        marks = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(ADD_UP, {"measures": list(ADDED_UP), **parameters(keys)})
    BranchMark.objects.filter(pk__in=marks).delete()


def add_up_all() -> None:
    """Every day of every branch from the counts, in a few statements: after counts were written by the million. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE summaries_dailycount")
        cursor.execute("DELETE FROM summaries_branchday")
        cursor.execute(NO_SUMS)
        cursor.execute(BRANCHES)
        for (depth,) in cursor.fetchall():
            cursor.execute(ADD_UP_LEVEL, {"measures": list(ADDED_UP), "depth": depth})
        cursor.execute(STORE_ALL)
        cursor.execute("DELETE FROM summaries_branchmark")
        cursor.execute("DELETE FROM people_treechange")
        freshness.turn(cursor, Unit.objects.values_list("pk", flat=True))


@transaction.atomic
def take_tree_changes() -> None:
    """Marks the days of those above every unit that came into the tree or changed its place."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({TREE})")
        cursor.execute("SELECT id FROM people_treechange")
        if changes := [pk for (pk,) in cursor.fetchall()]:
            cursor.execute(MARK_MOVED, {"changes": changes})
            freshness.turn(cursor, Unit.objects.values_list("pk", flat=True))
            cursor.execute("DELETE FROM people_treechange WHERE id = ANY(%(changes)s)", {"changes": changes})


def parameters(keys) -> dict[str, list]:
    return {"units": [unit_id for unit_id, _day in keys], "days": [day for _unit, day in keys]}

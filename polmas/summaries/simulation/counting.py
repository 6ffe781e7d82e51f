"""Counts and sums of all that was made up, by set, as `recount` and `branches` count one day after the other.

The database marked the days of everything but reports as it always does. The marks are read before the rows, and only those that
were read are taken away, so that what others write meanwhile keeps its own (`polmas.summaries.recount`).
"""

from polmas.summaries.branches import add_up_all
from polmas.summaries.measures import LIVE
from polmas.summaries.models import BranchDay, DailyCount
from polmas.summaries.models.counts import CountedDay, OfficerMonth
from polmas.summaries.recount import officers_all

COUNTS = (DailyCount, OfficerMonth, BranchDay, CountedDay)

# In the order in which a recount takes them, so that neither waits for the other in a circle: it would write the same keys.
LOCK = "LOCK TABLE summaries_countedday, summaries_dailycount, summaries_officermonth, summaries_branchmark IN SHARE ROW EXCLUSIVE MODE"
KEYS = """
    CREATE TEMPORARY TABLE simulated_mark ON COMMIT DROP AS SELECT id, unit_id, day FROM people_daymark;
    CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
    SELECT DISTINCT unit_id, day FROM patrol_report WHERE id BETWEEN %(first)s AND %(last)s UNION SELECT unit_id, day FROM simulated_mark;
    ANALYZE wanted
"""
COUNT = f"""
    DELETE FROM summaries_dailycount stored USING wanted WHERE stored.unit_id = wanted.unit_id AND stored.day = wanted.day;
    INSERT INTO summaries_dailycount (unit_id, day, measure, key, count) {LIVE}
"""  # noqa: S608 - put together from constants; values are parameters
CHANGED = """
    UPDATE summaries_countedday stored SET changes = stored.changes + 1 FROM wanted WHERE stored.unit_id = wanted.unit_id AND stored.day = wanted.day;
    INSERT INTO summaries_countedday (unit_id, day, changes)
    SELECT unit_id, day, 1 FROM (SELECT unit_id, day FROM wanted EXCEPT SELECT unit_id, day FROM summaries_countedday) new
"""
DONE = """
    DELETE FROM people_daymark USING simulated_mark taken WHERE taken.id = people_daymark.id;
    DROP TABLE simulated_mark, wanted
"""


def count_all(cursor, first: int, last: int) -> None:
    """Every unit and day that these reports, or marked changes, touch."""
    cursor.execute(LOCK)
    cursor.execute(KEYS, {"first": first, "last": last})
    cursor.execute(COUNT)
    cursor.execute(CHANGED)
    cursor.execute(DONE)
    officers_all()
    add_up_all()

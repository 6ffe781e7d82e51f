"""Counts and sums of all that was made up, by set, as `recount` and `branches` count one day after the other.

The database marked the days of everything but reports as it always does. The marks are read before the rows, and only those that
were read are taken away, so that what others write meanwhile keeps its own (`polmas.summaries.recount`).
"""

from polmas.summaries.branches import add_up_all
from polmas.summaries.measures import LIVE
from polmas.summaries.recount import officers_all

KEYS = """
    CREATE TEMPORARY TABLE simulated_mark ON COMMIT DROP AS SELECT id, unit_id, day FROM people_daymark;
    CREATE TEMPORARY TABLE simulated_key ON COMMIT DROP AS
    SELECT DISTINCT unit_id, day FROM patrol_report WHERE id BETWEEN %(first)s AND %(last)s UNION SELECT unit_id, day FROM simulated_mark;
    CREATE INDEX ON simulated_key (day);
    ANALYZE simulated_key;
    SELECT DISTINCT date_trunc('month', day)::date FROM simulated_key ORDER BY 1
"""
COUNTS = f"""
    CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
    SELECT unit_id, day FROM simulated_key WHERE day >= %(month)s AND day < %(month)s + interval '1 month';
    ANALYZE wanted;
    DELETE FROM summaries_dailycount stored USING wanted WHERE stored.unit_id = wanted.unit_id AND stored.day = wanted.day;
    INSERT INTO summaries_dailycount (unit_id, day, measure, key, count) {LIVE};
    INSERT INTO summaries_countedday (unit_id, day, changes) SELECT unit_id, day, 1 FROM wanted
    ON CONFLICT (unit_id, day) DO UPDATE SET changes = summaries_countedday.changes + 1;
    DROP TABLE wanted
"""  # noqa: S608 - put together from constants; values are parameters
DONE = """
    DELETE FROM people_daymark USING simulated_mark taken WHERE taken.id = people_daymark.id;
    DROP TABLE simulated_mark, simulated_key
"""


def count_all(cursor, first: int, last: int) -> None:
    """Every unit and day that these reports, or marked changes, touch; a month at a time."""
    cursor.execute(KEYS, {"first": first, "last": last})
    for (month,) in cursor.fetchall():
        cursor.execute(COUNTS, {"month": month})
    cursor.execute(DONE)
    officers_all()
    add_up_all()

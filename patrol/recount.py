"""When an entry of a register was visited last, counted from the reports.

The columns `last_visit_on`, `seen_on`, `visit_count` and `due_on` are only ever computed from all visits of an entry, never added
to: a recount may come late, twice, or at once with another, and ends in the same. It follows the marks, like the daily
counts (`polmas.summaries.recount`), some seconds behind the report.
"""

from django.db import connection

from patrol.models import Business, Contact, Household
from patrol.models.registers import VisitedEntry

CHUNK = 5000
# Where visits name their entry.
COLUMNS: dict[type[VisitedEntry], str] = {Household: "household_id", Business: "business_id", Contact: "contact_id"}

# Entries that the reports name, or named before they were corrected.
TOUCHED = """
    SELECT {column} FROM patrol_visit WHERE report_id = ANY(%(reports)s) AND {column} IS NOT NULL
    UNION
    SELECT {column} FROM patrol_visitevent WHERE pgh_obj_id = ANY(%(reports)s) AND {column} IS NOT NULL
"""
# Locked in one order, so that two recounts wait for each other and never for a circle.
LOCK = "SELECT id FROM {table} WHERE id IN ({touched}) ORDER BY id FOR NO KEY UPDATE"
VISITED = """
    max(r.day) AS last_visit_on, max(r.day) FILTER (WHERE NOT v.is_absent) AS seen_on, count(r.id) AS visit_count,
    (array_agg(v.next_visit_on ORDER BY r.occurred_at DESC, r.id DESC))[1] AS agreed_on
    FROM patrol_visit v JOIN patrol_report r ON r.id = v.report_id AND r.state IN ('submitted', 'verified', 'accepted')
"""
# Found in vain is visited, not seen: what is due stays due. What the latest visit agreed upon holds before the unit's interval.
RECOUNT = """
    UPDATE {{table}} AS entry
    SET last_visit_on = told.last_visit_on, seen_on = told.seen_on, visit_count = told.visit_count, due_on = told.due_on, recounted_at = now()
    FROM (
        SELECT one.id, visited.last_visit_on, visited.seen_on, coalesce(visited.visit_count, 0) AS visit_count,
            coalesce(visited.agreed_on, visited.seen_on + u.visit_every_days) AS due_on
        FROM {{table}} one
        JOIN people_unit u ON u.id = one.unit_id
        {visits}
    ) AS told
    WHERE told.id = entry.id
        AND (entry.last_visit_on, entry.seen_on, entry.visit_count, entry.due_on)
            IS DISTINCT FROM (told.last_visit_on, told.seen_on, told.visit_count, told.due_on)
"""
# Entry by entry, through the index: whatever the planner knows of tables that have just grown.
COUNT = RECOUNT.format(
    visits=f"CROSS JOIN LATERAL (SELECT {VISITED} WHERE v.{{column}} = one.id) visited WHERE one.id = ANY(%(ids)s)",
)
COUNT_FROM = RECOUNT.format(
    visits=f"LEFT JOIN (SELECT v.{{column}} AS id, {VISITED} WHERE v.{{column}} >= %(first)s GROUP BY 1) visited ON visited.id = one.id"
    " WHERE one.id >= %(first)s",
)


def recount_entries(report_ids: list[int]) -> None:
    """Counts anew what these reports visited. Call inside a transaction."""
    for model, column in COLUMNS.items():
        names = {"table": model._meta.db_table, "column": column}
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format(touched=TOUCHED.format(**names), **names), {"reports": report_ids})
            ids = [pk for (pk,) in cursor.fetchall()]
            if ids:
                cursor.execute(COUNT.format(**names), {"ids": ids})


def recount_due(unit) -> None:
    """Moves what comes due by the unit's interval, after that was changed. A day agreed upon at the latest visit stays."""
    for model in COLUMNS:
        recount_all(model._base_manager.filter(unit=unit, visit_count__gt=0))


def recount_all(entries) -> None:
    """Counts anew all entries of a queryset, some thousand in a statement."""
    model = entries.model
    ids = list(entries.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for start in range(0, len(ids), CHUNK):
            names = {"table": model._meta.db_table, "column": COLUMNS[model]}
            cursor.execute(COUNT.format(**names), {"ids": ids[start : start + CHUNK]})


def recount_from(model: type[VisitedEntry], first: int) -> None:
    """Counts anew every entry from this primary key on, in one statement that reads all their visits at once: for entries by the million."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FROM.format(table=model._meta.db_table, column=COLUMNS[model]), {"first": first})

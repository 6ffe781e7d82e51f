"""What is counted, in SQL: one SELECT (unit_id, day, measure, key, count) for each table, over the (unit, day) keys in `wanted`."""

import functools

from patrol.models.reports import COUNTED
from polmas.people.models.marks import day_there
from polmas.summaries.models import Measure

IS_COUNTED = f"state IN {tuple(map(str, COUNTED))}"
# Returned and withdrawn reports count by state alone. Those that are alike in all measures are counted first: a row for each report and
# measure would cost several times as much.
REPORTS = f"""
    SELECT alike.unit_id, alike.day, measured.measure, measured.key, sum(alike.count)::bigint AS count
    FROM (
        SELECT unit_id, day, kind, state, officer_id, area_id, count(*) AS count FROM wanted JOIN patrol_report USING (unit_id, day)
        GROUP BY unit_id, day, kind, state, officer_id, area_id
    ) alike
    JOIN mapping_area area ON area.id = alike.area_id
    CROSS JOIN LATERAL (VALUES
        ('{Measure.BY_KIND}', alike.kind), ('{Measure.BY_STATE}', alike.state),
        ('{Measure.BY_OFFICER}', alike.officer_id::text), ('{Measure.BY_AREA}', area.code)
    ) AS measured (measure, key)
    WHERE measured.measure = '{Measure.BY_STATE}' OR alike.{IS_COUNTED}
    GROUP BY alike.unit_id, alike.day, measured.measure, measured.key
"""  # noqa: S608 - put together from constants, as all below
OF_REPORTS = f"wanted JOIN patrol_report report USING (unit_id, day) JOIN {{table}} ON report_id = report.id WHERE report.{IS_COUNTED}"
OF_FORUMS = "wanted JOIN fkpm_forum forum USING (unit_id) JOIN {table} ON forum_id = forum.id"
VISITED = """CASE
    WHEN household_id IS NOT NULL THEN 'household' WHEN business_id IS NOT NULL THEN 'business'
    WHEN contact_id IS NOT NULL THEN 'contact' WHEN community_id IS NOT NULL THEN 'community' ELSE 'declined' END"""
BAND = "extract(hour FROM occurred_at AT TIME ZONE unit.time_zone)::int / 4"
INCIDENT = "wanted JOIN mapping_incident entry USING (unit_id, day) {more}WHERE withdrawn_at IS NULL"
WITH_UNIT = "JOIN people_unit unit ON unit.id = unit_id "
MEETING_DAY = f"{day_there('meeting.starts_at')} = wanted.day"
# Measure, key, and the rows that count.
OTHERS = (
    (Measure.VISITS, VISITED, OF_REPORTS.format(table="patrol_visit")),
    (Measure.OPINIONS, "opinion.field || ':' || opinion.urgency", OF_REPORTS.format(table="patrol_opinion opinion")),
    (Measure.INCIDENTS, f"entry.klass || ':' || entry.kind || ':' || {BAND}", INCIDENT.format(more=WITH_UNIT)),
    (Measure.CLEARED, "entry.klass || ':' || entry.kind", INCIDENT.format(more="") + " AND cleared_on IS NOT NULL"),
    (Measure.STATEMENTS, "entry.says", "wanted JOIN mapping_dailystatement entry USING (unit_id, day) WHERE superseded_at IS NULL"),
    (
        Measure.PROBLEMS,
        "entry.klass || ':' || entry.status",
        f"wanted JOIN mapping_problem entry USING (unit_id) {WITH_UNIT}WHERE {day_there('entry.created_at')} = wanted.day AND NOT is_confidential",
    ),
    (Measure.SOLVED, "entry.klass", "wanted JOIN mapping_problem entry USING (unit_id) WHERE entry.solved_on = wanted.day AND NOT is_confidential"),
    (Measure.CASES, "entry.outcome", "wanted JOIN fkpm_case entry USING (unit_id) WHERE entry.happened_on = wanted.day AND entry.is_standing"),
    (
        Measure.MEETINGS,
        "meeting.kind || ':' || coalesce(minutes.state, '')",
        f"{OF_FORUMS.format(table='fkpm_meeting meeting')} LEFT JOIN fkpm_minutes minutes ON minutes.meeting_id = meeting.id"
        f" {WITH_UNIT}WHERE {MEETING_DAY} AND meeting.cancelled_at IS NULL",
    ),
    (
        Measure.AGREEMENTS,
        "entry.kind || ':' || entry.state",
        "wanted JOIN fkpm_agreement entry USING (unit_id) WHERE entry.agreed_on = wanted.day AND entry.signed_at IS NOT NULL",
    ),
    (Measure.ACTIONS_DUE, "action.state", f"{OF_FORUMS.format(table='fkpm_actionitem action')} WHERE action.due_on = wanted.day"),
    (Measure.ACTIONS_DONE, "action.state", f"{OF_FORUMS.format(table='fkpm_actionitem action')} WHERE action.done_on = wanted.day"),
)
OF_EACH_REPORT = frozenset({Measure.BY_KIND, Measure.BY_STATE, Measure.BY_OFFICER, Measure.BY_AREA})


@functools.cache
def live_of(measures: frozenset[Measure]) -> str:
    """The SELECT that counts at least these measures; of all that are counted, the planner is asked about no more tables than it must."""
    asked = [REPORTS] if measures & OF_EACH_REPORT else []
    asked += [
        f"SELECT unit_id, wanted.day, '{measure}' AS measure, {key} AS key, count(*) AS count FROM {rows} GROUP BY unit_id, wanted.day, {key}"  # noqa: S608
        for measure, key, rows in OTHERS
        if measure in measures
    ]
    return " UNION ALL ".join(asked)


LIVE = live_of(frozenset(Measure))

"""Reports of years in the order in which they would have come, with their households and details, and all that goes with them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, Model
from django.utils import timezone

from fkpm.models import ActionItem, Agreement, Case, Forum, Meeting, Minutes
from mapping.models import DailyStatement, Field, Incident, Problem
from patrol.checks import SHORT_TEXT, print_of
from patrol.models import Household, Opinion, Report, TextPrint, Visit
from patrol.models.reports import Situation
from patrol.recount import recount_from
from polmas.people.scope import OFFICERS
from polmas.summaries.simulation.aside import laid_aside, lock
from polmas.summaries.simulation.counting import COUNTS, count_all
from polmas.summaries.simulation.details import DETAILS, add_details
from polmas.summaries.simulation.forums import add_meetings
from polmas.summaries.simulation.matters import add_matters
from polmas.summaries.simulation.rhythms import BY_NIGHT, DAY_HOURS, KINDS, NIGHT_HOURS, RUSH_HOURS, ZEAL, by_share, numbers, spread
from polmas.summaries.simulation.sets import dice, insert, one_of, point, reserve, uuid_of
from polmas.summaries.simulation.words import FIRST_NAMES, SURNAMES, TOPICS

CHUNK = 100_000  # reports of one statement
# For this transaction: few statements, each over very many rows, sort and group in memory; compiling them costs more than it saves.
LARGE = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL synchronous_commit = off"
# Each report brings a row of some of these.
MANY = (Household, Report, *DETAILS, TextPrint)
# What the counts are made of.
COUNTED = (Household, Report, Visit, Opinion, Incident, DailyStatement, Problem, Case, Forum, Meeting, Minutes, Agreement, ActionItem)
VISITS = 5  # to one household, about
SEED_STEP = 10**10  # seeds lie farther apart than running numbers reach

# Who could report and where: each officer with each village held, numbered. A village without a shape gives no position.
POSTS = """
CREATE TEMPORARY TABLE simulated_post ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY beat.id) - 1 AS n, beat.user_id, beat.area_id, posting.unit_id, unit.time_zone, kanit.user_id AS kanit_id,
       (SELECT min(id) FROM mapping_place post WHERE post.area_id = area.id AND post.kind = 'POS_KAMLING' AND post.closed_on IS NULL) AS post_id,
       (SELECT min(name) FROM fkpm_forum forum WHERE forum.area_id = area.id) AS forum,
       ST_XMin(shape.shape) AS west, ST_YMin(shape.shape) AS south, ST_XMax(shape.shape) - ST_XMin(shape.shape) AS width,
       ST_YMax(shape.shape) - ST_YMin(shape.shape) AS height
FROM mapping_beat beat
JOIN mapping_area area ON area.id = beat.area_id AND area.level IN ('KELURAHAN', 'DESA')
JOIN LATERAL (
  SELECT unit_id FROM people_posting WHERE user_id = beat.user_id AND role = ANY(%(officers)s)
  AND starts_on <= current_date AND (ends_on IS NULL OR ends_on >= current_date) ORDER BY starts_on DESC, id LIMIT 1
) posting ON true
JOIN people_unit unit ON unit.id = posting.unit_id
LEFT JOIN LATERAL (
  SELECT user_id FROM people_posting WHERE unit_id = posting.unit_id AND role = 'kanit_binmas' AND ends_on IS NULL ORDER BY id LIMIT 1
) kanit ON true
LEFT JOIN mapping_areashape shape ON shape.area_id = area.id AND shape.is_current AND shape.valid_to IS NULL
WHERE beat.starts_on <= current_date AND (beat.ends_on IS NULL OR beat.ends_on >= current_date)
"""
# Some officers do much and others little: each post stands as often as its officer is zealous.
SLOTS = f"""
CREATE TEMPORARY TABLE simulated_slot ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY post.n, g.n) - 1 AS slot, post.n AS post_n
FROM simulated_post post CROSS JOIN LATERAL generate_series(1, ({numbers(ZEAL)})[1 + {dice("post.user_id", "zeal", len(ZEAL))}]) AS g(n)
"""  # noqa: S608 - put together from constants; values are parameters
DAYS = """
CREATE TEMPORARY TABLE simulated_day ON COMMIT DROP AS
SELECT * FROM unnest(%(days)s::date[], %(firsts)s::bigint[], %(lasts)s::bigint[]) AS told (day, first, last)
"""


def hour_of(number: str, hours: tuple[int, ...]) -> str:
    return f"({numbers(hours)})[1 + {dice(number, 'hour', len(hours))}]"


def said(number: str) -> str:
    return f"'Kegiatan membahas ' || {one_of(number, 'topic', TOPICS)} || '; warga menerima pesan kamtibmas dan akan melapor bila ada perkembangan'"


def narrative(number: str) -> str:
    """Four sentences, some 350 characters; the last is always the same."""
    parts = [f"'Petugas bertemu warga dan membahas ' || {one_of(number, f'sentence {n}', TOPICS)} || ' di lingkungan setempat. '" for n in range(3)]
    return " || ".join([*parts, "'Warga diajak melapor kepada petugas bila ada hal yang mencurigakan di sekitarnya.'"])


NIGHT = ", ".join(f"'{kind}'" for kind in BY_NIGHT)
# The reports of one chunk: each with its post, its day and the first things that the others follow from.
DRAFTS = f"""
CREATE TEMPORARY TABLE simulated_draft ON COMMIT DROP AS
SELECT drawn.n, drawn.kind, drawn.day, post.user_id, post.unit_id, post.area_id, post.kanit_id, post.post_id, post.forum,
       post.west, post.south, post.width, post.height,
       row_number() OVER (PARTITION BY drawn.kind = 'PS' ORDER BY drawn.n) - 1 AS case_n,
       (drawn.day + make_interval(
           hours => CASE WHEN drawn.kind IN ({NIGHT}) THEN {hour_of("drawn.n", NIGHT_HOURS)}
                    WHEN drawn.kind = 'PENGATURAN' THEN {hour_of("drawn.n", RUSH_HOURS)} ELSE {hour_of("drawn.n", DAY_HOURS)} END,
           secs => {dice("drawn.n", "clock", 3600)})) AT TIME ZONE post.time_zone AS at,
       %(first_house)s + post.n + %(posts)s * {dice("drawn.n", "house", "%(houses)s")} AS household_id,
       {said("drawn.n")} AS said, {narrative("drawn.n")} AS narrative
FROM (
    SELECT g.n, moment.day, {dice("g.n", "slot", "%(slots)s")} AS slot, {by_share(dice("g.n", "kind", sum(KINDS.values())), KINDS)} AS kind
    FROM simulated_day moment CROSS JOIN LATERAL generate_series(greatest(moment.first, %(from)s), least(moment.last, %(to)s)) AS g(n)
    WHERE moment.first <= %(to)s AND moment.last >= %(from)s
) drawn
JOIN simulated_slot USING (slot) JOIN simulated_post post ON post.n = simulated_slot.post_n
"""  # noqa: S608


def simulate(number: int, seed: int, years: int, tell: Callable[[str], None]) -> None:
    """Adds that many reports over the years until yesterday, all or none."""
    today = timezone.localdate()
    first_day = today - datetime.timedelta(days=365 * years)
    with transaction.atomic(), connection.cursor() as cursor:
        is_most = Report.objects.count() < number  # else it costs more to sort and check what is there again
        if is_most:
            lock(cursor, (*MANY, *COUNTS))
        cursor.execute(LARGE)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the checks of millions of rows would wait in memory for the end
        values: dict[str, Any] = {"seed": seed * SEED_STEP, "number": number, "today": today, "first_day": first_day}
        values |= make_tables(cursor, values)
        first = reserve(cursor, Report, number)
        with laid_aside(cursor, MANY if is_most else ()):
            add_households(cursor, values)
            tell(f"{values['posts'] * values['houses']} households of {values['posts']} villages and officers")
            for start in range(0, number, CHUNK):
                end = min(start + CHUNK, number)
                add_chunk(cursor, {**values, "first": first, "from": start, "to": end - 1})
                tell(f"{end} of {number} reports")
            recount_from(Household, values["first_house"])
            tell("counted by household")
        tell("indexes and foreign keys")
        add_matters(cursor, values)
        tell("incidents, statements and problems")
        add_meetings(cursor, values)
        tell("meetings and agreements of forums")
        cursor.execute("DROP TABLE simulated_post, simulated_slot, simulated_day, simulated_print")
        for model in COUNTED:
            cursor.execute(f"ANALYZE {model._meta.db_table} ({', '.join(keys_and_days(model))})")  # the planner believes them empty still
        tell("told the planner")
        with laid_aside(cursor, COUNTS if is_most else ()):
            count_all(cursor, first, first + number - 1)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        tell("counted by unit and day")


def keys_and_days(model: type[Model]) -> list[str]:
    """The columns by which rows are found and counted: the planner needs to know no others until all is there."""
    return [str(field.column) for field in model._meta.local_concrete_fields if field.is_relation or isinstance(field, DateField)]


def is_simulated(seed: int) -> bool:
    """Whether this seed's reports stand here already; their ids would be the same."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM patrol_report WHERE uuid = {uuid_of('0', 'report')})", {"seed": seed * SEED_STEP})  # noqa: S608
        return cursor.fetchone()[0]


def make_tables(cursor, values) -> dict[str, int]:
    """Posts, slots and days; returns how many there are of them, and of households."""
    cursor.execute(POSTS, {"officers": list(OFFICERS)})
    cursor.execute("CREATE UNIQUE INDEX ON simulated_post (n); ANALYZE simulated_post; SELECT count(*) FROM simulated_post")
    posts = cursor.fetchone()[0]
    cursor.execute(SLOTS, values)
    cursor.execute("CREATE UNIQUE INDEX ON simulated_slot (slot); ANALYZE simulated_slot; SELECT count(*) FROM simulated_slot")
    slots = cursor.fetchone()[0]
    days = spread(values["number"], values["first_day"], values["today"] - datetime.timedelta(days=1))
    cursor.execute(DAYS, dict(zip(("days", "firsts", "lasts"), map(list, zip(*days, strict=True)), strict=True)))
    cursor.execute("ANALYZE simulated_day")
    houses = max(1, values["number"] // VISITS // posts)
    return {"posts": posts, "slots": slots, "houses": houses, "first_house": reserve(cursor, Household, posts * houses)}


def add_households(cursor, values):
    names = f"{one_of('h.n', 'first', FIRST_NAMES)} || ' ' || {one_of('h.n', 'last', SURNAMES)}"
    said = {
        "id": "%(first_house)s + h.n",
        "uuid": uuid_of("h.n", "house"),
        "unit": "post.unit_id",
        "area": "post.area_id",
        "rw": f"lpad((1 + {dice('h.n', 'rw', 12)})::text, 3, '0')",
        "rt": f"lpad((1 + {dice('h.n', 'rt', 8)})::text, 3, '0')",
        "head_name": names,
        "location": point("h.n", "post"),
    }
    series = "generate_series(0, %(posts)s * %(houses)s - 1) AS h(n) JOIN simulated_post post ON post.n = h.n %% %(posts)s ORDER BY h.n"
    insert(cursor, Household, said, series, values)


def add_chunk(cursor, values):
    cursor.execute(DRAFTS, values)
    cursor.execute("ANALYZE simulated_draft")
    add_reports(cursor, values)
    add_details(cursor, values)
    cursor.execute(PRINTS, {**values, "short": SHORT_TEXT})
    cursor.execute("DROP TABLE simulated_draft")


def add_reports(cursor, values):
    """Most of what is older than three days was accepted by itself, as in life; a few wait for a correction."""
    is_returned = f"({dice('d.n', 'returned', 50)} = 0 AND d.kind <> 'PS')"
    is_verified = f"({dice('d.n', 'state', 100)} < 12 AND d.day < %(today)s - 3)"
    state = (
        f"CASE WHEN {is_returned} THEN 'returned' WHEN {is_verified} THEN 'verified' WHEN d.day >= %(today)s - 3 THEN 'submitted' ELSE 'accepted' END"
    )
    said = {
        "id": "%(first)s + d.n",
        "uuid": uuid_of("d.n", "report"),
        "kind": "d.kind",
        "state": state,
        "review_note": f"CASE WHEN {is_returned} THEN 'Lengkapi hasil kegiatan.' ELSE '' END",
        "reviewed_by": f"CASE WHEN {is_verified} THEN d.kanit_id END",
        "reviewed_at": f"CASE WHEN {is_verified} THEN d.at + interval '1 day' END",
        "officer": "d.user_id",
        "unit": "d.unit_id",
        "area": "d.area_id",
        "day": "d.day",
        "occurred_at": "d.at",
        "received_at": f"least(now(), d.at + make_interval(secs => 60 + {dice('d.n', 'delay', 5400)}))",
        "location": point("d.n", "d"),
        "accuracy_m": f"CASE WHEN d.west IS NULL THEN NULL ELSE 3 + {dice('d.n', 'accuracy', 40)} END",
        "distance_m": "CASE WHEN d.west IS NULL THEN NULL ELSE 0 END",
        "result": "d.said || ' (' || d.n || ').'",
        "narrative": "d.narrative",
        "field": one_of("d.n", "field", Field.values),
        "situation": f"CASE WHEN {dice('d.n', 'situation', 12)} > 0 THEN 'AMAN' ELSE {one_of('d.n', 'worse', Situation.values[1:])} END",
        "flags": f"CASE {dice('d.n', 'flag', 20)} WHEN 0 THEN ARRAY['LATE'] WHEN 1 THEN ARRAY['POOR_ACCURACY'] ELSE ARRAY[]::varchar[] END",
        "content_hashes": "ARRAY[encode(sha256(('report' || %(seed)s || d.n)::bytea), 'hex')]",
    }
    insert(cursor, Report, said, "simulated_draft d ORDER BY d.n", values)


# The worker's prints. Texts repeat, so each is printed once; the running number at the end of a result is left out of its print.
SAID = "simulated_draft d CROSS JOIN LATERAL (VALUES (d.said || '.', d.narrative)) said (result, narrative)"
PRINTS = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS simulated_print (text text PRIMARY KEY, print bigint) ON COMMIT DROP;
    INSERT INTO simulated_print SELECT text, {print_of("text")} FROM (
      SELECT unnest(ARRAY[said.result, said.narrative]) AS text FROM {SAID} EXCEPT SELECT text FROM simulated_print
    ) new;
    ANALYZE simulated_print;
    INSERT INTO patrol_textprint (report_id, officer_id, occurred_at, result, narrative)
    SELECT %(first)s + d.n, d.user_id, d.at, results.print, narratives.print FROM {SAID}
    JOIN simulated_print results ON results.text = said.result JOIN simulated_print narratives ON narratives.text = said.narrative
    ORDER BY d.n
"""  # noqa: S608 - put together from constants; values are parameters


def tidy() -> None:
    """Tells the planner what it has now; outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute("VACUUM (ANALYZE)")

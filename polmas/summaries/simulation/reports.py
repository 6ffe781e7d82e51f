"""Reports of many days in the order in which they would have come, with their households, details and counts."""

from collections.abc import Callable

from django.db import connection, transaction

from mapping.models import Field
from patrol.checks import SHORT_TEXT, print_of
from patrol.models import Household, Opinion, Report, TextPrint, Visit
from patrol.models.reports import Situation
from patrol.models.visits import OpinionFrequency, OpinionKind, OpinionUrgency
from patrol.recount import recount_all
from polmas.people.code_lists import DEFAULTS
from polmas.people.scope import OFFICERS
from polmas.summaries.branches import add_up_all
from polmas.summaries.recount import LIVE
from polmas.summaries.simulation.sets import dice, insert, one_of, reserve, uuid_of

CHUNK = 100_000  # reports of one statement
VISITS = 5  # to one household, about
DAYS = 90  # over which the reports are spread
SEED_STEP = 10**10  # seeds lie farther apart than running numbers reach
SURNAMES = ("Santoso", "Wijaya", "Hidayat", "Nugroho", "Siregar", "Lestari", "Rahayu", "Saputra", "Gunawan", "Halim", "Ginting", "Tanjung")
FIRST_NAMES = ("Bambang", "Siti", "Agus", "Dewi", "Joko", "Sri", "Ahmad", "Rina", "Hendra", "Wati", "Eko", "Maria")
TOPICS = (
    *("keamanan lingkungan", "pencurian ternak", "ronda malam", "kehadiran sekolah", "peringatan banjir", "sengketa batas tanah"),
    *("lampu jalan padam", "saluran air tersumbat", "kebisingan malam", "kelompok pemuda", "panen raya", "perbaikan pompa air"),
)

# Who could report today and where: each officer with each village held, numbered. A village without a shape gives no position.
POSTS = """
CREATE TEMPORARY TABLE simulated_post ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY beat.id) - 1 AS n, beat.user_id, beat.area_id, posting.unit_id, unit.time_zone,
       ST_XMin(shape.shape) AS west, ST_YMin(shape.shape) AS south, ST_XMax(shape.shape) - ST_XMin(shape.shape) AS width,
       ST_YMax(shape.shape) - ST_YMin(shape.shape) AS height
FROM mapping_beat beat
JOIN mapping_area area ON area.id = beat.area_id AND area.level IN ('KELURAHAN', 'DESA')
JOIN LATERAL (
  SELECT unit_id FROM people_posting WHERE user_id = beat.user_id AND role = ANY(%(officers)s)
  AND starts_on <= current_date AND (ends_on IS NULL OR ends_on >= current_date) ORDER BY starts_on DESC, id LIMIT 1
) posting ON true
JOIN people_unit unit ON unit.id = posting.unit_id
LEFT JOIN mapping_areashape shape ON shape.area_id = area.id AND shape.is_current AND shape.valid_to IS NULL
WHERE beat.starts_on <= current_date AND (beat.ends_on IS NULL OR beat.ends_on >= current_date)
"""

# The reports of one chunk: each with its post, its day and the first things that the others follow from.
DRAFTS = f"""
CREATE TEMPORARY TABLE simulated_draft ON COMMIT DROP AS
SELECT g.n, post.user_id, post.unit_id, post.area_id, post.west, post.south, post.width, post.height, moment.day,
       (moment.day + time '07:30' + make_interval(secs => {dice("g.n", "clock", 36000)})) AT TIME ZONE post.time_zone AS at,
       %(first_house)s + post.n + %(posts)s * {dice("g.n", "house", "%(houses)s")} AS household_id
FROM generate_series(%(from)s, %(to)s) AS g(n)
JOIN simulated_post post ON post.n = g.n %% %(posts)s
CROSS JOIN LATERAL (SELECT current_date - (({{days}} * (%(number)s - g.n)) / %(number)s + 1)::int AS day) moment
"""  # noqa: S608 - put together from constants; values are parameters


def simulate(number: int, seed: int, tell: Callable[[str], None]) -> None:
    """Adds that many reports, all or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(POSTS, {"officers": list(OFFICERS)})
        cursor.execute("CREATE UNIQUE INDEX ON simulated_post (n); ANALYZE simulated_post; SELECT count(*) FROM simulated_post")
        posts = cursor.fetchone()[0]
        values = {"seed": seed * SEED_STEP, "number": number, "posts": posts, "houses": max(1, number // VISITS // posts)}
        values["first_house"] = reserve(cursor, Household, posts * values["houses"])
        add_households(cursor, values)
        tell(f"{posts * values['houses']} households of {posts} villages and officers")
        first = reserve(cursor, Report, number)
        for start in range(0, number, CHUNK):
            end = min(start + CHUNK, number)
            add_chunk(cursor, {**values, "first": first, "from": start, "to": end - 1})
            tell(f"{end} of {number} reports")
        cursor.execute(COUNTS, {"first": first, "last": first + number - 1})
        cursor.execute("DROP TABLE simulated_post, simulated_print, simulated_day")
        recount_all(Household.objects.filter(pk__gte=values["first_house"]))
        add_up_all()
        tell("counted by unit and day")


def is_simulated(seed: int) -> bool:
    """Whether this seed's reports stand here already; their ids would be the same."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM patrol_report WHERE uuid = {uuid_of('0', 'report')})", {"seed": seed * SEED_STEP})  # noqa: S608
        return cursor.fetchone()[0]


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


def point(number, place) -> str:
    """Somewhere in the box of the village; for its own square that is inside."""
    lon = f"{place}.west + {place}.width * (0.05 + 0.0009 * {dice(number, 'lon', 1000)})"
    lat = f"{place}.south + {place}.height * (0.05 + 0.0009 * {dice(number, 'lat', 1000)})"
    return f"ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)"


def add_chunk(cursor, values):
    cursor.execute(DRAFTS.format(days=DAYS), values)
    add_reports(cursor, values)
    add_visits(cursor, values)
    add_opinions(cursor, values)
    cursor.execute(PRINTS, {**values, "short": SHORT_TEXT})
    cursor.execute("DROP TABLE simulated_draft")


def add_reports(cursor, values):
    """Most of what is older than three days was accepted by itself, as in life; a few wait for a correction."""
    state = (
        f"CASE WHEN {dice('d.n', 'returned', 50)} = 0 THEN 'returned' WHEN d.day >= current_date - 3 THEN 'submitted'"
        f" WHEN {dice('d.n', 'state', 100)} < 12 THEN 'verified' ELSE 'accepted' END"
    )
    topic = one_of("d.n", "topic", TOPICS)
    said = {
        "id": "%(first)s + d.n",
        "uuid": uuid_of("d.n", "report"),
        "kind": "'DDS'",
        "state": state,
        "review_note": f"CASE WHEN {dice('d.n', 'returned', 50)} = 0 THEN 'Lengkapi hasil sambang.' ELSE '' END",
        "officer": "d.user_id",
        "unit": "d.unit_id",
        "area": "d.area_id",
        "day": "d.day",
        "occurred_at": "d.at",
        "received_at": f"d.at + make_interval(secs => 60 + {dice('d.n', 'delay', 5400)})",
        "location": point("d.n", "d"),
        "accuracy_m": f"CASE WHEN d.west IS NULL THEN NULL ELSE 3 + {dice('d.n', 'accuracy', 40)} END",
        "distance_m": "CASE WHEN d.west IS NULL THEN NULL ELSE 0 END",
        "result": f"'Sambang membahas ' || {topic} || '; warga menerima pesan kamtibmas dan akan melapor bila ada perkembangan (' || d.n || ').'",
        "narrative": narrative("d.n"),
        "field": one_of("d.n", "field", Field.values),
        "situation": f"CASE WHEN {dice('d.n', 'situation', 12)} > 0 THEN 'AMAN' ELSE {one_of('d.n', 'worse', Situation.values[1:])} END",
        "flags": f"CASE {dice('d.n', 'flag', 20)} WHEN 0 THEN ARRAY['LATE'] WHEN 1 THEN ARRAY['POOR_ACCURACY'] ELSE ARRAY[]::varchar[] END",
        "content_hashes": "ARRAY[encode(sha256(('report' || %(seed)s || d.n)::bytea), 'hex')]",
    }
    insert(cursor, Report, said, "simulated_draft d ORDER BY d.n", values)


def narrative(number) -> str:
    """Four sentences, some 350 characters."""
    parts = [f"'Petugas bertemu warga dan membahas ' || {one_of(number, f'sentence {n}', TOPICS)} || ' di lingkungan setempat. '" for n in range(4)]
    return " || ".join(parts)


# The worker's prints. Texts repeat, so each is printed once; the running number at the end of a result is left out of its print.
SAID = "CROSS JOIN LATERAL (VALUES (regexp_replace(result, ' [(][0-9]+[)]', ''), narrative)) said (result, narrative)"
PRINTS = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS simulated_print (text text PRIMARY KEY, print bigint) ON COMMIT DROP;
    INSERT INTO simulated_print SELECT text, {print_of("text")} FROM (
      SELECT unnest(ARRAY[said.result, said.narrative]) AS text FROM patrol_report {SAID} WHERE id BETWEEN %(first)s + %(from)s AND %(first)s + %(to)s
      EXCEPT SELECT text FROM simulated_print
    ) new;
    INSERT INTO patrol_textprint (report_id, officer_id, occurred_at, result, narrative)
    SELECT id, officer_id, occurred_at, results.print, narratives.print FROM patrol_report {SAID}
    JOIN simulated_print results ON results.text = said.result JOIN simulated_print narratives ON narratives.text = said.narrative
    WHERE id BETWEEN %(first)s + %(from)s AND %(first)s + %(to)s ORDER BY id
"""  # noqa: S608 - put together from constants; values are parameters


def add_visits(cursor, values):
    purposes = [code for code, *_labels in DEFAULTS["DDS_PURPOSE"]]
    said = {"report": "%(first)s + d.n", "household": "d.household_id", "purposes": f"ARRAY[{one_of('d.n', 'purpose', purposes)}]"}
    insert(cursor, Visit, said, "simulated_draft d ORDER BY d.n", values)


def add_opinions(cursor, values):
    """Every other visit hears one."""
    said = {
        "report": "%(first)s + d.n",
        "kind": one_of("d.n", "voice", OpinionKind.values),
        "field": one_of("d.n", "field", Field.values),
        "text": f"'Warga menyampaikan hal ' || {one_of('d.n', 'topic', TOPICS)} || '.'",
        "urgency": one_of("d.n", "urgency", OpinionUrgency.values),
        "frequency": one_of("d.n", "frequency", OpinionFrequency.values),
    }
    insert(cursor, Opinion, said, f"simulated_draft d WHERE {dice('d.n', 'heard', 2)} = 0 ORDER BY d.n", values)


# Of every unit and day that the new reports touch, as `recount` counts one of them.
COUNTS = f"""
    CREATE TEMPORARY TABLE simulated_day ON COMMIT DROP AS
    SELECT DISTINCT unit_id, day FROM patrol_report WHERE id BETWEEN %(first)s AND %(last)s;
    ANALYZE simulated_day;
    DELETE FROM summaries_dailycount stored USING simulated_day wanted WHERE stored.unit_id = wanted.unit_id AND stored.day = wanted.day;
    WITH wanted AS (SELECT unit_id, day FROM simulated_day)
    INSERT INTO summaries_dailycount (unit_id, day, measure, key, count) {LIVE}
"""  # noqa: S608 - put together from constants; values are parameters


def tidy() -> None:
    """Tells the planner what it has now; outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for model in (Household, Report, Visit, Opinion, TextPrint):
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")
        cursor.execute("VACUUM (ANALYZE) summaries_dailycount, summaries_branchday")

"""What happens in the villages beside the reports: incidents with the daily word of SPKT, problems and the steps against them."""

from mapping.models import DailyStatement, Incident, Problem, ProblemStep
from polmas.people.code_lists import DEFAULTS
from polmas.summaries.simulation.rhythms import by_share
from polmas.summaries.simulation.sets import dice, insert, one_of, point, reserve, uuid_of
from polmas.summaries.simulation.words import TOPICS

REPORTS_OF_AN_INCIDENT, REPORTS_OF_A_PROBLEM = 60, 150
REPORTS_OF_A_STATEMENT = 4  # so that a small simulation of a large country doesn't consist of statements
# Of a hundred and twenty: kind, and the hours of its kind.
KINDS = {
    "LAKA": 26,
    "CURANMOR": 20,
    "CURAT": 14,
    "CURBIASA": 10,
    "TIPU": 9,
    "ANIRING": 8,
    "NARKOBA": 5,
    "KDRT": 4,
    "GELAP": 4,
    "MIRAS": 4,
    "KEBAKARAN": 3,
    "TERLANTAR": 3,
    "TAWURAN": 2,
    "KERAMAIAN": 2,
    "ORANG_HILANG": 2,
    "BANJIR": 2,
    "ANIRAT": 1,
    "CURAS": 1,
}
CLASSES = {code: group for code, _id, _en, group in DEFAULTS["INCIDENT_KIND"]}
HOURS = (0, 1, 2, 3, 4, 6, 7, 9, 11, 13, 14, 16, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22, 23)
CLEARING = 40  # days within which half of all are cleared
# Of a village as everybody names it, and no group of people.
PROBLEM_KINDS = {code: group for code, _id, _en, group in DEFAULTS["PROBLEM_KIND"] if group in ("LOKASI_RAWAN", "LINGKUNGAN", "PENYAKIT_MASYARAKAT")}
# SPKT of the Polsek, or whoever else enters incidents there.
COUNTERS = """
CREATE TEMPORARY TABLE simulated_counter ON COMMIT DROP AS
SELECT DISTINCT ON (posting.unit_id) posting.unit_id, posting.user_id FROM people_posting posting
WHERE posting.role IN ('spkt', 'ka_spkt', 'operator_polsek') AND posting.starts_on <= %(first_day)s
  AND (posting.ends_on IS NULL OR posting.ends_on >= current_date) AND posting.unit_id IN (SELECT unit_id FROM simulated_post)
ORDER BY posting.unit_id, posting.role DESC, posting.id
"""
TOLD = f"""
CREATE TEMPORARY TABLE simulated_matter ON COMMIT DROP AS
SELECT g.n, post.user_id, post.unit_id, post.area_id, post.west, post.south, post.width, post.height, moment.day, counter.user_id AS counter_id,
       (moment.day + make_interval(hours => (%(hours)s::int[])[1 + {dice("g.n", "hour", "%(hour_count)s")}],
        secs => {dice("g.n", "clock", 3600)})) AT TIME ZONE post.time_zone AS at,
       {by_share(dice("g.n", "kind", sum(KINDS.values())), KINDS)} AS kind
FROM simulated_day moment
CROSS JOIN LATERAL generate_series((moment.first + %(per)s - 1) / %(per)s, moment.last / %(per)s) AS g(n)
JOIN simulated_post post ON post.n = {dice("g.n", "village", "%(posts)s")}
{{join}} simulated_counter counter ON counter.unit_id = post.unit_id
"""  # noqa: S608 - put together from constants; values are parameters

SOLVED = f"""
ALTER TABLE simulated_matter ADD COLUMN problem_id bigint, ADD COLUMN solved_on date, ADD COLUMN step int, ADD COLUMN what text;
UPDATE simulated_matter m SET problem_id = %(first_problem)s + numbered.place, step = least(3, (%(today)s - m.day) / 20),
    solved_on = CASE WHEN {dice("m.n", "solved", 2)} = 0 AND m.day + 60 < %(today)s THEN m.day + 20 + {dice("m.n", "took", 39)} END,
    what = {one_of("m.n", "what", list(PROBLEM_KINDS))}
FROM (SELECT n, row_number() OVER (ORDER BY n) - 1 AS place FROM simulated_matter) numbered WHERE numbered.n = m.n
"""  # noqa: S608


def add_matters(cursor, values) -> None:
    cursor.execute(COUNTERS, values)
    cursor.execute("ANALYZE simulated_counter")
    hours = {"hours": list(HOURS), "hour_count": len(HOURS)}
    cursor.execute(TOLD.format(join="JOIN"), {**values, **hours, "per": REPORTS_OF_AN_INCIDENT})
    add_incidents(cursor, values)
    add_statements(cursor, values)
    cursor.execute("DROP TABLE simulated_matter")
    cursor.execute(TOLD.format(join="LEFT JOIN"), {**values, **hours, "per": REPORTS_OF_A_PROBLEM})
    add_problems(cursor, values)
    cursor.execute("DROP TABLE simulated_matter, simulated_counter")


def add_incidents(cursor, values) -> None:
    groups = " ".join(f"WHEN '{kind}' THEN '{CLASSES[kind]}'" for kind in KINDS)
    cleared = f"m.day + {dice('m.n', 'cleared', CLEARING)}"
    is_cleared = f"({dice('m.n', 'solved', 100)} < 55 AND {cleared} < %(today)s)"
    loss = f"CASE WHEN m.kind IN ('CURANMOR', 'CURAT', 'CURBIASA', 'TIPU', 'GELAP', 'CURAS') THEN 100000 * (5 + {dice('m.n', 'loss', 240)}) END"
    closed, still_open = one_of("m.n", "closed", ("P21", "RJ", "DILIMPAHKAN")), one_of("m.n", "open", ("LIDIK", "SIDIK"))
    said = {
        "uuid": uuid_of("m.n", "incident"),
        "unit": "m.unit_id",
        "area": "m.area_id",
        "location": point("m.n", "m"),
        "occurred_at": "m.at",
        "day": "m.day",
        "kind": "m.kind",
        "klass": f"CASE m.kind {groups} END",
        "loss_rp": loss,
        "recorded_by": "m.counter_id",
        "reported_at": "least(now(), m.at + interval '2 hours')",
        "created_at": "least(now(), m.at + interval '3 hours')",
        "scene": one_of("m.n", "scene", [code for code, *_labels in DEFAULTS["INCIDENT_SCENE"]]),
        "no_lp": "'LP/S' || %(seed)s / 10000000000 || '/' || m.n",
        "narrative": f"'Warga melapor ke SPKT; petugas mendatangi TKP dan menanyai saksi tentang ' || {one_of('m.n', 'told', TOPICS)} || '.'",
        "status": f"CASE WHEN {is_cleared} THEN {closed} ELSE {still_open} END",
        "cleared_on": f"CASE WHEN {is_cleared} THEN {cleared} END",
    }
    insert(cursor, Incident, said, "simulated_matter m ORDER BY m.n", values)


def add_statements(cursor, values) -> None:
    """Nine days of ten, as far back as the number of reports lets it; whoever had incidents says "isi"."""
    cursor.execute("SELECT count(*) FROM simulated_counter")
    units = cursor.fetchone()[0]
    back = min((values["today"] - values["first_day"]).days, values["number"] // REPORTS_OF_A_STATEMENT // units if units else 0)
    number = "(c.unit_id * 1000 + past.n)"
    day = "(%(today)s::date - past.n::int)"
    happened = f"SELECT FROM simulated_matter m WHERE m.unit_id = c.unit_id AND m.day = {day}"
    silent = f"EXISTS (SELECT FROM mapping_dailystatement s WHERE s.unit_id = c.unit_id AND s.day = {day} AND s.superseded_at IS NULL)"
    cursor.execute("CREATE INDEX ON simulated_matter (unit_id, day); ANALYZE simulated_matter")
    said = {
        "unit": "c.unit_id",
        "day": day,
        "by": "c.user_id",
        "at": f"least(now(), {day} + interval '1 day')",
        "says": f"CASE WHEN EXISTS ({happened}) THEN 'ISI' ELSE 'NIHIL' END",
    }
    source = f"simulated_counter c CROSS JOIN generate_series(1, %(back)s) AS past(n) WHERE {dice(number, 'stated', 10)} > 0 AND NOT {silent}"
    insert(cursor, DailyStatement, said, f"{source} ORDER BY past.n DESC, c.unit_id", {**values, "back": back})


def add_problems(cursor, values) -> None:
    """Three of four are handled, half of all are solved within months."""
    cursor.execute("SELECT count(*) FROM simulated_matter")
    number = cursor.fetchone()[0]
    values = {**values, "first_problem": reserve(cursor, Problem, number)}
    cursor.execute(SOLVED, values)
    groups = " ".join(f"WHEN '{kind}' THEN '{group}'" for kind, group in PROBLEM_KINDS.items())
    status = "CASE WHEN m.solved_on IS NOT NULL THEN 'SELESAI' WHEN m.step >= 2 THEN 'DITANGANI' ELSE 'TERPETAKAN' END"
    said = {
        "id": "m.problem_id",
        "uuid": uuid_of("m.n", "problem"),
        "unit": "m.unit_id",
        "area": "m.area_id",
        "kind": "m.what",
        "klass": f"CASE m.what {groups} END",
        "title": f"'Keluhan warga: ' || {one_of('m.n', 'title', TOPICS)}",
        "status": status,
        "shape": point("m.n", "m"),
        "location": point("m.n", "m"),
        "happened_on": "m.day",
        "solved_on": "m.solved_on",
        "outcome": "CASE WHEN m.solved_on IS NOT NULL THEN 'Warga menyatakan masalah selesai.' ELSE '' END",
        "recorded_by": "m.user_id",
        "responsible": "m.user_id",
        "target_on": "m.day + 60",
        "created_at": "m.at",
        "updated_at": "m.at",
        "grade": one_of("m.n", "grade", ("PG", "PG", "PG", "AG", "GN")),
        "phase": "CASE WHEN m.solved_on IS NOT NULL THEN 'PASCA' ELSE 'PRA' END",
        "vulnerability": one_of("m.n", "vulnerability", ("KURANG_RAWAN", "RAWAN", "SANGAT_RAWAN")),
    }
    insert(cursor, Problem, said, "simulated_matter m ORDER BY m.n", values)
    step = {
        "uuid": uuid_of("(m.n * 10 + s.n)", "step"),
        "problem": "m.problem_id",
        "stage": "(ARRAY['KENALI', 'TELAAH', 'TANGANI', 'NILAI'])[s.n + 1]",
        "day": "CASE WHEN s.n = 3 THEN m.solved_on ELSE m.day + 6 * s.n END",
        "recorded_by": "m.user_id",
        "created_at": "m.at",
        "text": f"'Bersama RT dan warga: ' || {one_of('(m.n * 10 + s.n)', 'step', TOPICS)} || '.'",
        "phase": "CASE WHEN s.n = 3 THEN 'PASCA' ELSE 'PRA' END",
    }
    steps = "simulated_matter m CROSS JOIN generate_series(0, 3) AS s(n) WHERE (s.n < 3 AND s.n <= m.step) OR (s.n = 3 AND m.solved_on IS NOT NULL)"
    insert(cursor, ProblemStep, step, f"{steps} ORDER BY m.n, s.n", values)

"""What the forms of each kind of report insist on, and a little more."""

from fkpm.models import Case, CaseParty
from mapping.models import Field
from patrol.models import Checkpoint, Coordination, Counsel, Detection, ForumActivity, Guard, Opinion, Patrol, ProblemSolving, Visit, Watch
from patrol.models.visits import OpinionFrequency, OpinionKind, OpinionUrgency
from polmas.people.code_lists import DEFAULTS
from polmas.summaries.simulation.rhythms import by_share
from polmas.summaries.simulation.sets import dice, insert, one_of, reserve, uuid_of
from polmas.summaries.simulation.words import FIRST_NAMES, SURNAMES, TOPICS

DETAILS = (Visit, Opinion, Patrol, Checkpoint, Watch, Counsel, Detection, ProblemSolving, ForumActivity, Coordination, Guard)
REPORT = "%(first)s + d.n"
CATEGORIES = {"TETANGGA": 30, "UTANG": 18, "RUMAH_TANGGA": 14, "BATAS_TANAH": 12, "PENGHINAAN": 9, "KERUSAKAN": 8, "LALIN": 9}
OUTCOMES = {"DAMAI": 72, "PROSES": 14, "TIDAK_SEPAKAT": 10, "DILIMPAHKAN": 4}


def of(kind: str) -> str:
    return f"simulated_draft d WHERE d.kind = '{kind}' ORDER BY d.n"


def code(salt: str, code_list: str) -> str:
    return one_of("d.n", salt, [code for code, *_labels in DEFAULTS[code_list]])


def add_details(cursor, values) -> None:
    """Of the chunk in `simulated_draft`."""
    add_visits(cursor, values)
    add_rounds(cursor, values)
    add_cases(cursor, values)
    topics = {"topics": f"ARRAY[{code('topic', 'COUNSEL_TOPIC')}]", "audience": code("audience", "COUNSEL_AUDIENCE")}
    insert(cursor, Counsel, {"report": REPORT, **topics, "participant_count": f"8 + {dice('d.n', 'listeners', 60)}"}, of("BINLUH"), values)
    seen = {
        "method": one_of("d.n", "method", ["PENGAMATAN", "WAWANCARA", "LAPORAN_WARGA"]),
        "urgency": one_of("d.n", "urgency", OpinionUrgency.values),
    }
    insert(cursor, Detection, {"report": REPORT, **seen, "keywords": one_of("d.n", "keywords", TOPICS)}, of("DETEKSI_DINI"), values)
    joint = {
        "occasion": code("occasion", "FORUM_OCCASION"),
        "forum_name": "coalesce(d.forum, 'FKPM setempat')",
        "attendance": f"6 + {dice('d.n', 'came', 25)}",
    }
    insert(cursor, ForumActivity, {"report": REPORT, **joint}, of("FKPM"), values)
    talk = {"pillars": f"ARRAY[{code('pillar', 'PILLAR')}]", "subject": f"initcap({one_of('d.n', 'subject', TOPICS)})"}
    insert(cursor, Coordination, {"report": REPORT, **talk}, of("KOORDINASI"), values)
    insert(cursor, Guard, {"report": REPORT, "strength": f"1 + {dice('d.n', 'strength', 4)}"}, of("PENGATURAN"), values)


def add_visits(cursor, values) -> None:
    """Every other visit hears a voice."""
    purposes = f"ARRAY[{code('purpose', 'DDS_PURPOSE')}]"
    insert(cursor, Visit, {"report": REPORT, "household": "d.household_id", "purposes": purposes}, of("DDS"), values)
    said = {
        "report": REPORT,
        "kind": one_of("d.n", "voice", OpinionKind.values),
        "field": one_of("d.n", "field", Field.values),
        "text": f"'Warga menyampaikan hal ' || {one_of('d.n', 'topic', TOPICS)} || '.'",
        "urgency": one_of("d.n", "urgency", OpinionUrgency.values),
        "frequency": one_of("d.n", "frequency", OpinionFrequency.values),
    }
    insert(cursor, Opinion, said, f"simulated_draft d WHERE d.kind = 'DDS' AND {dice('d.n', 'heard', 2)} = 0 ORDER BY d.n", values)


def add_rounds(cursor, values) -> None:
    mode = one_of("d.n", "mode", ["R2", "R2", "R2", "R4", "JALAN_KAKI"])
    nature = one_of("d.n", "nature", ["DIALOGIS", "DIALOGIS", "RUTIN", "BERSAMA"])
    patrol = {"report": REPORT, "mode": mode, "nature": nature, "targets": f"ARRAY[{code('target', 'PATROL_TARGET')}]"}
    insert(cursor, Patrol, {**patrol, "residents_met": dice("d.n", "met", 15)}, of("PATROLI"), values)
    at = "d.at + make_interval(mins => 10 * p.n::int)"
    stop = {
        "report": REPORT,
        "at": f"least(now(), {at})",
        "post": "CASE WHEN p.n = 1 THEN d.post_id END",
        "name": "'Titik ' || p.n",
        "situation": "'AMAN'",
    }
    points = "simulated_draft d CROSS JOIN generate_series(1, 2) AS p(n) WHERE d.kind = 'PATROLI' ORDER BY d.n, p.n"
    insert(cursor, Checkpoint, stop, points, values)
    watch = {
        "report": REPORT,
        "post": "d.post_id",
        "condition": one_of("d.n", "condition", ["AKTIF", "AKTIF", "AKTIF", "KURANG", "TIDAK"]),
        "guards_present": f"1 + {dice('d.n', 'guards', 5)}",
        "guards_rostered": "6",
        "equipment": "ARRAY['KENTONGAN', 'SENTER']",
    }
    insert(cursor, Watch, watch, of("KONTROL_KAMLING"), values)


def add_cases(cursor, values) -> None:
    """Quarrels of two grown-ups that may be settled among them, and what became of them."""
    cursor.execute("SELECT count(*) FROM simulated_draft WHERE kind = 'PS'")
    number = cursor.fetchone()[0]
    values = {**values, "first_case": reserve(cursor, Case, number)}
    outcome = by_share(dice("d.n", "outcome", sum(OUTCOMES.values())), OUTCOMES)
    case = {
        "id": "%(first_case)s + d.case_n",
        "uuid": uuid_of("d.n", "case"),
        "unit": "d.unit_id",
        "area": "d.area_id",
        "officer": "d.user_id",
        "category": by_share(dice("d.n", "category", sum(CATEGORIES.values())), CATEGORIES),
        "happened_on": f"d.day - {dice('d.n', 'before', 6)}",
        "grave": "'TIDAK'",
        "child_crime": "'TIDAK'",
        "unrest": "'TIDAK'",
        "outcome": outcome,
        "created_at": "d.at",
        "referred_to": f"CASE WHEN {outcome} = 'DILIMPAHKAN' THEN 'Unit Reskrim' ELSE '' END",
        "method": "'MEDIASI'",
        "chronology": f"'Kedua pihak berselisih tentang ' || {one_of('d.n', 'topic', TOPICS)} || '.'",
        "settlement": f"CASE WHEN {outcome} = 'DAMAI' THEN 'Kedua pihak sepakat berdamai secara kekeluargaan.' ELSE '' END",
    }
    insert(cursor, Case, case, of("PS"), values)
    insert(cursor, ProblemSolving, {"report": REPORT, "case": "%(first_case)s + d.case_n"}, of("PS"), values)
    name = f"{one_of('(d.n * 2 + p.n)', 'first', FIRST_NAMES)} || ' ' || {one_of('(d.n * 2 + p.n)', 'last', SURNAMES)}"
    party = {"case": "%(first_case)s + d.case_n", "role": "'PIHAK_' || p.n", "name": name, "age": f"20 + {dice('(d.n * 2 + p.n)', 'age', 50)}"}
    insert(cursor, CaseParty, party, "simulated_draft d CROSS JOIN generate_series(1, 2) AS p(n) WHERE d.kind = 'PS' ORDER BY d.n, p.n", values)

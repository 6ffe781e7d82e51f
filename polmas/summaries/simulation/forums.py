"""Forums of villages, and what they do: meetings with minutes that chair and secretary adopted, action items, agreements."""

import hashlib
import io
from typing import Any

from django.contrib.auth.hashers import make_password

from fkpm.models import ActionItem, AgendaItem, Agreement, AgreementPerson, Attendance, Forum, Meeting, Member, Minutes
from polmas.people.models import User
from polmas.summaries.simulation.sets import dice, insert, one_of, reserve, uuid_of
from polmas.summaries.simulation.words import FIRST_NAMES, SURNAMES, TOPICS

EVERY = 3  # one village of so many has a forum
REPORTS_OF_A_MEETING, REPORTS_OF_AN_AGREEMENT = 200, 1000
POINTS, PRESENT, TASKS = 3, 6, 2  # of one meeting
# Two who adopt, two more on the board, four members (Perpol 1/2021).
POSITIONS = ("KETUA", "SEKRETARIS", "BENDAHARA", "WAKIL_KETUA", "ANGGOTA", "ANGGOTA", "ANGGOTA", "ANGGOTA")
ELEMENTS = ("TOMAS", "MASYARAKAT", "MASYARAKAT", "TOGA", "TODA", "PEREMPUAN", "TODAT", "MASYARAKAT")
FOUNDED = """
CREATE TEMPORARY TABLE simulated_forum ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY n) - 1 AS n, n AS place, area_id, unit_id, user_id, name FROM simulated_beat WHERE n %% %(every)s = 0
"""
# Forums whose minutes two people with an account can adopt.
MEETING_FORUMS = """
CREATE TEMPORARY TABLE simulated_forum ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY forum.id) - 1 AS n, forum.id AS forum_id, forum.unit_id, forum.area_id, forum.officer_id, unit.time_zone,
       chair.user_id AS chair_id, chair.name AS chair, secretary.user_id AS secretary_id, secretary.name AS secretary
FROM fkpm_forum forum JOIN people_unit unit ON unit.id = forum.unit_id
JOIN LATERAL (SELECT user_id, name FROM fkpm_member WHERE forum_id = forum.id AND position = 'KETUA' AND user_id IS NOT NULL
  AND ends_on IS NULL ORDER BY id LIMIT 1) chair ON true
JOIN LATERAL (SELECT user_id, name FROM fkpm_member WHERE forum_id = forum.id AND position = 'SEKRETARIS' AND user_id IS NOT NULL
  AND ends_on IS NULL ORDER BY id LIMIT 1) secretary ON secretary.user_id <> chair.user_id
WHERE forum.officer_id IS NOT NULL
"""
HELD = f"""
CREATE TEMPORARY TABLE simulated_meeting ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY moment.day, g.n) - 1 AS n, %(first_meeting)s + row_number() OVER (ORDER BY moment.day, g.n) - 1 AS id,
       forum.forum_id, forum.unit_id, forum.area_id, forum.officer_id, forum.chair_id, forum.chair, forum.secretary_id, forum.secretary, moment.day,
       (moment.day + time '19:30') AT TIME ZONE forum.time_zone AS at
FROM simulated_day moment
CROSS JOIN LATERAL generate_series((moment.first + %(per)s - 1) / %(per)s, moment.last / %(per)s) AS g(n)
JOIN simulated_forum forum ON forum.n = {dice("g.n", "forum", "%(forums)s")}
"""  # noqa: S608 - put together from constants; values are parameters


def found_forums(cursor) -> None:
    """A forum for one village of three of those in `simulated_beat`, with chair and secretary who have accounts."""
    cursor.execute(FOUNDED, {"every": EVERY})
    cursor.execute("SELECT count(*) FROM simulated_forum")
    number = cursor.fetchone()[0]
    values: dict[str, Any] = {"seed": 0, "first_forum": reserve(cursor, Forum, number), "first_user": reserve(cursor, User, 2 * number)}
    values["password"] = make_password(None)
    named = "%(first_forum)s + f.n"
    forum = {
        "id": named,
        "uuid": uuid_of("f.area_id", "forum"),
        "unit": "f.unit_id",
        "area": "f.area_id",
        "officer": "f.user_id",
        "name": "'FKPM ' || f.name",
        "bkpm": "'Balai ' || f.name",
        "founded_on": "date '2021-03-01'",
        "term_starts_on": "date '2024-01-01'",
        "term_ends_on": "date '2026-12-31'",
        "endorsed_by": "'CAMAT'",
    }
    insert(cursor, Forum, forum, "simulated_forum f ORDER BY f.n", values)
    account = {
        "id": "%(first_user)s + 2 * f.n + m.n",
        "username": "'simulasi-fkpm-' || f.area_id || '-' || m.n",
        "password": "%(password)s",
        "name": member_name("(f.area_id * 10 + m.n)"),
    }
    insert(cursor, User, account, "simulated_forum f CROSS JOIN generate_series(0, 1) AS m(n) ORDER BY f.n, m.n", values)
    member = {
        "uuid": uuid_of("(f.area_id * 10 + m.n)", "member"),
        "forum": named,
        "user": "CASE WHEN m.n < 2 THEN %(first_user)s + 2 * f.n + m.n END",
        "name": member_name("(f.area_id * 10 + m.n)"),
        "position": by_place("m.n", POSITIONS),
        "element": by_place("m.n", ELEMENTS),
        "starts_on": "date '2024-01-01'",
        "has_consented": "true",
        "is_party_free": "true",
    }
    insert(cursor, Member, member, f"simulated_forum f CROSS JOIN generate_series(0, {len(POSITIONS) - 1}) AS m(n) ORDER BY f.n, m.n", values)
    cursor.execute("DROP TABLE simulated_forum")


def member_name(number: str) -> str:
    return f"{one_of(number, 'first', FIRST_NAMES)} || ' ' || {one_of(number, 'last', SURNAMES)}"


def by_place(number: str, values) -> str:
    texts = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{texts}])[1 + {number}]"


def add_meetings(cursor, values) -> None:
    """Meetings of the days in `simulated_day`, some for every so many reports. Rows come before the minutes that lock them."""
    cursor.execute(MEETING_FORUMS)
    cursor.execute("CREATE INDEX ON simulated_forum (n); ANALYZE simulated_forum; SELECT count(*) FROM simulated_forum")
    forums = cursor.fetchone()[0]
    if forums:
        number = values["number"] // REPORTS_OF_A_MEETING + 1
        values = {**values, "forums": forums, "per": REPORTS_OF_A_MEETING, "first_meeting": reserve(cursor, Meeting, number)}
        cursor.execute(HELD, values)
        cursor.execute("ANALYZE simulated_meeting")
        hold(cursor, values)
        adopt(cursor, values)
        agree(cursor, values)
        cursor.execute("DROP TABLE simulated_meeting")
    cursor.execute("DROP TABLE simulated_forum")


def hold(cursor, values) -> None:
    meeting = {
        "id": "m.id",
        "uuid": uuid_of("m.n", "meeting"),
        "forum": "m.forum_id",
        "starts_at": "m.at",
        "ends_at": "m.at + interval '2 hours'",
        "kind": one_of("m.n", "kind", ["RUTIN"] * 7 + ["SOSIALISASI", "EVALUASI", "LUAR_BIASA"]),
        "place": "'Balai pertemuan'",
        "led_by": "m.chair",
        "written_by": "m.secretary",
        "conclusion": f"'Disepakati langkah bersama tentang ' || {one_of('m.n', 'end', TOPICS)} || '.'",
    }
    insert(cursor, Meeting, meeting, "simulated_meeting m ORDER BY m.n", values)
    number = f"(m.n * {POINTS} + p.n)"
    topic = one_of(number, "point", TOPICS)
    point = {
        "meeting": "m.id",
        "order": "p.n + 1",
        "topic": f"initcap({topic})",
        "discussion": f"'Warga menyampaikan keadaan terakhir tentang ' || {topic} || '; Petugas Polmas memberi penjelasan dan saran.'",
        "decision": f"CASE WHEN p.n = 0 THEN 'Pengurus bersama RT menindaklanjuti ' || {topic} || '.' ELSE '' END",
    }
    insert(cursor, AgendaItem, point, f"simulated_meeting m CROSS JOIN generate_series(0, {POINTS - 1}) AS p(n) ORDER BY m.n, p.n", values)
    member = "(SELECT *, row_number() OVER (PARTITION BY forum_id ORDER BY id) AS place FROM fkpm_member WHERE ends_on IS NULL)"
    present = f"CASE WHEN {dice('(m.n * 10 + p.place)', 'present', 10)} < 8 THEN 'HADIR' ELSE 'IZIN' END"
    attendance = {"meeting": "m.id", "member": "p.id", "name": "p.name", "element": "p.element", "status": present}
    insert(
        cursor,
        Attendance,
        attendance,
        f"simulated_meeting m JOIN {member} p USING (forum_id) WHERE p.place <= {PRESENT} ORDER BY m.n, p.place",
        values,
    )
    number = f"(m.n * {TASKS} + p.n)"
    is_done = f"({dice(number, 'done', 10)} < 7 AND m.day + 20 < %(today)s)"
    task = {
        "uuid": uuid_of(number, "action"),
        "forum": "m.forum_id",
        "meeting": "m.id",
        "due_on": f"m.day + 14 + {dice(number, 'due', 21)}",
        "text": f"'Menindaklanjuti ' || {one_of(number, 'task', TOPICS)}",
        "officer": "m.officer_id",
        "owner_name": "'Petugas Polmas'",
        "state": f"CASE WHEN {is_done} THEN 'DONE' ELSE 'OPEN' END",
        "done_on": f"CASE WHEN {is_done} THEN m.day + 10 + {dice(number, 'at', 10)} END",
    }
    insert(cursor, ActionItem, task, f"simulated_meeting m CROSS JOIN generate_series(0, {TASKS - 1}) AS p(n) ORDER BY m.n, p.n", values)


def adopt(cursor, values) -> None:
    """Adopted three days after the meeting, but for the newest and one of fifteen. The hash names the meeting, not its text."""
    is_adopted = f"(m.day + 3 < %(today)s AND {dice('m.n', 'adopted', 15)} > 0)"

    def if_adopted(value: str, other: str = "NULL") -> str:
        return f"CASE WHEN {is_adopted} THEN {value} ELSE {other} END"

    minutes = {
        "meeting": "m.id",
        "state": if_adopted("'ADOPTED'", "'DRAFT'"),
        "comments_until": "m.at + interval '2 days'",
        "chair_adopted_by": if_adopted("m.chair_id"),
        "chair_adopted_at": if_adopted("m.at + interval '3 days'"),
        "secretary_adopted_by": if_adopted("m.secretary_id"),
        "secretary_adopted_at": if_adopted("m.at + interval '3 days'"),
        "content_hash": if_adopted("encode(sha256(('minutes' || m.id)::bytea), 'hex')", "''"),
    }
    insert(cursor, Minutes, minutes, "simulated_meeting m ORDER BY m.n", values)


def agree(cursor, values) -> None:
    """What some meetings agreed upon, signed before two witnesses: drawn up first and signed afterwards, as the database wants it."""
    every = REPORTS_OF_AN_AGREEMENT // REPORTS_OF_A_MEETING
    cursor.execute(f"SELECT count(*) FROM simulated_meeting WHERE n %% {every} = 0", values)  # noqa: S608
    number = cursor.fetchone()[0]
    values = {**values, "first_agreement": reserve(cursor, Agreement, number), "every": every, **signed_paper()}
    last = "(SELECT coalesce(max(sequence), 0) FROM fkpm_agreement a WHERE a.forum_id = m.forum_id AND a.year = extract(year FROM m.day))"
    sequence = f"{last} + row_number() OVER (PARTITION BY m.forum_id, extract(year FROM m.day) ORDER BY m.n)"
    said = {
        "id": "%(first_agreement)s + m.n / %(every)s",
        "uuid": uuid_of("m.n", "agreement"),
        "unit": "m.unit_id",
        "area": "m.area_id",
        "forum": "m.forum_id",
        "meeting": "m.id",
        "kind": "'FORUM'",
        "sequence": sequence,
        "year": "extract(year FROM m.day)::int",
        "number": "'KB/S' || m.id || '/' || to_char(m.day, 'MM/YYYY')",
        "agreed_on": "m.day",
        "place": "'Balai pertemuan'",
        "subject": f"'Kesepakatan tentang ' || {one_of('m.n', 'agreed', TOPICS)}",
        "drawn_up_by": "m.secretary_id",
        "clauses": f"ARRAY['Warga bersama-sama menjaga ' || {one_of('m.n', 'clause', TOPICS)} || '.']",
        "chair_name": "m.chair",
        "valid_until": "m.day + 365",
        "is_for_members": "true",
    }
    insert(cursor, Agreement, said, "simulated_meeting m WHERE m.n %% %(every)s = 0 ORDER BY m.n", values)
    roles = {"PIHAK_1": "m.chair", "PIHAK_2": "'Warga ' || m.n", "SAKSI": "'Ketua RT ' || p.n"}
    name = " ".join(f"WHEN '{role}' THEN {value}" for role, value in roles.items())
    people = "unnest(ARRAY['PIHAK_1', 'PIHAK_2', 'SAKSI', 'SAKSI']) WITH ORDINALITY AS p(role, n)"
    person = {"agreement": "%(first_agreement)s + m.n / %(every)s", "role": "p.role", "name": f"CASE p.role {name} END"}
    insert(cursor, AgreementPerson, person, f"simulated_meeting m CROSS JOIN {people} WHERE m.n %% %(every)s = 0 ORDER BY m.n, p.n", values)
    cursor.execute(SIGN, {**values, "last_agreement": values["first_agreement"] + number - 1})


SIGN = """
UPDATE fkpm_agreement SET state = CASE WHEN id %% 5 = 0 THEN 'DITAATI' ELSE 'BERLAKU' END, signed_at = least(now(), agreed_on + interval '1 day'),
    signed_by_id = drawn_up_by_id, scan = %(scan)s, scan_type = 'image/png', scan_hash = %(scan_hash)s,
    content_hash = encode(sha256(('agreement' || id)::bytea), 'hex')
WHERE id BETWEEN %(first_agreement)s AND %(last_agreement)s
"""


def signed_paper() -> dict[str, str]:
    """One blank page that stands for all signed papers: where it is stored, and its SHA-256."""
    from django.core.files.base import ContentFile
    from PIL import Image

    page = io.BytesIO()
    Image.new("L", (210, 297), 255).save(page, "PNG")
    storage = Agreement._meta.get_field("scan").storage
    return {"scan": storage.save("agreements/simulasi.png", ContentFile(page.getvalue())), "scan_hash": hashlib.sha256(page.getvalue()).hexdigest()}

"""Tables that operators load: what they change, what they never reach, and what broken or hostile files get."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from mapping.models import Area, Beat
from patrol.models import Contact, Household
from polmas.people.models import Posting, Role, Unit, User
from polmas.summaries import tasks
from polmas.summaries.histories import history_of
from polmas.summaries.imports import jobs, sheets
from polmas.summaries.models import ImportJob, ImportKind
from tests.cast import make_person

PEOPLE = ["NRP", "Nama", "Pangkat", "Telepon", "Kode Satuan", "Peran", "Status", "Mulai", "Selesai", "Nomor Sprin", "Wilayah"]
HOUSEHOLDS = ["ID", "Kode Desa", "RW", "RT", "Kepala Keluarga", "Patokan", "Pekerjaan", "Jumlah Jiwa", "Status Tinggal", "Telepon", "Dasar"]
CONTACTS = ["Kode Desa", "Nama", "Peran", "Jabatan", "Pengaruh", "RW", "RT", "Telepon"]
WAHYU = [
    "81230001",
    "Wahyu Adi",
    "BRIPDA",
    "0812 3456 7890",
    "POLSEK-BANYUMANIK",
    "bhabinkamtibmas",
    "",
    datetime.date(2026, 11, 1),
    None,
    "Sprin/7",
    "",
]
WIDODO = [None, "33.74.11.1004", 5, 3, "Widodo", "Sebelah masjid", "Pedagang", 4, "Tetap", "0812 1111 2222", None]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def at_once(monkeypatch, django_capture_on_commit_callbacks):
    """The worker's part, done when the test says so."""

    def work(job):
        jobs.run(job.pk)
        job.refresh_from_db()
        return job

    return work


def xlsx(titles, *rows):
    book = Workbook()
    sheet = book.active
    sheet.append(titles)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client, kind, content, name="tabel.xlsx"):
    answer = client.post(reverse("summaries:import_create"), {"kind": kind, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["refused_form"].errors
    return ImportJob.objects.first()


def act(client, job, name):
    return client.post(reverse(f"summaries:import_{name}", args=[job.uuid]))


def reasons(job):
    return {(error["row"], column) for error in job.errors for column, _reason in error["errors"]}


def rows_of(answer):
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]


def test_people_are_shown_applied_and_get_passwords_once(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    content = xlsx(
        PEOPLE,
        [*WAHYU[:-1], "33.74.11.1005, 33.74.11.1004"],
        ["80010001", "Sutrisno, S.H.", "AIPTU", None, "POLSEK-BANYUMANIK", "bhabinkamtibmas", None, "2024-01-01", None, None, None],
        ["80010002", "Dewi Lestari", None, None, "POLSEK-BANYUMANIK", "bhabinkamtibmas", None, "01-01-2024", None, None, "33.74.11.1005"],
    )
    job = at_once(upload(client, "PEOPLE", content))
    assert (job.state, job.counts) == ("CHECKED", {"new": 1, "changed": 1, "unchanged": 1, "error": 0})
    assert not User.objects.filter(username="81230001").exists()
    page = client.get(reverse("summaries:import_detail", args=[job.uuid])).content.decode()
    assert "81230001 Wahyu Adi" in page
    act(client, job, "apply")
    job = at_once(job)
    assert (job.state, bool(job.file)) == ("DONE", False)
    wahyu = User.objects.get(username="81230001")
    assert (wahyu.must_change_password, wahyu.has_usable_password(), wahyu.phone) == (True, False, "0812 3456 7890")
    assert wahyu.postings.get().order_number == "Sprin/7"
    assert sorted(wahyu.beats.values_list("area__name", "is_primary")) == [("Pedalangan", False), ("Sumurboto", False)]
    assert User.objects.get(username="80010001").full_name == "Aiptu Sutrisno, S.H."
    assert [line.by for line in history_of(wahyu)] == [cast.operator.full_name]
    sheet = rows_of(act(client, job, "passwords"))
    assert [row[0] for row in sheet[1:]] == ["81230001"]
    newcomer = Client()
    assert newcomer.post("/masuk/", {"username": "81230001", "password": sheet[1][3]}).status_code == 302
    assert newcomer.get("/").url == "/profil/sandi/"
    assert act(client, job, "passwords").status_code == 302
    again = at_once(upload(client, "PEOPLE", content))
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 3, "error": 0}


def test_a_move_is_a_new_posting_and_the_end_of_the_old_one(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    yesterday, today = timezone.localdate() - datetime.timedelta(days=1), timezone.localdate()
    content = xlsx(
        PEOPLE,
        ["80010001", "Sutrisno", None, None, "POLSEK-BANYUMANIK", "bhabinkamtibmas", None, "2024-01-01", yesterday, None, None],
        ["80010001", "Sutrisno", None, None, "POLSEK-GAJAHMUNGKUR", "bhabinkamtibmas", None, today, None, "Sprin/9", "33.74.09.1001"],
    )
    job = upload(client, "PEOPLE", content)
    at_once(job)
    act(client, job, "apply")
    at_once(job)
    assert sorted(cast.officer.postings.values_list("unit__code", "ends_on"), key=str) == [
        ("POLSEK-BANYUMANIK", yesterday),
        ("POLSEK-GAJAHMUNGKUR", None),
    ]
    assert set(Beat.objects.filter(user=cast.officer, unit=cast.units.banyumanik).values_list("ends_on", flat=True)) == {yesterday}
    assert Beat.objects.get(user=cast.officer, area__code="33.74.09.1001").unit == cast.units.gajahmungkur
    assert at_once(upload(client, "PEOPLE", content)).counts["unchanged"] == 2


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({0: "12345"}, None),
        ({0: "abc"}, "NRP"),
        ({0: ""}, "NRP"),
        ({0: "80000001"}, "NRP"),  # the operator's own account
        ({0: "80000099"}, "NRP"),  # the Kapolres
        ({1: None}, "Nama"),
        ({1: "x" * 121}, "Nama"),
        ({1: "x" * 5000}, "Nama"),
        ({2: "JENDRAL BESAR"}, "Pangkat"),
        ({4: "POLSEK-ENTAH"}, "Kode Satuan"),
        ({4: "POLDA-JATENG"}, "Kode Satuan"),
        ({5: "kapolda"}, "Peran"),
        ({5: "admin"}, "Peran"),
        ({5: "kapolres"}, "Peran"),
        ({5: 7.5}, "Peran"),
        ({6: "Entah"}, "Status"),
        ({7: "besok"}, "Mulai"),
        ({7: "0001-01-01"}, "Mulai"),
        ({7: 46000.25}, "Mulai"),
        ({8: "2020-01-01"}, "Selesai"),
        ({9: "x" * 81}, "Nomor Sprin"),
        ({10: "33.74.09.1001"}, "Wilayah"),
        ({10: "99.99"}, "Wilayah"),
        ({10: "33.74.11.1004," * 40}, "Wilayah"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(change, column, cast, sign_in, at_once):
    client = sign_in(cast.operator)
    row = [change.get(place, cell) for place, cell in enumerate(WAHYU)]
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, row, ["81230002", *WAHYU[1:]])))
    assert job.state == "CHECKED"
    assert job.counts["error"] == (1 if column else 0)
    assert reasons(job) == ({(2, column)} if column else set())
    act(client, job, "apply")
    at_once(job)
    assert User.objects.filter(username="81230002").exists()
    assert User.objects.get(pk=cast.kapolres.pk).name != "Wahyu Adi"
    if column:
        sheet = rows_of(client.get(reverse("summaries:import_errors", args=[job.uuid])))
        assert column in sheet[1][-1]
        assert "2" in sheet[1]


def test_an_operator_of_the_polsek_gives_no_more_than_by_hand(cast, sign_in, at_once):
    client = sign_in(cast.clerk)
    rows = [
        [*WAHYU[:4], "POLSEK-GAJAHMUNGKUR", *WAHYU[5:]],
        ["81230002", *WAHYU[1:5], "kapolsek", *WAHYU[6:]],
        ["80020001", "Agus", *WAHYU[2:]],
        ["80010099", "Bambang", *WAHYU[2:]],
    ]
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, *rows)))
    assert reasons(job) == {(2, "Kode Satuan"), (3, "Peran"), (4, "NRP"), (5, "NRP")}


def test_the_same_row_twice_and_a_rank_that_changes_with_it(cast, sign_in, at_once):
    job = at_once(upload(sign_in(cast.operator), "PEOPLE", xlsx(PEOPLE, WAHYU, WAHYU)))
    assert reasons(job) == {(3, "NRP")}


def test_households_are_known_by_place_and_name(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    job = upload(client, "HOUSEHOLDS", xlsx(HOUSEHOLDS, WIDODO, [None, "3374111004", "005", "003", "Suparman", *[None] * 6]))
    at_once(job)
    assert job.counts["new"] == 2
    act(client, job, "apply")
    at_once(job)
    widodo = Household.objects.get(head_name="Widodo")
    assert (widodo.rw, widodo.rt, widodo.unit, widodo.people_count, widodo.phone) == ("005", "003", cast.units.banyumanik, 4, "0812 1111 2222")
    again = at_once(upload(client, "HOUSEHOLDS", xlsx(HOUSEHOLDS, WIDODO)))
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 1, "error": 0}
    moved = [str(widodo.uuid), "33.74.11.1004", 6, 1, "WIDODO", *[None] * 6]
    job = at_once(upload(client, "HOUSEHOLDS", xlsx(HOUSEHOLDS, moved)))
    act(client, job, "apply")
    at_once(job)
    widodo.refresh_from_db()
    assert (widodo.rw, widodo.head_name, widodo.landmark, widodo.phone) == ("006", "WIDODO", "Sebelah masjid", "0812 1111 2222")
    assert Household.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({1: "33.74.09.1099"}, "Kode Desa"),
        ({1: "33.74.11"}, "Kode Desa"),
        ({2: "RW lima"}, "RW"),
        ({2: 99999}, "RW"),
        ({4: None}, "Kepala Keluarga"),
        ({7: "banyak"}, "Jumlah Jiwa"),
        ({7: 10**12}, "Jumlah Jiwa"),
        ({8: "Ngontrak"}, "Status Tinggal"),
        ({0: "bukan-uuid"}, "ID"),
        ({0: "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"}, "ID"),
    ],
)
def test_a_wrong_household_is_refused_alone(change, column, cast, sign_in, at_once):
    row = [change.get(place, cell) for place, cell in enumerate(WIDODO)]
    job = at_once(upload(sign_in(cast.operator), "HOUSEHOLDS", xlsx(HOUSEHOLDS, row, [*WIDODO[:4], "Suparman", *WIDODO[5:]])))
    assert reasons(job) == {(2, column)}
    assert job.counts["new"] == 1


def test_a_household_of_another_units_village_is_not_touched(cast, sign_in, at_once):
    theirs = Household.objects.create(unit=cast.units.gajahmungkur, area=cast.areas["33.74.09.1001"], rw="001", rt="001", head_name="Rahasia")
    rows = [
        [None, "33.74.09.1001", 1, 1, "Rahasia", *[None] * 6],
        [str(theirs.uuid), "33.74.11.1004", 1, 1, "Rahasia", *[None] * 6],
    ]
    job = at_once(upload(sign_in(cast.clerk), "HOUSEHOLDS", xlsx(HOUSEHOLDS, *rows)))
    assert reasons(job) == {(2, "Kode Desa"), (3, "ID")}


def test_consent_is_not_taken_back_by_a_file(cast, sign_in, at_once):
    asked = timezone.localdate()
    Household.objects.create(
        unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], rw="005", rt="003", head_name="Widodo", basis="PERSETUJUAN", consent_on=asked
    )
    job = at_once(upload(sign_in(cast.operator), "HOUSEHOLDS", xlsx(HOUSEHOLDS, [*WIDODO[:-1], "TUGAS"])))
    assert reasons(job) == {(2, "Dasar")}


def test_tokoh_by_label_or_code(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    job = upload(
        client,
        "CONTACTS",
        xlsx(
            CONTACTS,
            ["33.74.11.1004", "H. Slamet", "tokoh agama", "Takmir", "TINGGI", 5, None, "0811 222 333"],
            ["33.74.11.1004", "Bu Sri", "TOPER", None, None, None, None, None],
            ["33.74.11.1004", "Pak X", "Raja", None, None, None, None, None],
        ),
    )
    at_once(job)
    assert reasons(job) == {(4, "Peran")}
    act(client, job, "apply")
    at_once(job)
    assert sorted(Contact.objects.values_list("name", "role", "influence", "rw")) == [
        ("Bu Sri", "TOPER", "", ""),
        ("H. Slamet", "TOGA", "TINGGI", "005"),
    ]


def test_administrators_load_no_data_of_the_field(cast, sign_in):
    client = sign_in(cast.admin)
    client.post(reverse("summaries:import_create"), {"kind": "HOUSEHOLDS", "file": SimpleUploadedFile("x.xlsx", xlsx(HOUSEHOLDS, WIDODO))})
    assert not ImportJob.objects.exists()
    assert client.get(reverse("summaries:import_template", args=["HOUSEHOLDS"])).status_code == 404


@pytest.mark.parametrize("kind", ["PEOPLE", "HOUSEHOLDS", "CONTACTS"])
def test_templates_hold_titles_instructions_and_codes_and_load_back_empty(kind, cast, sign_in, at_once):
    client = sign_in(cast.operator)
    answer = client.get(reverse("summaries:import_template", args=[kind]))
    book = load_workbook(io.BytesIO(answer.content))
    assert len(book.worksheets) == 2
    told = "\n".join(str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)
    assert {"PEOPLE": "kanit_binmas", "HOUSEHOLDS": "KONTRAK", "CONTACTS": "TOGA"}[kind] in told
    assert at_once(upload(client, kind, answer.content)).state == "FAILED"
    for strange in ("AREAS", "x", "%00", "a" * 300):
        assert client.get(f"/kelola/impor/templat/{strange}/").status_code == 404


def bomb(megabytes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (megabytes << 20))
    return out.getvalue()


def renamed(content, part, change):
    """An XLSX with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"NRP;Nama\n1;2\n", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0" * 100, bomb(200)])
def test_what_is_no_table_is_refused_at_once(content, cast, sign_in):
    page = sign_in(cast.operator).post(reverse("summaries:import_create"), {"kind": "PEOPLE", "file": SimpleUploadedFile("x.xlsx", content)})
    assert page.status_code == 200
    assert page.context["refused_form"].errors.keys() == {"file"}
    assert not ImportJob.objects.exists()


def hostile_files():
    good = xlsx(PEOPLE, WAHYU)
    sheet = "xl/worksheets/sheet1.xml"
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("hello.txt", "x")
    return {
        "an empty archive": empty.getvalue(),
        "no XML": renamed(good, sheet, lambda data: b"\0\1\2" * 50),
        "half of it": renamed(good, sheet, lambda data: data[: len(data) // 2]),
        "a billion laughs": renamed(
            good, sheet, lambda data: laughs + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row></sheetData></worksheet>"
        ),
        "other columns": xlsx(["a", "b"], [1, 2]),
        "titles alone": xlsx(PEOPLE),
        "too many rows": xlsx(["NRP"] * 1 + PEOPLE[1:], *([["1"]] * (sheets.MOST_ROWS + 1))),
    }


@pytest.mark.parametrize("name", ["an empty archive", "no XML", "half of it", "a billion laughs", "other columns", "titles alone", "too many rows"])
def test_hostile_tables_fail_with_a_reason(name, cast, sign_in, at_once):
    client = sign_in(cast.operator)
    job = at_once(upload(client, "PEOPLE", hostile_files()[name]))
    assert (job.state, job.file.name) == ("FAILED", "")
    assert job.message
    assert "Traceback" not in job.message
    assert job.message in client.get(reverse("summaries:import_detail", args=[job.uuid])).content.decode()


def test_a_claimed_million_rows_and_a_far_cell_cost_nothing(cast, sign_in, at_once):
    def far(data):
        data = data.replace(b'<dimension ref="A1:K2"', b'<dimension ref="A1:XFD1048576"')
        return data.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')

    job = at_once(upload(sign_in(cast.operator), "PEOPLE", renamed(xlsx(PEOPLE, WAHYU), "xl/worksheets/sheet1.xml", far)))
    assert job.counts == {"new": 1, "changed": 0, "unchanged": 0, "error": 0}


def test_formulas_come_out_as_text(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    row = [*WAHYU[:4], "+cmd|' /C calc'!A0", *WAHYU[5:]]
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, row, ["81230002", "=1+1", *WAHYU[2:]])))
    assert reasons(job) == {(2, "Kode Satuan"), (3, "Nama")}  # a formula without its value is an empty cell
    answer = client.get(reverse("summaries:import_errors", args=[job.uuid]))
    cell = load_workbook(io.BytesIO(answer.content)).active.cell(2, 5)
    assert (cell.data_type, cell.value) == ("s", "+cmd|' /C calc'!A0")


def test_jobs_are_their_owners_alone(cast, sign_in, at_once):
    job = at_once(upload(sign_in(cast.operator), "PEOPLE", xlsx(PEOPLE, WAHYU)))
    other = make_person("80000002", "Rina", cast.units.polres, Role.OPERATOR_POLRES)
    for person in (other, cast.admin, cast.kapolres):
        for name in ("detail", "errors"):
            assert sign_in(person).get(reverse(f"summaries:import_{name}", args=[job.uuid])).status_code == 404
        for name in ("apply", "delete", "passwords"):
            assert act(sign_in(person), job, name).status_code == 404
    cast.operator.postings.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert sign_in(User.objects.get(pk=cast.operator.pk)).get(reverse("summaries:import_detail", args=[job.uuid])).status_code == 404


def test_who_lost_the_post_meanwhile_applies_nothing(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, WAHYU)))
    act(client, job, "apply")
    Posting.objects.filter(user=cast.operator).update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert at_once(job).state == "FAILED"
    assert not User.objects.filter(username="81230001").exists()


def test_a_step_runs_once_and_a_lost_one_again(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, WAHYU)))
    at_once(job)
    assert job.state == "CHECKED"
    act(client, job, "apply")
    act(client, job, "apply")
    ImportJob.objects.filter(pk=job.pk).update(state="APPLYING")
    assert at_once(job).state == "APPLYING"  # somebody is at it
    ImportJob.objects.filter(pk=job.pk).update(touched_at=timezone.now() - datetime.timedelta(minutes=10))
    assert at_once(job).state == "DONE"
    assert User.objects.filter(username="81230001").count() == 1


def test_what_breaks_while_writing_leaves_nothing_behind(cast, sign_in, at_once, monkeypatch):
    client = sign_in(cast.operator)
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, WAHYU)))
    act(client, job, "apply")
    monkeypatch.setattr("polmas.summaries.imports.people.note_new_accounts", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "FAILED"
    assert not User.objects.filter(username="81230001").exists()


def test_no_more_than_three_files_at_work(cast, sign_in):
    client = sign_in(cast.operator)
    for _number in range(3):
        upload(client, "PEOPLE", xlsx(PEOPLE, WAHYU))
    page = client.post(reverse("summaries:import_create"), {"kind": "PEOPLE", "file": SimpleUploadedFile("x.xlsx", xlsx(PEOPLE, WAHYU))})
    assert page.context["refused_form"].errors
    assert act(client, ImportJob.objects.first(), "delete").url.endswith(str(ImportJob.objects.first().uuid) + "/")


def test_old_files_and_reports_are_dropped(cast, sign_in, at_once):
    job = at_once(upload(sign_in(cast.operator), "PEOPLE", xlsx(PEOPLE, WAHYU)))
    path = job.file.path
    tasks.drop_old_imports()
    assert ImportJob.objects.exists()
    ImportJob.objects.update(requested_at=timezone.now() - datetime.timedelta(days=31))
    tasks.drop_old_imports()
    assert not ImportJob.objects.exists()
    with pytest.raises(FileNotFoundError):
        open(path, "rb")  # noqa: SIM115


@pytest.mark.parametrize("kind", [ImportKind.PEOPLE, ImportKind.HOUSEHOLDS])
def test_rows_are_compared_by_set(kind, cast, sign_in, django_assert_max_num_queries):
    def rows(number):
        if kind == ImportKind.PEOPLE:
            return [[f"8124{n:04}", f"Petugas {n}", *WAHYU[2:-1], "33.74.11.1004"] for n in range(number)]
        return [[*WIDODO[:4], f"Keluarga {n}", *WIDODO[5:]] for n in range(number)]

    client = sign_in(cast.operator)
    titles = PEOPLE if kind == ImportKind.PEOPLE else HOUSEHOLDS
    job = upload(client, kind, xlsx(titles, *rows(300)))
    with django_assert_max_num_queries(30):
        jobs.run(job.pk)
    act(client, job, "apply")
    with django_assert_max_num_queries(60):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts["new"]) == ("DONE", 300)


def test_units_and_boundaries_run_as_jobs(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    text = "code,name,kind,parent\nPOLSEK-GENUK,Polsek Genuk,POLSEK,POLRESTABES-SEMARANG\nPOLRES-DEMAK,Polres Demak,POLRES,POLDA-JATENG\n"
    job = upload(client, "UNITS", text.encode(), "satuan.csv")
    assert not Unit.objects.filter(code="POLSEK-GENUK").exists()
    at_once(job)
    assert (job.state, job.counts["added"], job.counts["refused"]) == ("DONE", 1, 1)
    assert "POLRES-DEMAK" in client.get(reverse("summaries:import_detail", args=[job.uuid])).content.decode()
    assert Area.objects.filter(code__startswith="33.74.09").exists()


def test_the_lock_is_let_go_after_a_job(cast, sign_in, at_once):
    client = sign_in(cast.operator)
    job = at_once(upload(client, "PEOPLE", xlsx(PEOPLE, WAHYU)))
    act(client, job, "apply")
    at_once(job)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        assert cursor.fetchone()[0] == 0

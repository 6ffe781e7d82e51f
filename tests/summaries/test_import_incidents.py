"""Incidents loaded from SPKT's own tables."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mapping import incidents
from mapping.models import DailyStatement, Incident
from polmas.summaries.imports import jobs
from polmas.summaries.models import ImportJob
from tests.mapping.incidents import make_incident, wib
from tests.summaries.test_imports import act, upload, xlsx

HEADS = ["Nomor LP", "Tanggal", "Jam", "Jenis", "Desa", "Uraian", "Lat", "Lon", "Kerugian", "Status", "Meninggal L Dewasa"]
FIRST = ["LP/B/1", "02/11/2026", "21.30", "CURANMOR", "33.74.11.1004", "Motor hilang.", "-7,0629", "110.4280", "Rp 12.500.000", "LIDIK", None]
SECOND = ["LP/B/2", "2026-11-03", "08:15", "Pencurian biasa", "Kel. Sumurboto", "Ponsel hilang.", None, None, None, None, 1]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def loaded(cast, sign_in):
    """A file checked and applied by somebody; the job as it ended."""

    def load(content, person=None, name="spkt.xlsx"):
        client = sign_in(person or cast.spkt)
        job = upload(client, "INCIDENTS", content, name)
        jobs.run(job.pk)
        job.refresh_from_db()
        if job.state == "CHECKED" and job.has_changes:
            act(client, job, "apply")
            jobs.run(job.pk)
            job.refresh_from_db()
        return job

    return load


def test_all_faults_of_a_row_are_told_with_what_stands_there(cast, loaded, sign_in):
    wrong = ["LP/B/3", "2026-13-41", "25:99", "Ngawur", "Kampung Hilang", "Motor hilang.", *FIRST[6:]]
    job = loaded(xlsx(HEADS, wrong))
    errors = sign_in(cast.spkt).get(reverse("summaries:import_detail", args=[job.uuid])).context["errors"]
    assert {(error["column"], error["value"]) for error in errors} >= {("Tanggal", "2026-13-41"), ("Jenis", "Ngawur"), ("Desa", "Kampung Hilang")}


def counts(job):
    return {name: number for name, number in job.counts.items() if number}


def csv_of(*rows, mark=",", encoding="utf-8"):
    return "\r\n".join(mark.join('"' + str("" if cell is None else cell) + '"' for cell in row) for row in (HEADS, *rows)).encode(encoding)


def test_what_spkt_keeps_becomes_incidents(cast, loaded):
    job = loaded(xlsx(HEADS, FIRST, SECOND))
    assert (job.state, counts(job)) == ("DONE", {"new": 2})
    first, second = Incident.objects.order_by("no_lp")
    assert (first.occurred_at, first.unit, first.loss_rp, first.status, first.klass) == (
        wib(2026, 11, 2, 21, 30),
        cast.units.banyumanik,
        12_500_000,
        "LIDIK",
        "KONVENSIONAL",
    )
    assert (first.location.y, first.recorded_by) == (-7.0629, cast.spkt)
    assert (second.area.name, second.kind, second.victims.get().count) == ("Sumurboto", "CURBIASA", 1)


def test_the_same_again_changes_nothing_and_a_change_changes_that_row(cast, loaded):
    loaded(xlsx(HEADS, FIRST, SECOND))
    assert counts(loaded(xlsx(HEADS, FIRST, SECOND))) == {"unchanged": 2}
    closed = [*FIRST[:9], "P21", None]
    assert counts(loaded(xlsx(HEADS, closed, SECOND))) == {"changed": 1, "unchanged": 1}
    assert Incident.objects.get(no_lp="LP/B/1").cleared_on == cast.units.banyumanik.today()


def test_rows_without_a_number_are_known_by_what_they_say(cast, loaded):
    rows = [[None, *FIRST[1:]], [None, *SECOND[1:]]]
    assert counts(loaded(xlsx(HEADS, *rows))) == {"new": 2}
    assert counts(loaded(xlsx(HEADS, *rows))) == {"unchanged": 2}


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8")])
def test_csv_of_any_program(cast, loaded, mark, encoding):
    row = [*FIRST[:5], "Motor hilang di kafé.", *FIRST[6:]]
    assert counts(loaded(csv_of(row, SECOND, mark=mark, encoding=encoding), name="spkt.csv")) == {"new": 2}
    assert Incident.objects.get(no_lp="LP/B/1").narrative == "Motor hilang di kafé."


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        (datetime.datetime(2026, 11, 2, 21, 30), None),  # noqa: DTZ001 - as Excel has it
        (datetime.date(2026, 11, 2), datetime.time(21, 30)),
        (datetime.date(2026, 11, 2), 21.5 / 24),
        ("02-11-2026 21.30", None),
        ("2026-11-02", "21:30:00"),
        ("2/11/2026", "pukul 21.30 WIB"),
    ],
)
def test_times_as_people_and_programs_write_them(cast, loaded, day, clock):
    loaded(xlsx(HEADS, ["LP/B/1", day, clock, *FIRST[3:]]))
    assert Incident.objects.get().occurred_at == wib(2026, 11, 2, 21, 30)


def test_the_point_alone_finds_the_village(cast, loaded):
    loaded(xlsx(HEADS, [*FIRST[:4], None, *FIRST[5:]]))
    assert Incident.objects.get().area.name == "Pedalangan"


@pytest.mark.parametrize(
    ("place", "value", "title"),
    [
        (1, "kemarin", "Tanggal"),
        (1, "31/02/2026", "Tanggal"),
        (1, "02/11/2099", "Tanggal"),
        (2, None, "Jam"),
        (2, "25.00", "Jam"),
        (3, "CURI AYAM", "Jenis"),
        (4, "33.74.09.1001", "Desa"),
        (4, "Atlantis", "Desa"),
        (5, None, "Uraian"),
        (5, "x" * 2500, "Uraian"),
        (0, "x" * 90, "Nomor LP"),
        (6, "91", "Lat"),
        (6, "abc", "Lat"),
        (7, None, "Lat"),
        (8, "banyak", "Kerugian"),
        (8, "-5", "Kerugian"),
        (9, "SELESAI", "Status"),
        (10, "-1", "Meninggal L Dewasa"),
        (10, "1e9", "Meninggal L Dewasa"),
    ],
)
def test_a_wrong_row_says_so_and_the_others_are_taken(cast, loaded, place, value, title):
    wrong = [*FIRST]
    wrong[place] = value
    job = loaded(xlsx(HEADS, wrong, SECOND))
    assert counts(job) == {"new": 1, "error": 1}
    assert [title_of for title_of, _reason in job.errors[0]["errors"]] == [title]


def test_one_number_twice_in_a_file_is_said(cast, loaded):
    assert counts(loaded(xlsx(HEADS, FIRST, [*FIRST[:5], "Lain.", *FIRST[6:]]))) == {"new": 1, "error": 1}


def test_what_was_taken_back_does_not_come_again(cast, loaded):
    loaded(xlsx(HEADS, FIRST))
    incidents.withdraw(Incident.objects.get(), cast.spkt, "Ganda.")
    assert counts(loaded(xlsx(HEADS, FIRST))) == {"error": 1}


def test_a_polres_loads_for_its_polsek(cast, loaded):
    other = ["LP/B/1", *FIRST[1:4], "Gajahmungkur", *FIRST[5:6], None, None, *FIRST[8:]]
    assert counts(loaded(xlsx(HEADS, FIRST, other), cast.operator)) == {"new": 2}
    assert {incident.unit for incident in Incident.objects.all()} == {cast.units.banyumanik, cast.units.gajahmungkur}


def test_the_daily_word_follows(cast, loaded):
    day = datetime.date(2026, 11, 2)
    incidents.state(cast.units.banyumanik, day, "NIHIL", cast.spkt)
    loaded(xlsx(HEADS, FIRST))
    assert DailyStatement.objects.current().get(day=day).says == "ISI"


def test_victims_are_replaced_where_a_cell_says_so(cast, loaded):
    make_incident(cast, no_lp="LP/B/2", victims={("MATI", "L", False): 3, ("LUKA_RINGAN", "P", True): 1})
    loaded(xlsx(HEADS, SECOND))
    assert {(row.harm, row.count) for row in Incident.objects.get().victims.all()} == {("MATI", 1), ("LUKA_RINGAN", 1)}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"\x00\x01\x02", b"a,b\n1,2\n", b'"' + b"x" * 200_000])
def test_no_table_is_refused_as_a_whole(cast, sign_in, content):
    answer = sign_in(cast.spkt).post(reverse("summaries:import_create"), {"kind": "INCIDENTS", "file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code in (200, 302)
    for job in ImportJob.objects.all():
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == "FAILED"
        assert job.message


def test_spkt_loads_incidents_and_nothing_else(cast, sign_in):
    client = sign_in(cast.spkt)
    assert [part["kind"] for part in client.get("/kelola/impor/").context["parts"]] == ["INCIDENTS"]
    assert client.get("/kelola/impor/templat/INCIDENTS/").status_code == 200
    assert client.get("/kelola/impor/templat/PEOPLE/").status_code == 404
    assert "INCIDENTS" not in [part["kind"] for part in sign_in(cast.admin).get("/kelola/impor/").context["parts"]]


def test_what_the_loader_may_not_read_stays_as_it_is(cast, loaded):
    incident = make_incident(cast, "CABUL", no_lp="LP/B/1")
    job = loaded(xlsx(HEADS, FIRST), cast.clerk)
    assert counts(job) == {"error": 1}
    assert [reason for line in job.errors for _title, reason in line["errors"]] == [
        "Nomor ini tidak dapat dimuat dari berkas. Minta SPKT memeriksanya."
    ]
    assert Incident.objects.get().kind == incident.kind
    assert counts(loaded(xlsx(HEADS, FIRST))) == {"changed": 1}


def test_a_day_of_clearance_needs_a_closing_status(cast, loaded):
    job = loaded(xlsx([*HEADS, "Selesai"], [*FIRST, "03/11/2026"]))
    assert counts(job) == {"error": 1}


def test_the_lists_are_held_before_anything_is_compared(cast, loaded):
    loaded(xlsx(HEADS, FIRST))
    with CaptureQueriesContext(connection) as asked:
        loaded(xlsx(HEADS, [*FIRST[:5], "Motor dicuri.", *FIRST[6:]]))
    told = [query["sql"] for query in asked]
    held = next(place for place, sql in enumerate(told) if f"pg_advisory_xact_lock({incidents.LOCK}" in sql)
    assert any("no_lp" in sql and sql.startswith("SELECT") for sql in told[held:])
    kept = [sql for sql in told if sql.startswith('UPDATE "mapping_incident"')]
    assert len(kept) == 1
    assert '"loss_rp"' not in kept[0]


def test_a_point_far_from_the_village_is_refused(cast, loaded, far_village):
    job = loaded(xlsx(HEADS, [*FIRST[:6], "-2.5", "140.5", *FIRST[8:]]))
    assert counts(job) == {"error": 1}
    assert far_village.name in job.errors[0]["errors"][0][1]

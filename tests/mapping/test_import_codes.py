"""The official list: what is taken from it, and what it then keeps out."""

import datetime
import gzip

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from mapping.codes import load_codes
from mapping.imports import load_areas
from mapping.models import Area
from tests.mapping.files import feature, polygon, square, written

DAY = datetime.date(2026, 1, 1)
LIST = {
    "provinces.csv": "code,name\n33,Jawa Tengah\n",
    "regencies.csv": "code,province_code,name\n33.74,33,Kota Semarang\n",
    "districts.csv": "code,regency_code,name\n33.74.11,33.74,Banyumanik\n",
    "villages.csv": 'code,district_code,name\n33.74.11.1004,33.74.11,Pedalangan \n3374111003,33.74.11,"Padang, ""Sari"""\n',
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path):
    for name, text in LIST.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def load(folder, day=DAY):
    return load_codes(sorted(folder.glob("*.csv*")), day)


def with_line(folder, line, name="villages.csv"):
    (folder / name).write_text(LIST[name] + line + "\n")


def test_areas_come_from_the_province_down(folder):
    report = load(folder)
    assert (report.added, report.unchanged, report.renamed, report.vanished, report.refused) == (5, 0, [], [], [])
    village = Area.objects.get(code="33.74.11.1003")
    assert (village.name, village.level, village.listed_on) == ('Padang, "Sari"', "KELURAHAN", DAY)
    assert village.parent.parent.parent.name == "Jawa Tengah"


def test_loading_again_changes_nothing(folder):
    load(folder)
    before = list(Area.objects.order_by("pk").values())
    report = load(folder)
    assert (report.added, report.unchanged) == (0, 5)
    assert list(Area.objects.order_by("pk").values()) == before
    assert not Area.pgh_event_model.objects.exists()


def test_a_packed_file_is_read_as_well(folder):
    plain = folder / "villages.csv"
    (folder / "villages.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert load(folder).added == 5


def test_a_new_name_is_taken_and_remembered_and_who_is_gone_is_named(folder):
    load(folder)
    (folder / "villages.csv").write_text("code,name\n33.74.11.1004,Pedalangan Baru\n")
    report = load(folder, DAY + datetime.timedelta(days=365))
    assert [(line.code, line.name, line.reason) for line in report.renamed] == [("33.74.11.1004", "Pedalangan Baru", "Pedalangan")]
    assert [line.code for line in report.vanished] == ["33.74.11.1003"]
    assert Area.objects.get(code="33.74.11.1003").listed_on == DAY
    assert [event.name for event in Area.pgh_event_model.objects.all()] == ["Pedalangan"]


def test_a_list_of_another_province_misses_nothing_here(folder):
    load(folder)
    (folder / "provinces.csv").write_text("code,name\n34,DI Yogyakarta\n")
    report = load_codes([folder / "provinces.csv"], DAY)
    assert (report.added, report.vanished) == (1, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",,Tanpa Kode", "no code"),
        ("33.74.11.9,33.74.11,Danau", "33.74.11.1004"),
        ("33.74.11.1004,33.74.11,Lagi", "twice"),
        ("33.74.11.1005,33.74.11,", "name"),
        ("33.75.01.1001,33.75.01,Yatim", "around it"),
    ],
    ids=["no code", "no official code", "twice", "no name", "no parent"],
)
def test_a_wrong_line_is_refused_alone(folder, line, reason):
    with_line(folder, line)
    report = load(folder)
    assert report.added == 5
    assert [reason in refused.reason for refused in report.refused] == [True]


@pytest.mark.parametrize(
    "content", [b"", b"code,name\n", b"\xff\xfe\x00\x01", b"\x1f\x8b\x00broken", b"PK\x03\x04"], ids=["empty", "no lines", "binary", "gzip", "zip"]
)
def test_what_is_no_list_is_refused_as_a_whole(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(ValidationError):
        load_codes([path], DAY)
    assert not Area.objects.exists()


def test_boundaries_of_what_the_list_does_not_have_are_refused(folder, tmp_path):
    load(folder)
    lake = feature("33.74.11.1099", "Waduk", polygon(square(lon=110.5)))
    misread = feature("33.74.19.1001", "Salah Baca", polygon(square(lon=110.6)))
    elsewhere = feature("34.71.01.1001", "Bausasran", polygon(square(lon=110.4, lat=-7.8)), provinsi="DI Yogyakarta", kabkota="Kota Yogyakarta")
    path = written(tmp_path, "desa.json", feature(), lake, misread, elsewhere)
    for _time in range(2):
        report = load_areas(path)
        assert [line.code for line in (*report.added, *report.unchanged)] == ["33.74.11.1004", "34.71.01.1001"]
        assert {line.code: "official list" in line.reason for line in report.refused} == {"33.74.11.1099": True, "33.74.19.1001": True}


def test_boundaries_do_not_rename_what_the_list_names(folder, tmp_path):
    load(folder)
    load_areas(written(tmp_path, "desa.json", feature(name="PEDALANGAN")))
    assert Area.objects.get(code="33.74.11.1004").name == "Pedalangan"


def test_as_many_questions_however_long_the_list(folder):
    with CaptureQueriesContext(connection) as few:
        load(folder)
    with_line(folder, "\n".join(f"33.74.11.{2000 + n},33.74.11,Desa {n}" for n in range(900)))
    with CaptureQueriesContext(connection) as many:
        load(folder)
    assert len(many) <= len(few)


def test_the_command_takes_a_folder_and_says_what_became_of_it(folder, capsys):
    with_line(folder, "33.74.11.9,33.74.11,Danau")
    call_command("import_codes", folder, "--listed-on", "2026-01-01")
    output = capsys.readouterr()
    assert output.out == "5 added, 0 unchanged, 0 renamed, 0 vanished, 1 refused\n"
    assert "refused 33.74.11.9 Danau" in output.err
    with pytest.raises(CommandError):
        call_command("import_codes", folder / "nowhere.csv")

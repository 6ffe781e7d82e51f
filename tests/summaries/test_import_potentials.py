"""Posts, groups, partners and potentials as tables, and potentials as points of a map."""

import datetime
import io
import json
from pathlib import Path
from unittest.mock import ANY

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from mapping.models import AreaShape, Cooperation, Group, Partner, Place, Potential
from polmas.summaries.imports import jobs
from polmas.summaries.models import ImportJob
from tests.summaries.test_imports import act, reasons, upload, xlsx

pytestmark = pytest.mark.django_db
POTENTIALS = ["Kode Desa", "Golongan", "Jenis", "Nama", "Pengaruh", "Waktu", "Tanggal Berikut", "Jumlah", "Lintang", "Bujur", "Telepon"]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def run(job):
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def load(client, kind, content, name="tabel.xlsx"):
    job = run(upload(client, kind, content, name))
    if job.state == "CHECKED" and job.has_changes:
        act(client, job, "apply")
        run(job)
    return job


def place(lon, lat, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def geojson(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


PLACES = (
    place(110.428, -7.0629, osm_id="n1", nama="SPBU 44", jenis="spbu", kategori="komersial"),
    place(110.438, -7.088, osm_id="n2", nama="", jenis="tol", kategori="transportasi"),
    place(110.4405, -7.061, osm_id="n3", nama="Bank Jaya", jenis="bank"),  # 55 m east of Pedalangan
    place(110.41, -7.01, osm_id="n4", nama="Kampus", jenis="kampus"),  # in Gajahmungkur
    place(110.48, -7.06, osm_id="n5", nama="Jauh", jenis="sd"),  # more than 2 km from any
    place(110.43, -7.062, osm_id="n6", nama="Rumah Pompa", jenis="pompa"),
)


def test_posts_groups_and_partners_are_loaded_and_loaded_again(cast, sign_in):
    client = sign_in(cast.clerk)
    posts = xlsx(["Kode Desa", "Nama", "RW", "Ketua", "Lintang", "Bujur"], ["33.74.11.1004", "Pos RW 05", 5, "Joko", -7.0629, 110.428])
    assert load(client, "POSTS", posts).counts["new"] == 1
    post = Place.objects.get()
    assert (post.kind, post.rw, post.unit, round(post.location.x, 3)) == ("POS_KAMLING", "005", cast.units.banyumanik, 110.428)
    assert load(client, "POSTS", posts).counts["unchanged"] == 1
    groups = xlsx(
        ["Kode Desa", "Nama", "Jenis", "Jumlah Anggota", "Tanggal Pengukuhan", "Telepon"],
        ["33.74.11.1004", "Linmas", "Linmas", 24, datetime.date(2026, 8, 17), "0812 1111 2222"],
        ["33.74.09.1001", "Linmas", "LINMAS", None, None, None],
        ["33.74.11.1004", "Pokdar", "Geng", "banyak", "kemarin", None],
    )
    job = load(client, "GROUPS", groups)
    assert reasons(job) == {(3, "Kode Desa"), (4, "Jenis"), (4, "Jumlah Anggota"), (4, "Tanggal Pengukuhan")}
    group = Group.objects.get()
    assert (group.member_count, group.confirmed_on, group.phone, group.recorded_by) == (24, datetime.date(2026, 8, 17), "0812 1111 2222", cast.clerk)
    assert load(client, "GROUPS", groups).counts["unchanged"] == 1


def test_partners_come_with_their_agreement_and_may_belong_to_the_whole_unit(cast, sign_in):
    client = sign_in(cast.clerk)
    titles = ["Kode Desa", "Nama", "Jenis", "Narahubung", "Nomor MoU", "Ruang Lingkup", "Mulai", "Selesai"]
    content = xlsx(
        titles,
        [None, "Dishub Kota", "DISHUB", "Ibu Ratna", "MoU/3", "Parkir", "2026-01-01", "2027-01-01"],
        ["33.74.11.1004", "PT Maju", "Swasta", None, None, None, None, None],
        [None, "Radio", "MEDIA", None, "MoU/4", None, None, None],
        [None, "Koran", "MEDIA", None, None, "Berita", "2026-01-02", "2026-01-01"],
    )
    job = load(client, "PARTNERS", content)
    assert (job.counts["new"], reasons(job)) == (2, {(4, "Ruang Lingkup"), (5, "Selesai")})
    partner = Partner.objects.get(name="Dishub Kota")
    assert (partner.area, partner.unit, partner.cooperations.get().ends_on) == (None, cast.units.banyumanik, datetime.date(2027, 1, 1))
    assert load(client, "PARTNERS", content).counts["unchanged"] == 2
    load(client, "PARTNERS", xlsx(titles, [None, "Dishub Kota", "DISHUB", None, "MoU/9", "Derek", "2026-06-01", None]))
    assert Cooperation.objects.count() == 2
    assert Partner.objects.count() == 2


def test_a_table_of_potentials_finds_villages_by_code_or_point(cast, sign_in):
    client = sign_in(cast.clerk)
    content = xlsx(
        POTENTIALS,
        ["33.74.11.1004", None, "Sekolah", "SD 1", "Tinggi", None, None, None, None, None, "0812 1111 2222"],
        [None, "Kegiatan", "Hari pasar", "Pasar Minggu", None, "Minggu", "2026-12-06", None, "-7,0629", "110,428", None],
        ["33.74.11.1003", "BARANG", "GUDANG_BBM", "Pangkalan", None, None, None, 40, None, None, None],
        ["33.74.11.1003", None, "HAJATAN", "Salah", None, None, None, None, None, None, None],
        ["33.74.11.1003", None, "Sekolah", "Salah 2", None, "Minggu", None, 3, None, None, None],
        [None, None, "Sekolah", "Tanpa tempat", None, None, None, None, None, None, None],
        ["33.74.09.1001", None, "Sekolah", "Tetangga", None, None, None, None, None, None, None],
        [None, None, "Sekolah", "Luar", None, None, None, None, "52", "4", None],
    )
    job = load(client, "POTENTIALS", content)
    assert job.counts == {"new": 3, "changed": 0, "unchanged": 0, "error": 5}
    assert {(5, "Jenis"), (6, "Waktu"), (6, "Jumlah"), (7, "Kode Desa"), (8, "Kode Desa"), (9, "Lintang")} <= reasons(job)
    assert dict(Potential.objects.values_list("name", "area__name")) == {
        "SD 1": "Pedalangan",
        "Pasar Minggu": "Pedalangan",
        "Pangkalan": "Padangsari",
    }
    assert load(client, "POTENTIALS", content).counts["unchanged"] == 3
    errors = load_workbook(io.BytesIO(client.get(reverse("summaries:import_errors", args=[job.uuid])).content)).active
    assert errors.max_row == 6
    template = client.get(reverse("summaries:import_template", args=["POTENTIALS"]))
    assert "Golongan" in [cell.value for cell in load_workbook(io.BytesIO(template.content)).active[1]]


def test_points_of_a_map_become_potentials_each_in_its_village(cast, sign_in):
    client = sign_in(cast.operator)
    job = load(client, "POTENTIALS", geojson(*PLACES), "osm.geojson")
    assert job.counts == {"new": 5, "changed": 0, "unchanged": 0, "error": 1}
    found = {entry.external_id: entry for entry in Potential.objects.select_related("area", "unit")}
    assert {name: entry.area.name for name, entry in found.items()} == {
        "n1": "Pedalangan",
        "n2": "Padangsari",
        "n3": "Pedalangan",
        "n4": "Gajahmungkur",
        "n6": "Pedalangan",
    }
    assert [(found[name].kind, found[name].name) for name in ("n1", "n2", "n6")] == [
        *[("SPBU", "SPBU 44"), ("TOL", "Gerbang tol")],
        ("LAINNYA", "Rumah Pompa"),
    ]
    assert (found["n4"].unit, found["n1"].source, found["n1"].updated_on) == (cast.units.gajahmungkur, "OpenStreetMap", None)
    assert any("55 m" in line or "54 m" in line for line in job.lines["new"])
    assert load(client, "POTENTIALS", geojson(*PLACES), "osm.geojson").counts["unchanged"] == 5


def test_the_operator_of_a_polsek_takes_no_point_of_the_neighbours(cast, sign_in):
    client = sign_in(cast.clerk)
    job = load(client, "POTENTIALS", geojson(*PLACES[:1], PLACES[3]), "osm.geojson")
    assert (job.counts["new"], reasons(job)) == (1, {(2, "Kode Desa")})
    told = client.get(reverse("summaries:import_detail", args=[job.uuid]))
    assert [(error["row"], error["column"], error["value"]) for error in told.context["errors"]] == [(2, "Tempat", ANY)]
    assert "Fitur" in told.content.decode()
    assert all(line.startswith("fitur ") for line in job.lines["new"])
    assert "Gajahmungkur" in str(job.errors)


def test_what_went_to_the_nearest_village_moves_when_its_own_is_drawn(cast, capsys):
    drawn = AreaShape.objects.get(area__code="33.74.11.1003")
    AreaShape.objects.filter(pk=drawn.pk).update(is_current=False)
    write = place(110.43, -7.0702, osm_id="n9", nama="Klinik", jenis="klinik")
    assert counts_of([write], capsys).startswith("1 new")
    assert Potential.objects.get().area.name == "Pedalangan"
    assert counts_of([write], capsys).startswith("0 new, 0 changed, 1 unchanged")
    AreaShape.objects.filter(pk=drawn.pk).update(is_current=True)
    assert counts_of([write], capsys).startswith("0 new, 1 changed")
    assert Potential.objects.get().area.name == "Padangsari"


@pytest.fixture(autouse=True)
def _place_for_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def counts_of(features, capsys) -> str:
    """What the command says of a file with these features."""
    Path("osm.geojson").write_bytes(geojson(*features))
    call_command("import_potentials", "osm.geojson")
    return capsys.readouterr().out


def test_the_command_says_what_became_of_each(cast, capsys):
    said = counts_of(PLACES, capsys)
    assert said.startswith("5 new, 0 changed, 0 unchanged, 1 refused")
    assert "called by its kind" in said
    assert "nearest one" in said
    assert "none is within 2 km" in said
    with pytest.raises(CommandError):
        call_command("import_potentials", "gone.geojson")


BROKEN = [
    b"{",
    b"{}",
    b'{"features": []}',
    b'{"features": 7}',
    b'{"features": [7, null, {"geometry": 3}, {"geometry": {"type": "Point", "coordinates": [NaN, 1]}, "properties": []}]}',
    b'{"features": [{"geometry": {"type": "Point", "coordinates": [1e400, "x"]}, "properties": {"nama": "\\u0000", "osm_id": {"a": 1}}}]}',
    b'{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}',
    b'{"a":' * 5000,
]


@pytest.mark.parametrize("content", BROKEN, ids=[str(content)[:40] for content in BROKEN])
def test_broken_files_are_refused_with_words(cast, sign_in, content):
    job = load(sign_in(cast.operator), "POTENTIALS", content, "osm.geojson")
    assert job.state == "FAILED" or job.counts["error"]
    assert not Potential.objects.exists()
    assert ImportJob.objects.count() == 1


def test_a_file_neither_tells_of_nor_changes_what_is_confidential(cast, sign_in):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    Potential.objects.create(unit=unit, area=area, kind="SEKOLAH", name="Rahasia", is_confidential=True, source="OpenStreetMap", external_id="n1")
    job = load(sign_in(cast.clerk), "POTENTIALS", geojson(PLACES[0]), "osm.geojson")
    assert job.counts == {"new": 0, "changed": 0, "unchanged": 0, "error": 1}
    assert Potential.objects.get().name == "Rahasia"
    assert "Rahasia" not in str(job.lines)


def test_a_row_of_a_confidential_name_is_taken_as_any_other(cast, sign_in):
    Potential.objects.create(
        unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], kind="SEKOLAH", name="Rumah Singgah", is_confidential=True, source=""
    )
    contents = [xlsx(POTENTIALS, ["33.74.11.1004", None, "Sekolah", name, *[None] * 7]) for name in ("Rumah Singgah", "Rumah Lain")]
    hidden, free = (load(sign_in(cast.clerk), "POTENTIALS", content).counts for content in contents)
    assert hidden == free == {"new": 1, "changed": 0, "unchanged": 0, "error": 0}

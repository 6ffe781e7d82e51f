"""Layers as files: written by a worker, as their reader sees them, harmless in spreadsheets."""

import csv
import datetime
import io
import json
import zipfile

import openpyxl
import pytest
import shapefile
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from mapping.models import Incident, Potential
from patrol import exports as activities
from patrol.models import Contact
from polmas.summaries.maps import exporting
from polmas.summaries.maps.layers import LAYERS
from polmas.summaries.models import ExportJob
from polmas.summaries.models.exports import FILE_NAMES
from polmas.summaries.tasks import drop_old_exports
from polmas.summaries.views.exports import MOST_RUNNING, posts_of
from tests.patrol.items import file_report
from tests.summaries.test_map import make_visits
from tests.summaries.test_map_counts import make_post

STATE = ExportJob.State


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def exported(person, layer, form, **options):
    """The job, done by the worker's own function."""
    today = timezone.localdate()
    days = {"from": (today - datetime.timedelta(days=30)).isoformat(), "to": today.isoformat()}
    said = {**days, "language": "id", "posts": posts_of(person), **options}
    job = ExportJob.objects.create(layer=layer, form=form, options=said, requested_by=person)
    exporting.run(job.pk)
    job.refresh_from_db()
    return job


def read(job):
    with job.file.open() as file:
        return file.read()


def rows_of(job):
    return list(csv.DictReader(io.StringIO(read(job).decode("utf-8-sig"))))


def test_a_csv_has_a_line_for_each_row_in_sight(cast):
    make_visits(cast, 3)
    make_visits(cast, 2, location=None)
    make_visits(cast, 4, officer=cast.outsider, area="33.74.09.1001")
    for person, count in ((cast.officer, 5), (cast.colleague, 0), (cast.outsider, 4), (cast.kapolsek, 5), (cast.kapolres, 9)):
        job = exported(person, "visits", "csv")
        assert (job.state, job.total, len(rows_of(job))) == (STATE.DONE, count, count)
    row = rows_of(exported(cast.officer, "visits", "csv"))[0]
    assert (row["jenis"], row["wilayah"], row["lat"], row["lon"]) == ("Sambang", "Pedalangan", "-7.069000", "110.422100")


def test_formulas_are_disarmed_and_no_phone_or_resident_is_in_it(cast):
    contact = {"unit": cast.units.banyumanik, "area": cast.areas["33.74.11.1004"], "role": "TOMAS", "location": Point(110.43, -7.06, srid=4326)}
    Contact.objects.create(name='=HYPERLINK("http://x")', phone="081234567890", **contact)
    raw = read(exported(cast.officer, "people", "csv")).decode()
    assert "'=HYPERLINK" in raw
    assert "081234567890" not in raw
    make_visits(cast, 1)
    assert not {"penerima", "telepon", "kepala_keluarga"} & rows_of(exported(cast.officer, "visits", "csv"))[0].keys()


def test_geojson_holds_points_and_outlines(cast):
    make_post(cast)
    told = json.loads(read(exported(cast.officer, "posts", "geojson")))
    assert told["features"][0]["geometry"] == {"type": "Point", "coordinates": [110.43, -7.06]}
    assert told["features"][0]["properties"]["nama"] == "Pos Melati"
    areas = json.loads(read(exported(cast.officer, "areas", "geojson")))
    assert {feature["properties"]["nama"] for feature in areas["features"]} == {"Pedalangan", "Padangsari"}
    assert {feature["geometry"]["type"] for feature in areas["features"]} == {"MultiPolygon"}
    assert json.loads(read(exported(cast.outsider, "posts", "geojson")))["features"] == []


def test_a_workbook_opens(cast):
    make_post(cast)
    sheet = openpyxl.load_workbook(io.BytesIO(read(exported(cast.officer, "posts", "xlsx")))).active
    head, row = list(sheet.values)
    assert dict(zip(head, row, strict=True))["nama"] == "Pos Melati"
    assert dict(zip(head, row, strict=True))["lat"] == -7.06


def test_a_shapefile_opens_and_knows_its_projection_and_letters(cast):
    make_post(cast, "Pos Kenanga – Ba’u")
    with zipfile.ZipFile(io.BytesIO(read(exported(cast.officer, "posts", "zip")))) as archive:
        assert {name.split(".")[1] for name in archive.namelist()} == {"shp", "shx", "dbf", "prj", "cpg"}
        parts = {ending: io.BytesIO(archive.read(f"titik.{ending}")) for ending in ("shp", "shx", "dbf")}
        assert b"WGS_1984" in archive.read("titik.prj")
    with shapefile.Reader(**parts, encoding="utf-8") as reader:
        assert reader.shape(0).points == [(110.43, -7.06)]
        assert reader.record(0)["nama"] == "Pos Kenanga – Ba’u"


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "zip"])
def test_an_empty_layer_is_an_empty_file(cast, form):
    job = exported(cast.officer, "communities", form)
    assert (job.state, job.total) == (STATE.DONE, 0)


def test_the_part_on_the_screen_and_the_kinds(cast):
    make_visits(cast, 10)
    assert exported(cast.officer, "visits", "csv", bbox=[110.4220, -7.0691, 110.4236, -7.0670]).total == 4
    assert exported(cast.officer, "visits", "csv", kinds={"visits": ["PATROLI"]}).total == 0
    assert exported(cast.officer, "areas", "csv", bbox=[110.401, -7.069, 110.425, -7.061]).total == 2


def test_what_is_confidential_or_discreet_is_left_out(cast):
    common = {"unit": cast.units.banyumanik, "area": cast.areas["33.74.11.1004"], "location": Point(110.43, -7.06, srid=4326)}
    Potential.objects.create(**common, name="Gudang", main_class="BARANG", kind="GUDANG_BBM", is_confidential=True, recorded_by=cast.kanit)
    now = timezone.now()
    for kind, klass in (("CURAT", "KONVENSIONAL"), ("KDRT", "KONVENSIONAL")):
        Incident.objects.create(**common, kind=kind, klass=klass, narrative="x", occurred_at=now, recorded_by=cast.kanit)
    assert [exported(person, "potentials", "csv").total for person in (cast.kanit, cast.kapolsek, cast.officer, cast.clerk)] == [1, 1, 0, 0]
    assert [exported(person, "incidents", "csv").total for person in (cast.kapolsek, cast.officer, cast.outsider)] == [2, 1, 0]


def test_whoever_lost_their_post_meanwhile_gets_nothing(cast):
    make_visits(cast, 3)
    cast.kapolsek.postings.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert exported(cast.kapolsek, "visits", "csv").total == 0


def test_a_file_of_another_post_is_not_fetched_again(cast, sign_in):
    job = exported(cast.kapolsek, "posts", "csv")
    address = reverse("summaries:export_download", args=[job.uuid])
    assert b"".join(sign_in(cast.kapolsek).get(address).streaming_content).startswith(b"\xef\xbb\xbf")
    cast.kapolsek.postings.update(unit=cast.units.gajahmungkur)
    client = sign_in(cast.kapolsek)
    assert client.get(address).status_code == 404
    assert client.get(reverse("summaries:export_list")).context["jobs"] == []


def test_incidents_without_a_point_and_discreet_ones_without_theirs(cast):
    common = {"unit": cast.units.banyumanik, "area": cast.areas["33.74.11.1004"], "narrative": "x", "occurred_at": timezone.now()}
    here = Point(110.43, -7.06, srid=4326)
    Incident.objects.create(**common, kind="CURAT", klass="KONVENSIONAL", recorded_by=cast.clerk)
    Incident.objects.create(**common, kind="KDRT", klass="KONVENSIONAL", recorded_by=cast.clerk, location=here)
    assert sorted(row["lat"] for row in rows_of(exported(cast.kapolsek, "incidents", "csv"))) == ["", "-7.060000"]
    assert [row["lat"] for row in rows_of(exported(cast.clerk, "incidents", "csv"))] == ["", ""]


def test_too_many_rows_are_refused_with_a_word(cast, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    make_visits(cast, 3)
    job = exported(cast.officer, "visits", "csv")
    assert job.state == STATE.FAILED
    assert "2" in job.message
    assert not job.file


def test_a_broken_writer_says_so_and_a_second_worker_leaves_it(cast, monkeypatch):
    def broken(features, title):
        raise OSError("disk")

    monkeypatch.setitem(exporting.WRITERS, "csv", broken)
    with pytest.raises(OSError, match="disk"):
        exported(cast.officer, "visits", "csv")
    job = ExportJob.objects.get()
    assert job.state == STATE.FAILED
    exporting.run(job.pk)
    assert ExportJob.objects.get().state == STATE.FAILED


def test_the_page_asks_for_a_file_shows_it_and_records_that_it_was_taken(cast, sign_in, django_capture_on_commit_callbacks):
    make_post(cast)
    client = sign_in(cast.officer)
    with django_capture_on_commit_callbacks():
        response = client.post(reverse("summaries:export_list"), {"lapisan": "posts", "bentuk": "csv"})
    job = ExportJob.objects.get()
    assert response.url == reverse("summaries:export_detail", args=[job.uuid])
    assert "hx-trigger" in client.get(response.url).content.decode()
    assert client.get(reverse("summaries:export_download", args=[job.uuid])).status_code == 404
    exporting.run(job.pk)
    taken = client.get(reverse("summaries:export_download", args=[job.uuid]))
    assert taken["Content-Disposition"].startswith('attachment; filename="peta-pos-')
    assert b"Pos Melati" in b"".join(taken.streaming_content)
    job.refresh_from_db()
    assert job.downloads == 1
    for person in (cast.colleague, cast.kapolsek, cast.secretary):
        other = sign_in(person)
        assert other.get(reverse("summaries:export_detail", args=[job.uuid])).status_code == 404
        assert other.get(reverse("summaries:export_download", args=[job.uuid])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"lapisan": "rahasia"},
        {"bentuk": "exe"},
        {"petak": "1,2,3", "hanya_petak": "on"},
        {"petak": "nan,1,2,3", "hanya_petak": "on"},
        {"dari": "2026-02-31"},
        {"dari": "2026-02-02", "sampai": "2026-02-01"},
        {"jenis": "visits:\x00"},
    ],
)
def test_a_bad_question_is_explained_and_keeps_what_was_chosen(cast, sign_in, wrong):
    response = sign_in(cast.officer).post(reverse("summaries:export_list"), {"lapisan": "posts", "bentuk": "csv", **wrong})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not ExportJob.objects.exists()


def test_the_layers_on_the_map_are_chosen_and_each_becomes_a_file(cast, sign_in):
    client = sign_in(cast.officer)
    form = client.get(reverse("summaries:export_list"), {"lapisan": ["posts", "visits"]}).context["form"]
    assert form["lapisan"].value() == ["posts", "visits"]
    response = client.post(reverse("summaries:export_list"), {"lapisan": ["posts", "visits"], "bentuk": "csv"})
    assert response.url == reverse("summaries:export_list")
    assert sorted(ExportJob.objects.values_list("layer", flat=True)) == ["posts", "visits"]


def test_every_layer_has_a_name_for_its_files():
    assert FILE_NAMES.keys() == {*LAYERS, exporting.AREAS}


def test_more_files_than_layers_wait(cast, sign_in):
    for _number in range(MOST_RUNNING):
        ExportJob.objects.create(layer="posts", form="csv", requested_by=cast.officer)
    response = sign_in(cast.officer).post(reverse("summaries:export_list"), {"lapisan": "posts", "bentuk": "csv"})
    assert response.context["form"].non_field_errors()


def test_files_go_after_a_week_and_the_record_stays(cast, sign_in):
    make_post(cast)
    job = exported(cast.officer, "posts", "csv")
    ExportJob.objects.update(requested_at=timezone.now() - datetime.timedelta(days=8))
    drop_old_exports()
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == (STATE.GONE, False)
    assert sign_in(cast.officer).get(reverse("summaries:export_detail", args=[job.uuid])).status_code == 200


class TestActivities:
    """The list of activities by a worker, as its address narrows it."""

    def asked(self, client, query, form):
        response = client.post(f"/kegiatan/berkas/?{query}", {"bentuk": form})
        job = ExportJob.objects.latest("pk")
        assert response.url == reverse("summaries:export_detail", args=[job.uuid])
        exporting.run(job.pk)
        job.refresh_from_db()
        return job

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_holds_what_the_list_holds(self, cast, sign_in, form, monkeypatch):
        monkeypatch.setattr("patrol.exports.STEP", 1)
        make_visits(cast, 3)
        make_visits(cast, 4, officer=cast.outsider, area="33.74.09.1001")
        client = sign_in(cast.kapolres)
        job = self.asked(client, f"petugas={cast.outsider.username}", form)
        assert (job.state, job.total, job.filename[:9]) == (STATE.DONE, 4, "kegiatan-")
        if form == "csv":
            found = [(row["satuan"], row["kode_wilayah"]) for row in rows_of(job)]
        else:
            heads, *lines = openpyxl.load_workbook(io.BytesIO(read(job))).active.values
            found = [(dict(zip(heads, line, strict=True))["satuan"], dict(zip(heads, line, strict=True))["kode_wilayah"]) for line in lines]
        assert found == [("Polsek Gajahmungkur", "33.74.09.1001")] * 4
        assert "Kegiatan" in client.get(f"/peta/unduh/{job.uuid}/").text
        taken = client.get(f"/peta/unduh/{job.uuid}/berkas/")
        assert len(b"".join(taken.streaming_content)) == job.file.size

    def test_a_workbook_says_what_was_typed_and_reckons_nothing(self, cast, sign_in):
        report = file_report(cast.officer, result="=1+1", narrative="Baris satu\r\n<dua> & -3")
        heads, row = openpyxl.load_workbook(io.BytesIO(read(self.asked(sign_in(cast.kapolsek), "", "xlsx")))).active.iter_rows()
        said = dict(zip([head.value for head in heads], row, strict=True))
        assert (said["id"].value, said["hasil"].value, said["hasil"].data_type) == (str(report.uuid), "=1+1", "s")
        assert said["uraian"].value == "Baris satu\n<dua> & -3"
        assert (said["hari"].value.date(), said["lat"].value) == (report.day, report.location.y)

    def test_a_list_without_rows_is_a_workbook_without_rows(self, cast, sign_in):
        job = self.asked(sign_in(cast.kapolsek), "wilayah=nowhere", "xlsx")
        assert len(list(openpyxl.load_workbook(io.BytesIO(read(job))).active)) == 1

    def test_more_than_a_sheet_holds_is_refused(self, cast, sign_in, monkeypatch):
        monkeypatch.setitem(activities.MOST, "xlsx", 2)
        make_visits(cast, 3)
        job = self.asked(sign_in(cast.kapolsek), "", "xlsx")
        assert (job.state, bool(job.message)) == (STATE.FAILED, True)

    def test_whoever_reads_no_more_gets_no_file(self, cast, sign_in):
        make_visits(cast, 1)
        sign_in(cast.officer).post("/kegiatan/berkas/", {"bentuk": "csv"})
        cast.officer.postings.all().delete()
        job = ExportJob.objects.latest("pk")
        exporting.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.file.name) == (STATE.FAILED, "")

    def test_what_cannot_be_read_goes_back_to_the_list(self, cast, sign_in):
        client = sign_in(cast.officer)
        response = client.get("/kegiatan/berkas/?dari=abc")
        assert (response.status_code, response.url) == (302, "/kegiatan/?dari=abc")
        assert client.post("/kegiatan/berkas/", {"bentuk": "zip"}).status_code == 200
        assert not ExportJob.objects.exists()

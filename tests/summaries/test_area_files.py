"""Boundaries that operators upload: shown before they are stored, applied from a day, read in another way where the first was wrong."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mapping.models import Area, AreaShape
from polmas.summaries.imports import jobs
from polmas.summaries.models import ImportJob
from tests.mapping.files import feature, polygon, square, written
from tests.mapping.gis_files import shapefile
from tests.mapping.test_import_areas import located

VILLAGE = "33.74.11.1004"
PARENTS = {"provinsi": "Jawa Tengah", "kabkota": "Kota Semarang", "kecamatan": "Banyumanik"}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def work(job):
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def upload(client, path, **fields):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post(reverse("summaries:import_create"), {"kind": "AREAS", "file": file, **fields})
    assert answer.status_code == 302, answer.context["refused_form"].errors
    return ImportJob.objects.order_by("-pk").first()


def page_of(client, job, name="detail", *args):
    answer = client.get(reverse(f"summaries:import_{name}", args=[job.uuid, *args]))
    assert answer.status_code == 200
    return answer.content.decode()


def apply(client, job, **fields):
    return client.post(reverse("summaries:import_apply", args=[job.uuid]), fields)


def moved(folder, lon=110.421, name="b.geojson"):
    return written(folder, name, feature(geometry=polygon(square(lon=lon))))


def test_a_file_is_shown_before_anything_is_stored(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    before = list(AreaShape.objects.order_by("pk").values())
    job = work(upload(client, moved(tmp_path), source="BIG", version="2025"))
    assert (job.state, job.counts["changed"], job.counts["added"]) == ("CHECKED", 1, 0)
    assert list(AreaShape.objects.order_by("pk").values()) == before
    assert "90%" in page_of(client, job)
    assert f'<a href="{reverse("summaries:import_change", args=[job.uuid, VILLAGE])}" aria-label=' in page_of(client, job)  # on the small map
    assert VILLAGE in page_of(client, job, "changes")
    assert "area-compare-outlines" in page_of(client, job, "change", VILLAGE)
    apply(client, job, meaning="better")
    job = work(job)
    assert (job.state, job.counts["changed"], bool(job.file)) == ("DONE", 1, False)
    assert reverse("summaries:source_list") in page_of(client, job)
    current = AreaShape.objects.get(area__code=VILLAGE, is_current=True)
    assert (current.source, current.version, current.valid_from) == ("BIG", "2025", None)
    assert "90%" in page_of(client, job)


def test_boundaries_may_count_from_a_day(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    job = work(upload(client, moved(tmp_path, 110.6)))
    answer = apply(client, job, meaning="moved")
    assert answer.status_code == 200
    assert "valid_from" in answer.context["apply_form"].errors
    for day in ("3026-01-01", "0001-01-01", "x", "\0"):
        assert apply(client, job, meaning="moved", valid_from=day).context["apply_form"].errors
    assert apply(client, job, meaning="\0").status_code == 200
    job.refresh_from_db()
    assert job.state == "CHECKED"
    apply(client, job, meaning="moved", valid_from="2026-01-01")
    assert work(job).state == "DONE"
    assert located(110.43, -7.06, datetime.date(2025, 12, 31)) == VILLAGE
    assert located(110.61, -7.06, datetime.date(2026, 1, 1)) == VILLAGE


def test_boundaries_may_be_kept_aside(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    job = work(upload(client, moved(tmp_path, 110.6), source="BIG"))
    apply(client, job, meaning="aside")
    assert work(job).state == "DONE"
    assert located(110.61, -7.06) is None
    assert not AreaShape.objects.get(source="BIG").is_current


def test_swapped_axes_are_offered_and_the_same_file_is_read_again(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    path = written(tmp_path, "a.geojson", feature(geometry=polygon([[y, x] for x, y in square(lon=110.421)])))
    job = work(upload(client, path))
    assert (job.state, job.options["mend"], bool(job.file)) == ("FAILED", "swap_axes", True)
    assert reverse("summaries:import_retry", args=[job.uuid]) in page_of(client, job)
    client.post(reverse("summaries:import_retry", args=[job.uuid]), {"swap_axes": "on"})
    job = work(job)
    assert (job.state, job.counts["changed"]) == ("CHECKED", 1)
    apply(client, job, meaning="better")
    work(job)
    assert located(110.4205, -7.06) != VILLAGE
    assert located(110.4405, -7.06) == VILLAGE


def test_a_projection_is_asked_for(cast, sign_in, tmp_path):
    from tests.mapping.test_import_sources import utm

    client = sign_in(cast.operator)
    path = shapefile(tmp_path, "desa", [(utm(32749), {"kode": VILLAGE, "nama": "Pedalangan", **PARENTS})], "", is_zipped=True)
    job = work(upload(client, path))
    assert job.options["mend"] == "srid"
    assert client.post(reverse("summaries:import_retry", args=[job.uuid]), {"srid": "12\0"}).status_code == 302
    assert work(job).state == "FAILED"
    client.post(reverse("summaries:import_retry", args=[job.uuid]), {"srid": "32749"})
    assert work(job).state == "CHECKED"


def test_fields_are_asked_for_and_named(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    odd = feature(geometry=polygon(square(lon=110.421)))
    odd["properties"] = {"x": "", "y": "Pedalangan", **PARENTS}
    odd["properties"]["x"] = "No"
    job = work(upload(client, written(tmp_path, "a.geojson", odd), code_field="z"))
    assert job.options["mend"] == "fields"
    assert "provinsi" in job.message
    client.post(reverse("summaries:import_retry", args=[job.uuid]), {"name_field": "y"})
    job = work(job)
    assert (job.state, job.counts["matched"]) == ("CHECKED", 1)


def test_what_cannot_be_read_is_dropped_with_a_reason(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    for content in (b"", b"PK\x03\x04rest", b"SQLite format 3\0rest", b"\x1f\x8bxx", b'{"features": [', b"\x00\x00\x27\x0a" + b"\0" * 200):
        path = tmp_path / "a.dat"
        path.write_bytes(content)
        answer = client.post(reverse("summaries:import_create"), {"kind": "AREAS", "file": SimpleUploadedFile("a.dat", content)})
        if answer.status_code == 200:
            assert answer.context["refused_form"].errors
            continue
        job = work(ImportJob.objects.order_by("-pk").first())
        assert (job.state, bool(job.file)) == ("FAILED", False)
        assert job.message
        assert "Traceback" not in page_of(client, job)
        assert client.post(reverse("summaries:import_retry", args=[job.uuid]), {}).status_code == 404


def test_an_operator_touches_the_own_areas_alone(cast, sign_in, tmp_path):
    clerk = sign_in(cast.clerk)
    path = written(
        tmp_path,
        "a.geojson",
        feature(geometry=polygon(square(lon=110.421))),
        feature("33.74.09.1001", "Gajahmungkur", polygon(square(lon=110.401)), kecamatan="Gajahmungkur"),
    )
    job = work(upload(clerk, path))
    assert (job.counts["changed"], job.counts["refused"]) == (1, 1)
    assert "Gajahmungkur" in page_of(clerk, job, "lines", "refused")
    for outcome in ("unchanged", "changes", "x"):
        assert clerk.get(reverse("summaries:import_lines", args=[job.uuid, outcome])).status_code == 404
    outsider = sign_in(cast.kapolres)
    for name, args in (("detail", ()), ("changes", ()), ("change", (VILLAGE,))):
        assert outsider.get(reverse(f"summaries:import_{name}", args=[job.uuid, *args])).status_code == 404


def test_what_clients_send_of_changes_is_harmless(cast, sign_in, tmp_path):
    client = sign_in(cast.operator)
    job = work(upload(client, moved(tmp_path)))
    changes = reverse("summaries:import_changes", args=[job.uuid])
    for query in ("q=%00", "q=" + "x" * 5000, "hasil=x", "urut=kode", "page=0", "page=x", "q=33.74.11"):
        assert client.get(f"{changes}?{query}").status_code == 200
    for code in ("%00", "x", "33.74.11.9999", "3" * 3000):
        assert client.get(f"{changes}{code}/").status_code == 404


def test_a_page_of_changes_asks_few_questions(cast, sign_in, tmp_path, django_assert_max_num_queries):
    client = sign_in(cast.operator)
    villages = [feature(f"33.74.11.{1100 + n}", f"Desa {n}", polygon(square(lon=100 + n / 10))) for n in range(60)]
    job = work(upload(client, written(tmp_path, "a.geojson", *villages)))
    for address in (reverse("summaries:import_changes", args=[job.uuid]), reverse("summaries:import_detail", args=[job.uuid])):
        with django_assert_max_num_queries(12):
            client.get(address)


def test_a_village_may_be_divided_by_a_file(cast, sign_in, tmp_path):
    from tests.mapping.test_import_sources import halves

    client = sign_in(cast.operator)
    job = work(upload(client, written(tmp_path, "a.geojson", *halves(VILLAGE, "33.74.11.1012"))))
    assert job.counts["split"] == 1
    assert "33.74.11.1012" in json.dumps(job.lines["split"])
    apply(client, job, meaning="moved", valid_from="2026-01-01")
    work(job)
    assert located(110.435, -7.06, datetime.date(2026, 1, 1)) == "33.74.11.1012"
    assert Area.objects.get(code=VILLAGE).shapes.filter(valid_to=datetime.date(2025, 12, 31)).exists()

"""Posts: who keeps them, what their page tells, where the QR code leads, and the sheet on paper."""

import io

import openpyxl
import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mapping.models import Place
from patrol import tasks
from patrol.models import Checkpoint
from patrol.posts import address_of
from patrol.sync import take
from polmas.people.models import Document, Unit
from polmas.people.qr import qr_of
from tests.patrol.items import report_item
from tests.patrol.patrols import checkpoint, patrol_item

pytestmark = pytest.mark.django_db
FILLED = {
    "name": "Pos Ronda RW 07",
    "kind": "POS_KAMLING",
    "rw": "7",
    "rt": "",
    "landmark": "Depan balai",
    "head": "Pak Joko",
    "schedule": "Senin: A, B",
}


@pytest.fixture
def post(cast):
    place = Point(110.428, -7.0629, srid=4326)
    return Place.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name="Pos RW 05", rw="005", location=place)


def filled(cast, **changes):
    return {**FILLED, "area": cast.areas["33.74.11.1004"].pk, "location_point": "-7.0629, 110.428", **changes}


@pytest.mark.parametrize("person", ["officer", "kanit", "operator"])
def test_keepers_add_a_post_and_it_belongs_to_the_polsek(cast, sign_in, person):
    answer = sign_in(getattr(cast, person)).post("/pos/baru/", filled(cast))
    post = Place.objects.get()
    assert answer.headers["Location"] == f"/pos/{post.uuid}/"
    assert (post.unit, post.rw, post.schedule) == (cast.units.banyumanik, "007", "Senin: A, B")
    assert round(post.location.x, 3) == 110.428


REFUSED = [
    {"name": ""},
    {"name": "a\0b"},
    {"name": "x" * 121},
    {"location_point": "-7.06"},
    {"location_point": "52.1, 4.3"},
    {"location_point": "nan, nan"},
    {"location_point": "1e999, 110"},
    {"location_point": "-7.06\0, 110"},
    {"rw": "abcd"},
    {"rt": "A1"},
    {"kind": "BENTENG"},
    {"area": "x"},
]


@pytest.mark.parametrize("changes", REFUSED, ids=[str(changes)[:30] for changes in REFUSED])
def test_what_cannot_be_is_refused_and_what_was_typed_stays(cast, sign_in, changes):
    answer = sign_in(cast.officer).post("/pos/baru/", filled(cast, **changes))
    assert answer.status_code == 200
    assert not Place.objects.exists()
    assert "Pak Joko" in answer.content.decode()


def test_a_village_that_is_not_ones_own_is_no_choice(cast, sign_in):
    answer = sign_in(cast.officer).post("/pos/baru/", filled(cast, area=cast.areas["33.74.09.1001"].pk))
    assert answer.status_code == 200
    assert not Place.objects.exists()


def test_the_code_leads_officers_to_a_check_or_a_point_and_others_nowhere(cast, sign_in, post):
    page = sign_in(cast.officer).get(f"/pos/{post.uuid}/").content.decode()
    assert f"/catat/kontrol-kamling/?untuk={post.uuid}" in page
    assert f"/catat/patroli/?pos={post.uuid}" in page
    page = sign_in(cast.kapolsek).get(f"/pos/{post.uuid}/").content.decode()
    assert "/catat/" not in page.partition("<main")[2]
    for stranger in (cast.outsider, cast.chair, cast.admin, cast.polda_reader):
        assert sign_in(stranger).get(f"/pos/{post.uuid}/").status_code == 404
    assert sign_in(None).get(f"/pos/{post.uuid}/").status_code == 302


def test_a_colleague_of_the_polsek_finds_the_point_of_a_patrol_and_nothing_more(cast, sign_in, api, post):
    Place.objects.filter(pk=post.pk).update(head="Pak Joko", schedule="Senin: A, B")
    page = sign_in(cast.colleague).get(f"/pos/{post.uuid}/").content.decode()
    assert f"/catat/patroli/?pos={post.uuid}&amp;nama=Pos%20RW%2005" in page
    assert "kontrol-kamling" not in page
    assert "Pak Joko" not in page
    assert api(cast.colleague).get(f"/api/v1/posts/{post.uuid}/").json() == {"id": str(post.uuid), "name": "Pos RW 05", "area": "33.74.11.1004"}
    assert api(cast.outsider).get(f"/api/v1/posts/{post.uuid}/").status_code == 404
    assert str(post.uuid) not in str(api(cast.colleague).get("/api/v1/posts/").json())
    item = patrol_item(detail={"checkpoints": [checkpoint(10, post={"id": str(post.uuid)})]})
    assert [answer["status"] for answer in take(cast.colleague, [item])] == ["created"]
    assert Checkpoint.objects.get().post == post
    post.close()
    assert sign_in(cast.colleague).get(f"/pos/{post.uuid}/").status_code == 404


def test_posts_of_another_polsek_are_no_points_and_those_of_the_own_pospol_are(cast, post):
    other = Place.objects.create(unit=cast.units.gajahmungkur, area=cast.areas["33.74.09.1001"], name="Pos Papandayan")
    item = patrol_item(detail={"checkpoints": [checkpoint(10, post={"id": str(other.uuid)})]})
    [answer] = take(cast.colleague, [item])
    assert (answer["status"], answer["errors"][0]["attr"]) == ("rejected", "detail.checkpoints.0.post.id")
    pospol = Unit.objects.add_child(cast.units.banyumanik, dict(code="POSPOL-X", name="Pospol X", kind="POSPOL"))
    near = Place.objects.create(unit=Unit.objects.get(pk=pospol.pk), area=cast.areas["33.74.11.1003"], name="Pos Pospol")
    assert set(Place.objects.for_check_in(cast.colleague)) == {post, near}
    assert set(Place.objects.for_check_in(cast.outsider)) == {other}
    assert not Place.objects.for_check_in(cast.kanit).exists()
    item = patrol_item(detail={"checkpoints": [checkpoint(10, post={"id": str(near.uuid)})]})
    assert [answer["status"] for answer in take(cast.colleague, [item])] == ["created"]


def test_the_list_leaves_as_a_spreadsheet_as_it_is_narrowed(cast, sign_in, post, django_assert_max_num_queries):
    Place.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1003"], name="=HYPERLINK(1)", head="Bu Tini")
    watch = report_item(kind="KONTROL_KAMLING", narrative="Jaga.") | {
        "detail": {"post": {"id": str(post.uuid)}, "condition": "AKTIF", "guards_present": 2}
    }
    take(cast.officer, [watch])
    client = sign_in(cast.kanit)
    with django_assert_max_num_queries(12):
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/pos/unduh/").streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[1:]] == ["=HYPERLINK(1)", "Pos RW 05"]
    assert rows[2][10] == 2
    assert sheet["A2"].data_type == "s"
    text = b"".join(client.get("/pos/unduh/?bentuk=csv&q=tini").streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "'=HYPERLINK(1)" in text
    assert b"".join(sign_in(cast.colleague).get("/pos/unduh/?bentuk=csv").streaming_content).count(b"\n") == 1


def test_the_page_tells_the_last_check_that_counts(cast, sign_in, post):
    named = {"post": {"id": str(post.uuid), "name": "Pos RW 05"}, "condition": "KURANG", "guards_present": 2}
    watch = report_item(kind="KONTROL_KAMLING", narrative="Dua orang jaga.") | {"detail": named}
    patrol = patrol_item(detail={"checkpoints": [checkpoint(10, post={"id": str(post.uuid)})]})
    assert {answer["status"] for answer in take(cast.officer, [watch, patrol])} == {"created"}
    client = sign_in(cast.kanit)
    page = client.get(f"/pos/{post.uuid}/").content.decode()
    assert f"/kegiatan/{watch['id']}/" in page
    assert f"/kegiatan/{patrol['id']}/" in page
    assert "badge-amber" in page
    assert str(post.uuid) in client.get("/pos/?kondisi=KURANG").content.decode()
    assert str(post.uuid) not in client.get("/pos/?kondisi=AKTIF").content.decode()
    assert str(post.uuid) not in client.get("/pos/?kondisi=lama").content.decode()


def test_the_list_is_scoped_searched_and_cheap(cast, sign_in, post):
    client = sign_in(cast.kanit)
    Place.objects.create(unit=cast.units.gajahmungkur, area=cast.areas["33.74.09.1001"], name="Pos Papandayan")
    assert "Papandayan" not in client.get("/pos/").content.decode()
    assert str(post.uuid) in client.get("/pos/?q=rw+05").content.decode()
    assert str(post.uuid) not in client.get("/pos/?q=tidak-ada").content.decode()
    assert client.get("/pos/?q=%00&wilayah=%00x&kondisi=%00&page=99999999999").status_code == 200
    for n in range(60):
        Place.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name=f"Pos {n}")
    with CaptureQueriesContext(connection) as queries:
        client.get("/pos/")
    assert len(queries) <= 12
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/pos/{post.uuid}/")
    assert len(queries) <= 15


def test_a_closed_post_is_no_longer_offered_and_can_be_opened_again(cast, sign_in, api, post):
    assert sign_in(cast.kapolsek).post(f"/pos/{post.uuid}/tutup/").status_code == 404
    client = sign_in(cast.officer)
    client.post(f"/pos/{post.uuid}/tutup/")
    post.refresh_from_db()
    assert post.closed_on == post.unit.today()
    assert api(cast.officer).get("/api/v1/posts/").json()["results"] == []
    [changed] = api(cast.officer).get("/api/v1/posts/?updated_after=2026-01-01T00:00:00Z").json()["results"]
    assert not changed["is_active"]
    assert str(post.uuid) not in client.get("/pos/").content.decode()
    assert str(post.uuid) in client.get("/pos/?ditutup=1").content.decode()
    assert "/catat/patroli/" not in client.get(f"/pos/{post.uuid}/").content.decode()
    client.post(f"/pos/{post.uuid}/tutup/", {"buka": "1"})
    assert len(api(cast.officer).get("/api/v1/posts/").json()["results"]) == 1
    assert Place.objects.get().events.count() == 2


def test_the_sheet_is_a_pdf_with_the_name_and_the_code(cast, sign_in, post, settings):
    settings.PUBLIC_URL = "https://polmas.example.id"
    assert address_of(post) == f"https://polmas.example.id/pos/{post.uuid}/"
    client = sign_in(cast.officer)
    assert client.get(f"/pos/{post.uuid}/qr/").status_code == 202
    tasks.render_post_sheet(Document.objects.get(kind="pos").pk)
    answer = client.get(f"/pos/{post.uuid}/qr/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert sign_in(cast.kapolsek).get(f"/pos/{post.uuid}/qr/").status_code == 404
    assert "<svg" in qr_of(address_of(post))

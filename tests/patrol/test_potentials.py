"""Potentials, groups, partners and communities: who reads and writes them, what is confidential, and what their pages do."""

import datetime
import io

import openpyxl
import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.models import Community, Cooperation, Group, Partner, Place, Potential
from patrol.models import Contact, RegisterOpening
from patrol.potential_forms import RosterForm
from tests.access_table import png

pytestmark = pytest.mark.django_db
HERE = Point(110.428, -7.0629, srid=4326)  # in Pedalangan
TRUSTED = {"kanit", "kanit_intelkam", "kapolsek", "kapolres", "kasat_intelkam"}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make(cast, model=Potential, name="SD Pedalangan 01", village="33.74.11.1004", **more):
    if model is Potential:
        more.setdefault("kind", "SEKOLAH")
    unit = cast.units.gajahmungkur if village.startswith("33.74.09") else cast.units.banyumanik
    return model.objects.create(unit=unit, area=cast.areas[village], name=name, **more)


def filled(cast, **changes):
    basic = {"name": "Pasar Jati", "kind": "PASAR", "area": cast.areas["33.74.11.1004"].pk, "rw": "3", "rt": "", "landmark": ""}
    return {**basic, "lat": "-7.0629", "lon": "110.428", "contact": "Bu Tini", "phone": "0812 3456 7890", **changes}


def readers_of(cast, entry):
    return {name for name, person in cast.people.items() if type(entry).objects.for_user(person).filter(pk=entry.pk).exists()}


def test_a_potential_is_read_in_its_village_and_by_those_who_read_its_unit(cast):
    read_whole = {"kanit", "clerk", "kapolsek", "kasat", "kapolres", "operator"}
    assert readers_of(cast, make(cast)) == {"officer", "kanit_intelkam", "kasat_intelkam", *read_whole}
    assert readers_of(cast, make(cast, Group, kind="LINMAS")) == {"officer", *read_whole}


def test_what_is_confidential_is_for_leaders_kanit_intelkam_and_whoever_recorded_it(cast):
    assert readers_of(cast, make(cast, is_confidential=True)) == TRUSTED
    assert readers_of(cast, make(cast, is_confidential=True, recorded_by=cast.officer)) == {*TRUSTED, "officer"}
    assert readers_of(cast, make(cast, is_confidential=True, recorded_by=cast.clerk)) == {*TRUSTED, "clerk"}
    assert readers_of(cast, make(cast, is_confidential=True, recorded_by=cast.outsider)) == TRUSTED


def test_a_confidential_one_is_nowhere_for_others(cast, sign_in, api):
    entry = make(cast, name="Gudang Senyap", is_confidential=True, location=HERE)
    for person in (cast.officer, cast.clerk, cast.operator, cast.kasat):
        client = sign_in(person)
        assert "Gudang Senyap" not in client.get("/potensi/?q=senyap").content.decode()
        assert b"Gudang Senyap" not in b"".join(client.get("/potensi/unduh/?bentuk=csv").streaming_content)
        assert client.get(f"/potensi/{entry.uuid}/").status_code == 404
        assert api(person).get("/api/v1/potentials/").json()["results"] == []
        assert api(person).get(f"/api/v1/potentials/{entry.uuid}/").status_code == 404
    assert "Gudang Senyap" in sign_in(cast.kanit_intelkam).get("/potensi/").content.decode()


def test_who_would_not_read_it_can_not_make_it_confidential(cast, sign_in, api):
    entry = make(cast, recorded_by=cast.kanit)
    assert 'name="is_confidential"' not in sign_in(cast.clerk).get(f"/potensi/{entry.uuid}/ubah/").content.decode()
    assert api(cast.clerk).patch(f"/api/v1/potentials/{entry.uuid}/", {"is_confidential": True}).status_code == 400
    assert api(cast.kanit).patch(f"/api/v1/potentials/{entry.uuid}/", {"is_confidential": True}).status_code == 200
    assert api(cast.clerk).get(f"/api/v1/potentials/{entry.uuid}/").status_code == 404


def test_a_partner_of_the_whole_unit_is_known_to_its_officers(cast):
    partner = Partner.objects.create(unit=cast.units.banyumanik, name="Dishub", kind="DISHUB")
    assert {"officer", "colleague", "kanit"} < readers_of(cast, partner)
    assert "outsider" not in readers_of(cast, partner)
    assert partner.may_be_kept_by(cast.clerk)
    assert not partner.may_be_kept_by(cast.officer)


@pytest.mark.parametrize(
    "changes",
    [{"schedule": "Minggu"}, {"quantity": 3}, {"main_class": "ORANG"}, {"closing_reason": "tutup"}, {"influence": "BESAR"}],
)
def test_what_can_not_be_is_refused_by_the_database(cast, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(cast, **changes)


def test_the_map_leads_to_a_form_that_knows_the_point_and_its_village(cast, sign_in):
    page = sign_in(cast.officer).get("/potensi/tambah/?titik=-7.0629,110.428").content.decode()
    assert 'value="-7.0629"' in page
    assert f'<option value="{cast.areas["33.74.11.1004"].pk}" selected>' in page
    for odd in ("x", "nan,nan", "1e999,1", "52.1,4.3", "-7.06", "%00,1", "a" * 5000):
        assert sign_in(cast.officer).get(f"/potensi/tambah/?titik={odd}").status_code == 200


@pytest.mark.parametrize("person", ["officer", "kanit", "operator"])
def test_keepers_record_a_place_and_it_belongs_to_the_polsek(cast, sign_in, person):
    answer = sign_in(getattr(cast, person)).post("/potensi/tambah/?kelas=TEMPAT", filled(cast))
    entry = Potential.objects.get()
    assert answer.headers["Location"] == f"/potensi/{entry.uuid}/"
    assert (entry.unit, entry.rw, entry.phone, entry.recorded_by.username) == (
        cast.units.banyumanik,
        "003",
        "0812 3456 7890",
        getattr(cast, person).username,
    )
    assert entry.updated_on == entry.unit.today()


REFUSED = [{"name": ""}, {"name": "a\0b"}, {"name": "x" * 5000}, {"kind": "HAJATAN"}, {"kind": ""}, {"lat": "52", "lon": "4"}, {"lat": "nan"}]


@pytest.mark.parametrize("changes", [*REFUSED, {"area": "x"}, {"phone": "abc"}, {"description": "x" * 5000}], ids=lambda said: str(said)[:30])
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, sign_in, changes):
    answer = sign_in(cast.officer).post("/potensi/tambah/", filled(cast, **changes))
    assert answer.status_code == 200
    assert not Potential.objects.exists()
    assert "Bu Tini" in answer.content.decode()


def test_an_activity_has_a_day_and_goods_have_a_number(cast, sign_in):
    client = sign_in(cast.kanit)
    client.post("/potensi/tambah/?kelas=KEGIATAN", filled(cast, name="Pasar Minggu", kind="HARI_PASAR", schedule="Minggu", next_on="2026-12-06"))
    client.post("/potensi/tambah/?kelas=BARANG", filled(cast, name="Pangkalan LPG", kind="GUDANG_BBM", quantity="40"))
    market, store = Potential.objects.order_by("pk")
    assert (market.main_class, market.schedule, market.next_on) == ("KEGIATAN", "Minggu", datetime.date(2026, 12, 6))
    assert (store.main_class, store.quantity, store.schedule) == ("BARANG", 40, "")
    page = client.get("/potensi/?kelas=KEGIATAN").content.decode()
    assert f"/potensi/{market.uuid}/" in page
    assert f"/potensi/{store.uuid}/" not in page


def test_phones_are_masked_and_asking_for_them_is_kept(cast, sign_in):
    entry = make(cast, phone="0812 3456 7890")
    client = sign_in(cast.officer)
    assert "0812-****-7890" in client.get(f"/potensi/{entry.uuid}/").content.decode()
    assert "0812 3456 7890" in client.post(f"/potensi/{entry.uuid}/nomor/").content.decode()
    assert RegisterOpening.objects.get().entry == entry.uuid
    client.post(f"/potensi/{entry.uuid}/ubah/", filled(cast, phone="0812-****-7890"))
    entry.refresh_from_db()
    assert (entry.name, entry.phone) == ("Pasar Jati", "0812 3456 7890")


def test_an_entry_is_confirmed_closed_for_a_reason_and_opened_again(cast, sign_in):
    entry = make(cast, updated_on=datetime.date(2024, 1, 1))
    client = sign_in(cast.officer)
    assert "badge-amber" in client.get("/potensi/?lama=1").content.decode()
    client.post(f"/potensi/{entry.uuid}/masih-benar/")
    entry.refresh_from_db()
    assert entry.updated_on == entry.unit.today()
    assert str(entry.uuid) not in client.get("/potensi/?lama=1").content.decode()
    client.post(f"/potensi/{entry.uuid}/tutup/", {"reason": "a\0"})
    client.post(f"/potensi/{entry.uuid}/tutup/", {"reason": " "})
    entry.refresh_from_db()
    assert entry.closed_on is None
    client.post(f"/potensi/{entry.uuid}/tutup/", {"reason": "Pindah ke Jabungan"})
    assert str(entry.uuid) not in client.get("/potensi/").content.decode()
    assert str(entry.uuid) in client.get("/potensi/?ditutup=1").content.decode()
    assert "Pindah ke Jabungan" in client.get(f"/potensi/{entry.uuid}/").content.decode()
    client.post(f"/potensi/{entry.uuid}/tutup/", {"buka": "1"})
    entry.refresh_from_db()
    assert (entry.closed_on, entry.closing_reason) == (None, "")
    assert entry.events.count() == 3


def test_a_deleted_entry_stays_in_the_history_and_a_visited_one_stays_itself(cast, sign_in, scene_visit):
    entry = make(cast)
    sign_in(cast.officer).post(f"/potensi/{entry.uuid}/hapus/")
    assert not Potential.objects.exists()
    assert Potential.pgh_event_model.objects.filter(name=entry.name, pgh_label="delete").exists()
    sign_in(cast.officer).post(f"/komunitas/{scene_visit.uuid}/hapus/")
    assert Community.objects.filter(pk=scene_visit.pk).exists()


@pytest.fixture
def scene_visit(cast):
    """A community that a report names."""
    from patrol.models import Visit
    from tests.patrol.items import file_report

    community = make(cast, Community, "Sepeda Sehat", basis="HOBI")
    report = file_report(cast.officer)
    Visit.objects.filter(report=report).delete()
    Visit.objects.create(report=report, community=community)
    return community


def test_lists_are_scoped_searched_and_cheap(cast, sign_in):
    Contact.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name="H. Slamet", role="TOGA")
    for n in range(60):
        make(cast, name=f"Sekolah {n}", influence="TINGGI")
        make(cast, Group, name=f"Linmas {n}", kind="LINMAS")
        make(cast, Partner, name=f"PT {n}", kind="SWASTA")
        make(cast, Community, name=f"Klub {n}", basis="HOBI")
    make(cast, name="Jauh", village="33.74.09.1001")
    client = sign_in(cast.kanit)
    for address in ("/potensi/", "/potensi/?kelas=ORANG", "/kelompok/", "/mitra/", "/komunitas/"):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()
        assert len(queries) <= 12, address
        assert "Jauh" not in page
    assert "H. Slamet" in client.get("/potensi/?kelas=ORANG").content.decode()
    assert "Sekolah 7" in client.get("/potensi/?q=sekolah+7&pengaruh=TINGGI&jenis=SEKOLAH&wilayah=33.74.11.1004").content.decode()
    assert "Sekolah 7" not in client.get("/potensi/?q=sekolah+7&pengaruh=RENDAH").content.decode()
    odd = "q=%00&wilayah=%00&jenis=%00x&pengaruh=%00&urut=%00&kelas=%00&page=99999999999"
    for address in ("potensi", "kelompok", "mitra", "komunitas"):
        assert client.get(f"/{address}/?{odd}").status_code == 200
        assert client.get(f"/{address}/unduh/?{odd}").status_code == 200


def test_a_list_leaves_as_a_spreadsheet_without_phones_and_without_formulas(cast, sign_in):
    make(cast, name="=HYPERLINK(1)", location=HERE, phone="0812 3456 7890")
    client = sign_in(cast.kanit)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/potensi/unduh/").streaming_content))).active
    heads, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert (row[0], row[1], row[heads.index("Lintang")]) == ("=HYPERLINK(1)", "Sekolah", -7.0629)
    assert sheet["A2"].data_type == "s"
    text = b"".join(client.get("/potensi/unduh/?bentuk=csv").streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "7890" not in text
    assert RegisterOpening.objects.filter(act="EXPORT", register="potential").count() == 2


def test_a_group_has_members_by_name_and_position(cast, sign_in):
    group = make(cast, Group, "Linmas Pedalangan", kind="LINMAS")
    client = sign_in(cast.officer)
    client.post(f"/kelompok/{group.uuid}/anggota/tambah/", {"name": "Joko", "position": "Danru", "starts_on": "2026-01-01"})
    member = group.members.get()
    answer = client.post(f"/kelompok/{group.uuid}/anggota/{member.pk}/", {"name": "Joko", "starts_on": "2026-01-01", "ends_on": "2025-01-01"})
    assert answer.status_code == 200
    assert "Danru" in client.get(f"/kelompok/{group.uuid}/").content.decode()
    client.post(f"/kelompok/{group.uuid}/anggota/{member.pk}/hapus/")
    assert not group.members.exists()
    assert sign_in(cast.kapolsek).post(f"/kelompok/{group.uuid}/anggota/tambah/", {"name": "X"}).status_code == 404


def test_an_agreement_that_ends_soon_stands_out_and_its_paper_is_private(cast, sign_in):
    partner = make(cast, Partner, "PT Maju", kind="SWASTA")
    client = sign_in(cast.clerk)
    today = timezone.localdate()
    said = {"number": "MoU/1", "scope": "CCTV", "starts_on": today, "ends_on": today + datetime.timedelta(days=59)}
    address = f"/mitra/{partner.uuid}/kerja-sama/tambah/"
    assert client.post(address, {**said, "paper": SimpleUploadedFile("a.exe", b"MZ")}).status_code == 200
    client.post(address, {**said, "paper": SimpleUploadedFile("a.png", png())})
    found = Cooperation.objects.get()
    assert client.get("/mitra/?berakhir=1").content.decode().count("badge-amber") == 1
    paper = client.get(f"/mitra/{partner.uuid}/kerja-sama/{found.pk}/naskah/")
    assert (paper.headers["Content-Type"], paper.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"".join(paper.streaming_content).startswith(b"\xff\xd8")
    assert sign_in(cast.colleague).get(f"/mitra/{partner.uuid}/kerja-sama/{found.pk}/naskah/").status_code == 404
    found.ends_on = today + datetime.timedelta(days=61)
    found.save()
    assert "badge-amber" not in client.get(f"/mitra/{partner.uuid}/").content.decode()
    assert not Cooperation.objects.expiring(today).exists()


def test_the_operator_records_a_partner_of_the_whole_unit_and_an_officer_one_of_a_village(cast, sign_in):
    said = {"name": "Dishub Kota", "kind": "DISHUB", "landmark": "", "contact": "", "phone": "", "area": "", "lat": "", "lon": ""}
    assert sign_in(cast.officer).post("/mitra/tambah/", said).status_code == 200
    sign_in(cast.clerk).post("/mitra/tambah/", said)
    partner = Partner.objects.get()
    assert (partner.area, partner.unit) == (None, cast.units.banyumanik)
    assert "Dishub Kota" in sign_in(cast.officer).get(f"/mitra/{partner.uuid}/").content.decode()
    assert sign_in(cast.clerk).get(f"/mitra/{partner.uuid}/ubah/").status_code == 200


def test_a_community_reaches_beyond_its_home_village(cast, sign_in, api):
    said = {
        "name": "Sepeda Sehat",
        "basis": "HOBI",
        "area": cast.areas["33.74.11.1004"].pk,
        "function": "LANTAS",
        "online_url": "javascript:alert(1)",
    }
    client = sign_in(cast.officer)
    assert client.post("/komunitas/tambah/", said).status_code == 200
    client.post("/komunitas/tambah/", {**said, "online_url": "sepeda.example.id", "areas": [cast.areas["33.74.11.1005"].pk]})
    community = Community.objects.get()
    assert (community.online_url, [area.name for area in community.areas.all()]) == ("https://sepeda.example.id", ["Sumurboto"])
    page = client.get(f"/komunitas/{community.uuid}/").content.decode()
    assert "Sumurboto" in page
    assert "Lantas" in page
    community.close("bubar")
    assert api(cast.officer).get("/api/v1/communities/").json()["results"] == []


def test_the_roster_of_a_post_stands_on_its_page(cast, sign_in):
    post = Place.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name="Pos RW 05")
    client = sign_in(cast.officer)
    client.post(f"/pos/{post.uuid}/jadwal/", {"malam_1": "Joko, Slamet", "pagi_7": "Bu Tini"})
    page = client.get(f"/pos/{post.uuid}/").content.decode()
    assert "Joko, Slamet" in page
    assert "Bu Tini" in page
    assert client.post(f"/pos/{post.uuid}/jadwal/", {"malam_1": "x" * 5000}).status_code == 200
    client.post(f"/pos/{post.uuid}/jadwal/", {"malam_1": "Joko"})
    assert [(line.weekday, line.shift, line.names) for line in post.shifts.all()] == [(1, "MALAM", "Joko")]
    assert sign_in(cast.kapolsek).post(f"/pos/{post.uuid}/jadwal/", {}).status_code == 404


def test_two_who_write_the_same_line_of_a_roster_make_one(cast):
    post = Place.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name="Pos RW 05")
    forms = [RosterForm({"malam_1": names}, post=post) for names in ("Joko", "Slamet")]
    for form in forms:
        assert form.is_valid()
        form.save()
    assert [line.names for line in post.shifts.all()] == ["Slamet"]

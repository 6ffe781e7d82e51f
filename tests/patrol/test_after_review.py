"""What comes after the review: versions beside each other, the lock, what an officer adds."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override

from patrol.history import history_of
from patrol.lists import in_detail
from patrol.models import Photo, Report, Supplement
from patrol.versions import Versions
from tests.patrol.items import correction_of, file_report, report_item, send, statuses
from tests.patrol.pictures import bomb, jpeg, picture, upload


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def locked(cast):
    report = file_report(cast.officer)
    report.verify(cast.kanit)
    return report


@pytest.mark.django_db(transaction=True)
class TestVersions:
    """Each version comes with a request of its own: history tells acts apart by their transactions."""

    @pytest.fixture
    def corrected(self, cast, api):
        item = report_item(result="Pertama.", detail={"opinions": [{"kind": "KELUHAN", "text": "Lampu mati."}]})
        send(api(cast.officer), item)
        Report.objects.get().send_back(cast.kanit, "Lengkapi.")
        second = correction_of(item, result="Kedua.", follow_up="Hubungi RT.")
        send(api(cast.officer), second)
        third = correction_of(second, result="Ketiga.", detail={**item["detail"], "received_by": "Bu Widodo", "opinions": []})
        send(api(cast.officer), third)
        return in_detail(Report.objects.all())[0]

    def test_any_two(self, cast, corrected):
        versions = Versions(corrected, cast.kanit)
        assert versions.numbers == [1, 2, 3]
        changed = {(line.before, line.after) for line in versions.compare(1, 2) if line.is_changed}
        assert changed == {("Pertama.", "Kedua."), ("", "Hubungi RT.")}
        changed = {(line.before, line.after) for line in versions.compare(2, 3) if line.is_changed}
        assert changed == {("Kedua.", "Ketiga."), ("", "Bu Widodo"), ("Lampu mati.", "")}
        assert ("Lampu mati.", "Lampu mati.") in {(line.before, line.after) for line in versions.compare(1, 2)}

    def test_why_it_was_outside_stands_in_history_and_between_versions(self, cast, api):
        far = {"lat": -7.01, "lon": 110.41, "accuracy": 5}
        item = report_item(location=far, outside_reason="GPS_MELESET")
        send(api(cast.officer), item)
        send(api(cast.officer), correction_of(item, outside_reason="KEGIATAN_GABUNGAN"))
        report = in_detail(Report.objects.all())[0]
        with override("id"):
            lines = [(line.before, line.after) for line in Versions(report, cast.kanit).compare(1, 2) if line.is_changed]
            [change] = history_of(report, cast.kanit)[-1].changes
        assert lines == [("GPS meleset", "Kegiatan gabungan")]
        assert (change.before, change.after) == ("GPS meleset", "Kegiatan gabungan")

    def test_the_page_shows_the_last_two_unless_asked(self, cast, sign_in, corrected):
        client = sign_in(cast.kanit)
        path = f"/kegiatan/{corrected.uuid}/versi/"
        shown = [word in client.get(path).content.decode() for word in ("Pertama.", "Kedua.", "Ketiga.")]
        assert shown == [False, True, True]
        assert "Pertama." in client.get(f"{path}?dari=1&ke=3").content.decode()
        for query in ("?dari=9&ke=1", "?dari=x", "?dari=99999999999999&ke=1", "?dari=%00"):
            assert client.get(path + query).status_code == 200

    def test_one_version_has_nothing_to_compare(self, cast, sign_in):
        assert sign_in(cast.officer).get(f"/kegiatan/{file_report(cast.officer).uuid}/versi/").status_code == 200


def test_a_verified_report_is_locked(cast, api):
    item = report_item()
    send(api(cast.officer), item)
    Report.objects.get().verify(cast.kanit)
    assert statuses(send(api(cast.officer), correction_of(item, result="Terlambat."))) == ["conflict"]


class TestSupplements:
    def add(self, client, report, **data):
        return client.post(f"/kegiatan/{report.uuid}/tambah/", {"uuid": str(uuid.uuid4()), **data})

    def test_text_and_photos_below_the_report(self, cast, sign_in, locked):
        client = sign_in(cast.officer)
        response = self.add(client, locked, text="Lampu sudah diperbaiki.", photos=[upload(jpeg()), upload(jpeg(picture(90, 70)))])
        assert response.url == f"/kegiatan/{locked.uuid}/"
        supplement = Supplement.objects.get()
        assert (supplement.author, supplement.photos.count()) == (cast.officer, 2)
        for person in (cast.officer, cast.kanit, cast.kapolsek):
            assert "Lampu sudah diperbaiki." in sign_in(person).get(f"/kegiatan/{locked.uuid}/").content.decode()
        assert Report.objects.get(pk=locked.pk).filed_photos == []

    def test_twice_is_once(self, cast, sign_in, locked):
        key = str(uuid.uuid4())
        for _time in range(2):
            self.add(sign_in(cast.officer), locked, uuid=key, text="Selesai.", photos=[upload(jpeg())])
        assert (Supplement.objects.count(), Photo.objects.count()) == (1, 1)

    def test_all_or_nothing(self, cast, sign_in, locked, tmp_path):
        client = sign_in(cast.officer)
        for data in (
            {"text": " "},
            {"text": "a\0b"},
            {"text": "x" * 2001},
            {"text": "Ada.", "uuid": "x"},
            {"text": "Ada.", "photos": [upload(jpeg()), upload(b"bukan gambar")]},
            {"text": "Ada.", "photos": [upload(bomb())]},
            {"text": "Ada.", "photos": [upload(jpeg()) for _n in range(6)]},
        ):
            assert self.add(client, locked, **data).status_code == 200, data
        assert not Supplement.objects.exists()
        assert not list(tmp_path.rglob("*.jpg"))
        assert "Ada." in self.add(client, locked, text="Ada.", photos=[upload(b"x")]).content.decode()

    def test_only_its_officer_and_only_when_locked(self, cast, sign_in, locked):
        for person in (cast.colleague, cast.kanit, cast.kapolsek, cast.outsider, cast.secretary):
            assert self.add(sign_in(person), locked, text="Bukan saya.").status_code == 404
        assert self.add(sign_in(cast.officer), file_report(cast.officer), text="Belum.").status_code == 404

    def test_the_api_reads_them_for_who_reads_the_report(self, cast, sign_in, api, locked, django_assert_max_num_queries):
        for n in range(3):
            self.add(sign_in(cast.officer), locked, text=f"Tambahan {n}.", photos=[upload(jpeg(picture(90 + n, 70)))])
        route = f"/api/v1/reports/{locked.uuid}/supplements/"
        for person in (cast.officer, cast.kanit, cast.kapolres):
            client = api(person)
            with django_assert_max_num_queries(8):
                rows = client.get(route).json()["results"]
            assert [row["text"] for row in rows] == ["Tambahan 2.", "Tambahan 1.", "Tambahan 0."]
            assert rows[0]["author"]["name"] == "Sutrisno"
            assert rows[0]["added_at"].endswith("+07:00")
            assert len(rows[0]["photos"]) == 1
        for person in (cast.outsider, cast.secretary, cast.polda_reader):
            assert api(person).get(route).status_code == 404
        assert api(cast.officer).post(route, {"text": "x"}).status_code == 405
        assert api(cast.officer).get(f"{route}?cursor=x").status_code == 404

    def test_nothing_changes_it_afterwards(self, cast, locked):
        supplement = Supplement.objects.create(report=locked, author=cast.officer, text="Selesai.")
        for act in (supplement.delete, lambda: Supplement.objects.update(text="Lain.")):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

"""The reviewer's queue: filters, many at once, taking back, notes on a part, and whose queue it is."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from patrol.models import CountMark, FieldCheck, Report, State
from patrol.models.reports import UNDO_WITHIN
from polmas.people.models import Posting, Role, Unit
from tests.cast import LONG_AGO, make_person
from tests.patrol.items import correction_of, file_report, file_reports, report_item, send
from tests.patrol.test_races import again, at_once

NO_POSITION = {"location": None, "area": "33.74.11.1004"}
SUMUR = {"location": {"lat": -7.06, "lon": 110.41}}


def page(client, query=""):
    return client.get(f"/tinjau/{query}").content.decode()


def tick(*reports):
    return {"report": [f"{report.uuid}:{report.version}" for report in reports]}


def states(*reports):
    return [Report.objects.get(pk=report.pk).state for report in reports]


class TestFilters:
    def test_by_officer_kind_village_and_flag(self, cast, sign_in):
        mine, theirs = file_report(cast.officer, **NO_POSITION), file_report(cast.colleague, **SUMUR)
        client = sign_in(cast.kanit)
        wanted = {
            f"?petugas={cast.officer.pk}": [True, False],
            "?jenis=DDS": [True, True],
            f"?wilayah={cast.areas['33.74.11.1005'].pk}": [False, True],
            "?tanda=NO_POSITION": [True, False],
            "?tanda=1": [True, False],
            "?tanda=0": [False, True],
        }
        for query, seen in wanted.items():
            assert [str(report.uuid) in page(client, query) for report in (mine, theirs)] == seen, query

    def test_by_words_and_the_name_stays_in_the_address(self, cast, sign_in):
        wanted = file_report(cast.officer, result="Pompa air RW 03 rusak.")
        other = file_report(cast.officer, result="Warga menanyakan jadwal ronda.")
        shown = page(sign_in(cast.kanit), "?q=pompa+AIR")
        assert str(wanted.uuid) in shown
        assert str(other.uuid) not in shown
        assert f"{wanted.uuid}/?q=pompa+AIR" in shown
        assert "Tidak ada yang cocok" in page(sign_in(cast.kanit), "?q=%00tidak+ada+ini")

    def test_choices_say_how_many_there_are(self, cast, sign_in):
        file_reports(cast.officer, 3)
        file_report(cast.colleague, **SUMUR)
        assert f"{cast.officer.full_name} (3)" in page(sign_in(cast.kanit))

    @pytest.mark.parametrize(
        "query", ["?petugas=0", "?petugas=x'", "?jenis=HAPUS", "?wilayah=999999999999999999999", "?tanda=LAIN", "?sesudah=x", "?sesudah=9.9-9"]
    )
    def test_an_address_that_asks_for_nothing_known_shows_all(self, cast, sign_in, query):
        report = file_report(cast.officer)
        assert str(report.uuid) in page(sign_in(cast.kanit), query)

    def test_pages_go_on_after_the_last_row(self, cast, sign_in):
        reports = file_reports(cast.officer, 55)
        client = sign_in(cast.kanit)
        response = client.get("/tinjau/")
        assert len(response.context["reports"]) == 50
        rest = client.get(f"/tinjau/?sesudah={response.context['following']}").context
        assert {row.pk for row in response.context["reports"]} | {row.pk for row in rest["reports"]} == {report.pk for report in reports}
        assert (len(rest["reports"]), rest["following"]) == (5, "")

    def test_the_next_stays_within_the_filter(self, cast, sign_in):
        one, _other, two = file_report(cast.officer), file_report(cast.colleague, **SUMUR), file_report(cast.officer)
        query = f"?petugas={cast.officer.pk}"
        response = sign_in(cast.kanit).post(f"/tinjau/{one.uuid}/{query}", {"action": "verify", "version": 1})
        assert response.url == f"/tinjau/{two.uuid}/{query}"


class TestManyAtOnce:
    def test_those_ticked_are_verified_and_counted(self, cast, sign_in):
        reports = file_reports(cast.officer, 3)
        CountMark.objects.all().delete()
        sign_in(cast.kanit).post("/tinjau/verifikasi/", tick(*reports[:2]))
        assert states(*reports) == ["verified", "verified", "submitted"]
        assert Report.objects.get(pk=reports[0].pk).reviewed_by == cast.kanit
        assert CountMark.objects.exists()

    def test_a_flagged_one_only_after_it_was_opened(self, cast, sign_in):
        flagged = file_report(cast.officer, **NO_POSITION)
        client = sign_in(cast.kanit)
        client.post("/tinjau/verifikasi/", tick(flagged))
        assert states(flagged) == ["submitted"]
        assert f"{flagged.uuid}:1" not in page(client)
        client.get(f"/tinjau/{flagged.uuid}/")
        assert f"{flagged.uuid}:1" in page(client)
        client.post("/tinjau/verifikasi/", tick(flagged))
        assert states(flagged) == ["verified"]

    def test_what_was_corrected_meanwhile_is_left(self, cast, api, sign_in):
        item = report_item()
        send(api(cast.officer), item)
        seen = Report.objects.get()
        send(api(cast.officer), correction_of(item, result="Sudah lain."))
        response = sign_in(cast.kanit).post("/tinjau/verifikasi/", tick(seen), follow=True)
        assert states(seen) == ["submitted"]
        assert len(list(response.context["messages"])) == 1

    @pytest.mark.parametrize(
        "value", ["", "x", "x:1", "00000000-0000-0000-0000-000000000000:1", "00000000-0000-0000-0000-000000000000:99999999999999999999", "\0:1"]
    )
    def test_what_is_no_tick(self, cast, sign_in, value):
        assert sign_in(cast.kanit).post("/tinjau/verifikasi/", {"report": [value]}).status_code == 302

    def test_nobody_verifies_what_is_not_theirs(self, cast, sign_in):
        foreign = file_report(cast.outsider, location={"lat": -7.01, "lon": 110.41})
        sign_in(cast.kanit).post("/tinjau/verifikasi/", tick(foreign))
        assert states(foreign) == ["submitted"]


class TestTakingBack:
    def test_one_waits_again(self, cast, sign_in):
        report = file_report(cast.officer)
        client = sign_in(cast.kanit)
        following = client.post(f"/tinjau/{report.uuid}/", {"action": "verify", "version": 1}, follow=True)
        assert "/tinjau/batal/" in following.content.decode()
        assert client.post("/tinjau/batal/").url == f"/tinjau/{report.uuid}/"
        report.refresh_from_db()
        assert (report.state, report.reviewed_by, report.reviewed_at) == ("submitted", None, None)
        assert client.post("/tinjau/batal/").url == "/tinjau/"

    def test_several(self, cast, sign_in):
        reports = file_reports(cast.officer, 2)
        client = sign_in(cast.kanit)
        client.post("/tinjau/verifikasi/", tick(*reports))
        client.post("/tinjau/batal/")
        assert states(*reports) == ["submitted", "submitted"]

    def test_only_shortly_after_and_only_by_whoever_verified(self, cast):
        report = file_report(cast.officer)
        report.verify(cast.kanit)
        other = make_person("80010061", "Suparman", cast.units.banyumanik, Role.KANIT_BINMAS)
        with pytest.raises(ValidationError):
            report.unverify(other)
        with time_machine.travel(timezone.now() + UNDO_WITHIN * 2), pytest.raises(ValidationError):
            report.unverify(cast.kanit)
        assert states(report) == ["verified"]


class TestParts:
    def test_the_officer_finds_the_note_at_the_part(self, cast, sign_in):
        report = file_report(cast.officer)
        sign_in(cast.kanit).post(
            f"/tinjau/{report.uuid}/", {"action": "return", "version": 1, "note": "RT-nya keliru.", "part": ["who", "photos", "lain"]}
        )
        report.refresh_from_db()
        assert report.review_parts == ["who", "photos"]
        form = sign_in(cast.officer).get(f"/catat/dds/{report.uuid}/").content.decode()
        assert form.count('class="alert alert-warning part-note"') == 2

    def test_by_api(self, cast, api):
        report = file_report(cast.officer)
        path = f"/api/v1/reports/{report.uuid}/review/"
        assert api(cast.kanit).post(path, {"action": "return", "note": "Foto buram.", "parts": ["gambar"]}).status_code == 400
        answer = api(cast.kanit).post(path, {"action": "return", "note": "Foto buram.", "parts": ["photos"]}).json()
        assert answer["review_parts"] == ["photos"]


class TestSupervisors:
    @pytest.fixture
    def guarded(self, cast):
        """A Polisi RW of Banyumanik whose posting names a supervisor of another branch."""
        people = {
            "supervisor": make_person("80010070", "Sumarno", cast.units.banyumanik, Role.KANIT_LAIN, "IPDA"),
            "polisi_rw": make_person("80010071", "Wahyu", cast.units.banyumanik, Role.POLISI_RW, "BRIPTU"),
        }
        Posting.objects.filter(user=people["polisi_rw"]).update(supervisor=people["supervisor"])
        people["report"] = file_report(people["polisi_rw"])
        return people

    def test_it_waits_for_the_supervisor_alone(self, cast, sign_in, guarded):
        uuid = str(guarded["report"].uuid)
        assert uuid in page(sign_in(again(guarded["supervisor"])))
        assert uuid not in page(sign_in(cast.kanit))
        other = file_report(cast.officer)
        assert str(other.uuid) not in page(sign_in(again(guarded["supervisor"])))
        assert sign_in(again(guarded["supervisor"])).get(f"/tinjau/{other.uuid}/").status_code == 404

    def test_the_supervisor_decides_and_the_kanit_may_step_in(self, cast, sign_in, guarded):
        report = guarded["report"]
        assert sign_in(cast.kanit).get(f"/tinjau/{report.uuid}/").status_code == 200
        sign_in(again(guarded["supervisor"])).post(f"/tinjau/{report.uuid}/", {"action": "verify", "version": 1})
        assert states(report) == ["verified"]

    def test_it_comes_back_to_the_kanit_when_the_supervisor_leaves(self, cast, sign_in, guarded):
        Posting.objects.filter(user=guarded["supervisor"]).update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
        assert str(guarded["report"].uuid) in page(sign_in(cast.kanit))
        assert sign_in(again(guarded["supervisor"])).get("/tinjau/").status_code == 404

    def test_nobody_supervises_themselves(self, cast, guarded):
        posting = Posting.objects.get(user=guarded["polisi_rw"])
        posting.supervisor = guarded["polisi_rw"]
        with pytest.raises(ValidationError):
            posting.full_clean()

    def test_a_pospol_goes_to_its_head(self, cast, sign_in):
        polsek = Unit.objects.get(pk=cast.units.banyumanik.pk)
        Unit.objects.add_child(polsek, {"code": "POSPOL-TIRTO", "name": "Pos Polisi Tirto Agung", "kind": "POSPOL"})
        unit = Unit.objects.get(code="POSPOL-TIRTO")
        officer = make_person("80010082", "Hadi", unit, Role.PETUGAS_POSPOL)
        report = file_report(officer)
        assert str(report.uuid) in page(sign_in(cast.kanit))
        head = make_person("80010081", "Suyatno", unit, Role.KAPOLSEK)
        assert str(report.uuid) in page(sign_in(head))
        assert str(report.uuid) not in page(sign_in(again(cast.kanit)))
        assert sign_in(again(cast.kanit)).get(f"/tinjau/{report.uuid}/").status_code == 200

    def test_the_own_report_never(self, cast, sign_in):
        cast.officer.postings.create(unit=cast.units.banyumanik, role=Role.KANIT_BINMAS, starts_on=LONG_AGO)
        report = file_report(cast.officer)
        client = sign_in(again(cast.officer))
        assert str(report.uuid) not in page(client)
        client.post("/tinjau/verifikasi/", tick(report))
        assert states(report) == ["submitted"]


class TestChecks:
    def test_marked_done_and_seen_by_reviewers_alone(self, cast, sign_in):
        report = file_report(cast.officer)
        client = sign_in(cast.kanit)
        client.post(f"/tinjau/{report.uuid}/cek/", {"method": "phone"})
        client.post(f"/tinjau/{report.uuid}/cek/", {"method": "site"})
        check = FieldCheck.objects.get()
        assert str(report.uuid) in client.get("/tinjau/cek/").content.decode()
        client.post(f"/tinjau/cek/{check.pk}/", {"outcome": "differs", "note": "Warga mengaku tidak dikunjungi."})
        check.refresh_from_db()
        assert (check.outcome, check.done_by) == ("differs", cast.kanit)
        path = f"/kegiatan/{report.uuid}/"
        seen = [
            "Warga mengaku tidak dikunjungi." in sign_in(person).get(path).content.decode() for person in (cast.kanit, cast.officer, cast.kapolsek)
        ]
        assert seen == [True, False, False]

    def test_a_difference_is_said_and_what_was_typed_stays(self, cast, sign_in):
        check = FieldCheck.objects.create(report=file_report(cast.officer), method="site", assigned_by=cast.kanit)
        client = sign_in(cast.kanit)
        for data in ({}, {"outcome": "lain"}, {"outcome": "differs", "note": " "}, {"outcome": ["x"], "note": "\0"}):
            assert client.post(f"/tinjau/cek/{check.pk}/", data).status_code == 200
        response = client.post(f"/tinjau/cek/{check.pk}/", {"note": "Belum selesai"})
        assert "Belum selesai" in response.content.decode()
        assert FieldCheck.objects.get().outcome == ""

    def test_the_second_is_told(self, cast):
        check = FieldCheck.objects.create(report=file_report(cast.officer), method="site", assigned_by=cast.kanit)
        stale = FieldCheck.objects.get()
        check.close(cast.kanit, "confirmed", "")
        with pytest.raises(ValidationError):
            stale.close(cast.kanit, "differs", "Lain.")

    def test_some_are_drawn_of_the_own_unit(self, cast, sign_in):
        file_reports(cast.officer, 5)
        file_report(cast.outsider, location={"lat": -7.01, "lon": 110.41})
        client = sign_in(cast.kanit)
        client.post("/tinjau/cek/acak/", {"number": "3", "method": "site"})
        assert FieldCheck.objects.count() == 3
        for data in ({}, {"number": "-1", "method": "site"}, {"number": "x", "method": "site"}, {"number": "3", "method": "x"}):
            client.post("/tinjau/cek/acak/", data)
        assert FieldCheck.objects.count() == 3
        client.post("/tinjau/cek/acak/", {"number": "99", "method": "phone"})
        assert {check.report.unit for check in FieldCheck.objects.all()} == {cast.units.banyumanik}
        assert FieldCheck.objects.count() == 5


def test_queries_do_not_grow(cast, sign_in, django_assert_max_num_queries):
    file_reports(cast.officer, 30)
    file_report(cast.colleague, **SUMUR)
    client = sign_in(cast.kanit)
    client.get("/tinjau/")
    with django_assert_max_num_queries(12):
        client.get("/tinjau/")
    for report in Report.objects.all()[:10]:
        FieldCheck.objects.create(report=report, method="site", assigned_by=cast.kanit)
    with django_assert_max_num_queries(12):
        client.get("/tinjau/cek/")


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_tick_the_same(cast):
    """Each report is decided once, whoever comes first."""
    other = make_person("80010061", "Suparman", cast.units.banyumanik, Role.KANIT_BINMAS)
    reports = file_reports(cast.officer, 10)
    versions = {report.uuid: 1 for report in reports}
    one, two = at_once(*[lambda who=who: Report.objects.verify_all(again(who), versions) for who in (cast.kanit, other)])
    assert len(one) + len(two) == 10
    assert set(states(*reports)) == {State.VERIFIED}


class TestNamingASupervisor:
    def test_by_the_operator_of_those_who_serve_there(self, cast, sign_in):
        posting = cast.officer.postings.get()
        client = sign_in(cast.operator)
        path = f"/kelola/penugasan/{posting.pk}/pengawas/"
        assert client.post(path, {"supervisor": cast.outsider.pk}).status_code == 200
        assert client.post(path, {"supervisor": "x"}).status_code == 200
        client.post(path, {"supervisor": cast.kapolsek.pk})
        posting.refresh_from_db()
        assert posting.supervisor == cast.kapolsek
        assert cast.kapolsek.full_name in client.get(f"/kelola/personel/{cast.officer.pk}/").content.decode()
        client.post(path, {"supervisor": ""})
        posting.refresh_from_db()
        assert posting.supervisor is None

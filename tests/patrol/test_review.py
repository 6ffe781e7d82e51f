"""The Kanit's queue: who reviews, what is asked, what the second reviewer hears."""

import datetime

import pytest
from django.utils import timezone

from patrol.checks import check, keep_prints
from patrol.flags import same_text
from patrol.models import CountMark, Report, State
from polmas.people.models import Role
from tests.cast import LONG_AGO, make_person
from tests.patrol.items import correction_of, file_report, file_reports, report_item, send


@pytest.fixture
def report(cast):
    return file_report(cast.officer)


def review(client, report, **data):
    return client.post(f"/api/v1/reports/{report.uuid}/review/", data)


class TestByApi:
    def test_verify(self, cast, api, report):
        CountMark.objects.all().delete()
        response = review(api(cast.kanit), report, action="verify")
        assert (response.status_code, response.json()["state"]) == (200, "verified")
        report.refresh_from_db()
        assert (report.state, report.reviewed_by) == (State.VERIFIED, cast.kanit)
        assert CountMark.objects.get().day == report.day

    def test_return_needs_a_note_and_keeps_it_as_written(self, cast, api, report):
        for note in ("", "  \n", None):
            response = review(api(cast.kanit), report, action="return", **({"note": note} if note is not None else {}))
            assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, "note")
        response = review(api(cast.kanit), report, action="return", note=" Lengkapi RT 04. ")
        assert (response.json()["state"], response.json()["review_note"]) == ("returned", " Lengkapi RT 04. ")

    @pytest.mark.parametrize(
        "data", [{}, {"action": "hapus"}, {"action": ["verify"]}, {"action": "return", "note": "a\0"}, {"action": "return", "note": "a" * 2001}]
    )
    def test_what_is_no_review(self, cast, api, report, data):
        assert review(api(cast.kanit), report, **data).status_code == 400
        assert api(cast.kanit).post(f"/api/v1/reports/{report.uuid}/review/", ["verify"]).status_code == 400

    def test_the_second_is_told(self, cast, api, report):
        review(api(cast.kanit), report, action="verify")
        assert review(api(cast.kanit), report, action="return", note="Lain").status_code == 409
        assert Report.objects.get().state == State.VERIFIED

    def test_only_the_kanit_of_the_unit(self, cast, api, report):
        kanit_elsewhere = make_person("80020090", "Wibowo", cast.units.gajahmungkur, Role.KANIT_BINMAS)
        for person in (
            cast.officer,
            cast.colleague,
            cast.outsider,
            cast.kapolsek,
            cast.kasat,
            cast.kapolres,
            cast.operator,
            cast.secretary,
            kanit_elsewhere,
        ):
            assert review(api(person), report, action="verify").status_code == 404
        assert Report.objects.get().state == State.SUBMITTED

    def test_nobody_reviews_the_own_report(self, cast, api, report):
        cast.officer.postings.create(unit=cast.units.banyumanik, role=Role.KANIT_BINMAS, starts_on=LONG_AGO)
        assert review(api(cast.officer), report, action="verify").status_code == 404


class TestWithdraw:
    def withdraw(self, client, report, **data):
        return client.post(f"/api/v1/reports/{report.uuid}/withdraw/", data)

    def test_with_a_reason_before_it_is_verified(self, cast, api, report):
        for data in ({}, {"reason": ""}, {"reason": " "}, {"reason": "a\0"}, {"reason": "a" * 501}):
            assert self.withdraw(api(cast.officer), report, **data).status_code == 400
        CountMark.objects.all().delete()
        response = self.withdraw(api(cast.officer), report, reason="Tercatat dua kali.")
        assert (response.status_code, response.json()["state"]) == (200, "withdrawn")
        assert CountMark.objects.exists()
        assert self.withdraw(api(cast.officer), report, reason="Lagi.").status_code == 409

    def test_not_after(self, cast, api, report):
        report.verify(cast.kanit)
        assert self.withdraw(api(cast.officer), report, reason="Terlambat.").status_code == 409

    def test_only_by_its_officer(self, cast, api, report):
        for person in (cast.colleague, cast.outsider, cast.kanit, cast.kapolsek, cast.secretary):
            assert self.withdraw(api(person), report, reason="Bukan saya.").status_code == 404

    def test_by_its_page(self, cast, sign_in, report):
        path = f"/kegiatan/{report.uuid}/tarik/"
        assert sign_in(cast.kanit).post(path, {"reason": "x"}).status_code == 404
        sign_in(cast.officer).post(path, {"reason": " "})
        assert Report.objects.get().is_open
        sign_in(cast.officer).post(path, {"reason": "Salah rumah."})
        assert (Report.objects.get().state, Report.objects.get().withdrawn_reason) == (State.WITHDRAWN, "Salah rumah.")
        assert "Salah rumah." in sign_in(cast.officer).get(f"/kegiatan/{report.uuid}/").content.decode()


class TestPages:
    def test_the_queue_is_oldest_first(self, cast, sign_in):
        reports = file_reports(cast.officer, 3)
        for n, report in enumerate(reports):
            Report.objects.filter(pk=report.pk).update(received_at=timezone.now() - datetime.timedelta(hours=n))
        page = sign_in(cast.kanit).get("/tinjau/").content.decode()
        places = [page.index(f"/tinjau/{report.uuid}/") for report in reversed(reports)]
        assert places == sorted(places)

    def test_it_holds_what_waits_and_nothing_else(self, cast, sign_in):
        waiting, returned, foreign = (
            file_report(cast.officer),
            file_report(cast.officer),
            file_report(cast.outsider, location={"lat": -7.01, "lon": 110.41}),
        )
        returned.send_back(cast.kanit, "Lengkapi.")
        page = sign_in(cast.kanit).get("/tinjau/").content.decode()
        assert [str(report.uuid) in page for report in (waiting, returned, foreign)] == [True, False, False]

    def test_the_flagged_ones_alone(self, cast, sign_in):
        plain, flagged = file_report(cast.officer), file_report(cast.officer, location=None, area="33.74.11.1004")
        page = sign_in(cast.kanit).get("/tinjau/?tanda=1").content.decode()
        assert [str(report.uuid) in page for report in (plain, flagged)] == [False, True]

    def test_the_same_sentence_is_shown_from_reports_in_sight_alone(self, cast):
        """Of an officer who came from another Polsek, the Kanit does not learn what was done there."""
        elsewhere, before, latest = (file_report(cast.officer, result="Sama persis.") for _n in range(3))
        keep_prints([elsewhere.pk, before.pk, latest.pk])
        assert same_text(latest, cast.kanit)[0] == before
        Report.objects.filter(pk=before.pk).update(unit=cast.units.gajahmungkur)
        assert same_text(latest, cast.kanit)[0] == elsewhere
        Report.objects.filter(pk=elsewhere.pk).update(unit=cast.units.gajahmungkur)
        assert same_text(latest, cast.kanit) == (None, 0)

    def test_deciding_leads_to_the_next(self, cast, sign_in):
        one, two, three = file_reports(cast.officer, 3)
        client = sign_in(cast.kanit)
        response = client.post(f"/tinjau/{two.uuid}/", {"action": "verify", "version": 1})
        assert response.url == f"/tinjau/{three.uuid}/"
        response = client.post(f"/tinjau/{three.uuid}/", {"action": "return", "version": 1, "note": "Lengkapi."})
        assert response.url == f"/tinjau/{one.uuid}/"
        assert client.post(f"/tinjau/{one.uuid}/", {"action": "verify", "version": 1}).url == "/tinjau/"
        assert [Report.objects.get(pk=report.pk).state for report in (one, two, three)] == ["verified", "verified", "returned"]

    def test_the_decision_holds_for_the_version_that_was_seen(self, cast, api, sign_in):
        item = report_item()
        send(api(cast.officer), item)
        send(api(cast.officer), correction_of(item, result="Sudah lain."))
        response = sign_in(cast.kanit).post(f"/tinjau/{item['id']}/", {"action": "verify", "version": 1})
        assert response.status_code == 200
        assert "Sudah lain." in response.content.decode()
        assert Report.objects.get().state == State.SUBMITTED

    def test_the_second_reviewer_is_told_and_sees_how_it_stands(self, cast, sign_in, report):
        report.verify(cast.kanit)
        response = sign_in(cast.kanit).post(f"/tinjau/{report.uuid}/", {"action": "return", "version": 1, "note": "Lain."})
        assert response.status_code == 200
        assert 'name="action"' not in response.content.decode()
        assert Report.objects.get().state == State.VERIFIED

    def test_a_return_without_a_note_keeps_the_page(self, cast, sign_in, report):
        assert sign_in(cast.kanit).post(f"/tinjau/{report.uuid}/", {"action": "return", "version": 1, "note": " "}).status_code == 200
        assert sign_in(cast.kanit).post(f"/tinjau/{report.uuid}/", {"action": "lain", "version": 1}).status_code == 200
        assert Report.objects.get().state == State.SUBMITTED

    def test_flags_are_explained(self, cast, api, sign_in):
        now = timezone.now()
        file_report(cast.officer, result="Sama.")
        late = file_report(
            cast.officer,
            result="Sama.",
            occurred_at=(now - datetime.timedelta(days=2, hours=3, minutes=1)).isoformat(),
            location={"lat": -7.0150, "lon": 110.4100, "accuracy": 450},
        )
        check([late.pk])
        page = sign_in(cast.kanit).get(f"/tinjau/{late.uuid}/", headers={"accept-language": "en"}).content.decode()
        for words in ("2 days 3 hours", "24 hours", "4.0 km", "450 m", "the very same"):
            assert words in page, words

    def test_others_find_nothing(self, cast, sign_in, report):
        for person in (cast.officer, cast.kapolsek, cast.kasat, cast.operator, cast.secretary, cast.admin):
            assert {sign_in(person).get(path).status_code for path in ("/tinjau/", f"/tinjau/{report.uuid}/")} == {404}
        foreign = file_report(cast.outsider, location={"lat": -7.01, "lon": 110.41})
        assert sign_in(cast.kanit).get(f"/tinjau/{foreign.uuid}/").status_code == 404

    def test_queries_do_not_grow(self, cast, sign_in, django_assert_max_num_queries):
        reports = file_reports(cast.officer, 30, location=None, area="33.74.11.1004")
        client = sign_in(cast.kanit)
        client.get("/tinjau/")
        with django_assert_max_num_queries(12):
            client.get("/tinjau/")
        with django_assert_max_num_queries(22):
            client.get(f"/tinjau/{reports[0].uuid}/")

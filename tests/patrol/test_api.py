"""Who I am, the households a phone keeps, and reports as they are read."""

import datetime
import json
import uuid

from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.renderers import JSONRenderer

from mapping.models import Beat
from patrol.lists import in_detail
from patrol.models import Household
from patrol.serializers import ReportSerializer
from polmas.summaries.recount import recount
from tests.patrol.items import file_report, file_reports, report_item, send


class TestMe:
    def test_an_officer(self, cast, api):
        me = api(cast.officer).get("/api/v1/me/").json()
        assert (me["id"], me["name"], me["username"], me["rank"]) == (cast.officer.pk, "Sutrisno", "80010001", "AIPDA")
        assert me["unit"] == {"code": "POLSEK-BANYUMANIK", "name": "Polsek Banyumanik", "kind": "POLSEK", "time_zone": "Asia/Jakarta"}
        assert [area["code"] for area in me["areas"]] == ["33.74.11.1003", "33.74.11.1004"]
        assert [posting["role"] for posting in me["postings"]] == ["bhabinkamtibmas"]
        assert abs(datetime.datetime.fromisoformat(me["server_time"]) - timezone.now()) < datetime.timedelta(minutes=1)

    def test_only_what_holds_today(self, cast, api):
        yesterday = cast.units.banyumanik.today() - datetime.timedelta(days=1)
        Beat.objects.filter(user=cast.officer, area__code="33.74.11.1003").update(ends_on=yesterday)
        cast.officer.postings.create(unit=cast.units.gajahmungkur, role="polisi_rw", starts_on=yesterday, ends_on=yesterday)
        me = api(cast.officer).get("/api/v1/me/").json()
        assert [area["code"] for area in me["areas"]] == ["33.74.11.1004"]
        assert len(me["postings"]) == 1

    def test_a_member_of_a_forum_holds_no_post(self, cast, api):
        me = api(cast.secretary).get("/api/v1/me/").json()
        assert (me["unit"], me["areas"], me["postings"]) == (None, [], [])

    def test_it_gives_a_browser_its_csrf_cookie(self, cast, sign_in):
        assert "csrftoken" in sign_in(cast.officer).get("/api/v1/me/").cookies

    def test_the_visitor(self, db, client):
        response = client.get("/api/v1/me/")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (401, "not_authenticated")


class TestHouseholds:
    def listed(self, client, query=""):
        return client.get(f"/api/v1/households/?{query}").json()["results"]

    def test_those_of_the_villages_held_with_their_visits(self, cast, api):
        house = {"id": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11", "head_name": "Widodo", "rw": "5", "rt": "3", "landmark": "Cat hijau"}
        report = file_report(cast.officer, detail={"household": house})
        again = report_item(detail={"household": {"id": house["id"]}})
        withdrawn = file_report(cast.officer, detail={"household": {"id": house["id"]}}, result="Salah.")
        withdrawn.withdraw(cast.officer, "Salah rumah.")
        send(api(cast.officer), again)
        recount(report.unit_id, report.day)
        [household] = self.listed(api(cast.officer))
        assert household == {
            "id": house["id"],
            "head_name": "Widodo",
            "rw": "005",
            "rt": "003",
            "area": "33.74.11.1004",
            "landmark": "Cat hijau",
            "location": {"lat": -7.0629, "lon": 110.428},
            "last_visit_on": report.day.isoformat(),
            "visit_count": 2,
            "is_active": True,
            "due_on": (report.day + datetime.timedelta(days=180)).isoformat(),
            "suggestion": {"field": "phone", "text": "telepon"},
        }
        assert self.listed(api(cast.colleague)) == self.listed(api(cast.outsider)) == []
        assert api(cast.secretary).get("/api/v1/households/").status_code == 404

    def test_what_changed_since(self, cast, api):
        report = file_report(cast.officer)
        moment = (timezone.now() + datetime.timedelta(seconds=1)).isoformat().replace("+", "%2B")
        assert len(self.listed(api(cast.officer), "updated_after=2026-01-01T00:00:00Z")) == 1
        assert self.listed(api(cast.officer), f"updated_after={moment}") == []
        recount(report.unit_id, report.day)
        Household.objects.update(recounted_at=timezone.now() + datetime.timedelta(minutes=1))
        assert len(self.listed(api(cast.officer), f"updated_after={moment}")) == 1

    def test_queries_do_not_grow(self, cast, api, django_assert_max_num_queries):
        file_reports(cast.officer, 30)
        with django_assert_max_num_queries(5):
            assert len(self.listed(api(cast.officer))) == 30


class TestReports:
    def test_the_list_is_scoped_and_filtered(self, cast, api):
        mine = file_report(cast.officer)
        file_report(cast.outsider, location={"lat": -7.01, "lon": 110.41})
        for query in ("", "?unit=POLRESTABES-SEMARANG", "?area=33.74.11", "?officer=80010001", "?state=submitted", "?q=aman"):
            assert [report["id"] for report in api(cast.kapolsek).get(f"/api/v1/reports/{query}").json()["results"]] == [str(mine.uuid)]
        assert api(cast.kapolsek).get("/api/v1/reports/?kind=XX").status_code == 400
        assert api(cast.secretary).get("/api/v1/reports/").status_code == 404

    def test_queries_do_not_grow(self, cast, api, django_assert_max_num_queries):
        file_reports(cast.officer, 30)
        with django_assert_max_num_queries(6):
            assert len(api(cast.officer).get("/api/v1/reports/").json()["results"]) == 30

    def test_out_of_sight_is_not_found(self, cast, api, sign_in):
        report = file_report(cast.officer)
        for path in ("", "photos/", "review/", "withdraw/"):
            assert api(cast.outsider).post(f"/api/v1/reports/{report.uuid}/{path}", {}).status_code in (404, 405)
        assert api(cast.outsider).get(f"/api/v1/reports/{report.uuid}/").status_code == 404
        assert api(cast.officer).get("/api/v1/reports/bukan-uuid/").status_code == 404
        assert api(cast.officer).delete(f"/api/v1/reports/{report.uuid}/").status_code == 405


def test_the_description_of_the_api_is_valid(db):
    schema = SchemaGenerator(urlconf="patrol.api").get_schema(request=None, public=True)
    validate_schema(schema)
    assert {"/reports/sync/", "/reports/{uuid}/photos/", "/me/"} <= set(schema["paths"])


def test_a_report_is_written_as_its_fields_describe(cast):
    """ReportSerializer writes by hand; the fields that it declares are what the API's description promises."""
    report = file_report(cast.officer, photos=[str(uuid.uuid4())], participants=["Pak RT"], ended_at=timezone.now().isoformat())
    report = in_detail([report])[0]
    serializer = ReportSerializer(report, context={"user": cast.officer})
    declared = super(ReportSerializer, serializer).to_representation(report)
    assert json.loads(JSONRenderer().render(serializer.data)) == json.loads(JSONRenderer().render(declared))


def test_what_was_just_stored_is_answered_as_it_is_read_later(cast, api):
    client = api(cast.officer)
    opinions = [{"kind": "KELUHAN", "text": "Lampu padam."}, {"kind": "SARAN", "text": "Ronda."}]
    answer = client.post("/api/v1/reports/", report_item(detail={"opinions": opinions}, place="Jl. Tirto Agung"))
    assert answer.status_code == 201
    assert client.get(f"/api/v1/reports/{answer.json()['id']}/").json() == answer.json()

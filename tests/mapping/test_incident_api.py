"""Incidents by the API: read as far as one may, written by SPKT."""

import datetime
import json
import uuid

import pytest
from django.utils import timezone

from mapping import incidents
from mapping.models import DailyStatement, Incident
from tests.mapping.incidents import make_incident, wib

ROUTE = "/api/v1/incidents/"
VILLAGE = "33.74.11.1004"
POINT = {"type": "Point", "coordinates": [110.428, -7.0629]}


def said(**more):
    return {"kind": "CURAT", "occurred_at": "2026-11-02T21:30:00+07:00", "area": VILLAGE, "narrative": " Dibobol. ", **more}


def route_of(incident, act=""):
    return f"{ROUTE}{incident.uuid}/{act}"


class TestReading:
    def test_spkt_reads_all_of_it(self, cast, api):
        incident = make_incident(cast, no_lp="LP/B/1", victims={("MATI", "L", False): 1})
        found = api(cast.spkt).get(ROUTE).json()["results"][0]
        assert found["id"] == str(incident.uuid)
        assert (found["unit"], found["area"], found["class"], found["no_lp"]) == ("POLSEK-BANYUMANIK", VILLAGE, "KONVENSIONAL", "LP/B/1")
        assert found["location"] == POINT
        assert found["victims"] == [{"harm": "MATI", "sex": "L", "is_child": False, "count": 1}]

    def test_an_officer_reads_kind_time_place_and_status(self, cast, api):
        incident = make_incident(cast, no_lp="LP/B/1", modus="Kunci T", loss_rp=5)
        found = api(cast.officer).get(route_of(incident)).json()
        assert (found["kind"], found["location"], found["status"]) == ("CURANMOR", POINT, "")
        assert not any(found[name] for name in ("narrative", "modus", "no_lp", "loss_rp", "victims", "evidence", "actions"))

    def test_of_a_discreet_kind_an_operator_gets_no_point(self, cast, api):
        incident = make_incident(cast, "KDRT", by=cast.clerk)
        assert api(cast.clerk).get(route_of(incident)).json()["location"] is None
        assert api(cast.clerk).get(f"{ROUTE}?bbox=110,-8,111,-7").json()["results"] == []
        assert api(cast.kanit).get(f"{ROUTE}?bbox=110,-8,111,-7").json()["results"][0]["location"] == POINT

    @pytest.mark.parametrize(
        ("asked", "number"),
        [
            ("from=2026-11-03", 1),
            ("to=2026-11-02", 1),
            ("kind=LAKA", 1),
            ("class=GANGGUAN", 1),
            ("area=33.74.11", 2),
            ("area=3374111005", 1),
            ("unit=POLSEK-GAJAHMUNGKUR", 0),
            ("status=RJ", 1),
            ("bbox=110.42,-7.07,110.44,-7.05", 1),
        ],
    )
    def test_is_narrowed(self, cast, api, asked, number):
        incidents.handle(make_incident(cast, at=wib(2026, 11, 2, 21)), "RJ")
        make_incident(cast, "LAKA", at=wib(2026, 11, 3, 2), village="33.74.11.1005", location=None)
        assert len(api(cast.spkt).get(f"{ROUTE}?{asked}").json()["results"]) == number

    @pytest.mark.parametrize(
        "asked", ["from=kemarin", "class=APA", "bbox=1,2,3", "bbox=nan,0,1,1", "bbox=9e999,0,1,1", "kind=%00", "status=x", "cursor=x"]
    )
    def test_nonsense_is_refused_in_the_one_shape(self, cast, api, asked):
        answer = api(cast.spkt).get(f"{ROUTE}?{asked}")
        assert answer.status_code in (400, 404)
        assert set(answer.json()) == {"type", "errors"}


class TestWriting:
    def test_spkt_enters_one(self, cast, api):
        answer = api(cast.spkt).post(ROUTE, said(location=POINT, victims=[{"harm": "MATI", "sex": "P", "is_child": True, "count": 2}], status="RJ"))
        assert answer.status_code == 201, answer.json()
        incident = Incident.objects.get()
        assert (incident.narrative, incident.unit, incident.recorded_by) == (" Dibobol. ", cast.units.banyumanik, cast.spkt)
        assert (incident.victims.get().count, incident.is_cleared) == (2, True)

    def test_the_point_alone_finds_the_village(self, cast, api):
        assert api(cast.spkt).post(ROUTE, said(area=None) | {"location": POINT}).status_code == 400
        body = said(location=POINT)
        del body["area"]
        assert api(cast.spkt).post(ROUTE, body).json()["area"] == VILLAGE

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "APA"},
            {"kind": ""},
            {"kind": "x" * 5000},
            {"occurred_at": "2999-01-01T00:00:00+07:00"},
            {"occurred_at": None},
            {"narrative": " "},
            {"narrative": "a\0b"},
            {"area": "33.74.09.1001"},
            {"area": "\0"},
            {"area": {"code": 1}},
            {"location": {"type": "Point", "coordinates": ["x"]}},
            {"location": {"type": "Polygon", "coordinates": []}},
            {"loss_rp": -1},
            {"loss_rp": "1e99"},
            {"victims": [{"harm": "MATI", "sex": "X", "count": 1}]},
            {"victims": [{"harm": "MATI", "sex": "L", "count": -1}]},
            {"victims": "x"},
            {"status": "APA"},
            {"scene": "APA" * 100},
            {"scene": "APA"},
            {"phase": "APA"},
        ],
    )
    def test_what_is_wrong_is_refused_by_field(self, cast, api, wrong):
        answer = api(cast.spkt).post(ROUTE, said(**wrong))
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["attr"]
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("body", [[], "x", None, [1]])
    def test_no_object_is_refused(self, cast, api, body):
        incident = make_incident(cast)
        assert api(cast.spkt).post(ROUTE, body).status_code == 400
        assert api(cast.spkt).patch(route_of(incident), body).status_code in (200, 400)

    @pytest.mark.parametrize("body", [[{"a": 1}], [[1]], None, 5, True])
    def test_nor_from_whom_it_was_handed_to(self, cast, api, body):
        incident = make_incident(cast, assigned_to=cast.reskrim)
        assert api(cast.reskrim).patch(route_of(incident), json.dumps(body), content_type="application/json").status_code == 400

    def test_sent_again_it_is_known(self, cast, api):
        body = said(id=str(uuid.uuid4()), location=POINT, status="RJ", victims=[{"harm": "MATI", "sex": "P", "is_child": True, "count": 2}])
        assert [api(cast.spkt).post(ROUTE, body).status_code for _again in range(2)] == [201, 200]
        assert Incident.objects.get().uuid == uuid.UUID(body["id"])
        for other in (body | {"narrative": "Lain."}, body | {"victims": []}, body | {"location": None}):
            assert api(cast.spkt).post(ROUTE, other).status_code == 409
        assert api(cast.spkt).patch(f"{ROUTE}{body['id']}/", {"id": str(uuid.uuid4())}).json()["id"] == body["id"]

    def test_an_id_out_of_sight_is_taken(self, cast, api):
        incident = make_incident(cast, "CABUL")
        assert api(cast.clerk).post(ROUTE, said(id=str(incident.uuid))).status_code == 409

    def test_a_point_far_from_the_village_is_refused(self, cast, api, far_village):
        incident = make_incident(cast)
        there = {"type": "Point", "coordinates": [140.5, -2.5]}
        for answer in (api(cast.spkt).post(ROUTE, said(location=there)), api(cast.spkt).patch(route_of(incident), {"location": there})):
            assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "location")
            assert far_village.name in answer.json()["errors"][0]["detail"]

    def test_a_day_of_clearance_alone_is_refused(self, cast, api):
        today = f"{timezone.localdate():%Y-%m-%d}"
        assert api(cast.spkt).post(ROUTE, said(cleared_on=today)).json()["errors"][0]["attr"] == "cleared_on"
        assert api(cast.spkt).patch(route_of(make_incident(cast)), {"cleared_on": today}).status_code == 400

    def test_nobody_else_enters_any(self, cast, api):
        for person in (cast.officer, cast.kanit, cast.kapolsek, cast.operator, cast.reskrim):
            assert api(person).post(ROUTE, said()).status_code == 404

    def test_correcting(self, cast, api):
        incident = make_incident(cast, victims={("MATI", "L", False): 1})
        answer = api(cast.spkt).patch(route_of(incident), {"kind": "LAKA", "status": "SIDIK"})
        assert (answer.status_code, answer.json()["class"], answer.json()["status"]) == (200, "GANGGUAN", "SIDIK")
        assert len(answer.json()["victims"]) == 1
        assert api(cast.spkt).patch(route_of(incident), {"victims": []}).json()["victims"] == []
        assert api(cast.officer).patch(route_of(incident), {"kind": "LAKA"}).status_code == 404

    def test_whom_it_was_handed_to_says_how_far_it_is(self, cast, api):
        incident = make_incident(cast, assigned_to=cast.reskrim)
        assert api(cast.reskrim).patch(route_of(incident), {"status": "P21"}).json()["cleared_on"] == f"{timezone.localdate():%Y-%m-%d}"
        assert api(cast.reskrim).patch(route_of(incident), {"narrative": "Lain."}).status_code == 400

    def test_taking_back(self, cast, api):
        incident = make_incident(cast)
        assert api(cast.spkt).post(route_of(incident, "withdraw/"), {"reason": " "}).status_code == 400
        assert api(cast.spkt).post(route_of(incident, "withdraw/"), {"reason": "Ganda."}).status_code == 204
        assert api(cast.spkt).get(route_of(incident)).status_code == 404

    def test_the_daily_word(self, cast, api):
        today = timezone.localdate()
        client = api(cast.spkt)
        assert client.post(f"{ROUTE}statements/", {"day": f"{today}", "says": "NIHIL"}).json()["unit"] == "POLSEK-BANYUMANIK"
        assert client.post(f"{ROUTE}statements/", {"day": f"{today + datetime.timedelta(days=1)}", "says": "NIHIL"}).status_code == 400
        make_incident(cast)
        refused = client.post(f"{ROUTE}statements/", {"day": f"{today - datetime.timedelta(days=1)}", "says": "NIHIL"})
        assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "says")
        assert DailyStatement.objects.count() == 1

    def test_an_unknown_one_is_not_there(self, cast, api):
        assert api(cast.spkt).get(f"{ROUTE}{uuid.uuid4()}/").status_code == 404

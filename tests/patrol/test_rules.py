"""What an item must have, what it may not have, and in which words it is told."""

import datetime
import uuid

import pytest
from django.utils import timezone

from patrol.models import Household, Report, Visit
from tests.patrol.items import file_report, report_item, send, statuses


def faults(answer):
    assert answer["status"] == "rejected"
    return {(error["attr"], error["code"]) for error in answer["errors"]}


HOUSE = {"id": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11", "head_name": "Widodo", "rw": "5", "rt": "3"}

CASES = [
    ({"kind": None}, {("kind", "unknown_code")}),
    ({"kind": "dds"}, {("kind", "unknown_code")}),
    ({"schema": 2}, {("schema", "unknown_code")}),
    ({"version": "1"}, {("version", "invalid")}),
    ({"occurred_at": None}, {("occurred_at", "invalid")}),
    ({"occurred_at": "kemarin"}, {("occurred_at", "invalid")}),
    ({"occurred_at": "2026-11-20T09:15:00"}, {("occurred_at", "invalid")}),
    ({"occurred_at": "2999-01-01T00:00:00Z"}, {("occurred_at", "too_far_ahead")}),
    ({"occurred_at": "0001-01-01T00:00:00+07:00"}, {("occurred_at", "too_long_ago")}),
    ({"occurred_at": "9999-12-31T23:59:59-12:00"}, {("occurred_at", "too_far_ahead")}),
    ({"ended_at": "2001-01-01T00:00:00Z"}, {("ended_at", "ends_before_start")}),
    ({"location": {"lat": 48.85, "lon": 2.35}}, {("location.lat", "outside_indonesia"), ("location.lon", "outside_indonesia")}),
    ({"location": {"lat": 6.6, "lon": 100}}, {("location.lat", "outside_indonesia")}),
    ({"location": {"lat": "-7", "lon": 110}}, {("location.lat", "invalid")}),
    ({"location": {"lon": 110.4}}, {("location.lat", "required")}),
    ({"location": {"lat": -7.0, "lon": True}}, {("location.lon", "invalid")}),
    ({"location": {"lat": -7.0, "lon": 110.4, "accuracy": -1}}, {("location.accuracy", "min_value")}),
    ({"location": [110.4, -7.0]}, {("location", "invalid")}),
    ({"location": None}, {("area", "required")}),
    ({"location": {"lat": -9.0, "lon": 130.0}}, {("area", "required")}),
    ({"area": "33.74.11.9999"}, {("area", "unknown_code")}),
    ({"area": "33.74.11"}, {("area", "unknown_code")}),
    ({"area": 3374111004}, {("area", "invalid")}),
    ({"place": "x" * 201}, {("place", "max_length")}),
    ({"narrative": "x" * 5001}, {("narrative", "max_length")}),
    ({"narrative": "a\0b"}, {("narrative", "unstorable")}),
    ({"narrative": "a\ud800b"}, {("narrative", "unstorable")}),
    ({"narrative": {"a": 1}}, {("narrative", "invalid")}),
    ({"result": None}, {("result", "required")}),
    ({"result": "\n\t \u3000"}, {("result", "blank")}),
    ({"field": "CUACA"}, {("field", "unknown_code")}),
    ({"participants": "semua"}, {("participants", "invalid")}),
    ({"participants": [{"kind": "BABINSA"}]}, {("participants.0", "invalid")}),
    ({"participants": ["x"] * 51}, {("participants", "max_items")}),
    ({"photos": ["satu"]}, {("photos.0", "invalid")}),
    ({"detail": {"household": None}}, {("detail.household", "required")}),
    ({"detail": {"declined": True}}, {("detail.household", "declined")}),
    ({"detail": {"household": {"head_name": "Widodo", "rw": "5", "rt": "3"}}}, {("detail.household.id", "required")}),
    ({"detail": {"household": {**HOUSE, "head_name": " "}}}, {("detail.household.head_name", "blank")}),
    ({"detail": {"household": {**HOUSE, "rt": "tiga"}}}, {("detail.household.rt", "invalid")}),
    ({"detail": {"household": {"id": HOUSE["id"]}}}, {(f"detail.household.{name}", "required") for name in ("head_name", "rw", "rt")}),
    ({"detail": {"purposes": ["SILATURAHMI", "ARISAN"]}}, {("detail.purposes.1", "unknown_code")}),
    ({"detail": {"opinions": [{"kind": "KELUHAN", "text": ""}]}}, {("detail.opinions.0.text", "blank")}),
    ({"detail": {"opinions": [{"text": "Lampu mati"}]}}, {("detail.opinions.0.kind", "required")}),
    ({"detail": {"next_visit_on": "besok"}}, {("detail.next_visit_on", "invalid")}),
    ({"detail": {"absent": "ya"}}, {("detail.absent", "invalid")}),
]


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_what_is_rejected_names_its_field(cast, api, changes, expected):
    answers = send(api(cast.officer), report_item(**changes), report_item())
    assert faults(answers[0]) == expected
    assert answers[1]["status"] == "created"
    assert Report.objects.count() == 1


def test_a_time_a_day_ahead_is_taken_and_more_is_not(cast, api):
    now = timezone.now()
    times = [now + datetime.timedelta(hours=23, minutes=59), now + datetime.timedelta(hours=24, minutes=1)]
    assert statuses(send(api(cast.officer), *[report_item(occurred_at=time.isoformat()) for time in times])) == ["created", "rejected"]


@pytest.mark.parametrize(
    "changes",
    [
        {"detail": {"absent": True}, "result": ""},
        {"detail": {"absent": True, "household": None, "declined": True}, "result": None},
        {"detail": {"declined": True, "household": None}},
        {"location": None, "area": "33.74.11.1004"},
        {"location": None, "area": "3374111004"},
        {"location": {"lat": -9.0, "lon": 130.0, "accuracy": None}, "area": "33.74.11.1004"},
        {"narrative": None, "field": "", "phase": None, "situation": "", "participants": None, "photos": None, "ended_at": None},
        {"tidak_dikenal": {"a": [1, 2]}},
    ],
)
def test_what_may_be_left_out(cast, api, changes):
    assert statuses(send(api(cast.officer), report_item(**changes))) == ["created"]


def test_the_least_that_a_report_needs(cast, api):
    item = {
        "id": str(uuid.uuid4()),
        "kind": "DDS",
        "occurred_at": timezone.now().isoformat(),
        "area": "33.74.11.1004",
        "result": "Aman.",
        "detail": {"declined": True},
    }
    assert statuses(send(api(cast.officer), item)) == ["created"]
    report = Report.objects.get()
    assert (report.phase, report.situation, report.field, report.visit.is_declined) == ("PRA", "AMAN", "", True)


def test_each_item_of_a_batch_sees_the_same_new_household(cast, api):
    house = {**HOUSE, "id": str(uuid.uuid4())}
    answers = send(
        api(cast.officer),
        report_item(detail={"household": house}),
        report_item(detail={"household": house}),
        report_item(detail={"household": {"id": house["id"]}}),
    )
    assert statuses(answers) == ["created"] * 3
    assert Household.objects.count() == 1
    assert (Household.objects.get().rw, Household.objects.get().rt) == ("005", "003")


class TestHouseholds:
    @pytest.fixture
    def foreign(self, cast):
        """A household of Gajahmungkur, out of the officer's sight."""
        return file_report(cast.outsider, location={"lat": -7.01, "lon": 110.41}).visit.household

    def test_a_known_one_needs_its_id_alone_and_keeps_its_name(self, cast, api):
        known = file_report(cast.officer).visit.household
        send(api(cast.officer), report_item(detail={"household": {"id": str(known.uuid), "head_name": "Nama lama"}}))
        assert Visit.objects.filter(household=known).count() == 2
        assert Household.objects.get().head_name == known.head_name

    def test_one_out_of_sight_is_as_if_there_were_none(self, cast, api, foreign):
        [answer] = send(api(cast.officer), report_item(detail={"household": {**HOUSE, "id": str(foreign.uuid)}}))
        assert faults(answer) == {("detail.household.id", "not_found")}
        foreign.refresh_from_db()
        assert foreign.head_name != "Widodo"

    def test_one_visited_outside_the_own_area_stays_known(self, cast, api):
        abroad = {"lat": -7.01, "lon": 110.41, "accuracy": 5}
        household = file_report(cast.officer, location=abroad).visit.household
        assert statuses(send(api(cast.officer), report_item(location=abroad, detail={"household": {"id": str(household.uuid)}}))) == ["created"]


@pytest.mark.parametrize(("language", "words"), [("en", "This is required."), ("id", "Wajib diisi.")])
def test_errors_speak_the_readers_language(cast, api, language, words):
    client = api(cast.officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    [answer] = send(client, report_item(result=""))
    assert answer["errors"] == [{"code": "required", "detail": words, "attr": "result"}]

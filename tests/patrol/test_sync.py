"""Sending reports: the contract with every phone that is out there."""

import datetime
import uuid

import pytest
from django.db import IntegrityError
from django.utils import timezone

from patrol import sync
from patrol.models import CountMark, Household, Opinion, Report, State, Visit
from polmas.people.models import ApiToken
from tests.patrol.items import correction_of, file_report, report_item, send, statuses

SYNC = "/api/v1/reports/sync/"


def test_the_whole_contract_in_one_batch(cast, api):
    """3 new, 1 repeated, 1 changed under the same id, 1 with a place in Paris."""
    repeated = report_item()
    send(api(cast.officer), repeated)
    changed = {**repeated, "result": "Lain sama sekali."}
    paris = report_item(location={"lat": 48.8566, "lon": 2.3522, "accuracy": 5})
    batch = [report_item(), report_item(), report_item(), repeated, changed, paris]
    answers = send(api(cast.officer), *batch)
    assert statuses(answers) == ["created", "created", "created", "known", "conflict", "rejected"]
    assert [answer["id"] for answer in answers] == [item["id"] for item in batch]
    assert {error["code"] for error in answers[-1]["errors"]} == {"outside_indonesia"}
    assert Report.objects.count() == 4


def test_all_that_was_sent_is_kept_as_sent(cast, api):
    item = report_item(
        place=" Jl. Tirto Agung 12 ",
        narrative="  Dua spasi di depan\ndan baris baru ",
        follow_up="e\u0301 tetap dua tanda",
        ended_at=timezone.now().isoformat(),
        field="KEAMANAN",
        situation="ATENSI",
        participants=[{"kind": "BABINSA", "name": "Serda Joko"}, "Pak RT"],
        photos=[str(uuid.uuid4())],
        detail={
            "received_by": "Ibu Widodo",
            "next_visit_on": "2026-12-24",
            "opinions": [{"kind": "KELUHAN", "field": "KEAMANAN", "text": " Lampu mati ", "urgency": "SEDANG", "frequency": "SERING"}],
        },
    )
    send(api(cast.officer), item)
    stored = api(cast.officer).get(f"/api/v1/reports/{item['id']}/").json()
    for name in (
        "id",
        "schema",
        "version",
        "base_version",
        "kind",
        "location",
        "place",
        "narrative",
        "result",
        "follow_up",
        "field",
        "situation",
        "participants",
        "photos",
    ):
        assert stored[name] == item[name], name
    assert stored["detail"]["household"] == {**item["detail"]["household"], "landmark": ""}
    assert stored["detail"]["opinions"] == item["detail"]["opinions"]
    assert (stored["detail"]["absent"], stored["detail"]["declined"], stored["detail"]["next_visit_on"]) == (False, False, "2026-12-24")
    assert (stored["state"], stored["unit"], stored["area"], stored["flags"]) == ("submitted", "POLSEK-BANYUMANIK", "33.74.11.1004", [])
    assert datetime.datetime.fromisoformat(stored["occurred_at"]) == datetime.datetime.fromisoformat(item["occurred_at"])
    assert stored["occurred_at"].endswith("+07:00")


def test_key_order_is_no_content(cast, api):
    item = report_item()
    send(api(cast.officer), item)
    assert statuses(send(api(cast.officer), dict(reversed(item.items())))) == ["known"]


def test_known_and_conflict_come_before_any_check(cast, api):
    """A code list that has changed since, or a phone that sends rubbish under an old id, changes nothing about them."""
    item = report_item()
    send(api(cast.officer), item)
    cast.officer.postings.all().delete()
    day = datetime.date(2010, 1, 1)
    cast.officer.postings.create(unit=cast.units.banyumanik, role="bhabinkamtibmas", starts_on=day, ends_on=day)
    rubbish = {"id": item["id"], "location": "Paris", "version": "satu"}
    assert statuses(send(api(cast.officer), item, rubbish)) == ["known", "conflict"]


def test_doubles_in_one_batch(cast, api):
    item = report_item()
    assert statuses(send(api(cast.officer), item, item, {**item, "result": "Lain."})) == ["created", "known", "conflict"]
    assert Report.objects.count() == Household.objects.count() == 1


def test_a_rejected_report_is_sent_again_mended(cast, api):
    item = report_item(result=" ")
    [answer] = send(api(cast.officer), item)
    assert (answer["status"], answer["errors"][0]["code"], answer["errors"][0]["attr"]) == ("rejected", "blank", "result")
    assert statuses(send(api(cast.officer), {**item, "result": "Aman."})) == ["created"]


def test_somebody_elses_id_is_a_conflict_and_nothing_more(cast, api):
    item = report_item()
    send(api(cast.officer), item)
    for theirs in (item, {**item, "result": "Lain."}, {"id": item["id"]}):
        assert send(api(cast.outsider), theirs) == [{"id": item["id"], "status": "conflict", "errors": []}]
    assert Report.objects.get().officer == cast.officer


@pytest.mark.parametrize(
    "broken", [None, 7, "teks", [], {}, {"id": None}, {"id": 5}, {"id": "bukan"}, {"id": "{0192f0c1-7a4e-7c3a-9b5e-2f4f6f0e1a11}"}]
)
def test_an_item_without_a_usable_id(cast, api, broken):
    answers = send(api(cast.officer), broken, report_item())
    assert statuses(answers) == ["rejected", "created"]
    assert answers[0]["id"] is None
    assert answers[0]["errors"][0]["attr"] == "id"


def test_an_address_with_an_id_in_capitals_is_the_same_address(cast, api):
    path = f"/api/v1/reports/{str(file_report(cast.officer).uuid).upper()}/"
    assert api(cast.officer).get(path).status_code == 200


def test_an_id_in_capitals_is_the_same_id(cast, api):
    item = report_item()
    send(api(cast.officer), item)
    [answer] = send(api(cast.officer), {**item, "id": item["id"].upper()})
    assert answer == {"id": item["id"], "status": "conflict", "errors": []}


@pytest.mark.parametrize("body", [None, [], 5, "teks", {}, {"reports": None}, {"reports": {}}, {"reports": [None] * 201}])
def test_what_is_no_envelope_is_refused(cast, api, body):
    assert api(cast.officer).post(SYNC, body).status_code == 400


def test_an_empty_and_a_full_envelope(cast, api):
    assert send(api(cast.officer)) == []
    assert len(send(api(cast.officer), *[None] * 200)) == 200


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"reports": [NaN]}', b"[" * 5000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b"9" * 5000, b""])
def test_what_is_no_json_is_refused(cast, api, body):
    response = api(cast.officer).generic("POST", SYNC, body, content_type="application/json; charset=zlib")
    assert (response.status_code, response.json()["type"]) == (400, "client_error" if body else "validation_error")


def test_nesting_is_bounded(cast, api):
    deep: list = []
    for _n in range(50):
        deep = [deep]
    assert api(cast.officer).post(SYNC, {"reports": [deep]}).status_code == 400


def test_a_body_beyond_the_limit_is_refused(cast, api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert api(cast.officer).post(SYNC, {"reports": ["a" * 1000]}).status_code == 400


def test_the_envelope_names_its_user(cast, api, sign_in):
    item = report_item()
    for stranger in (cast.colleague.pk, str(cast.officer.pk), True, [], {}):
        assert api(cast.officer).post(SYNC, {"user": stranger, "reports": [item]}).status_code == 409
    assert not Report.objects.exists()
    assert statuses(send(api(cast.officer), item, user=cast.officer.pk)) == ["created"]


def test_a_browser_must_name_its_user(cast, sign_in):
    client = sign_in(cast.officer)
    item = report_item()
    assert client.post(SYNC, {"reports": [item]}, content_type="application/json").status_code == 400
    assert client.post(SYNC, {"user": cast.officer.pk, "reports": [item]}, content_type="application/json").status_code == 200


def test_a_token_is_enough(cast, client):
    text, _token = ApiToken.objects.issue(cast.officer)
    response = client.post(SYNC, {"reports": [report_item()]}, content_type="application/json", headers={"Authorization": f"Token {text}"})
    assert statuses(response.json()["results"]) == ["created"]


def test_only_officers_send(cast, api):
    for person in (cast.kapolsek, cast.kanit_intelkam, cast.secretary, cast.admin):
        assert api(person).post(SYNC, {"reports": []}).status_code == 404


def test_fifty_cost_as_many_queries_as_one(cast, api, django_assert_max_num_queries):
    send(api(cast.officer), report_item())
    opinions = [{"kind": "SARAN", "text": "Ronda diaktifkan"}]
    with django_assert_max_num_queries(24):
        answers = send(api(cast.officer), *[report_item(detail={"opinions": opinions}) for _n in range(50)])
    assert set(statuses(answers)) == {"created"}
    items = [report_item() for _n in range(50)]
    send(api(cast.officer), *items)
    with django_assert_max_num_queries(30):
        answers = send(api(cast.officer), *[correction_of(item, result=f"Diperbaiki {n}") for n, item in enumerate(items)])
    assert set(statuses(answers)) == {"created"}


def test_each_day_and_unit_is_marked_once_for_counting(cast, api):
    yesterday = (timezone.now() - datetime.timedelta(days=1)).isoformat()
    send(api(cast.officer), report_item(), report_item(), report_item(occurred_at=yesterday))
    assert CountMark.objects.count() == len({report.day for report in Report.objects.all()}) == 2


@pytest.fixture
def refused_place(monkeypatch):
    """A place whose report the database alone refuses."""
    place, plain = "JATUH", sync.columns

    def columns(slot):
        return plain(slot) | ({"phase": "TERLALU PANJANG"} if slot.draft.say("place") == place else {})

    monkeypatch.setattr(sync, "columns", columns)
    return place


def test_a_correction_in_a_refused_set_is_stored_whole(cast, api, refused_place):
    """The household is mended and the day that it left is counted anew, as if the correction had come alone."""
    item = report_item()
    send(api(cast.officer), item)
    before = Report.objects.get().day
    CountMark.objects.all().delete()
    household = {**item["detail"]["household"], "head_name": "Widodo Santoso"}
    earlier = (timezone.now() - datetime.timedelta(days=3)).isoformat()
    fixed = correction_of(item, occurred_at=earlier, detail={"household": household})
    assert statuses(send(api(cast.officer), fixed, report_item(place=refused_place))) == ["created", "rejected"]
    assert Household.objects.get().head_name == "Widodo Santoso"
    assert set(CountMark.objects.values_list("day", flat=True)) == {before, Report.objects.get().day}


def test_a_refused_set_is_stored_one_by_one(cast, api, refused_place):
    """One item that the database alone refuses stops no other."""
    good, bad = report_item(), report_item(place=refused_place)
    answers = send(api(cast.officer), good, bad, report_item())
    assert statuses(answers) == ["created", "rejected", "created"]
    assert answers[1]["errors"][0]["code"] == "refused"
    assert (Report.objects.count(), Visit.objects.count(), Household.objects.count()) == (2, 2, 2)


def test_an_id_taken_between_looking_and_storing_is_a_conflict(cast, monkeypatch):
    item = report_item()
    plain = sync.write_set

    def write(user, slots, now):
        Report.objects.create(**row_of(cast, item))
        plain(user, slots, now)

    monkeypatch.setattr(sync, "write_set", write)
    assert statuses(sync.take(cast.officer, [item])) == ["conflict"]
    assert not Household.objects.exists()


def row_of(cast, item):
    now = timezone.now()
    return {
        "uuid": item["id"],
        "kind": "DDS",
        "officer": cast.colleague,
        "unit": cast.units.banyumanik,
        "area": cast.areas["33.74.11.1005"],
        "day": now.date(),
        "occurred_at": now,
        "result": "Punya orang lain.",
        "content_hashes": ["0" * 64],
    }


class TestCorrections:
    def test_a_returned_report_is_corrected_and_waits_again(self, cast, api):
        item = report_item()
        send(api(cast.officer), item)
        Report.objects.get().send_back(cast.kanit, "Lengkapi keluhan warga RT 04.")
        fixed = correction_of(
            item, result="Warga RT 04 mengeluh lampu mati.", detail={**item["detail"], "opinions": [{"kind": "KELUHAN", "text": "Lampu mati"}]}
        )
        assert statuses(send(api(cast.officer), fixed)) == ["created"]
        report = Report.objects.get()
        assert (report.state, report.version, report.result) == (State.SUBMITTED, 2, fixed["result"])
        assert [opinion.text for opinion in report.opinions.all()] == ["Lampu mati"]
        assert len(report.content_hashes) == 2

    def test_late_retries_of_any_version_are_known(self, cast, api):
        first = report_item()
        second = correction_of(first, result="Kedua.")
        third = correction_of(second, result="Ketiga.")
        for item in (first, second, third):
            send(api(cast.officer), item)
        Report.objects.get().verify(cast.kanit)
        assert statuses(send(api(cast.officer), first, second, third)) == ["known"] * 3

    def test_several_versions_in_one_batch(self, cast, api):
        first = report_item()
        second = correction_of(first, result="Kedua.")
        assert statuses(send(api(cast.officer), first, second, first)) == ["created", "created", "known"]
        assert (Report.objects.get().version, Report.objects.get().result) == (2, "Kedua.")

    @pytest.mark.parametrize(
        ("version", "base"), [(1, None), (2, None), (2, 2), (3, 1), (3, 2), (4, 3), (0, None), (-1, -2), ("2", 1), (2.5, 1), (None, None)]
    )
    def test_any_other_gap_is_a_conflict(self, cast, api, version, base):
        item = report_item()
        send(api(cast.officer), item)
        assert statuses(send(api(cast.officer), {**item, "result": "Lain.", "version": version, "base_version": base})) == ["conflict"]

    def test_a_correction_of_what_never_came_is_a_conflict(self, cast, api):
        assert statuses(send(api(cast.officer), report_item(version=2, base_version=1))) == ["conflict"]

    @pytest.mark.parametrize("state", ["verified", "accepted", "withdrawn"])
    def test_a_closed_report_takes_no_correction(self, cast, api, state):
        item = report_item()
        send(api(cast.officer), item)
        Report.objects.update(state=state, withdrawn_reason="uji")
        assert statuses(send(api(cast.officer), correction_of(item, result="Terlambat."))) == ["conflict"]

    def test_a_wrong_correction_changes_nothing(self, cast, api):
        item = report_item()
        send(api(cast.officer), item)
        assert statuses(send(api(cast.officer), correction_of(item, kind="XX"))) == ["rejected"]
        assert Report.objects.get().version == 1

    def test_the_day_it_left_is_counted_anew_too(self, cast, api):
        item = report_item()
        send(api(cast.officer), item)
        CountMark.objects.all().delete()
        moved = correction_of(item, occurred_at=(timezone.now() - datetime.timedelta(days=3)).isoformat())
        send(api(cast.officer), moved)
        today = cast.units.banyumanik.day_of(datetime.datetime.fromisoformat(item["occurred_at"]))
        before = cast.units.banyumanik.day_of(datetime.datetime.fromisoformat(moved["occurred_at"]))
        assert set(CountMark.objects.values_list("day", flat=True)) == {today, before}

    def test_it_mends_the_name_of_the_household_visited(self, cast, api):
        item = report_item()
        send(api(cast.officer), item)
        household = {**item["detail"]["household"], "head_name": "Widodo Santoso", "rt": "4"}
        send(api(cast.officer), correction_of(item, detail={"household": household}))
        stored = Household.objects.get()
        assert (stored.head_name, stored.rt) == ("Widodo Santoso", "004")

    def test_voices_that_stay_are_left_alone(self, cast, api):
        item = report_item(detail={"opinions": [{"kind": "SARAN", "text": "Tambah lampu"}]})
        send(api(cast.officer), item)
        before = Opinion.objects.get().pk
        send(api(cast.officer), correction_of(item, result="Lain."))
        assert Opinion.objects.get().pk == before


def test_post_is_a_sync_of_one(cast, api):
    client, item = api(cast.officer), report_item()
    assert client.post("/api/v1/reports/", item).status_code == 201
    assert client.post("/api/v1/reports/", item).status_code == 200
    assert client.post("/api/v1/reports/", {**item, "result": "Lain."}).status_code == 409
    response = client.post("/api/v1/reports/", report_item(kind="XX"))
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, "kind")
    assert client.post("/api/v1/reports/", ["bukan objek"]).status_code == 400


def test_patch_is_a_sync_of_one_correction(cast, api):
    item = report_item()
    path = f"/api/v1/reports/{item['id']}/"
    client = api(cast.officer)
    assert client.patch(path, item).status_code == 404
    client.post("/api/v1/reports/", item)
    fixed = correction_of(item, result="Kedua.")
    response = client.patch(path, fixed)
    assert (response.status_code, response.json()["version"], response.json()["result"]) == (200, 2, "Kedua.")
    assert client.patch(path, fixed).status_code == 200
    assert client.patch(path, correction_of(item, result="Lain.")).status_code == 409
    assert client.patch(path, {**fixed, "id": str(uuid.uuid4())}).status_code == 400
    assert client.patch(path, {key: value for key, value in correction_of(fixed, result="Ketiga.").items() if key != "id"}).status_code == 200
    assert api(cast.outsider).patch(path, fixed).status_code == 404


def test_a_moved_officer_still_sends_what_was_done_before(cast, api):
    """Without any posting today the report of last week is taken, and answered with."""
    now = timezone.now()
    cast.officer.postings.update(ends_on=(now - datetime.timedelta(days=3)).date())
    item = report_item(occurred_at=(now - datetime.timedelta(days=5)).isoformat())
    assert api(cast.officer).post("/api/v1/reports/", item).status_code == 201
    [answer] = send(api(cast.officer), report_item())
    assert answer["errors"][0]["code"] == "no_posting"


def test_the_database_keeps_one_hash_per_version(cast):
    report = file_report(cast.officer)
    with pytest.raises(IntegrityError):
        Report.objects.filter(pk=report.pk).update(version=5)

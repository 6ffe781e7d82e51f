"""Sending LI: the protocol of reports, the source apart, and what happens when two act at once."""

import datetime
import json
import uuid
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patrol import information_sync
from patrol.models import Information, InformationSource
from patrol.schema import REQUIRED
from polmas.people.models import Notification, Posting, Role, User
from tests.cast import LONG_AGO, PEDALANGAN
from tests.patrol.informations import make_information, register
from tests.patrol.items import correction_of, file_report, statuses
from tests.patrol.test_races import again, at_once

SYNC = "/api/v1/informations/sync/"


def item(**changes):
    """One LI as a phone sends it, an hour old, complete and right."""
    return {
        "id": str(uuid.uuid4()),
        "schema": 1,
        "version": 1,
        "base_version": None,
        "kind": "LI",
        "occurred_at": (timezone.now() - datetime.timedelta(hours=1)).isoformat(),
        "area": "33.74.11.1004",
        "method": "WAWANCARA",
        "field": "KEAMANAN",
        "subject": "Rencana balap liar",
        "facts": "Sekelompok pemuda akan berkumpul Sabtu malam di Jalan Setiabudi.",
        **changes,
    }


def send(client, *items, **envelope):
    response = client.generic("POST", SYNC, json.dumps({"informations": list(items), **envelope}), content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()["results"]


def stored(sent) -> Information:
    return Information.objects.get(uuid=sent["id"])


def test_the_whole_contract_in_one_batch(cast, api):
    repeated = item()
    send(api(cast.officer), repeated)
    theirs = item()
    send(api(cast.colleague), theirs)
    changed = {**repeated, "facts": "Lain sama sekali."}
    batch = [item(), repeated, changed, {**item(), "id": theirs["id"]}, item(field="ROKOK"), {"id": "x"}]
    answers = send(api(cast.officer), *batch)
    assert statuses(answers) == ["created", "known", "conflict", "conflict", "rejected", "rejected"]
    assert Information.objects.count() == 3


def test_all_that_was_sent_is_kept_as_sent(cast, api):
    sent = item(
        event_at=(timezone.now() + datetime.timedelta(days=5)).isoformat(),
        source_alias=" Elang 7 ",
        relation="tetangga",
        source_value="C",
        analysis="Bila dibiarkan…",
        prediction="Tawuran",
        steps_taken="Sudah menegur",
        recommendation="Patroli",
        urgency="TINGGI",
        origin=str(uuid.uuid4()),
        origin_opinion=2,
    )
    assert statuses(send(api(cast.officer), sent)) == ["created"]
    got = api(cast.officer).get(f"/api/v1/informations/{sent['id']}/")
    assert got["Cache-Control"] == "no-store"
    seen = got.json()
    for name in set(sent) - {"schema", "occurred_at", "event_at"}:
        assert seen[name] == sent[name], name
    for name in ("occurred_at", "event_at"):
        assert datetime.datetime.fromisoformat(seen[name]) == datetime.datetime.fromisoformat(sent[name])
    row = stored(sent)
    assert (row.unit, row.state, row.classification, row.value, row.number) == (cast.units.banyumanik, "submitted", "RAHASIA", "C6", "")


def test_on_the_phone_the_own_report_is_raised_and_no_colleagues(cast, api):
    theirs, own = file_report(cast.colleague, location={"lat": -7.06, "lon": 110.41}), file_report(cast.officer)
    client = api(cast.officer)
    refused = send(client, item(origin=str(theirs.uuid)), item(origin=str(own.uuid), origin_opinion=1), item(origin=str(uuid.uuid4())))
    assert statuses(refused) == ["rejected", "created", "created"]
    assert [(fault["code"], fault["attr"]) for fault in refused[0]["errors"]] == [("not_allowed", "origin")]
    first = item()
    assert statuses(send(client, first, correction_of(first, origin=str(theirs.uuid)))) == ["created", "rejected"]
    assert stored(first).origin is None


def test_the_origin_costs_one_question_and_none_without(cast):
    def cost(*items):
        with CaptureQueriesContext(connection) as asked:
            information_sync.take(again(cast.officer), list(items))
        return sum('FROM "patrol_report"' in query["sql"] for query in asked)

    assert cost(item(), item()) == 0
    assert cost(*[item(origin=str(uuid.uuid4())) for _n in range(3)]) == 1


def test_what_a_page_raised_keeps_its_origin_when_an_app_corrects_it(cast, api):
    Posting.objects.create(user=cast.officer, unit=cast.units.banyumanik, role=Role.KANIT_BINMAS, starts_on=LONG_AGO)
    theirs = file_report(cast.colleague, location={"lat": -7.06, "lon": 110.41})
    li = make_information(cast, source=False, origin=theirs.uuid)
    sent = {**item(origin=str(theirs.uuid)), "id": str(li.uuid), "version": 2, "base_version": 1}
    assert statuses(send(api(again(cast.officer)), sent)) == ["created"]
    assert stored(sent).origin == theirs.uuid
    assert stored(sent).is_raised


def test_the_source_goes_into_its_sealed_record_alone(cast, api):
    sent = item(source={"name": "Paijo Sumarno", "contact": "0812", "note": ""})
    send(api(cast.officer), sent)
    row = stored(sent)
    assert (row.source.name, row.source.contact, row.source_name) == ("Paijo Sumarno", "0812", "tanpa nama")
    assert "Paijo" not in api(cast.officer).get(f"/api/v1/informations/{sent['id']}/").content.decode()
    nameless = item(source={"name": " ", "contact": ""})
    send(api(cast.officer), nameless)
    assert not InformationSource.objects.filter(information__uuid=nameless["id"]).exists()


def test_a_correction_is_taken_until_it_has_a_number(cast, api):
    first = item(source={"name": "Paijo"})
    second = correction_of(first, facts="Lebih tepat.", source=None)
    third = correction_of(second, facts="Terlambat.")
    client = api(cast.officer)
    assert statuses(send(client, first)) == ["created"]
    stored(first).send_back(cast.kanit, "Sebutkan waktu.", 1)
    assert statuses(send(client, second)) == ["created"]
    row = stored(first)
    assert (row.state, row.facts, row.version, row.source.name) == ("submitted", "Lebih tepat.", 2, "Paijo")
    assert statuses(send(client, first, second)) == ["known", "known"], "late retries of every version"
    row.register(cast.kanit, "RAHASIA", [], 2)
    assert statuses(send(client, third)) == ["conflict"]
    assert statuses(send(client, first, second)) == ["known", "known"]


def test_the_village_is_found_from_the_position_which_is_not_kept(cast, api):
    sent = item(area=None, location=dict(PEDALANGAN))
    assert statuses(send(api(cast.officer), sent)) == ["created"]
    assert stored(sent).area.code == "33.74.11.1004"
    assert "110.42" not in str(vars(stored(sent)))


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"field": None}, "field"),
        ({"field": ["KEAMANAN", "EKONOMI"]}, "field"),
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"facts": ""}, "facts"),
        ({"facts": "a\0b"}, "facts"),
        ({"facts": "x" * 5001}, "facts"),
        ({"facts": {"a": 1}}, "facts"),
        ({"method": "TELEPATI"}, "method"),
        ({"method": "\ud800"}, "method"),
        ({"area": None}, "area"),
        ({"area": "99.99.99.9999"}, "area"),
        ({"location": {"lat": 48.8, "lon": 2.3}}, "location.lat"),
        ({"occurred_at": "kemarin"}, "occurred_at"),
        ({"occurred_at": "2099-01-01T00:00:00+07:00"}, "occurred_at"),
        ({"event_at": "9999-12-31T23:59:59-12:00"}, "event_at"),
        ({"event_at": "0001-01-01T00:00:00+14:00"}, "event_at"),
        ({"origin": "x"}, "origin"),
        ({"origin_opinion": 1}, "origin"),
        ({"origin_opinion": 10**40, "origin": str(uuid.uuid4())}, "origin_opinion"),
        ({"source": "Paijo"}, "source"),
        ({"source": {"name": "x" * 121}}, "source.name"),
        ({"source": {"name": "\0"}}, "source.name"),
        ({"source_value": "G"}, "source_value"),
        ({"version": "1"}, "version"),
        ({"kind": "DDS"}, "kind"),
    ],
)
def test_what_is_wrong_is_told_field_by_field(cast, api, change, attr):
    good, bad = item(), item(**change)
    answers = send(api(cast.officer), bad, good)
    assert statuses(answers) == ["rejected", "created"]
    assert attr in {error["attr"] for error in answers[0]["errors"]}, answers[0]


def test_only_what_the_field_knows_is_required(cast, api):
    [answer] = send(api(cast.officer), {"id": str(uuid.uuid4())})
    missing = {error["attr"] for error in answer["errors"] if error["detail"] == str(REQUIRED)}
    assert missing == {"occurred_at", "method", "field", "subject", "facts"}


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"informations": {}}', '{"informations": null}', "{", '{"informations": [' + "[" * 2000 + "]" * 2000 + "]}"]
)
def test_a_body_that_is_none_is_refused_as_a_whole(cast, api, body):
    assert api(cast.officer).generic("POST", SYNC, body, content_type="application/json").status_code == 400


def test_items_that_are_none_get_their_answer(cast, api):
    answers = send(api(cast.officer), None, 7, "x", [], {})
    assert statuses(answers) == ["rejected"] * 5
    too_many = json.dumps({"informations": [{}] * 51})
    assert api(cast.officer).generic("POST", SYNC, too_many, content_type="application/json").status_code == 400


def test_hostile_texts_are_texts(cast, api, sign_in):
    hostile = "<script>alert(1)</script>{{ 7*7 }}%(x)s' OR 1=1 -- ‮\u202e " + "é" * 50
    sent = item(subject=hostile, facts=hostile * 5, analysis=hostile, source_alias=hostile[:60], source={"name": hostile[:100]})
    assert statuses(send(api(cast.officer), sent)) == ["created"]
    assert stored(sent).facts == hostile * 5
    text = sign_in(cast.kapolsek).get(f"/li/{sent['id']}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_somebody_elses_queue_is_not_taken(cast, api):
    body = json.dumps({"informations": [item()], "user": cast.colleague.pk})
    assert api(cast.officer).generic("POST", SYNC, body, content_type="application/json").status_code == 409
    assert not Information.objects.exists()


def test_who_never_served_in_the_field_files_none(cast, api):
    for who in ("kanit", "kapolsek", "operator", "secretary", "admin"):
        assert api(cast.people[who]).post(SYNC, {"informations": [item()]}).status_code == 404


def test_nobody_but_the_author_gets_it_from_the_api(cast, api):
    li = make_information(cast)
    for who, person in cast.people.items():
        assert api(person).get(f"/api/v1/informations/{li.uuid}/").status_code == (200 if who == "officer" else 404), who


def test_the_kanit_is_told_without_a_word_of_it(cast, api):
    sent = item(source_alias="Elang 7", source={"name": "Paijo"})
    send(api(cast.officer), sent)
    told = Notification.objects.get()
    assert (told.user, told.kind, told.path) == (cast.kanit, "LI", f"/li/{sent['id']}/")
    for word in ("balap", "Setiabudi", "Elang", "Paijo", "Sutrisno", "Pedalangan"):
        assert word.lower() not in f"{told.text} {told.params}".lower()


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_at_once_is_stored_once(cast):
    items = [item() for _n in range(5)]
    answers = at_once(*[partial(information_sync.take, User.objects.get(pk=cast.officer.pk), items)] * 4)
    assert {tuple(sorted(found)) for found in zip(*map(statuses, answers), strict=True)} == {("created", "known", "known", "known")}
    assert Information.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_registrations_at_once_get_two_numbers(cast):
    rows = [make_information(cast) for _n in range(6)]
    fresh = [Information.objects.get(pk=row.pk) for row in rows]
    at_once(*[partial(register, cast, row, User.objects.get(pk=cast.kanit.pk)) for row in fresh])
    assert sorted(Information.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_one_li_is_registered_once(cast):
    row = make_information(cast)
    same = [Information.objects.get(pk=row.pk) for _n in range(3)]
    results = at_once(*[partial(register, cast, each, User.objects.get(pk=cast.kanit.pk)) for each in same])
    assert sum(isinstance(result, Exception) for result in results) == 2
    assert Information.objects.get().sequence == 1

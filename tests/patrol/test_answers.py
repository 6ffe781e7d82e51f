"""What a household still lacked, asked for at a visit: it reaches the household, once, and nothing that is known is lost."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patrol.models import Business, Household, Report
from tests.patrol.items import correction_of, report_item, send, statuses


@pytest.fixture
def house(cast):
    return Household.objects.create(
        unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], rw="005", rt="003", head_name="Widodo", landmark="Pagar hijau"
    )


def visit(house, **answers):
    return report_item(detail={"household": {"id": str(house.uuid), "head_name": house.head_name, "answers": answers}})


def test_the_answer_reaches_the_household_and_the_next_thing_is_asked_for(cast, api, house):
    phone = api(cast.officer)
    assert phone.get("/api/v1/households/").json()["results"][0]["suggestion"]["field"] == "phone"
    assert (
        statuses(send(phone, visit(house, phone="0812 1234 5678"), visit(house, occupation="Petani"), visit(house, people_count=4)))
        == ["created"] * 3
    )
    house.refresh_from_db()
    assert (house.phone, house.occupation, house.people_count) == ("0812 1234 5678", "Petani", 4)
    [listed] = phone.get("/api/v1/households/").json()["results"]
    assert listed["suggestion"]["field"] == "residence"
    assert "0812" not in str(listed)


def test_what_is_known_is_kept(cast, api, house):
    Household.objects.filter(pk=house.pk).update(phone="0813 0000 1111", occupation="Guru")
    assert statuses(send(api(cast.officer), visit(house, phone="0899999999", occupation="Petani", landmark="x"))) == ["created"]
    house.refresh_from_db()
    assert (house.phone, house.occupation, house.landmark) == ("0813 0000 1111", "Guru", "Pagar hijau")


def test_a_correction_and_a_retry_bring_it_too(cast, api, house):
    item = report_item(detail={"household": {"id": str(house.uuid)}})
    phone = api(cast.officer)
    better = correction_of(visit(house, occupation="Petani"), id=item["id"])
    better |= {"version": 2, "base_version": 1}
    assert [statuses(send(phone, one)) for one in (item, better, better)] == [["created"], ["created"], ["known"]]
    house.refresh_from_db()
    assert house.occupation == "Petani"
    assert house.events.filter(occupation="").exists(), "the history says what it was before"


@pytest.mark.parametrize(
    ("answers", "attr"),
    [
        ({"phone": "tidak tahu"}, "detail.household.answers.phone"),
        ({"phone": "0" * 40}, "detail.household.answers.phone"),
        ({"people_count": -1}, "detail.household.answers.people_count"),
        ({"people_count": 99999}, "detail.household.answers.people_count"),
        ({"people_count": "empat"}, "detail.household.answers.people_count"),
        ({"residence": "HOTEL"}, "detail.household.answers.residence"),
        ({"occupation": "x\x00"}, "detail.household.answers.occupation"),
        ("phone", "detail.household.answers"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cast, api, house, answers, attr):
    item = report_item(detail={"household": {"id": str(house.uuid), "answers": answers}})
    [answer] = send(api(cast.officer), item)
    assert answer["status"] == "rejected"
    assert {error["attr"] for error in answer["errors"]} == {attr}


def test_empty_and_unknown_answers_change_nothing(cast, api, house):
    items = [visit(house, phone="", occupation="  ", residence=None, people_count=None, note="x", head_name="Lain"), report_item()]
    assert statuses(send(api(cast.officer), *items)) == ["created"] * 2
    house.refresh_from_db()
    assert (house.phone, house.occupation, house.note, house.head_name) == ("", "", "", "Widodo")
    assert not house.events.exists()


def test_nobody_fills_in_a_household_out_of_sight(cast, api, house):
    [answer] = send(api(cast.outsider), visit(house, phone="0812345678"))
    assert answer["status"] == "rejected"
    house.refresh_from_db()
    assert house.phone == ""


def test_two_in_one_batch_and_a_new_one(cast, api, house):
    new = report_item(kind="SAMBANG_USAHA")
    new["detail"] = {"business": {"id": str(uuid.uuid4()), "name": "Warung", "kind": "WARUNG", "answers": {"manager": "Bu Tini"}}}
    answers = send(api(cast.officer), visit(house, phone="0812345678"), visit(house, phone="0899999999"), new)
    assert statuses(answers) == ["created"] * 3, answers
    house.refresh_from_db()
    assert house.phone in ("0812345678", "0899999999")
    assert Business.objects.get().manager == "Bu Tini"


def test_without_answers_filing_asks_the_database_nothing_more(cast, api, house):
    phone = api(cast.officer)
    send(phone, visit(house))
    with CaptureQueriesContext(connection) as plain:
        send(phone, visit(house))
    with CaptureQueriesContext(connection) as empty:
        send(phone, visit(house, phone=""))
    assert len(plain) == len(empty)
    assert not [query for query in plain if "FOR NO KEY UPDATE" in query["sql"] and Household._meta.db_table in query["sql"]]
    assert Report.objects.count() == 3


def test_the_form_offers_the_controls_of_what_may_be_missing(cast, sign_in):
    page = sign_in(cast.officer).get("/catat/dds/").content.decode()
    for name in Household.WANTED:
        assert f'data-answer="{name}"' in page
    assert "answer-part" not in sign_in(cast.officer).get("/catat/kontrol-kamling/").content.decode()

"""What a question may hold, and how far back a screen looks."""

import datetime

import pytest
from django.utils import timezone

from polmas.people.periods import Period
from polmas.summaries import building, dashboards
from tests.summaries.rows import at, banyumanik, late, make_report


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


@pytest.mark.parametrize(("name", "value"), [("unit", "a\0"), ("unit", "x" * 61), ("state", "\0"), ("state", "SELESAI"), ("period", "yearly")])
def test_the_list_of_summaries_names_what_it_does_not_understand(cast, api, name, value):
    answer = api(cast.kapolsek).get("/api/v1/summaries/", {name: value})
    assert (answer.status_code, [error["attr"] for error in answer.json()["errors"]]) == (400, [name])


def test_the_list_of_summaries_is_narrowed(cast, api):
    building.build(cast.units.banyumanik, "monthly", datetime.date(2026, 10, 1))

    def found(**query):
        return len(api(cast.kapolsek).get("/api/v1/summaries/", query).json()["results"])

    assert [found(unit=code) for code in ("POLSEK-BANYUMANIK", "NIHIL", "")] == [1, 0, 1]
    assert [found(state="OTOMATIS"), found(state="DISAHKAN"), found(period="monthly"), found(period="daily")] == [1, 0, 1, 0]


def test_shapes_are_drawn_of_a_polsek_alone(cast, sign_in):
    codes = {"POLSEK-BANYUMANIK": 200, "POLRESTABES-SEMARANG": 404}
    assert {code: sign_in(cast.kapolres).get("/dasbor/wilayah/", {"satuan": code}).status_code for code in codes} == codes


def test_the_newest_reports_are_of_the_last_month(cast):
    unit = cast.units.banyumanik
    days = [unit.today() - datetime.timedelta(days=back) for back in (0, 31, 32)]
    reports = [banyumanik(cast, 1, day)[0] for day in days]
    late(reports[2])
    assert set(dashboards.latest(unit, 6)) == set(reports[:2])


def test_when_an_officer_was_last_heard_is_of_the_days_shown(cast):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    today = unit.today()
    make_report(cast.officer, unit, area, today)
    make_report(cast.colleague, unit, area, today - datetime.timedelta(days=40), received_at=timezone.now())
    received = {line["person"]: line["received"] for line in dashboards.officers(unit, Period(today, today))}
    assert received == {cast.officer: at(unit, today, 10), cast.colleague: None}

"""What stands round an officer's service, in the middle of November: scores, awards, notes, sessions and weights."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from polmas.people.models import Notification
from polmas.summaries import awards, coaching, scoring
from polmas.summaries.models import Award, CoachingSession, OfficerScore, ScoreWeights, ServiceNote
from polmas.summaries.models.awards import last_month
from tests.summaries.rows import make_household, make_report

NOW = datetime.datetime(2026, 11, 18, 3, 0, tzinfo=datetime.UTC)  # Wednesday, 10.00 WIB
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)
DAY = datetime.timedelta(days=1)


def prepare(scene) -> None:
    cast, unit = scene.cast, scene.cast.units.banyumanik
    scoring.build(unit, unit.today().replace(day=1))
    scene.score = OfficerScore.objects.get(officer=cast.officer)
    scene.award = make_award(cast)
    awards.decide(scene.award, cast.kapolsek)
    scene.note = make_note(cast)
    scene.session = make_session(cast)
    scene.weights = ScoreWeights.objects.create(unit=unit, starts_on=unit.today().replace(day=1))


def make_award(cast, **more) -> Award:
    """A proposal of the Kanit for the last month, for the officer unless another is named."""
    unit = cast.units.banyumanik
    given = {"category": "BHABINKAMTIBMAS", "officer": cast.officer, "month": last_month(unit), "reason": "Rajin menyambangi warga.", **more}
    award = Award(unit=unit, **given)
    award.recipient_unit = unit
    return awards.propose(award, cast.kanit)


def make_note(cast, **more) -> ServiceNote:
    unit = cast.units.banyumanik
    given = {
        "officer": cast.officer,
        "kind": "LISAN",
        "given_on": unit.today(),
        "text": "Tiga kali laporan menyusul.",
        "written_by": cast.kanit,
        **more,
    }
    return coaching.write(ServiceNote(unit=unit, **given))


def make_session(cast, hours=48, **more) -> CoachingSession:
    when = timezone.now() + datetime.timedelta(hours=hours)
    given = {"officer": cast.officer, "coach": cast.kanit, "starts_at": when, "topic": "Mutu laporan", **more}
    return coaching.plan(CoachingSession(unit=cast.units.banyumanik, **given))


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def rated(cast, month=OCTOBER, number=12):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    household = make_household(unit, area)
    for person, count in ((cast.officer, number), (cast.colleague, number // 2)):
        for day in range(count):
            make_report(person, unit, area, month + DAY * day, household=household)
    scoring.build(cast.units.polres, month)


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("kind", "path"))


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]

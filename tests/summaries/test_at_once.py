"""Several who act at once, each on a connection of its own: on a summary, on the scores of a month, on its awards."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import transaction

from polmas.people.models import Unit
from polmas.summaries import awards, building, moving, scoring
from polmas.summaries.models import Award, OfficerScore, PeriodKind, ScoreWeights, Summary
from tests.summaries.rows import banyumanik, closing, together
from tests.summaries.service_scenes import make_award

OCTOBER = datetime.date(2026, 10, 1)
NOVEMBER_2 = datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC)
OTHER = {"activity": 40, "quality": 20, "problems": 20, "response": 10, "satisfaction": 10}
State = Summary.State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOVEMBER_2, tick=False):
        yield


def build(unit, kind=PeriodKind.MONTHLY, start=OCTOBER):
    return building.build(Unit.objects.get(pk=unit.pk), kind, start)


def total(summary):
    return summary.figures["activities"]["total"]["now"]


class TestSummaries:
    def test_a_report_that_arrives_during_approval_does_not_wait_and_makes_a_revision(self, cast):
        banyumanik(cast, 2)
        summary = build(cast.units.banyumanik)
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            moving.approve(summary, cast.kapolsek, summary.draft_hash)
            pool.submit(closing(lambda: banyumanik(cast, 1))).result(timeout=10)
        summary.refresh_from_db()
        assert (summary.state, total(summary)) == (State.DISAHKAN, 2)
        revision = build(cast.units.banyumanik)
        assert (revision.revision, revision.state, total(revision)) == (2, State.OTOMATIS, 3)
        assert (revision.figures["revises"]["before"], revision.figures["revises"]["now"]) == (2, 3)

    def test_of_two_who_write_one_part_the_second_is_told(self, cast):
        summary = build(cast.units.banyumanik)
        key, seen = summary.pk, summary.text_hashes()
        words = ("Dari Kanit.", "Dari Kapolsek.")
        done = together(
            lambda: Summary.objects.get(pk=key).edit(cast.kanit, {"analysis": words[0]}, seen),
            lambda: Summary.objects.get(pk=key).edit(cast.kapolsek, {"analysis": words[1]}, seen),
        )
        assert sorted(map(str, done)) == ["None", "refused"]
        assert Summary.objects.get(pk=key).analysis == words[done.index(None)]

    def test_a_daily_one_is_released_or_approved(self, cast):
        summary = build(cast.units.banyumanik, PeriodKind.DAILY, datetime.date(2026, 11, 1))
        key, seen = summary.pk, summary.draft_hash
        done = together(
            lambda: moving.approve(Summary.objects.get(pk=key), cast.kapolsek, seen),
            lambda: moving.release(Summary.objects.get(pk=key)),
        )
        assert sorted(map(str, done)) == ["None", "refused"]
        summary.refresh_from_db()
        assert summary.is_by_itself == (done[1] is None)
        assert ("name" in summary.signer) == (done[0] is None)

    def test_who_approves_during_a_rebuild_signs_what_was_read_or_reads_again(self, cast):
        summary = build(cast.units.banyumanik)
        key, seen = summary.pk, summary.draft_hash
        banyumanik(cast, 2)
        done = together(lambda: moving.approve(Summary.objects.get(pk=key), cast.kapolsek, seen), *[lambda: build(cast.units.banyumanik)] * 2)
        rows = list(Summary.objects.order_by("revision"))
        if done[0] == "refused":
            assert [(row.state, total(row)) for row in rows] == [(State.OTOMATIS, 2)]
        else:
            assert [(row.state, total(row)) for row in rows] == [(State.DISAHKAN, 0), (State.OTOMATIS, 2)]


class TestScores:
    def build(self, unit, month=OCTOBER):
        return scoring.build(Unit.objects.get(pk=unit.pk), month)

    def test_built_twice_at_once_each_officer_has_one_of_each_month(self, cast):
        banyumanik(cast, 3)
        months = (OCTOBER, datetime.date(2026, 11, 1))
        together(*[lambda month=month: self.build(cast.units.polres, month) for month in months * 2])
        keys = list(OfficerScore.objects.values_list("officer", "month"))
        assert len(keys) == len(set(keys))
        assert {(cast.officer.pk, month) for month in months} <= set(keys)

    def test_a_build_that_read_older_weights_never_has_the_last_word(self, cast, monkeypatch):
        """The first build has read its weights when they change and the second begins."""
        banyumanik(cast, 3)
        has_read, may_go_on, reading = threading.Event(), threading.Event(), scoring.nearest

        def slowly(weights, path):
            has_read.set()
            may_go_on.wait(20)
            return reading(weights, path)

        monkeypatch.setattr(scoring, "nearest", slowly)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(closing(lambda: self.build(cast.units.polres)))
            assert has_read.wait(20)
            ScoreWeights.objects.create(unit=cast.units.polres, starts_on=OCTOBER, **OTHER)
            monkeypatch.setattr(scoring, "nearest", reading)
            second = pool.submit(closing(lambda: self.build(cast.units.polres)))
            second_is_done = threading.Event()
            second.add_done_callback(lambda _done: second_is_done.set())
            second_is_done.wait(1)  # without waiting for the first it would be done by now
            may_go_on.set()
            first.result(timeout=20)
            second.result(timeout=20)
        assert OfficerScore.objects.get(officer=cast.officer).weights == OTHER

    def test_what_an_award_froze_during_a_build_stays(self, cast):
        banyumanik(cast, 3)
        self.build(cast.units.polres)
        award = make_award(cast)
        banyumanik(cast, 2)
        together(lambda: awards.decide(Award.objects.get(pk=award.pk), cast.kapolsek), *[lambda: self.build(cast.units.polres)] * 2)
        frozen = OfficerScore.objects.get(officer=cast.officer)
        assert frozen.frozen_at
        built_at = frozen.built_at
        self.build(cast.units.polres)
        frozen.refresh_from_db()
        assert frozen.built_at == built_at


class TestAwards:
    def decide(self, award, by):
        return awards.decide(Award.objects.get(pk=award.pk), by)

    def test_two_months_of_a_unit_never_share_a_number(self, cast):
        proposed = [make_award(cast, month=datetime.date(2026, month, 1)) for month in (7, 8, 9, 10)]
        done = together(*[lambda award=award: self.decide(award, cast.kapolsek) for award in proposed])
        assert done == [None] * 4
        assert sorted(Award.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]
        assert len(set(Award.objects.values_list("number", flat=True))) == 4

    def test_of_two_for_one_honour_one_is_honoured(self, cast):
        proposed = [make_award(cast, officer=person) for person in (cast.officer, cast.colleague)]
        done = together(*[lambda award=award: self.decide(award, cast.kapolsek) for award in proposed])
        assert sorted(map(str, done)) == ["None", "refused"]
        assert Award.objects.filter(state=Award.State.DECIDED).count() == 1

    def test_a_polres_and_its_polsek_decide_at_once(self, cast):
        banyumanik(cast, 3)
        scoring.build(cast.units.polres, OCTOBER)
        below = make_award(cast)
        above = Award(unit=cast.units.polres, category="PELAPOR", officer=cast.officer, month=OCTOBER, reason="Rajin.")
        above.recipient_unit = cast.units.banyumanik
        awards.propose(above, cast.kasat)
        assert together(lambda: self.decide(below, cast.kapolsek), lambda: self.decide(above, cast.kapolres)) == [None, None]
        assert not OfficerScore.objects.filter(month=OCTOBER, frozen_at=None).exists()

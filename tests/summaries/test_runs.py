"""Builds on their way through the queue: asked for once, done once, found again when a message or a worker is lost."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from polmas.people.models import Unit
from polmas.summaries import building, recount, runs, tasks
from polmas.summaries.due import due_now
from polmas.summaries.models import PeriodKind, Summary, SummaryRun
from tests.summaries.rows import banyumanik

OCTOBER = datetime.date(2026, 10, 1)
NOVEMBER_2 = datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC)
State = SummaryRun.State


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOVEMBER_2, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    sent = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: sent.append((name, *args)))
    monkeypatch.setattr(runs, "queue_length", lambda name: 0)
    return sent


@pytest.fixture
def ask(cast, django_capture_on_commit_callbacks):
    def asked(*units, kind="monthly", start=OCTOBER, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return runs.ask_for([(unit.pk, kind, start) for unit in units], **more)

    return asked


def row(unit, kind="monthly", start=OCTOBER):
    return SummaryRun.objects.get(unit=unit, period=kind, starts_on=start)


def test_who_waits_already_is_not_asked_again(cast, ask, queue):
    assert (ask(cast.units.banyumanik), ask(cast.units.banyumanik)) == (1, 0)
    assert queue == [("summaries.build_summary", cast.units.banyumanik.pk, "monthly", "2026-10-01")]
    assert row(cast.units.banyumanik).state == State.WAITING


def test_a_polsek_that_is_done_asks_for_its_polres_and_that_for_its_polda(cast, ask, queue, django_capture_on_commit_callbacks):
    ask(cast.units.banyumanik)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.build_summary(cast.units.banyumanik.pk, "monthly", "2026-10-01")
        tasks.build_summary(cast.units.polres.pk, "monthly", "2026-10-01")
    assert [args[1] for args in queue] == [cast.units.banyumanik.pk, cast.units.polres.pk, cast.units.polda.pk]
    assert (row(cast.units.banyumanik).state, row(cast.units.banyumanik).builds) == (State.DONE, 1)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.build_summary(cast.units.polda.pk, "monthly", "2026-10-01")
    polda = Summary.objects.get(unit=cast.units.polda)
    assert [line["code"] for line in polda.figures["units"]] == ["POLRESTABES-SEMARANG"]


def test_a_day_of_a_polres_asks_no_polda(cast, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.build_summary(cast.units.polres.pk, "daily", "2026-11-01")
    assert queue == []


def test_a_message_that_comes_twice_builds_once(cast, ask):
    ask(cast.units.banyumanik)
    assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
    assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER) is None
    assert row(cast.units.banyumanik).builds == 1


def test_what_is_asked_for_while_it_runs_is_built_once_more(cast, ask, monkeypatch):
    ask(cast.units.banyumanik)
    counting = building.figures_of

    def meanwhile(*args):
        ask(cast.units.banyumanik)
        return counting(*args)

    monkeypatch.setattr(building, "figures_of", meanwhile)
    runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
    assert row(cast.units.banyumanik).state == State.WAITING
    monkeypatch.setattr(building, "figures_of", counting)
    assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
    assert row(cast.units.banyumanik).state == State.DONE


def test_a_failure_is_shown_and_tried_again_after_longer_and_longer(cast, ask, queue, in_november, monkeypatch, django_capture_on_commit_callbacks):
    ask(cast.units.banyumanik)
    monkeypatch.setattr(building, "figures_of", lambda *args: 1 / 0)
    delays = []
    for _attempt in range(3):
        with pytest.raises(ZeroDivisionError):
            runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
        failed = row(cast.units.banyumanik)
        assert (failed.state, failed.error) == (State.FAILED, "ZeroDivisionError: division by zero")
        delays.append(failed.next_at - timezone.now())
        assert runs.sweep() == 0
        in_november.shift(delays[-1])
        queue.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert runs.sweep() == 1
        assert len(queue) == 1
    assert delays == [datetime.timedelta(minutes=n) for n in (1, 2, 4)]
    assert not Summary.objects.exists()


def test_lost_messages_and_lost_workers_are_found(cast, ask, queue, in_november, monkeypatch, django_capture_on_commit_callbacks):
    ask(cast.units.banyumanik, cast.units.gajahmungkur)
    SummaryRun.objects.filter(unit=cast.units.gajahmungkur).update(state=State.RUNNING, started_at=timezone.now())
    queue.clear()
    in_november.shift(datetime.timedelta(minutes=4))
    assert runs.sweep() == 0
    in_november.shift(datetime.timedelta(minutes=2))
    monkeypatch.setattr(runs, "queue_length", lambda name: 7)  # much to do: who waits is not lost
    with django_capture_on_commit_callbacks(execute=True):
        assert runs.sweep() == 1
    assert [args[1] for args in queue] == [cast.units.gajahmungkur.pk]
    monkeypatch.setattr(runs, "queue_length", lambda name: 0)
    assert runs.sweep() == 1


def test_a_message_that_its_lost_worker_gave_back_takes_over(cast, ask):
    ask(cast.units.banyumanik)
    SummaryRun.objects.update(state=State.RUNNING, started_at=timezone.now() - datetime.timedelta(seconds=3))
    assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER) is None
    assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER, is_redelivered=True)


def test_what_is_not_committed_is_neither_built_nor_done(cast, ask):
    """A worker killed in the middle: the summary, the parent's build and the end of the run are one transaction."""
    ask(cast.units.banyumanik)

    class Killed(BaseException):
        pass

    def killed_before_commit():
        with transaction.atomic():
            runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
            raise Killed

    with pytest.raises(Killed):
        killed_before_commit()
    assert not Summary.objects.exists()
    assert row(cast.units.banyumanik).state == State.WAITING
    assert not SummaryRun.objects.filter(unit=cast.units.polres).exists()


class TestTogether:
    def test_who_waits_beside_it_is_built_with_it(self, cast, ask):
        banyumanik(cast, 3)
        ask(cast.units.banyumanik, cast.units.gajahmungkur)
        assert runs.run(cast.units.gajahmungkur.pk, "monthly", OCTOBER).figures["activities"]["total"]["now"] == 0
        assert [(row(unit).state, row(unit).builds) for unit in (cast.units.banyumanik, cast.units.gajahmungkur)] == [(State.DONE, 1)] * 2
        assert Summary.objects.get(unit=cast.units.banyumanik).figures["activities"]["total"]["now"] == 3
        assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER) is None

    def test_another_clock_another_polres_or_another_period_is_not(self, cast, ask):
        Unit.objects.filter(pk=cast.units.gajahmungkur.pk).update(time_zone="Asia/Makassar")
        ask(cast.units.banyumanik, cast.units.gajahmungkur, cast.units.polres)
        ask(cast.units.banyumanik, kind="weekly", start=datetime.date(2026, 10, 5))
        runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
        assert list(Summary.objects.values_list("unit__code", "period")) == [("POLSEK-BANYUMANIK", "monthly")]

    def test_together_is_the_same_as_alone(self, cast):
        banyumanik(cast, 3)
        units = [cast.units.banyumanik, cast.units.gajahmungkur]
        alone = [building.build(unit, "monthly", OCTOBER).figures for unit in units]
        assert [summary.figures for summary in building.build_together(units, "monthly", OCTOBER)] == alone

    def test_one_that_fails_takes_nobody_with_it(self, cast, ask, monkeypatch):
        ask(cast.units.banyumanik, cast.units.gajahmungkur)
        counting = building.figures_of

        def failing(units, *more):
            return 1 / 0 if cast.units.gajahmungkur in units else counting(units, *more)

        monkeypatch.setattr(building, "figures_of", failing)
        assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)
        assert (row(cast.units.banyumanik).state, row(cast.units.gajahmungkur).state) == (State.DONE, State.WAITING)
        with pytest.raises(ZeroDivisionError):
            runs.run(cast.units.gajahmungkur.pk, "monthly", OCTOBER)
        assert row(cast.units.gajahmungkur).state == State.FAILED

    def test_more_polsek_need_no_more_statements(self, cast, django_assert_max_num_queries):
        units = [cast.units.banyumanik, cast.units.gajahmungkur]
        for number in range(8):
            polres = Unit.objects.get(pk=cast.units.polres.pk)
            units.append(Unit.objects.add_child(polres, {"code": f"POLSEK-{number}", "name": f"Polsek {number}", "kind": "POLSEK"}))
        with django_assert_max_num_queries(60):
            assert len(building.build_together(units, "monthly", OCTOBER)) == 10


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_build_somebody_holds_comes_again(cast, queue):
    def hold(held, done):
        try:
            with transaction.atomic():
                list(SummaryRun.objects.select_for_update())
                held.set()
                done.wait(20)
        finally:
            connections.close_all()

    runs.ask_for([(cast.units.banyumanik.pk, "monthly", OCTOBER)])
    queue.clear()
    held, done = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold, held, done)
        held.wait(20)
        assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER) is None
        done.set()
        holder.result()
    assert (queue, row(cast.units.banyumanik).state) == (
        [("summaries.build_summary", cast.units.banyumanik.pk, "monthly", "2026-10-01")],
        State.WAITING,
    )
    assert runs.run(cast.units.banyumanik.pk, "monthly", OCTOBER)


class TestDue:
    def due(self, kind):
        return {(Unit.objects.get(pk=unit).code, start) for unit, period, start in due_now() if period == kind}

    def at(self, *moment):
        return time_machine.travel(datetime.datetime(*moment, tzinfo=datetime.UTC), tick=False)

    def test_a_day_is_over_at_each_units_own_midnight(self, cast):
        for unit, zone in ((cast.units.banyumanik, "Asia/Makassar"), (cast.units.gajahmungkur, "Asia/Jayapura")):
            Unit.objects.filter(pk=unit.pk).update(time_zone=zone)
        monday, sunday = datetime.date(2026, 11, 2), datetime.date(2026, 11, 1)
        with self.at(2026, 11, 2, 15, 1):  # 00.01 WIT on Tuesday, 23.01 WITA on Monday
            assert self.due(PeriodKind.DAILY) == {("POLSEK-GAJAHMUNGKUR", monday), ("POLSEK-BANYUMANIK", sunday), ("POLRESTABES-SEMARANG", sunday)}
        with self.at(2026, 11, 2, 16, 1):  # 00.01 WITA
            assert {("POLSEK-GAJAHMUNGKUR", monday), ("POLSEK-BANYUMANIK", monday)} <= self.due(PeriodKind.DAILY)

    def test_a_week_over_new_year_is_one_week(self, cast):
        with self.at(2027, 1, 3, 17, 5):  # Monday 4 January 2027, 00.05 WIB
            assert ("POLSEK-BANYUMANIK", datetime.date(2026, 12, 28)) in self.due(PeriodKind.WEEKLY)
        summary = building.build(cast.units.banyumanik, PeriodKind.WEEKLY, datetime.date(2027, 1, 1))
        assert (summary.starts_on, summary.ends_on) == (datetime.date(2026, 12, 28), datetime.date(2027, 1, 3))

    def test_the_29th_of_february_has_its_day_and_its_month(self, cast):
        with self.at(2028, 2, 29, 17, 5):  # 1 March 2028, 00.05 WIB
            assert ("POLSEK-BANYUMANIK", datetime.date(2028, 2, 29)) in self.due(PeriodKind.DAILY)
            month = building.build(cast.units.banyumanik, PeriodKind.MONTHLY, datetime.date(2028, 2, 29))
        assert (month.ends_on, len(month.figures["activities"]["days"])) == (datetime.date(2028, 2, 29), 29)

    def test_an_outage_is_made_up_for_where_there_was_something_to_count(self, cast):
        day = datetime.date(2026, 10, 29)
        banyumanik(cast, 2, day)
        recount.recount(cast.units.banyumanik.pk, day)
        assert {start for code, start in self.due(PeriodKind.DAILY) if code == "POLSEK-BANYUMANIK"} == {day, datetime.date(2026, 11, 1)}

    def test_a_polda_owes_weeks_and_months_and_no_days(self, cast):
        with self.at(2026, 11, 9, 17, 5):
            for unit in (cast.units.banyumanik, cast.units.gajahmungkur, cast.units.polres):
                building.build(unit, PeriodKind.WEEKLY, datetime.date(2026, 11, 2))
            assert ("POLDA-JATENG", datetime.date(2026, 11, 2)) in self.due(PeriodKind.WEEKLY)
            assert "POLDA-JATENG" not in {code for code, _start in self.due(PeriodKind.DAILY)}

    def test_beat_asks_children_before_parents(self, cast, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.build_due()
        order = [args[1] for args in queue if args[2:] == ("daily", "2026-11-01")]
        assert order == [cast.units.banyumanik.pk, cast.units.gajahmungkur.pk, cast.units.polres.pk]


def test_the_page_of_builds_renews_itself_while_any_is_open_and_leads_to_what_failed(cast, ask, sign_in):
    client = sign_in(cast.admin)
    ask(cast.units.banyumanik)
    assert 'hx-select="#progress"' in client.get("/kelola/rekap/").content.decode()
    SummaryRun.objects.update(state=State.FAILED, error="ValueError: tiga", started_at=timezone.now(), finished_at=timezone.now(), attempts=3)
    page = client.get("/kelola/rekap/").content.decode()
    assert 'hx-select="#progress"' not in page
    assert 'href="?periode=monthly&amp;status=FAILED#builds"' in page
    assert "ValueError: tiga" in client.get("/kelola/rekap/?periode=monthly&status=FAILED").content.decode()

"""Counts are exact: whatever is written, recounted, lost or repeated, stored and live parts add up to the rows."""

import datetime
import threading

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol.models import CountMark, Report, State
from patrol.models.marks import GATHERING
from polmas.people.models import Unit, User
from polmas.people.periods import Period
from polmas.summaries import dashboards, figures, recount, tasks
from polmas.summaries.models import DailyCount, Measure, OfficerMonth
from tests.summaries.rows import DAY, at_once, banyumanik, make_report, run_in_thread

ONE_DAY = Period(DAY, DAY)


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    """No message reaches a worker: the tests run the recounts themselves."""
    sent = []
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: sent.append(name))
    return sent


def stored(unit, measure):
    return {row.key: row.count for row in DailyCount.objects.filter(unit=unit, day=DAY, measure=measure)}


def test_a_recount_stores_every_measure_and_takes_the_marks(cast):
    unit = cast.units.banyumanik
    banyumanik(cast, 3)
    banyumanik(cast, 2, state=State.RETURNED)
    banyumanik(cast, 1, state=State.WITHDRAWN)
    make_report(cast.colleague, unit, cast.areas["33.74.11.1005"], state=State.VERIFIED)
    assert recount.recount(unit.pk, DAY) == 7
    assert stored(unit, Measure.BY_KIND) == {"DDS": 4}
    assert stored(unit, Measure.BY_STATE) == {"submitted": 3, "returned": 2, "withdrawn": 1, "verified": 1}
    assert stored(unit, Measure.BY_OFFICER) == {str(cast.officer.pk): 3, str(cast.colleague.pk): 1}
    assert stored(unit, Measure.BY_AREA) == {"33.74.11.1004": 3, "33.74.11.1005": 1}
    assert not CountMark.objects.exists()


def test_a_recount_twice_late_or_without_marks_changes_nothing(cast):
    banyumanik(cast, 2)
    for _ in range(3):
        recount.recount(cast.units.banyumanik.pk, DAY)
        assert stored(cast.units.banyumanik, Measure.BY_KIND) == {"DDS": 2}
    Report.objects.update(state=State.WITHDRAWN, withdrawn_reason="Salah.")
    recount.recount(cast.units.banyumanik.pk, DAY)
    assert stored(cast.units.banyumanik, Measure.BY_KIND) == {}


def test_an_unmarked_day_is_read_from_the_store_and_a_marked_one_from_the_rows(cast):
    unit = cast.units.banyumanik
    banyumanik(cast, 2)
    recount.recount(unit.pk, DAY)
    DailyCount.objects.filter(measure=Measure.BY_KIND).update(count=40)
    assert figures.total(unit, ONE_DAY) == 40
    banyumanik(cast, 1)
    assert figures.total(unit, ONE_DAY) == 3


def test_figures_take_in_all_below_and_nothing_beside(cast):
    banyumanik(cast, 2)
    make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
    recount.recount(cast.units.banyumanik.pk, DAY)
    assert figures.total(cast.units.polres, ONE_DAY) == 3
    assert figures.total(cast.units.gajahmungkur, ONE_DAY) == 1
    branches = {row.branch: row.number for row in figures.counts(cast.units.polres, Measure.BY_KIND, ONE_DAY, by=("branch",))}
    assert branches == {cast.units.banyumanik.path: 2, cast.units.gajahmungkur.path: 1}


def test_who_reported_is_known_day_by_day_however_often_it_is_counted(cast):
    unit, before = cast.units.banyumanik, DAY - datetime.timedelta(days=1)
    banyumanik(cast, 1, before)
    [second] = banyumanik(cast, 1, officer=cast.colleague)
    for day in (DAY, before, DAY, before):
        recount.recount(unit.pk, day)
    months = {row.officer: row.days for row in OfficerMonth.objects.select_related("officer")}
    assert months == {cast.officer: 1 << before.day - 1, cast.colleague: 1 << DAY.day - 1}
    assert figures.officers_reporting(unit, Period(before, DAY)) == {unit.path: 2}
    assert figures.officers_reporting(unit, ONE_DAY) == {unit.path: 1}
    second.withdraw(cast.colleague, "Salah catat.")
    recount.recount(unit.pk, DAY)
    assert figures.officers_reporting(unit, ONE_DAY) == {}
    assert figures.officers_reporting(unit, Period(before, DAY)) == {unit.path: 1}


def test_what_is_marked_is_counted_and_nothing_else(cast):
    banyumanik(cast, 3)
    make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
    DailyCount.objects.create(unit=cast.units.polres, day=DAY, measure=Measure.BY_KIND, key="DDS", count=7)
    tasks.recount_marked()
    assert stored(cast.units.banyumanik, Measure.BY_KIND) == {"DDS": 3}
    assert stored(cast.units.gajahmungkur, Measure.BY_KIND) == {"DDS": 1}
    assert stored(cast.units.polres, Measure.BY_KIND) == {"DDS": 7}
    assert not CountMark.objects.exists()


def test_many_marked_days_are_counted_in_several_turns(cast, monkeypatch):
    monkeypatch.setattr(recount, "TOGETHER", 2)
    for days in range(5):
        make_report(cast.officer, cast.units.banyumanik, cast.areas["33.74.11.1004"], day=DAY - datetime.timedelta(days=days))
    assert recount.recount_marked() == 5
    assert DailyCount.objects.filter(measure=Measure.BY_KIND, count=1).count() == 5
    assert recount.recount_marked() == 0


@pytest.mark.django_db(transaction=True)
def test_a_recount_is_asked_for_once_in_a_while(cast, quiet_queue, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("patrol.models.marks.time.monotonic", lambda: clock[0])
    banyumanik(cast, 3)
    assert quiet_queue.count("summaries.recount_marked") == 1
    clock[0] += GATHERING
    cache.clear()
    banyumanik(cast, 1)
    assert quiet_queue.count("summaries.recount_marked") == 2


@pytest.mark.django_db(transaction=True)
def test_a_report_committed_during_a_recount_keeps_its_mark(cast):
    """The recount has taken its marks; then another report comes in; the recount finishes."""
    unit = cast.units.banyumanik
    banyumanik(cast, 1)

    def interrupt(execute, sql, params, many, context):
        if "INSERT INTO summaries_dailycount" in sql and not CountMark.objects.filter(pk__gt=first).exists():
            run_in_thread(lambda: banyumanik(cast, 1))
        return execute(sql, params, many, context)

    first = CountMark.objects.latest("pk").pk
    with connection.execute_wrapper(interrupt):
        recount.recount(unit.pk, DAY)
    assert CountMark.objects.count() == 1
    assert figures.total(unit, ONE_DAY) == 2
    recount.recount(unit.pk, DAY)
    assert (CountMark.objects.count(), figures.total(unit, ONE_DAY)) == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_a_recount_killed_in_between_leaves_all_as_it_was(cast):
    unit = cast.units.banyumanik
    banyumanik(cast, 2)
    recount.recount(unit.pk, DAY)
    banyumanik(cast, 1)

    def kill(execute, sql, params, many, context):
        if "INSERT INTO summaries_dailycount" in sql:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(kill):
        recount.recount(unit.pk, DAY)
    assert stored(unit, Measure.BY_KIND) == {"DDS": 2}
    assert CountMark.objects.count() == 1
    assert figures.total(unit, ONE_DAY) == 3


@pytest.mark.django_db(transaction=True)
def test_counts_are_exact_under_concurrent_writes_and_recounts(cast):
    """Writers file and withdraw, recounts run at once with themselves: no reader ever sees a wrong number for long, the end is exact."""
    unit, stop, wrong = cast.units.banyumanik, threading.Event(), []
    banyumanik(cast, 5)

    def write():
        for _ in range(12):
            report, *_ = banyumanik(cast, 1)
            if report.pk % 3 == 0:
                report.withdraw(cast.officer, "Salah catat.")

    def count():
        while not stop.is_set():
            recount.recount(unit.pk, DAY)

    def read():
        while not stop.is_set():
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                seen, there = figures.total(unit, ONE_DAY), Report.objects.counted().filter(unit=unit, day=DAY).count()
            if seen != there:
                wrong.append((seen, there))

    at_once((count, count, read), [write] * 3, stop)
    assert wrong == []
    recount.recount(unit.pk, DAY)
    assert not CountMark.objects.exists()
    assert stored(unit, Measure.BY_KIND)["DDS"] == Report.objects.counted().count() < 41


STEPS = st.lists(st.sampled_from(["file", "return", "withdraw", "recount", "forget"]), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_in_whichever_order_the_reading_equals_the_rows(cast, steps):
    unit = cast.units.banyumanik
    with transaction.atomic():
        for step in steps:
            reports = Report.objects.filter(state=State.SUBMITTED)
            if step == "file":
                banyumanik(cast, 1)
            elif step == "recount":
                recount.recount(unit.pk, DAY)
            elif step == "withdraw" and (report := reports.first()):
                report.withdraw(cast.officer, "Salah catat.")
            elif step == "return" and (report := reports.last()):
                report.send_back(cast.kanit, "Lengkapi uraian.")
            assert figures.total(unit, ONE_DAY) == Report.objects.counted().count()
        transaction.set_rollback(True)


def test_a_reading_is_one_query_whatever_the_data(cast, django_assert_num_queries):
    for offset in range(20):
        banyumanik(cast, 1, DAY - datetime.timedelta(days=offset))
    period = Period(DAY - datetime.timedelta(days=30), DAY)
    with django_assert_num_queries(1):
        assert figures.total(cast.units.polres, period) == 20
    for offset in range(0, 20, 2):
        recount.recount(cast.units.banyumanik.pk, DAY - datetime.timedelta(days=offset))
    with django_assert_num_queries(1):
        assert len(figures.counts(cast.units.polres, Measure.BY_KIND, period, by=("day", "key"))) == 20


class TestApi:
    """GET counts/, architecture.md 8."""

    URL = "/api/v1/counts/"

    def ask(self, client, **query):
        return client.get(self.URL, {"unit": "POLSEK-BANYUMANIK", "from": DAY, "to": DAY, **query})

    def test_answers_by_each_grouping(self, cast, api):
        banyumanik(cast, 2)
        make_report(cast.colleague, cast.units.banyumanik, cast.areas["33.74.11.1005"])
        client = api(cast.kapolsek)
        body = self.ask(client).json()
        assert body.keys() == {"unit", "from", "to", "counted_at", "total", "results"}
        assert (body["unit"], body["from"], body["to"], body["total"]) == ("POLSEK-BANYUMANIK", "2026-10-15", "2026-10-15", 3)
        expected = {
            "kind": [{"key": "DDS", "count": 3}],
            "day": [{"key": "2026-10-15", "count": 3}],
            "unit": [{"key": "POLSEK-BANYUMANIK", "count": 3}],
            "officer": [{"key": "80010001", "count": 2}, {"key": "80010002", "count": 1}],
            "area": [{"key": "33.74.11.1004", "count": 2}, {"key": "33.74.11.1005", "count": 1}],
        }
        assert {by: self.ask(client, by=by).json()["results"] for by in expected} == expected

    def test_a_corrected_nrp_takes_its_counts_along(self, cast, api):
        banyumanik(cast, 2)
        banyumanik(cast, 1, officer=cast.colleague)
        recount.recount(cast.units.banyumanik.pk, DAY)
        User.objects.filter(pk=cast.officer.pk).update(username="80019999")
        assert self.ask(api(cast.kapolsek), by="officer").json()["results"] == [
            {"key": "80010002", "count": 1},
            {"key": "80019999", "count": 2},
        ]
        [line] = [line for line in dashboards.officers(cast.units.banyumanik, ONE_DAY) if line["person"] == cast.officer]
        assert line["count"] == 2

    def test_a_polres_reads_its_polsek_and_a_polda_no_persons(self, cast, api):
        banyumanik(cast, 2)
        body = self.ask(api(cast.kapolres), unit="POLRESTABES-SEMARANG", by="unit").json()
        assert body["results"] == [{"key": "POLSEK-BANYUMANIK", "count": 2}]
        assert self.ask(api(cast.polda_reader), by="kind").json()["total"] == 2
        assert self.ask(api(cast.polda_reader), by="officer").status_code == 404

    @pytest.mark.parametrize("who", ["officer", "outsider", "admin", "secretary"])
    def test_is_not_there_for_others(self, cast, api, who):
        assert self.ask(api(cast.people[who])).status_code == 404

    def test_a_kapolsek_does_not_read_the_neighbour_or_the_polres(self, cast, api):
        for code in ("POLSEK-GAJAHMUNGKUR", "POLRESTABES-SEMARANG", "POLSEK-NIHIL"):
            assert self.ask(api(cast.kapolsek), unit=code).status_code == 404

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("from", "kemarin"),
            ("from", "2026-13-01"),
            ("to", "2026-10-14"),
            ("to", "9999-12-31"),
            ("by", "rank"),
            ("unit", "x" * 61),
            ("unit", ""),
            ("unit", "a\x00b"),
        ],
    )
    def test_bad_input_names_the_field(self, cast, api, field, value):
        answer = self.ask(api(cast.kapolsek), **{field: value})
        assert answer.status_code == 400
        assert [error["attr"] for error in answer.json()["errors"]] == [field]

    def test_what_is_missing_is_named(self, cast, api):
        answer = api(cast.kapolsek).get(self.URL)
        assert {error["attr"] for error in answer.json()["errors"]} == {"unit", "from", "to"}


def test_a_late_evening_counts_on_the_day_of_the_units_own_clock(cast, api):
    """23.30 WITA is 22.30 WIB and 15.30 UTC: the day is the one the report stands on."""
    Unit.objects.filter(pk=cast.units.banyumanik.pk).update(time_zone="Asia/Makassar")
    unit = Unit.objects.get(pk=cast.units.banyumanik.pk)
    moment = datetime.datetime(2026, 10, 31, 23, 30, tzinfo=unit.zone)
    make_report(cast.officer, unit, cast.areas["33.74.11.1004"], unit.day_of(moment), occurred_at=moment)
    query = {"unit": unit.code, "from": "2026-10-31", "to": "2026-10-31", "by": "day"}
    assert api(cast.kapolsek).get("/api/v1/counts/", query).json()["results"] == [{"key": "2026-10-31", "count": 1}]


def test_the_last_days_are_counted_first_and_older_ones_as_long_as_there_is_time(cast):
    today = timezone.localdate()
    for day in (today, DAY, DAY - datetime.timedelta(days=1)):
        banyumanik(cast, 1, day)
    old = CountMark.objects.filter(day__lte=DAY).count()
    recount.recount_marked(within=0)
    assert set(CountMark.objects.values_list("day", flat=True)) == {DAY, DAY - datetime.timedelta(days=1)}
    assert CountMark.objects.count() == old
    recount.recount_marked(within=20)
    assert not CountMark.objects.exists()

"""The sums of Polres, Polda and Mabes are exact: whatever is written, counted, added up, moved or killed, they equal the rows below."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol.models import Report, State
from polmas.people.models import TreeChange, Unit
from polmas.people.periods import Period
from polmas.summaries import branches, figures, recount, tasks
from polmas.summaries.models import BranchDay, BranchMark, DailyCount, Measure
from tests.summaries.rows import DAY, at_once, banyumanik, make_report

pytestmark = pytest.mark.usefixtures("quiet_queue")
ONE_DAY = Period(DAY, DAY)
SPAN = Period(DAY - datetime.timedelta(days=2), DAY + datetime.timedelta(days=1))


@pytest.fixture
def quiet_queue(monkeypatch):
    """No message reaches a worker: the tests count and add up themselves."""
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: None)


def gajahmungkur(cast, day=DAY):
    unit = Unit.objects.get(code="POLSEK-GAJAHMUNGKUR")
    return make_report(cast.outsider, unit, cast.areas["33.74.09.1001"], day=day)


def stored():
    """Sums of something: a unit that has none below, or a day on which all was taken back, has an empty one."""
    return BranchDay.objects.exclude(counts={})


def sums():
    return dict(stored().filter(day=DAY).values_list("unit__code", "counts__reports_by_kind__DDS"))


def tell_a_lie():
    """Sums that no rows make: what shows them read the sums, what does not read below."""
    stored().update(counts={Measure.BY_KIND: {"DDS": 40}})


def assert_all_figures_equal_the_rows():
    for unit in Unit.objects.all():
        rows = Report.objects.counted().filter(unit__path__startswith=unit.path)
        assert figures.total(unit, SPAN) == rows.count(), unit
        split = {row.branch: row.number for row in figures.counts(unit, Measure.BY_KIND, SPAN, by=("branch",))}
        lengths = len(unit.path) + Unit.steplen
        expected: dict[str, list[int]] = {}
        for path, officer in rows.values_list("unit__path", "officer"):
            expected.setdefault(path[:lengths], []).append(officer)
        assert split == {path: len(officers) for path, officers in expected.items()}, unit
        assert figures.officers_reporting(unit, SPAN) == {path: len(set(officers)) for path, officers in expected.items()}, unit
        by_day = {row.day: row.number for row in figures.counts(unit, Measure.BY_STATE, SPAN, by=("day",))}
        whole = Report.objects.filter(unit__path__startswith=unit.path)
        assert by_day == {day: whole.filter(day=day).count() for day in whole.values_list("day", flat=True)}, unit


def test_each_unit_above_has_one_row_a_day(cast):
    banyumanik(cast, 2)
    gajahmungkur(cast)
    tasks.recount_marked()
    assert sums() == {"POLRESTABES-SEMARANG": 3, "POLDA-JATENG": 3, "MABES": 3}
    assert not BranchMark.objects.exists()
    assert not TreeChange.objects.exists()


def test_an_unmarked_day_is_read_from_its_sum_and_a_marked_one_from_below(cast):
    banyumanik(cast, 2)
    gajahmungkur(cast)
    tasks.recount_marked()
    tell_a_lie()
    assert figures.total(cast.units.polda, ONE_DAY) == 40
    split = {row.branch: row.number for row in figures.counts(cast.units.polres, Measure.BY_KIND, ONE_DAY, by=("branch",))}
    assert split == {cast.units.banyumanik.path: 2, cast.units.gajahmungkur.path: 1}
    banyumanik(cast, 1)
    assert figures.total(cast.units.mabes, ONE_DAY) == 4
    recount.recount(cast.units.banyumanik.pk, DAY)
    assert figures.total(cast.units.mabes, ONE_DAY) == 4
    branches.add_up_marked()
    assert sums() == {"POLRESTABES-SEMARANG": 4, "POLDA-JATENG": 4, "MABES": 4}


def test_days_beside_a_marked_one_are_read_from_their_sums(cast):
    before = DAY - datetime.timedelta(days=1)
    banyumanik(cast, 1, before)
    banyumanik(cast, 1)
    tasks.recount_marked()
    tell_a_lie()
    banyumanik(cast, 1)
    by_day = {row.day: row.number for row in figures.counts(cast.units.mabes, Measure.BY_KIND, Period(before, DAY), by=("day",))}
    assert by_day == {before: 40, DAY: 2}


def test_a_unit_that_moves_takes_its_days_along(cast):
    banyumanik(cast, 2)
    gajahmungkur(cast)
    tasks.recount_marked()
    other = Unit.objects.add_child(cast.units.polda, dict(code="POLRES-KENDAL", name="Polres Kendal", kind="POLRES"))
    Unit.objects.move(Unit.objects.get(code="POLSEK-GAJAHMUNGKUR"), other, "sorted-child")
    assert_all_figures_equal_the_rows()
    branches.add_up_marked()
    assert sums() == {"POLRESTABES-SEMARANG": 2, "POLRES-KENDAL": 1, "POLDA-JATENG": 3, "MABES": 3}
    assert_all_figures_equal_the_rows()


def test_a_polsek_that_gets_its_first_post_keeps_its_own_days(cast):
    banyumanik(cast, 2)
    tasks.recount_marked()
    Unit.objects.add_child(Unit.objects.get(code="POLSEK-BANYUMANIK"), dict(code="POSPOL-A", name="Pospol A", kind="POSPOL"))
    assert figures.total(Unit.objects.get(code="POLSEK-BANYUMANIK"), ONE_DAY) == 2
    branches.add_up_marked()
    assert sums()["POLSEK-BANYUMANIK"] == 2
    assert_all_figures_equal_the_rows()


def test_everything_at_once_is_the_same_as_one_by_one(cast):
    banyumanik(cast, 2)
    gajahmungkur(cast, DAY - datetime.timedelta(days=1))
    tasks.recount_marked()
    kept = list(stored().order_by("unit", "day").values_list("unit", "day", "counts"))
    branches.add_up_all()
    assert kept == list(stored().order_by("unit", "day").values_list("unit", "day", "counts"))


def test_who_reported_stays_known_however_often_the_day_is_counted(cast):
    for _time in range(2):
        banyumanik(cast, 1)
        recount.recount_marked()
        assert list(figures.officers_reporting(cast.units.mabes, ONE_DAY).values()) == [1]


def test_a_sum_that_is_broken_off_stays_marked(cast):
    banyumanik(cast, 1)
    tasks.recount_marked()
    banyumanik(cast, 1)
    recount.recount(cast.units.banyumanik.pk, DAY)

    def kill(execute, sql, params, many, context):
        if "INSERT INTO summaries_branchday" in sql:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(kill), transaction.atomic():
        branches.add_up_marked()
    assert BranchMark.objects.filter(day=DAY).count() == 3
    assert figures.total(cast.units.mabes, ONE_DAY) == 2


STEPS = st.lists(st.sampled_from(["file", "beside", "yesterday", "withdraw", "count", "add up", "move", "post"]), min_size=1, max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_in_whichever_order_every_unit_reads_its_rows(cast, steps):
    with transaction.atomic():
        homes = ["POLRESTABES-SEMARANG", "POLRES-KENDAL"]
        Unit.objects.add_child(Unit.objects.get(code="POLDA-JATENG"), dict(code="POLRES-KENDAL", name="Polres Kendal", kind="POLRES"))
        for number, step in enumerate(steps):
            if step == "file":
                banyumanik(cast, 1)
            elif step == "beside":
                gajahmungkur(cast)
            elif step == "yesterday":
                banyumanik(cast, 1, DAY - datetime.timedelta(days=1))
            elif step == "withdraw" and (report := Report.objects.filter(state=State.SUBMITTED).last()):
                report.withdraw(report.officer, "Salah catat.")
            elif step == "count":
                recount.recount_marked()
            elif step == "add up":
                branches.add_up_marked()
            elif step == "move":
                homes.reverse()
                Unit.objects.move(Unit.objects.get(code="POLSEK-GAJAHMUNGKUR"), Unit.objects.get(code=homes[0]), "sorted-child")
            elif step == "post":
                fields = dict(code=f"POSPOL-{number}", name=f"Pospol {number}", kind="POSPOL")
                Unit.objects.add_child(Unit.objects.get(code="POLSEK-BANYUMANIK"), fields)
            assert_all_figures_equal_the_rows()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_polda_reads_no_wrong_number_while_everybody_works(cast):  # noqa: C901 - four kinds of threads, one story
    stop, wrong = threading.Event(), []
    banyumanik(cast, 3)

    def write():
        for _ in range(8):
            report, *_ = banyumanik(cast, 1)
            if report.pk % 3 == 0:
                report.withdraw(cast.officer, "Salah catat.")

    def count():
        while not stop.is_set():
            recount.recount_marked()

    def add_up():
        while not stop.is_set():
            branches.add_up_marked()

    def read():
        while not stop.is_set():
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                seen, there = figures.total(cast.units.polda, ONE_DAY), Report.objects.counted().filter(day=DAY).count()
            if seen != there:
                wrong.append((seen, there))

    at_once((count, add_up, add_up, read), [write] * 3, stop)
    assert wrong == []
    tasks.recount_marked()
    assert not BranchMark.objects.exists()
    assert sums()["POLDA-JATENG"] == Report.objects.counted().count() == DailyCount.objects.get(measure=Measure.BY_KIND).count


def test_a_reading_costs_one_statement(cast, django_assert_num_queries):
    banyumanik(cast, 1)
    tasks.recount_marked()
    with django_assert_num_queries(1):
        figures.counts(cast.units.mabes, Measure.BY_KIND, SPAN, by=("branch", "day", "key"))

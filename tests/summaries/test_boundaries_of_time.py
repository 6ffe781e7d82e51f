"""A minute before and after midnight, in each of the three time zones; the turn of the year; the leap day; a unit that moves."""

import datetime

import pytest
import time_machine

from patrol.sync import take
from polmas.people.models import Unit
from polmas.summaries import building, recount
from tests.mapping.incidents import make_incident
from tests.patrol.items import report_item
from tests.summaries.rows import banyumanik, make_report

MONDAY, TUESDAY = datetime.date(2026, 11, 2), datetime.date(2026, 11, 3)


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def figures(unit, kind, day):
    told = building.build(Unit.objects.get(pk=unit.pk), kind, day).figures
    return told["activities"]["total"]["now"], told["incidents"]["total"]["now"] or 0


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_a_minute_before_and_after_midnight_are_two_days_of_the_units_own_clock(cast, zone):
    """Filed by phone and entered at the counter: 23.59 is Monday's, 00.01 Tuesday's, whichever zone the unit stands in."""
    unit = Unit.objects.get(pk=cast.units.banyumanik.pk)
    unit.time_zone = zone
    unit.save()
    cast.units.banyumanik = unit
    late = datetime.datetime(2026, 11, 2, 23, 59, tzinfo=unit.zone)
    early = late + datetime.timedelta(minutes=2)
    with time_machine.travel(early + datetime.timedelta(hours=1), tick=False):
        items = [report_item(occurred_at=moment.isoformat()) for moment in (late, early, early + datetime.timedelta(minutes=1))]
        assert {answer["status"] for answer in take(cast.officer, items)} == {"created"}
        for moment in (late, early):
            make_incident(cast, at=moment, unit=unit)
    with time_machine.travel(datetime.datetime(2026, 11, 4, 3, 0, tzinfo=datetime.UTC), tick=False):
        for counted in (False, True):  # from the rows, then from the store
            if counted:
                recount.recount_marked()
            assert figures(unit, "daily", MONDAY) == (1, 1)
            assert figures(unit, "daily", TUESDAY) == (2, 1)


def test_a_week_over_new_year_counts_both_years_and_both_months_their_own(cast):
    unit = cast.units.banyumanik
    with time_machine.travel(datetime.datetime(2027, 1, 20, 3, 0, tzinfo=datetime.UTC), tick=False):
        for day in (datetime.date(2026, 12, 27), datetime.date(2026, 12, 31), datetime.date(2027, 1, 1), datetime.date(2027, 1, 4)):
            banyumanik(cast, 1, day)
        week = building.build(unit, "weekly", datetime.date(2027, 1, 2)).figures
        assert (week["activities"]["total"]["now"], week["activities"]["total"]["before"]) == (2, 1)
        assert week["activities"]["days"] == [0, 0, 0, 1, 1, 0, 0]
        assert figures(unit, "monthly", datetime.date(2026, 12, 1))[0] == 2
        assert figures(unit, "monthly", datetime.date(2027, 1, 1))[0] == 2


def test_the_leap_day_counts_in_its_day_week_and_month_and_a_year_later_in_the_comparison(cast):
    unit, leap = cast.units.banyumanik, datetime.date(2028, 2, 29)
    with time_machine.travel(datetime.datetime(2029, 3, 5, 3, 0, tzinfo=datetime.UTC), tick=False):
        banyumanik(cast, 3, leap)
        banyumanik(cast, 1, datetime.date(2029, 2, 28))
        assert [figures(unit, kind, leap)[0] for kind in ("daily", "weekly", "monthly")] == [3, 3, 3]
        later = building.build(unit, "monthly", datetime.date(2029, 2, 1)).figures["activities"]
        assert (later["total"]["now"], later["total"]["last_year"], len(later["days"])) == (1, 3, 28)


def test_a_unit_that_moves_in_mid_month_is_counted_whole_by_the_polres_it_stands_under_then(cast):
    """Its paper is one, for the whole month, and goes to where it stands when it is built; the old Polres neither counts nor misses it."""
    other = Unit.objects.add_child(Unit.objects.get(pk=cast.units.polda.pk), {"code": "POLRES-LAIN", "name": "Polres Lain", "kind": "POLRES"})
    banyumanik(cast, 2, datetime.date(2026, 10, 5))
    make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
    with time_machine.travel(datetime.datetime(2026, 10, 15, 3, 0, tzinfo=datetime.UTC), tick=False):
        Unit.objects.move(Unit.objects.get(pk=cast.units.banyumanik.pk), Unit.objects.get(pk=other.pk), "sorted-child")
    moved = Unit.objects.get(pk=cast.units.banyumanik.pk)
    banyumanik(cast, 3, datetime.date(2026, 10, 20))
    with time_machine.travel(datetime.datetime(2026, 11, 2, 3, 0, tzinfo=datetime.UTC), tick=False):
        october = datetime.date(2026, 10, 1)
        for unit in (moved, cast.units.gajahmungkur):
            building.build(Unit.objects.get(pk=unit.pk), "monthly", october)
        assert figures(moved, "monthly", october)[0] == 5
        assert figures(other, "monthly", october)[0] == 5
        assert figures(cast.units.polres, "monthly", october)[0] == 1
        polres = building.build(Unit.objects.get(pk=cast.units.polres.pk), "monthly", october)
        assert [row["code"] for row in polres.figures["units"]] == ["POLSEK-GAJAHMUNGKUR"]

"""Spans of days and the formula of change."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polmas.people.periods import Change, Period, finished, month_of, month_so_far, percent_of_change, signed, week_of, week_so_far

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
COUNTS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("before", "now", "difference", "percent"),
    [(4930, 4742, -188, "-3.81"), (5175, 4930, -245, "-4.73"), (31, 26, -5, "-16.13"), (2, 4, 2, "100.00")],
)
def test_change_as_the_weekly_bulletins_of_2020_print_it(before, now, difference, percent):
    change = Change(before, now)
    assert (change.difference, change.percent) == (difference, Decimal(percent))


def test_nothing_before_gives_no_percent():
    assert percent_of_change(0, 7) is None
    assert percent_of_change(0, 0) is None


@given(COUNTS.filter(bool), COUNTS)
def test_the_percent_leads_back_to_the_number(before, now):
    percent = percent_of_change(before, now)
    assert percent.as_tuple().exponent == -2
    assert abs(before + before * percent / 100 - now) <= Decimal(before) / 20000 + Decimal("0.0001")
    assert (percent > 0) <= (now > before)


@pytest.mark.parametrize(("number", "text"), [(56, "+56"), (-4, "−4"), (0, "0"), (Decimal("-3.81"), "−3,81"), (1234, "+1.234")])
def test_differences_carry_their_sign_and_the_comma(number, text):
    from django.utils import translation

    with translation.override("id"):
        assert signed(number, 2 if isinstance(number, Decimal) else 0) == text


@given(DAYS)
def test_a_month_is_compared_with_the_whole_month_before(day):
    month = month_of(day)
    before = month.previous()
    assert before == month_of(month.start - datetime.timedelta(days=1))
    assert month.last_year().start == month.start.replace(year=month.start.year - 1)
    assert (month.last_year().end + datetime.timedelta(days=1)).day == 1


@given(DAYS)
def test_a_running_span_is_compared_with_as_far_as_it_has_come(day):
    week, month = week_so_far(day), month_so_far(day)
    assert week.start.weekday() == 0
    assert (week.previous().days, week.previous().start.weekday()) == (week.days, 0)
    assert month.previous().start.day == 1
    assert month.previous().end < month.start
    assert week_of(day).days == 7


@given(DAYS, st.integers(1, 366))
def test_own_dates_are_compared_with_as_many_days_before(day, days):
    period = Period(day, day + datetime.timedelta(days=days - 1))
    before = period.previous()
    assert before.days == period.days == days
    assert before.end == period.start - datetime.timedelta(days=1)


@given(DAYS, st.integers(1, 366), st.integers(-3, 400))
def test_only_days_that_are_over_are_compared_and_as_many_of_both_spans(day, days, ahead):
    now = Period(day, day + datetime.timedelta(days=days - 1))
    today = day + datetime.timedelta(days=ahead)
    spans = finished(now, now.previous(), today)
    if today <= day:
        assert spans is None
    else:
        assert (spans[0].start, spans[0].end) == (day, min(now.end, today - datetime.timedelta(days=1)))
        assert (spans[1].start, spans[1].days) == (now.previous().start, spans[0].days)


def test_the_end_of_february_a_year_before():
    day, month = datetime.date(2029, 2, 28), Period(datetime.date(2029, 2, 1), datetime.date(2029, 2, 28), "month")
    assert Period(day, day).last_year() == Period(datetime.date(2028, 2, 28), datetime.date(2028, 2, 28))
    assert month.last_year().end == datetime.date(2028, 2, 29)
    assert Period(datetime.date(2028, 2, 29), datetime.date(2028, 2, 29)).last_year().start == datetime.date(2027, 2, 28)

"""When an entry of a register was visited last: always what its reports say, however they came, changed or went."""

import datetime

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol.models import Report, State, Visit
from patrol.models.reports import COUNTED
from patrol.recount import recount_due
from polmas.summaries.recount import recount
from tests.patrol.items import correction_of, report_item, send
from tests.summaries.rows import make_household, make_report

DAY = datetime.date(2026, 10, 15)
visits = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.integers(0, 500),
            "hour": st.integers(7, 17),
            "state": st.sampled_from(State.values),
            "is_absent": st.booleans(),
            "next": st.none() | st.integers(1, 90),
        }
    ),
    max_size=6,
    unique_by=lambda visit: (visit["days"], visit["hour"]),
)


def counted(household):
    household.refresh_from_db()
    return household.last_visit_on, household.seen_on, household.visit_count, household.due_on


def expected(told):
    """The same in plain Python, from (moment, visit)."""
    told = sorted((moment, visit) for moment, visit in told if visit.report.state in COUNTED)
    seen = max((moment.date() for moment, visit in told if not visit.is_absent), default=None)
    agreed = told[-1][1].next_visit_on if told else None
    due = agreed or (seen and seen + datetime.timedelta(days=180))
    return (told[-1][0].date() if told else None), seen, len(told), due


@given(plan=visits)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_what_the_reports_say(cast, plan):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    with transaction.atomic():
        household, told = make_household(unit, area), []
        for each in plan:
            day = DAY - datetime.timedelta(days=each["days"])
            moment = datetime.datetime.combine(day, datetime.time(each["hour"]), unit.zone)
            report = make_report(cast.officer, unit, area, day, each["state"], household, occurred_at=moment, received_at=moment)
            after = day + datetime.timedelta(days=each["next"]) if each["next"] else None
            Visit.objects.filter(report=report).update(is_absent=each["is_absent"], next_visit_on=after)
            told.append((moment, Visit.objects.select_related("report").get(report=report)))
        for day in {moment.date() for moment, _visit in told}:
            recount(unit.pk, day)
        assert counted(household) == expected(told)
        transaction.set_rollback(True)


def test_a_correction_that_names_another_household_frees_the_first(cast, api):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    first, second = make_household(unit, area, "Pertama"), make_household(unit, area, "Kedua")
    item = report_item(detail={"household": {"id": str(first.uuid)}})
    send(api(cast.officer), item)
    day = Report.objects.get().day
    recount(unit.pk, day)
    assert (counted(first)[2], counted(second)[2]) == (1, 0)
    send(api(cast.officer), correction_of(item, detail={"household": {"id": str(second.uuid)}}))
    recount(unit.pk, day)
    assert (counted(first), counted(second)[2]) == ((None, None, 0, None), 1)


def test_a_new_interval_of_the_unit_moves_what_is_due_and_leaves_what_was_agreed(cast):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    usual, agreed = make_household(unit, area, "Biasa"), make_household(unit, area, "Janji")
    for household in (usual, agreed):
        make_report(cast.officer, unit, area, DAY, household=household)
    Visit.objects.filter(household=agreed).update(next_visit_on=DAY + datetime.timedelta(days=10))
    recount(unit.pk, DAY)
    unit.visit_every_days = 30
    unit.save()
    recount_due(unit)
    assert (counted(usual)[3], counted(agreed)[3]) == (DAY + datetime.timedelta(days=30), DAY + datetime.timedelta(days=10))


def test_recounting_leaves_no_trace_in_the_history(cast):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    household = make_household(unit, area)
    make_report(cast.officer, unit, area, DAY, household=household)
    recount(unit.pk, DAY)
    assert household.events.count() == 0

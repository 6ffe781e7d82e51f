"""Whatever is counted beside reports: each measure follows its rows, read live and stored, at the Polsek and at Mabes."""

import contextlib
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fkpm.models import ActionItem, Case, Meeting
from mapping import incidents
from mapping.models import DailyStatement, Incident, Problem
from patrol.models import Report, State, Visit
from polmas.people.models import DayMark
from polmas.people.periods import Period
from polmas.summaries import figures, tasks
from polmas.summaries.dashboards import standing
from polmas.summaries.models import DailyCount, Measure
from polmas.summaries.models.counts import ADDED_UP
from tests.fkpm.cases import make_agreement, make_case, make_forum_agreement, signed
from tests.fkpm.scenes import adopt, make_minutes
from tests.mapping.incidents import make_incident, wib
from tests.mapping.problems import make_problem
from tests.summaries.rows import DAY, make_report


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: None)


def around(day, before=0, after=0):
    return Period(day - datetime.timedelta(days=before), day + datetime.timedelta(days=after))


def keys(unit, measure, period):
    return {row.key: row.number for row in figures.counts(unit, measure, period, by=("key",))}


def told(cast, measure, period):
    """The numbers of the Polsek, which those of Mabes equal; the same read from marked rows, and stored, with no mark left."""
    live = [keys(unit, measure, period) for unit in (cast.units.banyumanik, cast.units.mabes)]
    tasks.recount_marked()
    assert not DayMark.objects.exists()
    assert live == [keys(unit, measure, period) for unit in (cast.units.banyumanik, cast.units.mabes)]
    assert live[0] == live[1]
    return live[0]


def test_visits_and_voices_go_with_their_report(cast):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    make_report(cast.officer, unit, area, opinions=[("KEAMANAN", "TINGGI"), ("KEAMANAN", "TINGGI"), ("", "")])
    declined = make_report(cast.colleague, unit, area, opinions=[("SOSIAL", "")])
    Visit.objects.filter(report=declined).update(household=None, is_declined=True)
    assert told(cast, Measure.VISITS, around(DAY)) == {"household": 1, "declined": 1}
    assert told(cast, Measure.OPINIONS, around(DAY)) == {"KEAMANAN:TINGGI": 2, ":": 1, "SOSIAL:": 1}
    declined.withdraw(cast.colleague, "Salah catat.")
    assert told(cast, Measure.VISITS, around(DAY)) == {"household": 1}
    assert told(cast, Measure.OPINIONS, around(DAY)) == {"KEAMANAN:TINGGI": 2, ":": 1}


def test_incidents_by_class_kind_and_hours_on_the_units_own_day(cast):
    last = make_incident(cast, at=wib(2026, 10, 15, 23, 59))
    make_incident(cast, at=wib(2026, 10, 16, 0, 1), kind="LAKA")
    assert told(cast, Measure.INCIDENTS, around(DAY)) == {"KONVENSIONAL:CURANMOR:5": 1}
    assert told(cast, Measure.INCIDENTS, around(DAY, after=1)) == {"KONVENSIONAL:CURANMOR:5": 1, "GANGGUAN:LAKA:0": 1}
    incidents.handle(last, "P21", datetime.date(2026, 10, 20))
    assert told(cast, Measure.CLEARED, around(DAY)) == {"KONVENSIONAL:CURANMOR": 1}
    incidents.amend(last, cast.spkt, {"occurred_at": wib(2026, 10, 16, 8)})
    assert told(cast, Measure.INCIDENTS, around(DAY)) == {}
    assert told(cast, Measure.INCIDENTS, around(DAY, after=1)) == {"KONVENSIONAL:CURANMOR:2": 1, "GANGGUAN:LAKA:0": 1}
    incidents.withdraw(last, cast.spkt, "Ganda.")
    assert told(cast, Measure.INCIDENTS, around(DAY, after=1)) == {"GANGGUAN:LAKA:0": 1}


def test_what_spkt_states_of_a_day(cast):
    incidents.state(cast.units.banyumanik, DAY, DailyStatement.Says.NIHIL, cast.spkt)
    assert told(cast, Measure.STATEMENTS, around(DAY)) == {"NIHIL": 1}
    make_incident(cast, at=wib(2026, 10, 15, 9))
    incidents.state(cast.units.banyumanik, DAY, DailyStatement.Says.ISI, cast.spkt)
    assert told(cast, Measure.STATEMENTS, around(DAY)) == {"ISI": 1}


def test_problems_by_state_and_the_day_on_which_they_are_solved(cast):
    problem, today = make_problem(cast), cast.units.banyumanik.today()
    assert told(cast, Measure.PROBLEMS, around(today)) == {"LOKASI_RAWAN:TERPETAKAN": 1}
    Problem.objects.filter(pk=problem.pk).update(status="SELESAI", solved_on=today - datetime.timedelta(days=1))
    assert told(cast, Measure.PROBLEMS, around(today)) == {"LOKASI_RAWAN:SELESAI": 1}
    assert told(cast, Measure.SOLVED, around(today, before=1)) == {"LOKASI_RAWAN": 1}
    Problem.objects.filter(pk=problem.pk).delete()
    assert told(cast, Measure.PROBLEMS, around(today)) == {}


def test_a_confidential_problem_is_counted_nowhere(cast):
    problem, today = make_problem(cast), cast.units.banyumanik.today()
    assert told(cast, Measure.PROBLEMS, around(today)) == {"LOKASI_RAWAN:TERPETAKAN": 1}
    Problem.objects.filter(pk=problem.pk).update(is_confidential=True)
    assert told(cast, Measure.PROBLEMS, around(today)) == {}
    assert standing(cast.kapolsek, cast.units.banyumanik, around(today)).problems == {}


def test_meetings_with_their_minutes_and_what_they_gave_to_do(cast):
    meeting = make_minutes(cast.forum)
    day, action = meeting.day, meeting.actions.get()
    assert told(cast, Measure.MEETINGS, around(day)) == {"RUTIN:DRAFT": 1}
    assert told(cast, Measure.ACTIONS_DUE, around(action.due_on)) == {"OPEN": 1}
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at - datetime.timedelta(days=1))
    assert told(cast, Measure.MEETINGS, around(day)) == {}
    assert told(cast, Measure.MEETINGS, around(day, before=1)) == {"RUTIN:DRAFT": 1}
    adopt(meeting, cast.chair, cast.secretary)
    assert told(cast, Measure.MEETINGS, around(day, before=1)) == {"RUTIN:ADOPTED": 1}
    action.move_to(ActionItem.State.DONE, "", day)
    assert told(cast, Measure.ACTIONS_DONE, around(day)) == {"DONE": 1}
    assert told(cast, Measure.ACTIONS_DUE, around(action.due_on)) == {"DONE": 1}


def test_cases_and_agreements_once_they_are_signed(cast):
    case = make_case(cast)
    period = around(case.happened_on, before=2, after=2)
    assert told(cast, Measure.CASES, period) == {"PROSES": 1}
    agreement = make_agreement(case, cast.officer)
    assert told(cast, Measure.AGREEMENTS, period) == {}
    signed(agreement, cast.officer)
    assert told(cast, Measure.CASES, period) == {"DAMAI": 1}
    assert told(cast, Measure.AGREEMENTS, period) == {"PERDAMAIAN:BERLAKU": 1}
    signed(make_forum_agreement(cast.forum, cast.officer), cast.officer)
    assert told(cast, Measure.AGREEMENTS, period) == {"PERDAMAIAN:BERLAKU": 1, "FORUM:BERLAKU": 1}
    Case.objects.filter(pk=case.pk).update(is_standing=False)
    assert told(cast, Measure.CASES, period) == {}


def test_a_change_that_counts_for_nothing_marks_nothing(cast):
    incident, problem = make_incident(cast), make_problem(cast)
    tasks.recount_marked()
    Incident.objects.filter(pk=incident.pk).update(scene="PARKIRAN")
    Problem.objects.filter(pk=problem.pk).update(title="Lampu padam")
    assert not DayMark.objects.exists()


def solve(cast):
    Problem.objects.filter(solved_on=None).update(status="SELESAI", solved_on=timezone.localdate())


def withdraw(cast):
    for incident in Incident.objects.filter(withdrawn_at=None)[:1]:
        incidents.withdraw(incident, cast.spkt, "Ganda.")


def send_back(cast):
    for report in Report.objects.filter(state=State.SUBMITTED, kind="DDS")[:1]:
        report.send_back(cast.kanit, "Lengkapi.")


def file(cast):
    make_report(cast.officer, cast.units.banyumanik, cast.areas["33.74.11.1004"], day=timezone.localdate(), opinions=[("EKONOMI", "RENDAH")])


def move(cast):
    Problem.objects.filter(unit=cast.units.banyumanik).update(unit=cast.units.gajahmungkur)


def outcome(cast):
    Case.objects.update(outcome="TIDAK_SEPAKAT")


def shift(cast):
    Incident.objects.update(day=timezone.localdate())


def state_day(cast):
    with contextlib.suppress(ValidationError):  # with or without incidents on that day, as it comes
        incidents.state(cast.units.banyumanik, timezone.localdate(), DailyStatement.Says.NIHIL, cast.spkt)


def drop(cast):
    Problem.objects.filter(unit=cast.units.banyumanik).delete()


def count(cast):
    tasks.recount_marked()


ACTS = (make_incident, make_problem, make_case, solve, withdraw, send_back, file, move, outcome, shift, state_day, drop, count)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=2, max_size=16))
def test_whatever_happens_live_and_stored_equal_a_full_recount(cast, acts):
    period = around(timezone.localdate(), before=60, after=2)
    with transaction.atomic():
        for act in acts:
            act(cast)
        live = everything(cast, period)
        tasks.recount_marked()
        assert live == everything(cast, period)
        DailyCount.objects.all().delete()
        units = (cast.units.banyumanik, cast.units.gajahmungkur)
        DayMark.objects.bulk_create(DayMark(unit=unit, day=period.start + datetime.timedelta(days=place)) for unit in units for place in range(63))
        tasks.recount_marked()
        assert live == everything(cast, period)
        transaction.set_rollback(True)


def everything(cast, period):
    return {(unit.code, measure): keys(unit, measure, period) for unit in (cast.units.banyumanik, cast.units.polda) for measure in ADDED_UP}

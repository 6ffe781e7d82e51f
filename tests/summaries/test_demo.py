"""The demo: whole, believable, the same on every machine, and never among real people by accident."""

import datetime
import io

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from django.utils import timezone

from fkpm.models import ActionItem, Addendum, Attendance, Comment, Forum, Minutes
from mapping.models import Area, DailyStatement, Group, Incident, Partner, PostShift, Potential, Problem
from patrol.models import CountMark, Household, Photo, ProblemLink, Report, State
from patrol.models.reports import COUNTED
from polmas.people.models import Unit, User
from polmas.summaries.demo import places
from polmas.summaries.demo.loading import load
from polmas.summaries.demo.people import OFFICERS, PEOPLE
from polmas.summaries.management.commands import demo
from polmas.summaries.models import DailyCount, Measure, PeriodKind, Summary

ISSUE = {
    "80010001": {"Pedalangan", "Padangsari"},
    "80010002": {"Sumurboto"},
    "80020001": {"Gajahmungkur"},
}
NAMED = [*ISSUE, "80010090", "80010099", "80000090", "80000099", "fkpm-pedalangan", "fkpm-sumurboto", "80000001", "80099999"]


@pytest.fixture
def run_demo(db, settings, tmp_path, monkeypatch):
    """Runs the command as bin/up does and returns what it printed."""
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_PASSWORD, settings.HOST = demo.DEFAULT_PASSWORD, "127.0.0.1"
    monkeypatch.setenv("POLMAS_PRIVATE_DB", "1")

    def run(*args):
        out = io.StringIO()
        call_command("demo", *args, stdout=out)
        return out.getvalue()

    return run


def test_it_loads_once_and_as_a_whole(run_demo):
    printed = run_demo()
    assert all(name in printed for name in NAMED)
    people_are_who_the_issue_names()
    reports_are_consistent()
    forums_have_met()
    months_are_approved()
    incidents_are_stated()
    potentials_are_known()
    problems_have_a_course()
    before = (Report.objects.count(), User.objects.count(), Household.objects.count(), Photo.objects.count())
    assert "already loaded" in run_demo()
    assert before == (Report.objects.count(), User.objects.count(), Household.objects.count(), Photo.objects.count())


def potentials_are_known():
    assert Potential.objects.filter(area__code="33.74.11.1004").exclude(recorded_by=None).count() >= 5
    assert set(Potential.objects.values_list("main_class", flat=True)) == {"TEMPAT", "KEGIATAN", "BARANG"}
    assert Group.objects.filter(members__isnull=False).exists()
    assert Partner.objects.filter(unit__code="POLSEK-BANYUMANIK", cooperations__isnull=False).count() == 4
    assert PostShift.objects.exists()


def incidents_are_stated():
    assert Incident.objects.count() == 385
    assert not Incident.objects.filter(occurred_at__gt=timezone.now()).exists()
    for statement in DailyStatement.objects.select_related("unit"):
        assert (statement.says == "ISI") == Incident.objects.filter(unit=statement.unit, day=statement.day).exists()


def problems_have_a_course():
    assert Problem.objects.count() == 25
    for problem in Problem.objects.prefetch_related("steps"):
        problem.full_clean()
        assert problem.shape.within(problem.area.shapes.get(is_current=True).shape.buffer(0.002))
        stages = {step.stage for step in problem.steps.all()}
        assert (problem.status == "SELESAI") == ("NILAI" in stages)
    assert ProblemLink.objects.filter(role="SOURCE").exists()
    assert ProblemLink.objects.filter(role="ACTION").exists()


def people_are_who_the_issue_names():
    for name in NAMED:
        assert User.objects.get(username=name).check_password("polmas-demo")
    today = Unit.objects.get(code="POLSEK-BANYUMANIK").today()
    for username, names in ISSUE.items():
        held = Area.objects.held_by(User.objects.get(username=username), today)
        assert set(held.values_list("name", flat=True)) == names
    assert set(Unit.objects.polsek().values_list("code", flat=True)) == {"POLSEK-BANYUMANIK", "POLSEK-GAJAHMUNGKUR", "POLSEK-TEMBALANG"}
    assert Area.objects.villages().count() == 31
    assert Area.objects.locate(Point(110.4280, -7.0629, srid=4326), today).name == "Pedalangan"


def reports_are_consistent():
    visited = Household.objects.filter(visits__report__state__in=COUNTED)
    assert visited.exists()
    assert not visited.filter(visit_count=0).exists()
    today = Unit.objects.get(code="POLSEK-BANYUMANIK").today()
    days = Report.objects.values_list("day", flat=True)
    assert min(days) <= today - datetime.timedelta(days=59)
    assert max(days) >= today - datetime.timedelta(days=3)
    assert not Report.objects.filter(received_at__gt=timezone.now()).exists()
    assert not Report.objects.filter(received_at__lt=F("occurred_at")).exists()
    assert Report.objects.filter(state=State.RETURNED, officer__username="80010001").count() == 1
    assert Report.objects.filter(state=State.RETURNED).count() == 3
    assert Report.objects.filter(state=State.WITHDRAWN).count() == 1
    assert Photo.objects.count() >= 10
    astray = Report.objects.exclude(flags__contains=["OUTSIDE_AREA"]).exclude(officer__beats__area=F("area"))
    assert not astray.exists()
    assert not CountMark.objects.exists()
    counted = dict(Report.objects.counted().values_list("officer").annotate(Count("pk")))
    for officer, count in counted.items():
        assert sum(DailyCount.objects.filter(measure=Measure.BY_OFFICER, key=str(officer)).values_list("count", flat=True)) == count


def forums_have_met():
    assert sorted(Forum.objects.values_list("name", flat=True)) == ["FKPM Padangsari", "FKPM Pedalangan", "FKPM Sumurboto"]
    for forum in Forum.objects.exclude(status=Forum.Status.RINTISAN):
        assert 10 <= forum.active_members().count() <= 14
        assert forum.meetings.count() in (3, 4)
        assert forum.meetings.filter(starts_at__gt=timezone.now(), invitees__answer="COMING").exists()
        assert Minutes.objects.filter(meeting__forum=forum, state=Minutes.State.ADOPTED).count() == 2
        assert ActionItem.objects.filter(forum=forum).overdue(forum.unit.today()).count() == 1
        assert forum.actions.filter(state=ActionItem.State.DONE).exists()
    for minutes in Minutes.objects.filter(state=Minutes.State.ADOPTED):
        assert minutes.content_hash == minutes.meeting.content_hash()
        assert minutes.last_put_out()
        assert not minutes.put_out_unlike()
    assert Addendum.objects.get().is_adopted
    assert Attendance.objects.exclude(signature="").count() > 20
    assert {comment.outcome for comment in Comment.objects.all()} == {"OPEN", "ANSWERED", "TAKEN_OVER"}
    for moments in (Comment.objects.values_list("created_at", "answered_at"), Addendum.objects.values_list("created_at", "chair_adopted_at")):
        assert all(moment <= timezone.now() for row in moments for moment in row if moment)


def months_are_approved():
    approved = Summary.objects.filter(unit__code="POLSEK-BANYUMANIK", period=PeriodKind.MONTHLY, approved_at__isnull=False)
    assert [summary.state for summary in approved.order_by("starts_on")] == [Summary.State.DITERIMA] * 2
    assert all(summary.figures["activities"]["total"]["now"] > 300 for summary in approved)


def test_it_stays_out_of_a_foreign_database(run_demo, monkeypatch, settings, tmp_path):
    monkeypatch.delenv("POLMAS_PRIVATE_DB")
    settings.STATE_DIR = tmp_path
    with pytest.raises(CommandError, match="--force"):
        run_demo()
    assert not User.objects.exists()


def test_the_database_named_in_the_state_directory_is_its_own(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("POLMAS_PRIVATE_DB", raising=False)
    settings.STATE_DIR = tmp_path
    database = settings.DATABASES["default"]
    (tmp_path / "env").write_text(f"SECRET_KEY=x\nDATABASE_URL=postgis://{database['USER']}:y@/{database['HOST']}/{database['NAME']}\n")
    assert demo.is_own_database()
    (tmp_path / "env").write_text("DATABASE_URL=postgis://polmas:y@elsewhere:5432/other\n")
    assert not demo.is_own_database()


def test_the_known_password_is_for_this_machine_alone(run_demo, settings):
    settings.HOST = "0.0.0.0"
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        run_demo("--force")


def test_before_dawn_and_on_the_first_of_a_month_it_loads_as_well(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    first_of_march_before_dawn = datetime.datetime(2026, 2, 28, 18, 30, tzinfo=datetime.UTC)
    assert load("x", first_of_march_before_dawn) > 2000
    assert Report.objects.latest("day").day <= datetime.date(2026, 3, 1)
    settled_long_ago = Report.objects.filter(kind="PS")  # agreements whose 90th day is over
    assert Report.objects.exclude(pk__in=settled_long_ago).earliest("day").day == datetime.date(2026, 1, 1)


@pytest.mark.parametrize("hour_utc", [9, 11])
def test_on_a_working_day_s_end_no_visit_of_the_evening_is_told_yet(db, settings, tmp_path, hour_utc):
    settings.MEDIA_ROOT = tmp_path
    monday = datetime.datetime(2026, 10, 26, hour_utc, 40, tzinfo=datetime.UTC)  # 16.40 and 18.40 WIB
    load("x", monday)
    assert Report.objects.filter(day=datetime.date(2026, 10, 26)).exists()
    assert not Report.objects.filter(received_at__lt=F("occurred_at")).exists()
    assert not Report.objects.filter(occurred_at__gt=monday).exists()


def test_every_village_has_its_cell(db):
    cells = places.compute_cells()
    assert len(cells) == len(places.VILLAGES) == 31
    assert all(shape.valid and 300_000 < size < 12_000_000 for _, shape, size in cells)


def test_the_cast_is_complete():
    assert len({person.username for person in PEOPLE}) == len(PEOPLE)
    held = [code for person in OFFICERS for code in person.villages]
    assert len(held) == 31

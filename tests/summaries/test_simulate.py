"""Made-up reports for tests of scale: as whole as real ones, counted, the same each time, and never among real people by accident."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from mapping.models import Area
from patrol.checks import keep_prints
from patrol.models import CountMark, Household, Report, TextPrint, Visit
from polmas.people.models import User
from polmas.summaries.models import DailyCount, Measure
from polmas.summaries.recount import recount


def run(*args):
    out = io.StringIO()
    call_command("simulate", *args, "--force", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_empty_database_gets_a_country_first():
    run("--reports", "300", "--officers", "16")
    assert Report.objects.count() == Visit.objects.count() == 300
    assert User.objects.filter(postings__role="bhabinkamtibmas").count() == 16
    assert all(not user.has_usable_password() for user in User.objects.all())
    officer = User.objects.get(pk=Report.objects.first().officer_id)
    assert set(Report.objects.filter(officer=officer).values_list("area", flat=True)) == set(officer.beats.values_list("area", flat=True))


@pytest.mark.django_db
def test_each_report_lies_in_its_village_and_is_counted_once():
    run("--reports", "200", "--officers", "16")
    for report in Report.objects.select_related("area", "unit", "visit__household")[:50]:
        assert Area.objects.locate(report.location, report.day) == report.area
        assert report.unit.day_of(report.occurred_at) == report.day
        assert report.visit.household.area_id == report.area_id
    assert not CountMark.objects.exists()
    narratives = set(TextPrint.objects.values_list("report", "narrative"))
    keep_prints(list(Report.objects.values_list("pk", flat=True)))
    assert set(TextPrint.objects.values_list("report", "narrative")) == narratives
    kept = set(DailyCount.objects.values_list("unit", "day", "measure", "key", "count"))
    for unit, day in Report.objects.values_list("unit", "day").distinct().order_by():
        recount(unit, day)
    assert kept == set(DailyCount.objects.values_list("unit", "day", "measure", "key", "count"))
    assert sum(row.count for row in DailyCount.objects.filter(measure=Measure.BY_STATE)) == 200


def test_it_uses_whom_it_finds(cast):
    run("--reports", "60")
    officers = {cast.officer.pk, cast.colleague.pk, cast.outsider.pk}
    assert set(Report.objects.values_list("officer", flat=True)) == officers
    assert dict(Report.objects.order_by().values_list("unit").annotate(Count("pk"))).keys() == {cast.units.banyumanik.pk, cast.units.gajahmungkur.pk}


def test_the_same_seed_makes_the_same_and_is_taken_once(cast):
    run("--reports", "40", "--seed", "7")
    first = set(Report.objects.values_list("uuid", "result", "state"))
    with pytest.raises(CommandError, match="seed 7"):
        run("--reports", "40", "--seed", "7")
    Report.objects.all().delete()
    Household.objects.all().delete()
    run("--reports", "40", "--seed", "7")
    assert set(Report.objects.values_list("uuid", "result", "state")) == first


def test_a_foreign_database_is_refused(cast, monkeypatch, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    monkeypatch.delenv("POLMAS_PRIVATE_DB", raising=False)
    with pytest.raises(CommandError, match="not bin/up's own"):
        call_command("simulate", "--reports", "10")
    assert not Report.objects.exists()


@pytest.mark.parametrize("args", [["--reports", "-1"], ["--reports", "1", "--officers", "0"], ["--reports", "1", "--officers", "40001"]])
def test_numbers_that_make_no_sense_are_refused(args):
    with pytest.raises(CommandError, match="number of reports"):
        call_command("simulate", *args)

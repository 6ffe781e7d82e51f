"""A made-up country and its work for tests of scale: as whole as real ones, counted, the same each time, and never among real people by
accident."""

import datetime
import io

import pytest
from django.contrib.gis.db.models import Extent
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models import Count
from django.test import Client

from fkpm.models import ActionItem, AgendaItem, Agreement, AgreementPerson, Attendance, Case, CaseParty, Forum, Meeting, Member, Minutes
from mapping.models import Area, AreaShape, Beat, DailyStatement, Incident, Place, Problem, ProblemStep
from patrol import models as patrol
from patrol.checks import keep_prints
from patrol.models import CountMark, Household, Kind, Report, TextPrint
from patrol.recount import recount_all
from polmas.people.models import DayMark, Posting, Role, Unit, User
from polmas.people.models.units import UnitKind
from polmas.summaries import branches
from polmas.summaries.models import BranchDay, BranchMark, DailyCount, Measure
from polmas.summaries.models.counts import CountedDay, OfficerMonth
from polmas.summaries.recount import recount, recount_keys
from polmas.summaries.simulation import aside, forums, matters, rhythms

DETAILS = (patrol.Visit, patrol.Opinion, patrol.Patrol, patrol.Checkpoint, patrol.Watch, patrol.Counsel, patrol.Detection)
MORE_DETAILS = (patrol.ProblemSolving, patrol.ForumActivity, patrol.Coordination, patrol.Guard)
COUNTRY = (Unit, User, Posting, Beat, Place, AreaShape, Forum, Member)
WORK = (Household, Report, *DETAILS, *MORE_DETAILS, Case, CaseParty, Incident, DailyStatement, Problem, ProblemStep)
MEETINGS = (Meeting, AgendaItem, Attendance, ActionItem, Minutes, Agreement, AgreementPerson)


def run(*args):
    out = io.StringIO()
    call_command("simulate", *args, "--force", stdout=out)
    return out.getvalue()


@pytest.fixture
def crowded(monkeypatch, settings, tmp_path):
    """More of everything that is rare, so that some hundred reports bring some of it."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(matters, "REPORTS_OF_AN_INCIDENT", 6)
    monkeypatch.setattr(matters, "REPORTS_OF_A_PROBLEM", 10)
    monkeypatch.setattr(forums, "REPORTS_OF_A_MEETING", 15)
    monkeypatch.setattr(forums, "REPORTS_OF_AN_AGREEMENT", 30)


@pytest.mark.django_db
def test_an_empty_database_gets_a_country_first():
    run("--reports", "300", "--officers", "16")
    assert Report.objects.count() == 300
    assert User.objects.filter(postings__role="bhabinkamtibmas").count() == 16
    assert Unit.objects.polsek().count() == 2
    assert not any(user.has_usable_password() for user in User.objects.all())
    for report in Report.objects.select_related("officer"):
        assert report.officer.beats.filter(area=report.area_id).exists()


@pytest.mark.django_db
def test_all_of_it_is_what_the_models_allow(crowded):
    run("--reports", "600", "--officers", "16")
    for model in (*COUNTRY, *WORK, *MEETINGS):
        rows = list(model.objects.all())
        assert rows, model
        for row in rows:
            row.full_clean(exclude=["password"] if model is User else None)
    assert set(Report.objects.values_list("kind", flat=True)) == set(map(str, rhythms.KINDS))
    assert Minutes.objects.filter(state="ADOPTED").exists()
    assert Agreement.objects.filter(signed_at__isnull=False).exists()
    assert Incident.objects.filter(cleared_on__isnull=False).exists()


@pytest.mark.django_db
def test_each_report_lies_in_its_village_and_is_counted_once(crowded):
    run("--reports", "300", "--officers", "16")
    for report in Report.objects.select_related("area", "unit")[:50]:
        assert Area.objects.locate(report.location, report.day) == report.area
        assert report.unit.day_of(report.occurred_at) == report.day
    for visit in patrol.Visit.objects.select_related("report", "household")[:50]:
        assert visit.household.area_id == visit.report.area_id
    assert not CountMark.objects.exists()
    assert not DayMark.objects.exists()
    assert not BranchMark.objects.exists()
    narratives = set(TextPrint.objects.values_list("report", "narrative"))
    keep_prints(list(Report.objects.values_list("pk", flat=True)))
    assert set(TextPrint.objects.values_list("report", "narrative")) == narratives


@pytest.mark.django_db
def test_counts_are_those_of_a_recount(crowded):
    run("--reports", "300", "--officers", "16")
    kept = set(DailyCount.objects.values_list("unit", "day", "measure", "key", "count"))
    days = set(DailyCount.objects.values_list("unit", "day"))
    for unit in Unit.objects.polsek():
        first, last = datetime.date(2020, 1, 1), max(day for _unit, day in days) + datetime.timedelta(days=60)
        for n in range((last - first).days):
            day = first + datetime.timedelta(days=n)
            if (unit.pk, day) in days or day.weekday() == 0:
                recount(unit.pk, day)
    assert kept == set(DailyCount.objects.values_list("unit", "day", "measure", "key", "count"))
    assert {measure for _unit, _day, measure, _key, _count in kept} >= {Measure.INCIDENTS, Measure.CASES, Measure.MEETINGS, Measure.AGREEMENTS}
    assert sum(row.count for row in DailyCount.objects.filter(measure=Measure.BY_STATE)) == 300
    mabes = BranchDay.objects.filter(unit__kind=UnitKind.MABES)
    assert sum(sum(row.counts.get(Measure.BY_STATE, {}).values()) for row in mabes) == 300


def counted():
    """All that is counted of days, by table."""
    visits = Household.objects.order_by("pk").values_list("pk", "last_visit_on", "seen_on", "visit_count", "due_on")
    return {
        "counts": set(DailyCount.objects.values_list("unit", "day", "measure", "key", "count")),
        "officers": set(OfficerMonth.objects.values_list("month", "unit", "officer", "days")),
        "branches": {row[:2]: row[2] for row in BranchDay.objects.values_list("unit", "day", "counts")},
        "households": list(visits),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 100, 400], ids=["all at once", "few more to what is there", "more than is there"])
def test_all_that_is_counted_is_what_a_full_recount_finds(crowded, more):
    run("--reports", "300", "--officers", "16")
    if more:
        run("--reports", str(more), "--seed", "2")
    kept = counted()
    assert all(kept.values())
    days = set(CountedDay.objects.values_list("unit", "day"))
    DailyCount.objects.all().delete()
    OfficerMonth.objects.all().delete()
    BranchDay.objects.all().delete()
    Household.objects.update(last_visit_on=None, seen_on=None, visit_count=0, due_on=None)
    recount_keys(sorted(days))
    branches.add_up_marked()
    recount_all(Household.objects.all())
    assert counted() == kept


@pytest.mark.django_db
def test_a_day_counted_again_says_so(crowded):
    run("--reports", "300", "--officers", "16")
    assert set(CountedDay.objects.values_list("changes", flat=True)) == {1}
    run("--reports", "200", "--seed", "2")
    assert set(CountedDay.objects.values_list("changes", flat=True)) == {1, 2}


def definitions():
    """Every constraint and index of the database with its definition, and whether it holds."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint UNION ALL
            SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index UNION ALL
            SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled = 'O' FROM pg_trigger WHERE NOT tgisinternal
        """)
        return sorted(cursor.fetchall())


@pytest.mark.django_db
def test_keys_and_indexes_that_were_laid_aside_are_back():
    before = definitions()
    run("--reports", "100", "--officers", "4")
    assert definitions() == before


@pytest.mark.django_db(transaction=True)
def test_tables_are_locked_all_at_once_or_none(monkeypatch):
    """Who held some of them while waiting for another would end in a deadlock with a reader of both."""
    monkeypatch.setattr(aside, "TRIES", 2)
    reader = connection.copy()
    try:
        with reader.cursor() as reading, transaction.atomic(), connection.cursor() as cursor:
            reading.execute("BEGIN; SELECT FROM summaries_dailycount")
            with pytest.raises(OperationalError):
                aside.lock(cursor, (Report, DailyCount))
            reading.execute("LOCK TABLE patrol_report IN ACCESS SHARE MODE NOWAIT")  # raises where it is held
            reading.execute("COMMIT")
            aside.lock(cursor, (Report, DailyCount))
            for held in ("patrol_report", "summaries_dailycount", "people_unit"):  # the last one is pointed at
                with pytest.raises(OperationalError):
                    reading.execute(f"BEGIN; LOCK TABLE {held} IN ACCESS SHARE MODE NOWAIT")
                reading.execute("ROLLBACK")
    finally:
        reader.close()


@pytest.mark.django_db
def test_every_page_of_those_who_serve_opens(crowded):
    run("--reports", "300", "--officers", "16")
    for role in (Role.BHABINKAMTIBMAS, Role.KAPOLSEK, Role.KANIT_BINMAS, Role.SPKT, Role.KAPOLRES, Role.KAPOLDA, Role.PEMBACA_MABES):
        client = Client()
        client.force_login(User.objects.filter(postings__role=role).first(), backend="django.contrib.auth.backends.ModelBackend")
        for path in ("/", "/dasbor/", "/kegiatan/", "/peta/", "/rekap/", "/fkpm/", "/masalah/", "/lainnya/"):
            assert client.get(path).status_code in (200, 404), (role, path)
        assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_official_codes_make_the_country_that_they_name():
    Area.objects.make(
        {
            "33": "Jawa Tengah",
            "33.74": "Kota Semarang",
            "33.74.11": "Banyumanik",
            "33.74.11.1004": "Pedalangan",
            "33.74.11.1005": "Srondol",
            "93": "Papua Selatan",
            "93.01": "Kabupaten Merauke",
            "93.01.01": "Merauke",
            "93.01.01.2001": "Wasur",
            "91": "Papua",
            "91.03": "Kabupaten Jayapura",
            "91.03.01": "Sentani",
            "91.03.01.1001": "Hinekombe",
        },
        {},
        listed_on=datetime.date(2026, 1, 1),
    )
    run("--reports", "0", "--officers", "3")
    names = set(Unit.objects.values_list("name", "time_zone"))
    assert {("Polresta Semarang", "Asia/Jakarta"), ("Polsek Banyumanik", "Asia/Jakarta"), ("Polres Merauke", "Asia/Jayapura")} < names
    assert Unit.objects.filter(kind=UnitKind.POLDA).count() == 2
    assert Unit.objects.get(name="Polda Papua").numchild == 2
    assert all(area.units.count() == 1 for area in Area.objects.villages())
    assert User.objects.filter(postings__role=Role.BHABINKAMTIBMAS).count() == 3
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    west, south, east, north = AreaShape.objects.aggregate(box=Extent("shape"))["box"]
    assert west >= 94.5
    assert south >= -11.5
    assert east <= 141.5
    assert north <= 6.5


def test_days_and_hours_have_their_rhythm():
    days = rhythms.spread(100_000, datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))
    number = {day: last - first + 1 for day, first, last in days}
    assert sum(number.values()) == 100_000
    assert number[datetime.date(2026, 8, 12)] > 1.5 * number[datetime.date(2026, 8, 16)]  # Wednesday and Sunday
    assert number[datetime.date(2026, 3, 24)] < 0.6 * number[datetime.date(2026, 4, 14)]  # Lebaran
    assert sum(rhythms.KINDS.values()) == 1000
    assert set(rhythms.KINDS) <= set(Kind)


def test_it_uses_whom_it_finds(cast):
    run("--reports", "60")
    officers = {cast.officer.pk, cast.colleague.pk, cast.outsider.pk}
    assert set(Report.objects.values_list("officer", flat=True)) == officers
    assert dict(Report.objects.order_by().values_list("unit").annotate(Count("pk"))).keys() == {cast.units.banyumanik.pk, cast.units.gajahmungkur.pk}


def test_the_same_seed_makes_the_same_and_is_taken_once(cast):
    run("--reports", "40", "--seed", "7")
    first = set(Report.objects.values_list("uuid", "kind", "result", "state"))
    with pytest.raises(CommandError, match="seed 7"):
        run("--reports", "40", "--seed", "7")
    run("--reports", "40", "--seed", "8")
    assert Report.objects.count() == 80
    assert not set(Report.objects.values_list("uuid", "kind", "result", "state")) <= first


def test_a_foreign_database_is_refused(cast, monkeypatch, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    monkeypatch.delenv("POLMAS_PRIVATE_DB", raising=False)
    with pytest.raises(CommandError, match="not bin/up's own"):
        call_command("simulate", "--reports", "10")
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "args",
    [["--reports", "-1"], ["--reports", "1", "--officers", "0"], ["--reports", "1", "--officers", "40001"], ["--reports", "1", "--years", "6"]],
)
def test_numbers_that_make_no_sense_are_refused(args):
    with pytest.raises(CommandError, match="number of reports"):
        call_command("simulate", *args)

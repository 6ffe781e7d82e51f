"""The situation on a dashboard: what the counts say of incidents, problems, voices and forums, beside another period; and what villages lack."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from fkpm.models import Forum
from mapping import incidents
from mapping.models import Beat, DailyStatement, Place, Problem
from polmas.people.models import User
from polmas.people.periods import Period
from polmas.summaries import coverage, dashboard_situation, dashboards, tasks
from tests.fkpm.scenes import adopt, make_minutes
from tests.mapping.incidents import make_incident
from tests.mapping.problems import make_problem
from tests.summaries.rows import make_report

LEVELS = ("banyumanik", "polres", "polda", "mabes")


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: None)
    cache.clear()


@pytest.fixture
def week(cast):
    """Seven days up to yesterday."""
    yesterday = cast.units.banyumanik.today() - datetime.timedelta(days=1)
    return Period(yesterday - datetime.timedelta(days=6), yesterday)


def at(day, hour, unit):
    return datetime.datetime.combine(day, datetime.time(hour), unit.zone)


@pytest.fixture
def scene(cast, week):
    """Three incidents of the week and one of the week before, a problem solved, voices, and adopted minutes."""
    unit = cast.units.banyumanik
    for hour, kind in ((21, "CURANMOR"), (22, "CURANMOR"), (3, "LAKA")):
        make_incident(cast, kind=kind, at=at(week.end, hour, unit))
    incidents.handle(make_incident(cast, at=at(week.previous().end, 9, unit)), "P21", week.previous().end)
    incidents.state(unit, week.end, DailyStatement.Says.ISI, cast.spkt)
    make_problem(cast)
    Problem.objects.filter(pk=make_problem(cast).pk).update(status="SELESAI", solved_on=week.end)
    voices = [("KEAMANAN", "TINGGI"), ("KEAMANAN", "RENDAH"), ("SOSIAL", "")]
    make_report(cast.officer, unit, cast.areas["33.74.11.1004"], day=week.end, opinions=voices)
    adopt(make_minutes(cast.forum, days_ago=2), cast.chair, cast.secretary)


def situation_of(unit, week):
    rows = dashboard_situation.read(unit, week, week.previous())
    return dashboard_situation.situation_of(unit, rows, week, week.previous(), dashboards.standing(User(), unit, week).problems)


def lines_of(told):
    return {line.code: (line.change.before, line.change.now) for line in (*told.crimes, *told.others) if line.change.before or line.change.now}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("is_counted", [False, True])
def test_says_the_same_at_every_level_marked_or_stored(cast, week, scene, level, is_counted):
    if is_counted:
        tasks.recount_marked()
    told = situation_of(getattr(cast.units, level), week)
    assert (told["incidents"].total.change.before, told["incidents"].total.change.now) == (1, 3)
    assert lines_of(told["incidents"]) == {"KONVENSIONAL": (1, 2), "GANGGUAN": (0, 1)}
    assert told["incidents"].top[0].change.now == 2
    assert (told["incidents"].crime_total, told["incidents"].crime_cleared) == (2, 0)
    assert (told["problems"]["open"], told["problems"]["solved"].now, [row[2] for row in told["problems"]["classes"]]) == (1, 1, [1])
    assert told["opinions"]["fields"] == [("keamanan", 2, 1), ("sosial", 1, 0)]
    assert (told["visits"].now, told["forums"]["meetings"].now, told["forums"]["adopted"].now) == (1, 1, 1)


def test_hours_stand_by_weekday_in_bands_of_four(cast, week, scene):
    told = situation_of(cast.units.polda, week)["hours"]
    numbers = [[cell["number"] for cell in band["cells"]] for band in told["bands"]]
    weekday = week.end.weekday()
    assert (numbers[5][weekday], numbers[0][weekday], told["total"]) == (2, 1, 3)
    assert told["bands"][5]["cells"][weekday]["heat"] == 7


def test_days_that_spkt_did_not_fill_in_are_told(cast, week, scene):
    assert situation_of(cast.units.banyumanik, week)["stated"] == {"days": 1, "of": 7}
    polsek = type(cast.units.polres).objects.below(cast.units.polres).filter(kind="POLSEK").count()
    assert situation_of(cast.units.polres, week)["stated"] == {"days": 1, "of": 7 * polsek}


def test_says_which_of_both_periods_is_hardly_filled_in(cast, sign_in, week):
    days = {"dari": week.start, "sampai": week.end}
    for place in range(7):
        incidents.state(cast.units.banyumanik, week.previous().end - datetime.timedelta(days=place), DailyStatement.Says.NIHIL, cast.spkt)
    incidents.state(cast.units.banyumanik, week.end, DailyStatement.Says.NIHIL, cast.spkt)
    page = sign_in(cast.kapolsek).get("/dasbor/", days).content.decode()
    assert "Hari yang terisi terlalu sedikit untuk dibandingkan" in page
    assert "baru diisi untuk 7 dari 7 hari" not in page


class TestPage:
    URL = "/dasbor/"

    def test_lines_lead_to_their_rows_for_those_who_read_them(self, cast, sign_in, week, scene):
        days = {"dari": week.start, "sampai": week.end}
        client = sign_in(cast.kapolsek)
        context = client.get(self.URL, days).context
        rows = client.get(f"{context['incidents_link']}&kelas=KONVENSIONAL").context["page"].paginator.count
        assert rows == 2
        hours = client.get(f"{context['incidents_link']}&jam=5&hari={week.end.isoweekday()}").context["page"].paginator.count
        assert hours == 2
        assert sign_in(cast.polda_reader).get(self.URL, days).context["incidents_link"] == ""

    def test_beside_the_same_days_of_last_year(self, cast, sign_in, week):
        make_incident(cast, at=at(week.last_year().end, 9, cast.units.banyumanik))
        page = sign_in(cast.kapolsek).get(self.URL, {"dari": week.start, "sampai": week.end, "banding": "tahun"})
        assert page.context["before"] == week.last_year()
        assert page.context["situation"]["incidents"].total.change.before == 1
        assert "banding=tahun" in page.context["here"]
        assert page.context["with_incident_percent"] is False, "SPKT stated nothing"
        unknown = sign_in(cast.kapolsek).get(self.URL, {"dari": week.start, "sampai": week.end, "banding": "abad"})
        assert unknown.context["before"] == week.previous()

    def test_says_that_nothing_is_filled_in_rather_than_nothing_happened(self, cast, sign_in):
        assert "Data gangguan belum diisi" in sign_in(cast.kapolsek).get(self.URL).content.decode()

    def test_goes_along_as_a_table_with_the_same_numbers(self, cast, sign_in, week, scene):
        days = {"dari": week.start, "sampai": week.end, "bentuk": "csv"}
        told = b"".join(sign_in(cast.kapolsek).get("/dasbor/unduh/", days).streaming_content).decode("utf-8-sig")
        rows = [line.split(",")[:5] for line in told.splitlines()]
        assert ["Gangguan", "Semua", "1", "3", "2"] in rows
        assert ["FKPM", "Notulen disahkan", "0", "1", "1"] in rows
        book = sign_in(cast.polda_reader).get("/dasbor/unduh/", days | {"bentuk": "xlsx"})
        assert b"".join(book.streaming_content).startswith(b"PK")
        assert cast.officer.full_name in told
        above = b"".join(sign_in(cast.polda_reader).get("/dasbor/unduh/", days).streaming_content).decode("utf-8-sig")
        assert cast.officer.full_name not in above


class TestGaps:
    def test_a_village_is_covered_by_an_officer_of_its_rw_a_forum_and_a_post_in_use(self, cast):
        Beat.objects.all().delete()
        Forum.objects.update(status=Forum.Status.RINTISAN)
        Place.objects.all().delete()
        unit, village = cast.units.banyumanik, cast.areas["33.74.11.1004"]
        every = coverage.gaps_of(unit)
        assert every["officer"] == every["forum"] == every["post"] == every["villages"] > 1
        rw = village.children.create(code=f"{village.code}.001", name="RW 001", level="RW", depth=village.depth + 1)
        Beat.objects.create(user=cast.officer, area=rw, unit=unit, starts_on=unit.today())
        Forum.objects.update(status="AKTIF", area=village)
        Place.objects.create(unit=unit, area=village, name="Pos Melati")
        closed = cast.areas["33.74.11.1005"]
        Place.objects.create(unit=unit, area=closed, name="Pos Mawar", closed_on=unit.today())
        cache.clear()
        assert coverage.gaps_of(unit) == {**every, **dict.fromkeys(("officer", "forum", "post"), every["villages"] - 1)}
        assert village not in coverage.villages_lacking(unit, "post")
        assert closed in coverage.villages_lacking(unit, "post")

    def test_the_number_leads_to_the_villages(self, cast, sign_in):
        client = sign_in(cast.kapolres)
        [(_label, number, link)] = [line for line in client.get("/dasbor/").context["gap_lines"] if "tanpa=officer" in line[2]]
        assert client.get(link).context["page_obj"].paginator.count == number
        assert client.get(f"{link}x&satuan=POLSEK-NIHIL").status_code == 404

    def test_is_not_there_for_others(self, cast, sign_in):
        for who in ("officer", "outsider", "secretary", "admin"):
            assert sign_in(cast.people[who]).get(reverse("summaries:dashboard_gaps")).status_code == 404

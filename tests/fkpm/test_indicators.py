"""What a forum's year is measured by, counted from its rows."""

import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from fkpm import indicators
from fkpm.accounts_on_paper import report_on_paper
from fkpm.models import ActionItem, Case, CaseParty, Survey
from tests.fkpm.scenes import adopt, make_meeting, make_minutes
from tests.fkpm.test_surveys import fill, past

DAY = datetime.timedelta(days=1)


def told(cast):
    return {reading.indicator.key: reading for reading in indicators.readings(cast.forum, cast.forum.unit.today().year)}


def case(cast, outcome, **more):
    told = {"unit": cast.units.banyumanik, "area": cast.forum.area, "officer": cast.officer, "category": "TETANGGA", **more}
    return Case.objects.create(**told, happened_on=timezone.localdate(), outcome=outcome, forum=cast.forum)


def test_nothing_recorded_is_no_zero_of_a_share(cast):
    readings = told(cast)
    assert (readings["rapat"].now, readings["kehadiran"].now, readings["kepercayaan"].now) == (0, None, None)


def test_each_number_is_counted_from_its_rows(cast, sign_in):
    meeting = make_minutes(cast.forum)
    adopt(meeting, cast.chair, cast.secretary)
    make_minutes(cast.forum, days_ago=2)  # a draft: its decision does not count yet
    make_meeting(cast.forum, days_ago=-3)
    make_minutes(cast.other_forum)
    action = ActionItem.objects.filter(forum=cast.forum, meeting=meeting).get()
    action.move_to("DONE", "", action.due_on)
    for outcome, unit in (("DAMAI", ""), ("DILIMPAHKAN", "SPKT")):
        CaseParty.objects.create(case=case(cast, outcome, referred_to=unit), role="PIHAK_1", name="Widodo")
    readings = told(cast)
    found = {key: readings[key].now for key in ("rapat", "kehadiran", "keputusan", "tindak-lanjut", "perkara", "damai", "diteruskan")}
    assert found == {"rapat": 2, "kehadiran": 100, "keputusan": 1, "tindak-lanjut": 100, "perkara": 2, "damai": 1, "diteruskan": 1}
    client = sign_in(cast.secretary)
    for key, n in (("rapat", 2), ("keputusan", 1), ("tindak-lanjut", 1), ("program", 0), ("kepuasan", 0)):
        assert len(client.get(f"/fkpm/{cast.forum.uuid}/capaian/{key}/").context["rows"]) == n
    for key in ("perkara", "tidak-ada"):
        assert client.get(f"/fkpm/{cast.forum.uuid}/capaian/{key}/").status_code == 404
    assert "Widodo" not in client.get(f"/fkpm/{cast.forum.uuid}/capaian/").content.decode()


def test_the_survey_stands_beside_the_one_before(cast):
    today = cast.forum.unit.today()
    this = Survey.objects.create(forum=cast.forum, year=today.year, opens_on=today, closes_on=today, created_by=cast.chair)
    last = Survey.objects.create(
        forum=cast.forum, year=today.year - 1, opens_on=today - 400 * DAY, closes_on=today - 390 * DAY, created_by=cast.chair
    )
    fill(last, 5, trust=3)
    fill(this, 5, trust=4)
    past(this)
    reading = told(cast)["kepercayaan"]
    assert (reading.now, reading.before, reading.change, reading.of) == (4, 3, 1, 5)


def test_the_yearly_report_holds_all_of_it_and_no_party(cast, sign_in):
    adopt(make_minutes(cast.forum), cast.chair, cast.secretary)
    CaseParty.objects.create(case=case(cast, "DAMAI"), role="PIHAK_1", name="Widodo")
    year = cast.forum.unit.today().year
    html = render_to_string("fkpm/report_print.html", report_on_paper(cast.forum, year))
    for text in ("FKPM Pedalangan", "H. Slamet Riyadi", "Lampu gang 3 diganti dari kas RW."):
        assert text in html
    assert "Widodo" not in html
    assert sign_in(cast.secretary).get(f"/fkpm/{cast.forum.uuid}/capaian/pdf/").status_code == 202


def test_the_page_costs_the_same_for_many_meetings(cast, sign_in, django_assert_max_num_queries):
    for number in range(4):
        make_minutes(cast.forum, days_ago=10 + number)
    client = sign_in(cast.chair)
    client.get(f"/fkpm/{cast.forum.uuid}/capaian/")
    with django_assert_max_num_queries(30):
        client.get(f"/fkpm/{cast.forum.uuid}/capaian/")

"""The yearly survey: anonymous by what is stored, open between its days, told only when it tells nothing about one person."""

import datetime

import pytest
from django.core.cache import cache
from django.db import IntegrityError, InternalError, transaction
from django.template.loader import render_to_string

from fkpm import surveying
from fkpm.accounts_on_paper import survey_on_paper
from fkpm.models import Survey, SurveyAnswer, SurveyRemark

DAY = datetime.timedelta(days=1)
FILLED = {"safety": "4", "fear": "2", "acquaintance": "5", "trust": "4", "satisfaction": "3", "group": "WARGA", "remark": ""}


@pytest.fixture
def survey(cast):
    today = cast.forum.unit.today()
    return Survey.objects.create(forum=cast.forum, year=today.year, opens_on=today, closes_on=today + 9 * DAY, created_by=cast.chair)


def past(survey, years=0):
    """The survey as it is once its days are over."""
    Survey.objects.filter(pk=survey.pk).update(opens_on=survey.opens_on - 30 * DAY, closes_on=survey.opens_on - DAY)
    survey.refresh_from_db()
    return survey


def fill(survey, n, group="WARGA", **values):
    given = {"safety": 4, "fear": 2, "acquaintance": 3, "trust": 4, "satisfaction": 3, **values}
    SurveyAnswer.objects.bulk_create([SurveyAnswer(survey=survey, group=group, **given) for _ in range(n)])


class TestAnswering:
    def test_an_hour_that_ends_between_two_looks_refuses_nobody(self, survey, client, monkeypatch):
        monkeypatch.setattr(cache, "add", lambda *args, **more: None)  # the key is gone again before it is counted
        assert client.post(f"/survei/{survey.code}/", FILLED).status_code == 302

    def test_a_survey_that_is_answered_while_it_is_deleted_stays(self, cast, survey, sign_in, monkeypatch):
        fill(survey, 1)
        monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda rows: rows.model is not SurveyAnswer and bool(rows[:1]))
        answer = sign_in(cast.chair).post(f"/fkpm/survei/{survey.uuid}/hapus/")
        assert answer.url == f"/fkpm/survei/{survey.uuid}/"
        assert Survey.objects.filter(pk=survey.pk).count() == 1

    def test_a_visitor_answers_and_leaves_no_trace(self, survey, client):
        page = client.get(f"/survei/{survey.code}/")
        assert page.status_code == 200
        assert not page.cookies
        assert "noindex" in page["X-Robots-Tag"]
        answer = client.post(f"/survei/{survey.code}/", {**FILLED, "remark": "Lampu gang 3 mati."})
        assert answer.status_code == 302
        assert [cookie.value for cookie in answer.cookies.values()] == [survey.code]
        kept = SurveyAnswer.objects.get()
        assert (kept.safety, kept.fear, kept.satisfaction) == (4, 2, 3)
        assert {field.name for field in SurveyAnswer._meta.fields} == {"id", "survey", "group", *surveying.ITEMS}
        assert SurveyRemark.objects.get().state == "MENUNGGU"
        assert "Terima kasih" in client.get(answer.url).content.decode()

    def test_the_same_browser_is_asked_once_and_may_pass_the_phone_on(self, survey, client):
        client.post(f"/survei/{survey.code}/", FILLED)
        assert b"<form" not in client.get(f"/survei/{survey.code}/").content
        assert b"<form" in client.get(f"/survei/{survey.code}/?lagi=1").content

    def test_nothing_odd_is_kept(self, survey, client):
        path = f"/survei/{survey.code}/"
        for changes in (
            {"safety": "6"},
            {"safety": "x"},
            {"remark": "x" * 5000},
            {"remark": "a\0b"},
            {"group": "POLISI"},
            dict.fromkeys(surveying.ITEMS, ""),
        ):
            page = client.post(path, {**FILLED, **changes})
            assert (page.status_code, page.context["form"].is_valid()) == (200, False), changes
        assert client.post(path, {}).status_code == 200
        assert client.get("/survei/tidakada/").status_code == 404
        assert not SurveyAnswer.objects.exists()

    def test_a_form_of_another_site_is_refused(self, survey, client):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://jahat.example"}):
            assert client.post(f"/survei/{survey.code}/", FILLED, headers=headers).status_code == 403
        assert client.post(f"/survei/{survey.code}/", FILLED, headers={"Origin": "http://testserver"}).status_code == 302

    def test_one_address_answers_only_so_often_and_is_not_kept_in_clear(self, survey, client, monkeypatch):
        monkeypatch.setattr(surveying, "MOST_AN_HOUR", 2)
        kept = []
        monkeypatch.setattr(cache, "add", lambda key, *rest: kept.append(key) or type(cache).__getattr__(cache, "set")(key, len(kept) - 1))
        answers = [client.post(f"/survei/{survey.code}/", FILLED).status_code for _ in range(3)]
        assert answers == [302, 302, 429]
        assert len(set(kept)) == 1
        assert "127.0.0.1" not in kept[0]
        assert SurveyAnswer.objects.count() == 2

    def test_it_is_closed_before_and_after_its_days(self, survey, client):
        Survey.objects.update(opens_on=survey.opens_on + DAY)
        assert client.post(f"/survei/{survey.code}/", FILLED).status_code == 200
        past(survey)
        assert client.post(f"/survei/{survey.code}/", FILLED).status_code == 200
        assert not SurveyAnswer.objects.exists()

    def test_it_speaks_english_to_who_asks(self, survey, client):
        page = client.get(f"/survei/{survey.code}/?bahasa=en").content.decode()
        assert '<html lang="en"' in page
        assert "Five questions" in page


class TestResults:
    def test_they_come_when_it_is_over_and_of_five_at_least(self, survey):
        fill(survey, 5)
        assert survey.results() is None
        told = past(survey).results()
        assert (told["n"], told["items"]["safety"]["mean"], told["items"]["safety"]["spread"]) == (5, 4, [0, 0, 0, 5, 0])

    def test_four_say_nothing(self, survey):
        fill(survey, 4)
        assert past(survey).results() is None

    def test_a_question_that_few_answered_says_nothing(self, survey):
        fill(survey, 4)
        fill(survey, 3, safety=None)
        told = past(survey).results()
        assert (told["items"]["safety"]["mean"], told["items"]["trust"]["n"]) == (None, 7)

    def test_groups_are_told_apart_only_where_each_is_large(self, survey):
        fill(survey, 9)
        fill(survey, 4, "ANGGOTA", trust=5)
        assert past(survey).results()["groups"] == {}
        fill(survey, 1, "ANGGOTA", trust=5)
        assert survey.results()["groups"]["ANGGOTA"]["trust"] == 5

    def test_what_few_of_a_group_answered_is_told_of_no_group(self, survey):
        fill(survey, 9)
        fill(survey, 4, "ANGGOTA", trust=None)
        fill(survey, 1, "ANGGOTA", trust=1)
        groups = past(survey).results()["groups"]
        assert [groups[group]["trust"] for group in ("ANGGOTA", "WARGA")] == [None, None]
        assert groups["ANGGOTA"]["safety"] == 4

    def test_the_year_before_stands_beside_it(self, cast, survey, sign_in):
        before = Survey.objects.create(
            forum=cast.forum, year=survey.year - 1, opens_on=survey.opens_on - 365 * DAY, closes_on=survey.opens_on - 350 * DAY, created_by=cast.chair
        )
        fill(before, 6, trust=3, fear=3)
        fill(survey, 6, trust=4, fear=4)
        lines = {line.name: line for line in sign_in(cast.secretary).get(f"/fkpm/survei/{past(survey).uuid}/").context["lines"]}
        assert (lines["trust"].change, lines["trust"].tone) == (1, "green")
        assert (lines["fear"].change, lines["fear"].tone) == (1, "red")

    def test_nothing_is_changed_afterwards(self, survey):
        fill(survey, 1)
        for act in (lambda: SurveyAnswer.objects.update(safety=1), lambda: SurveyAnswer.objects.all().delete()):
            with pytest.raises(InternalError), transaction.atomic():
                act()
        with pytest.raises(IntegrityError), transaction.atomic():
            fill(survey, 1, safety=9)

    def test_what_is_over_does_not_open_again(self, cast, survey, sign_in):
        client = sign_in(cast.chair)
        assert client.post(f"/fkpm/survei/{survey.uuid}/tutup/").status_code == 302
        assert client.post(f"/fkpm/survei/{survey.uuid}/tutup/").status_code == 302
        assert client.get(f"/fkpm/survei/{survey.uuid}/ubah/").status_code == 404
        survey.refresh_from_db()
        assert not survey.is_open


class TestBoard:
    def test_it_sets_the_days_once_a_year(self, cast, sign_in):
        today, client, path = cast.forum.unit.today(), sign_in(cast.secretary), f"/fkpm/{cast.forum.uuid}/survei/baru/"
        days = {"opens_on": today.isoformat(), "closes_on": (today + 20 * DAY).isoformat()}
        for wrong in ({"closes_on": "2020-01-01"}, {"opens_on": "2020-01-01"}, {"closes_on": "2099-01-01"}, {"opens_on": "x"}):
            assert client.post(path, {**days, **wrong}).context["form"].errors
        assert client.post(path, days).status_code == 302
        assert "Tahun ini sudah ada surveinya" in client.post(path, days).content.decode()

    def test_members_read_a_sentence_once_the_board_shows_it(self, cast, survey, sign_in):
        fill(survey, 5)
        remark = SurveyRemark.objects.create(survey=survey, text="Pak Budi ribut terus.")
        page = f"/fkpm/survei/{survey.uuid}/"
        board, reader = sign_in(cast.chair), sign_in(cast.kapolsek)
        assert board.post(f"/fkpm/survei/masukan/{remark.pk}/", {"state": "TAMPIL"}).status_code == 404
        past(survey)
        assert "Pak Budi" in board.get(page).content.decode()
        assert "Pak Budi" not in reader.get(page).content.decode()
        board.post(f"/fkpm/survei/masukan/{remark.pk}/", {"state": "TAMPIL"})
        assert "Pak Budi" in reader.get(page).content.decode()
        board.post(f"/fkpm/survei/masukan/{remark.pk}/", {"state": "DITAHAN"})
        board.post(f"/fkpm/survei/masukan/{remark.pk}/", {"state": "APA"})
        assert "Pak Budi" not in reader.get(page).content.decode()

    def test_one_without_answers_can_be_deleted(self, cast, survey, sign_in):
        fill(survey, 1)
        client = sign_in(cast.chair)
        assert client.post(f"/fkpm/survei/{survey.uuid}/hapus/").status_code == 404

    def test_the_sheet_to_hang_up(self, survey):
        assert survey.code in render_to_string("fkpm/survey_print.html", survey_on_paper(survey))

"""The work programme of a forum: planned, copied, followed."""

import datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from fkpm.accounts_on_paper import programme_on_paper
from fkpm.models import ProgrammeItem
from polmas.people.templatetags.polmas import day
from tests.fkpm.scenes import make_minutes

FORM = {"activity": "Ronda malam", "target": "Lima regu", "starts_month": "3", "ends_month": "5", "budget": "1.500.000", "source": "Kas FKPM"}


def make(forum, activity="Ronda malam", **more):
    return ProgrammeItem.objects.create(forum=forum, year=more.pop("year", 2026), activity=activity, **more)


class TestPages:
    def post(self, cast, sign_in, person="chair", year=2026, **changes):
        data = {**FORM, "state": "RENCANA", "percent": "", **changes}
        return sign_in(cast.people[person]).post(f"/fkpm/{cast.forum.uuid}/program/baru/?tahun={year}", data)

    def test_the_board_plans_and_members_read(self, cast, sign_in):
        assert self.post(cast, sign_in).status_code == 302
        item = ProgrammeItem.objects.get()
        assert (item.budget, item.months, item.percent, item.year) == (1_500_000, "Maret–Mei", 0, 2026)
        page = sign_in(cast.kapolsek).get(f"/fkpm/{cast.forum.uuid}/program/?tahun=2026").content.decode()
        assert "Rp 1.500.000" in page
        assert "/program/baru/" not in page

    def test_the_state_says_how_much_is_reached(self, cast, sign_in):
        item, client = make(cast.forum), sign_in(cast.secretary)
        for state, percent, stored in (("BERJALAN", "40", 40), ("SELESAI", "40", 100), ("RENCANA", "70", 0), ("BERJALAN", "", 0)):
            assert client.post(f"/fkpm/program/{item.uuid}/", {**FORM, "state": state, "percent": percent}).status_code == 302
            item.refresh_from_db()
            assert item.percent == stored
        page = client.post(f"/fkpm/program/{item.uuid}/", {**FORM, "state": "BERJALAN", "percent": "100"})
        assert page.context["form"].errors

    def test_what_is_wrong_comes_back_as_typed(self, cast, sign_in):
        make(cast.forum)
        for changes in (
            {},  # the same activity again
            {"activity": " "},
            {"activity": "x" * 5000},
            {"activity": "a\0"},
            {"activity": "B", "ends_month": "1"},
            {"activity": "B", "starts_month": "", "ends_month": "3"},
            {"activity": "B", "starts_month": "13"},
            {"activity": "B", "budget": "banyak"},
            {"activity": "B", "state": "BERJALAN", "percent": "101"},
            {"activity": "B", "state": "APA"},
            {"activity": "B", "meetings": ["x"]},
        ):
            page = self.post(cast, sign_in, **changes)
            assert (page.status_code, bool(page.context["form"].errors)) == (200, True), changes
        for year in ("abcd", "0000", "9" * 9, "\0"):
            assert sign_in(cast.chair).get(f"/fkpm/{cast.forum.uuid}/program/", {"tahun": year}).status_code == 200

    def test_only_rows_of_the_own_forum_are_linked(self, cast, sign_in):
        year = cast.forum.unit.today().year
        mine, other = make_minutes(cast.forum), make_minutes(cast.other_forum)
        assert self.post(cast, sign_in, year=year, meetings=[other.pk]).status_code == 200
        assert self.post(cast, sign_in, year=year, meetings=[mine.pk]).status_code == 302
        assert ProgrammeItem.objects.get().meetings.get() == mine
        page = sign_in(cast.chair).get(f"/fkpm/{cast.forum.uuid}/program/?tahun={year}").content.decode()
        assert f"{mine.title}, {day(mine.starts_at, cast.forum.unit)}" in page

    def test_last_years_programme_is_taken_over_once(self, cast, sign_in):
        make(cast.forum, "Ronda", year=2025, budget=5, state="SELESAI", percent=100)
        make(cast.forum, "Batal", year=2025, state="BATAL")
        make(cast.other_forum, "Lain", year=2025)
        client, path = sign_in(cast.chair), f"/fkpm/{cast.forum.uuid}/program/salin/?tahun=2026"
        for _ in range(2):
            client.post(path)
        taken = ProgrammeItem.objects.get(year=2026)
        assert (taken.activity, taken.budget, taken.state, taken.percent) == ("Ronda", 5, "RENCANA", 0)

    def test_what_is_deleted_stays_in_the_history(self, cast, sign_in):
        item = make(cast.forum)
        assert sign_in(cast.chair).post(f"/fkpm/program/{item.uuid}/hapus/").status_code == 302
        assert apps.get_model("fkpm", "ProgrammeItemEvent").objects.get(pgh_label="delete").activity == "Ronda malam"

    def test_it_is_printed_under_the_forums_head(self, cast, sign_in):
        make(cast.forum, state="BERJALAN", percent=40)
        html = render_to_string("fkpm/programme_print.html", programme_on_paper(cast.forum, 2026))
        assert "Ronda malam" in html
        assert sign_in(cast.secretary).get(f"/fkpm/{cast.forum.uuid}/program/pdf/?tahun=2026").status_code == 202

    def test_the_list_costs_the_same_however_long(self, cast, sign_in, django_assert_max_num_queries):
        for number in range(12):
            make(cast.forum, f"Kegiatan {number}")
        client = sign_in(cast.chair)
        client.get(f"/fkpm/{cast.forum.uuid}/program/?tahun=2026")
        with django_assert_max_num_queries(12):
            client.get(f"/fkpm/{cast.forum.uuid}/program/?tahun=2026")


class TestRules:
    def test_progress_leaves_out_what_was_given_up(self, cast):
        make(cast.forum, "A", state="SELESAI", percent=100, budget=10)
        make(cast.forum, "B", state="BERJALAN", percent=50)
        make(cast.forum, "C", state="BATAL", budget=5)
        assert cast.forum.programme.all().progress() == {"n": 2, "done": 1, "budget": 10, "percent": 75}

    def test_late_is_what_should_be_over(self, cast):
        item = make(cast.forum, starts_month=3, ends_month=5)
        assert not item.is_late_on(datetime.date(2026, 5, 31))
        assert item.is_late_on(datetime.date(2026, 6, 1))

    @pytest.mark.parametrize(
        "wrong", [{"percent": 50}, {"state": "SELESAI"}, {"starts_month": 13}, {"ends_month": 2}, {"budget": -1}, {"year": 1900}]
    )
    def test_the_database_holds_the_rules(self, cast, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            make(cast.forum, **wrong)

"""Home, dashboards and summaries as pages: who sees what, that numbers lead to their rows, and what they cost."""

import datetime
import json
import re

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from fkpm.models import ActionItem, Forum, Meeting, Member
from patrol.models import Participation, Report, State
from polmas.people.models import Document, Posting
from polmas.summaries import building, papers, recount, tasks
from polmas.summaries.models import Summary
from tests.cast import make_person
from tests.fkpm.scenes import make_minutes
from tests.patrol.informations import make_information
from tests.summaries.rows import at, banyumanik, make_household, make_report

NOW = datetime.datetime(2026, 11, 18, 3, 0, tzinfo=datetime.UTC)  # Wednesday, 10.00 WIB
TODAY = datetime.date(2026, 11, 18)
OCTOBER = datetime.date(2026, 10, 1)
DASHBOARD_BUDGET, HOME_BUDGET, LIST_BUDGET = 15, 17, 12
QUEUE_BUDGET = 2  # what waits on the first page of summaries: what units below have not sent of earlier periods


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOW, tick=False):
        yield


def body(response):
    assert response.status_code == 200
    return response.content.decode()


def queries_of(client, url):
    client.get(url)  # signs in, warms the session
    with CaptureQueriesContext(
        connection,
    ) as captured:
        body(client.get(url))
    return [query["sql"] for query in captured.captured_queries]


class TestDashboard:
    URL = "/dasbor/"

    @pytest.mark.parametrize("who", ["officer", "colleague", "secretary", "admin"])
    def test_is_not_there_for_those_who_read_no_figures(self, cast, sign_in, who):
        for url in (self.URL, "/dasbor/wilayah/"):
            assert sign_in(cast.people[who]).get(url).status_code == 404

    def test_another_units_is_not_there(self, cast, sign_in):
        for code in ("POLSEK-GAJAHMUNGKUR", "POLRESTABES-SEMARANG", "NIHIL", "x' OR 1=1", "\x00"):
            assert sign_in(cast.kapolsek).get(self.URL, {"satuan": code}).status_code == 404
            assert sign_in(cast.kapolsek).get("/dasbor/wilayah/", {"satuan": code}).status_code == 404

    def test_counts_the_week_beside_the_week_before(self, cast, sign_in):
        banyumanik(cast, 3, TODAY)
        banyumanik(cast, 2, TODAY - datetime.timedelta(days=7))
        banyumanik(cast, 9, TODAY - datetime.timedelta(days=4))  # last Saturday: not yet reached this week
        context = sign_in(cast.kapolsek).get(self.URL, {"periode": "minggu"}).context
        assert (str(context["period"]), context["activity"]["change"].now, context["activity"]["change"].before) == ("16–18 November 2026", 3, 2)
        assert (context["reporting_count"], context["officer_count"]) == (1, 2)
        assert [line["person"] for line in context["silent"]] == [cast.colleague]
        assert [(place["code"], place["count"]) for place in context["places"]] == [("33.74.11.1003", 0), ("33.74.11.1004", 3), ("33.74.11.1005", 0)]

    def test_shows_a_new_report_at_once(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        banyumanik(cast, 1, TODAY)
        recount.recount(cast.units.banyumanik.pk, TODAY)
        banyumanik(cast, 1, TODAY)
        assert client.get(self.URL).context["activity"]["change"].now == 2

    def test_sorts_officers_into_clusters_by_their_last_seven_days(self, cast, sign_in):
        banyumanik(cast, 4, TODAY - datetime.timedelta(days=6))
        banyumanik(cast, 9, TODAY - datetime.timedelta(days=7), officer=cast.colleague)
        lines = {line["person"].username: line for line in sign_in(cast.kapolsek).get(self.URL).context["officers"]}
        assert (lines["80010001"]["cluster"], lines["80010002"]["cluster"]) == ("aktif", "kurang")
        assert (lines["80010001"]["recent"], lines["80010001"]["target"]) == ([4, 0, 0, 0, 0, 0, 0], 38)

    def test_says_how_much_of_an_officers_reports_the_kanit_verified(self, cast, sign_in):
        banyumanik(cast, 3, TODAY)
        banyumanik(cast, 1, TODAY, state=State.VERIFIED)
        banyumanik(cast, 1, TODAY, state=State.RETURNED)
        lines = {line["person"].username: line["verified"] for line in sign_in(cast.kapolsek).get(self.URL).context["officers"]}
        assert (lines["80010001"], lines["80010002"]) == (25, None)

    def test_overdue_actions_lead_to_those_of_the_unit(self, cast, sign_in):
        far = Forum.objects.create(unit=cast.units.gajahmungkur, area=cast.areas["33.74.09.1001"], name="FKPM Bendan")
        Member.objects.create(forum=far, name="Ketua", position="KETUA", starts_on="2024-01-01")
        for forum in (cast.forum, far):
            make_minutes(forum, days_ago=30)
        page = sign_in(cast.kapolres).get(self.URL, {"satuan": "POLSEK-BANYUMANIK"})
        link = re.search(r'href="(/fkpm/tindak-lanjut/[^"]*)"', page.content.decode())[1].replace("&amp;", "&")
        rows = sign_in(cast.kapolres).get(link).context["page"].object_list
        assert [action.forum for action in rows] == [cast.forum]
        assert page.context["overdue"]["late"] == 1

    def test_every_number_leads_to_as_many_rows(self, cast, sign_in):
        banyumanik(cast, 3, TODAY)
        make_report(cast.colleague, cast.units.banyumanik, cast.areas["33.74.11.1005"], TODAY)
        banyumanik(cast, 2, TODAY, state=State.RETURNED)
        client = sign_in(cast.kapolsek)
        context = client.get(self.URL).context
        numbers = [(context["activity"]["change"].now, context["all_link"]), (context["waiting"]["count"], context["waiting"]["link"])]
        numbers += [(line["count"], line["link"]) for line in context["officers"]]
        numbers += [(place["count"], place["link"]) for place in context["places"]]
        numbers += [(day["now"], day["link"]) for day in context["activity"]["days"][-2:]]
        for number, link in numbers:
            assert len(re.findall(r'href="/kegiatan/[0-9a-f-]{36}/"', body(client.get(link)))) == number, link

    def test_a_polres_reads_its_polsek_and_goes_down(self, cast, sign_in):
        banyumanik(cast, 2, TODAY)
        make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"], TODAY)
        client = sign_in(cast.kapolres)
        lines = client.get(self.URL).context["branches"]
        assert [(line["unit"].code, line["change"].now, line["reporting"], line["officers"], line["waiting"]) for line in lines] == [
            ("POLSEK-BANYUMANIK", 2, 1, 2, 2),
            ("POLSEK-GAJAHMUNGKUR", 1, 1, 1, 1),
        ]
        below = client.get(lines[0]["url"])
        assert (below.context["unit"], below.context["above"]["name"]) == (cast.units.banyumanik, "Polrestabes Semarang")

    @pytest.mark.parametrize(("query", "days"), [("periode=hari", 1), ("periode=7hari", 7)])
    def test_first_page_polsek_and_polres_agree_on_who_reported(self, cast, sign_in, query, days):
        banyumanik(cast, 2, TODAY - datetime.timedelta(days=5))
        banyumanik(cast, 1, TODAY - datetime.timedelta(days=2), officer=cast.colleague)
        recount.recount_marked()
        [report] = banyumanik(cast, 1, TODAY)
        Participation.objects.create(report=report, officer=cast.colleague)  # took part, filed nothing today
        expected = ((1, 2), 1) if days == 1 else ((2, 2), 4)
        polsek = sign_in(cast.kapolsek).get(f"{self.URL}?{query}").context
        line = next(line for line in sign_in(cast.kapolres).get(f"{self.URL}?{query}").context["branches"] if line["unit"] == cast.units.banyumanik)
        assert ((polsek["reporting_count"], polsek["officer_count"]), polsek["activity"]["change"].now) == expected
        assert ((line["reporting"], line["officers"]), line["change"].now) == expected
        if days == 1:
            first = sign_in(cast.kapolsek).get("/").context["commander"]
            assert ((first["reporting"], first["officers"]), first["change"].now) == expected

    def test_a_polda_reads_figures_and_no_person(self, cast, sign_in):
        banyumanik(cast, 2, TODAY)
        client = sign_in(cast.polda_reader)
        for code in ("POLDA-JATENG", "POLRESTABES-SEMARANG", "POLSEK-BANYUMANIK"):
            page = body(client.get(self.URL, {"satuan": code}))
            assert "/kegiatan/" not in page.split("<main", 1)[1]
            assert not [name for name in ("Sutrisno", "Dewi Lestari", "80010001", "Widodo") if name in page]
        assert [line["change"].now for line in client.get(self.URL).context["branches"]] == [2]
        shapes = client.get("/dasbor/wilayah/", {"satuan": "POLSEK-BANYUMANIK"}).json()["shapes"]
        assert {shape["link"] for shape in shapes} == {""}

    @pytest.mark.parametrize(
        ("query", "is_compared"),
        [
            ({"periode": "hari"}, False),
            ({"periode": "minggu"}, True),
            ({"periode": "7hari"}, True),
            ({"periode": "bulan"}, True),
            ({"dari": "2026-11-16", "sampai": "2026-11-17"}, True),
        ],
    )
    def test_an_unfinished_day_alone_has_no_percentage(self, cast, sign_in, query, is_compared):
        banyumanik(cast, 1, TODAY)
        banyumanik(cast, 4, TODAY - datetime.timedelta(days=1))
        for who in (cast.kapolsek, cast.kapolres):
            page = body(sign_in(who).get(self.URL, query)).split("<main", 1)[1]
            assert ("&nbsp;%" in page or "icon-minus" in page or "–\n</span>" in page) == is_compared

    def test_above_a_polsek_units_with_missing_officers_are_named_and_what_waits_is_not_called_nothing(self, cast, sign_in):
        banyumanik(cast, 1, TODAY)
        page = body(sign_in(cast.kapolres).get(self.URL))
        assert "Polsek Banyumanik 1/2" in page
        page = body(sign_in(cast.polda_reader).get(self.URL))
        assert "Polrestabes Semarang 1/" in page
        assert "tidak ada antrean" not in page

    def test_rises_and_falls_compare_the_days_that_are_over(self, cast, sign_in):
        for days_ago in range(1, 14):
            banyumanik(cast, 1, TODAY - datetime.timedelta(days=days_ago))
        for who in (cast.kapolsek, cast.kapolres):
            context = sign_in(who).get(self.URL, {"periode": "7hari"}).context
            told = [context["activity"], *(line for line in context.get("branches", []) if line["unit"] == cast.units.banyumanik)]
            assert {(line["change"].now, line["change"].before, line["compared"].difference) for line in told} == {(6, 7, 0)}

    def test_the_chart_says_which_days_it_draws_where_they_are_more_than_the_period(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        assert client.get(self.URL, {"periode": "hari"}).context["activity"]["drawn"].days == 14
        heading = body(client.get(self.URL, {"dari": "2026-09-09", "sampai": "2026-09-10"})).split("hari</h2>")[0]
        assert "28 Agustus – 10 September 2026" in heading

    def test_own_dates(self, cast, sign_in):
        banyumanik(cast, 2, datetime.date(2026, 9, 5))
        context = sign_in(cast.kapolsek).get(self.URL, {"dari": "2026-09-01", "sampai": "2026-09-10"}).context
        assert (context["activity"]["change"].now, context["before"].start) == (2, datetime.date(2026, 8, 22))

    @pytest.mark.parametrize(
        "dates",
        [
            ("2026-09-10", "2026-09-01"),
            ("kemarin", "2026-09-01"),
            ("2026-09-01", ""),
            ("0001-01-01", "0001-01-02"),
            ("9999-12-31", "9999-12-31"),
            ("2020-01-01", "2026-01-01"),
        ],
    )
    def test_odd_dates_are_explained_and_the_last_seven_days_are_shown(self, cast, sign_in, dates):
        response = sign_in(cast.kapolsek).get(self.URL, {"dari": dates[0], "sampai": dates[1]})
        assert response.status_code == 200
        if dates[0] != "9999-12-31":
            assert response.context["form"].errors
            assert response.context["choice"] == "7hari"

    def test_htmx_gets_the_figures_alone(self, cast, sign_in):
        page = body(sign_in(cast.kapolsek).get(self.URL, headers={"HX-Request": "true"}))
        assert 'id="live"' in page
        assert "<html" not in page

    @pytest.mark.parametrize(("who", "unit"), [("kapolsek", ""), ("kapolres", ""), ("polda_reader", ""), ("kapolres", "POLSEK-BANYUMANIK")])
    def test_costs_as_many_queries_with_ten_times_the_data(self, cast, sign_in, who, unit):
        def fill(times):
            for number in range(times):
                officer = make_person(f"8101{times:02}{number:02}", f"Petugas {number}", cast.units.banyumanik, "bhabinkamtibmas", "BRIPKA")
                banyumanik(cast, 2, TODAY - datetime.timedelta(days=number % 5), officer=officer)
                meeting = Meeting.objects.create(forum=cast.forum, starts_at=at(cast.units.banyumanik, TODAY), place="Balai RW")
                ActionItem.objects.create(
                    forum=cast.forum, meeting=meeting, text="Pasang lampu", owner_name="Sri", due_on=TODAY - datetime.timedelta(days=3)
                )

        client, url = sign_in(cast.people[who]), f"{self.URL}?satuan={unit}"
        fill(2)
        few = queries_of(client, url)
        fill(20)
        many = queries_of(client, url)
        assert len(many) == len(few) <= DASHBOARD_BUDGET, "\n".join(many)


class TestHome:
    @pytest.mark.parametrize("who", ["officer", "kanit", "kapolsek", "kasat", "kapolres", "operator", "polda_reader", "admin", "secretary", "chair"])
    def test_greets_everybody_within_budget(self, cast, sign_in, who):
        for day in range(8):
            banyumanik(cast, 2, TODAY - datetime.timedelta(days=day))
        client = sign_in(cast.people[who])
        assert escape(cast.people[who].full_name) in body(client.get("/"))
        queries = queries_of(client, "/")
        assert len(queries) <= HOME_BUDGET, "\n".join(queries)

    def test_without_a_posting_says_what_to_do(self, db, sign_in):
        assert sign_in(make_person("80080001", "Baru")).get("/").status_code == 200

    def test_the_officer_sees_today_against_the_target_and_what_came_back(self, cast, sign_in):
        banyumanik(cast, 3, TODAY)
        banyumanik(cast, 2, TODAY - datetime.timedelta(days=2))
        banyumanik(cast, 1, TODAY, state=State.RETURNED)
        make_report(cast.colleague, cast.units.banyumanik, cast.areas["33.74.11.1005"], TODAY, State.RETURNED)
        part = sign_in(cast.officer).get("/").context["officer"]
        assert (part["rings"][0]["kind"], part["rings"][0]["count"], part["rings"][0]["target"]) == ("Sambang", 3, 5)
        assert (part["returned_count"], part["returned"][0].review_note) == (1, "Lengkapi uraian.")

    @pytest.mark.parametrize("who", ["kapolsek", "kapolres"])
    def test_what_waits_leads_the_commander_to_its_rows(self, cast, sign_in, who):
        banyumanik(cast, 2, TODAY)
        client = sign_in(cast.people[who])
        part = client.get("/").context["commander"]
        assert part["waiting_link"] in client.get("/").content.decode().replace("&amp;", "&")
        assert len(re.findall(r'href="/kegiatan/[0-9a-f-]{36}/"', body(client.get(part["waiting_link"])))) == part["waiting"]["count"] == 2

    def test_whom_to_visit_next_stands_in_the_order_of_waiting(self, cast, sign_in):
        unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
        never, long_ago, lately = (make_household(unit, area, name) for name in ("Belum", "Lama", "Baru"))
        make_household(unit, cast.areas["33.74.11.1005"], "Tetangga")
        banyumanik(cast, 1, TODAY - datetime.timedelta(days=147), household=long_ago)
        banyumanik(cast, 1, TODAY - datetime.timedelta(days=2), household=lately)
        for days in (147, 2):
            recount.recount(unit.pk, TODAY - datetime.timedelta(days=days))
        part = sign_in(cast.officer).get("/").context["officer"]
        assert [(visit["uuid"], visit["days"]) for visit in part["next_visits"]] == [(never.uuid, None), (long_ago.uuid, 147), (lately.uuid, 2)]
        assert part["coverage"] == {"all": 3, "seen": 2, "percent": 67}

    def test_today_is_the_units_own(self, cast, sign_in):
        type(cast.units.banyumanik).objects.filter(pk=cast.units.banyumanik.pk).update(time_zone="Asia/Jayapura")
        with time_machine.travel(datetime.datetime(2026, 11, 18, 15, 30, tzinfo=datetime.UTC), tick=False):  # 00.30 WIT of the 19th
            assert sign_in(cast.officer).get("/").context["officer"]["rings"][0]["link"].startswith("/kegiatan/?dari=2026-11-19")

    def test_a_member_sees_the_own_forum_and_the_own_tasks(self, cast, sign_in):
        meeting = Meeting.objects.create(forum=cast.forum, starts_at=NOW + datetime.timedelta(days=5), place="Balai RW 05")
        member = cast.forum.members.get(user=cast.secretary)
        ActionItem.objects.create(forum=cast.forum, meeting=meeting, text="Pasang lampu jalan", owner=member, owner_name=member.name, due_on=TODAY)
        part, *others = sign_in(cast.secretary).get("/").context["forums"]
        assert (part["forum"], part["next"], [action.text for action in part["actions"]], others) == (cast.forum, meeting, ["Pasang lampu jalan"], [])
        assert "Pasang lampu jalan" not in body(sign_in(cast.other_secretary).get("/"))

    def test_the_page_behind_more_leads_everywhere_else_and_out(self, cast, sign_in):
        page = body(sign_in(cast.officer).get("/lainnya/"))
        for address in ("/antrean/", "/wilayah/", "/fkpm/", "/profil/", "/keluar/"):
            assert address in page


class TestSummaries:
    @pytest.fixture
    def summary(self, cast):
        banyumanik(cast, 2, datetime.date(2026, 10, 15))
        return building.build(cast.units.banyumanik, "monthly", OCTOBER)

    def url(self, summary, verb=""):
        return f"/rekap/{summary.uuid}/{verb}"

    @pytest.mark.parametrize("who", ["officer", "outsider", "secretary", "admin"])
    def test_are_not_there_for_others(self, cast, sign_in, api, summary, who):
        client = sign_in(cast.people[who])
        for address in ("/rekap/", self.url(summary), self.url(summary, "pdf/"), self.url(summary, "ubah/")):
            assert client.get(address).status_code == 404
        for verb in ("sahkan/", "hitung/"):
            assert client.post(self.url(summary, verb)).status_code == 404
        assert api(cast.people[who]).get(f"/api/v1/summaries/{summary.uuid}/").status_code == 404
        assert api(cast.people[who]).get(f"/api/v1/summaries/{summary.uuid}.pdf").status_code == 404

    def test_the_number_of_li_stands_there_for_those_who_may_know_it_and_on_no_paper(self, cast, sign_in, api, summary):
        for day in (summary.starts_on, summary.ends_on, summary.ends_on + datetime.timedelta(days=1)):
            make_information(cast, day=day, source=False)
        shown = {name: sign_in(cast.people[name]).get(self.url(summary)) for name in ("kanit", "kapolsek", "kasat", "kapolres")}
        assert {name: page.context["informations"]["count"] for name, page in shown.items()} == dict.fromkeys(shown, 2)
        assert {name for name, page in shown.items() if "/li/?dari=" in body(page)} == {"kanit", "kapolsek", "kapolres"}
        for name in ("operator", "polda_reader"):
            assert "li-count" not in sign_in(cast.people[name]).get(self.url(summary)).content.decode(), name
        assert "Laporan Informasi" not in json.dumps(api(cast.kapolsek).get(f"/api/v1/summaries/{summary.uuid}/").json())
        assert "li-count" not in render_to_string("print/summary.html", papers.paper(summary, papers.Reader(True)))

    def test_say_that_incidents_are_not_filled_in(self, cast, sign_in, summary):
        page = body(sign_in(cast.kapolsek).get(self.url(summary), headers={"Accept-Language": "en"}))
        assert "Data gangguan belum diisi." in page

    def test_are_indonesian_inside_a_frame_that_speaks_the_readers_language(self, cast, sign_in, summary):
        page = body(sign_in(cast.kapolsek).get(self.url(summary), headers={"Accept-Language": "en"}))
        letter = page.split("<article", 1)[1].split("</article>")[0]
        assert all(words in letter for words in ('lang="id"', "Okt 2026", "Oktober 2026"))
        assert not [words for words in ("Oct 2026", "October", "Villages", "Draft, not approved") if words in letter]
        assert "Count anew" in page

    def test_have_one_pdf_for_readers_of_every_language(self, cast, sign_in, summary):
        for language in ("en", "id"):
            sign_in(cast.kapolsek).get(self.url(summary, "pdf/"), headers={"Accept-Language": language})
        assert [document.language for document in Document.objects.all()] == ["id"]

    def test_voices_without_urgency_have_their_column(self, cast, summary):
        summary.figures["opinions"] = [{"field": "SOSIAL", "urgencies": {"RENDAH": 2, "": 3, "DARURAT": 1}, "total": 6}]
        [section] = [section for section in papers.paper(summary, papers.Reader(True))["sections"] if section.letter == "D"]
        [table] = [block for block in section.blocks if getattr(block, "title", "") == "Suara warga"]
        assert [cell["text"] for cell in table.shown[0]["cells"]] == ["Sosial", "2", "0", "0", "1", "3", "6"]

    def test_approving_names_the_number_and_an_older_unsigned_month(self, cast, sign_in, summary):
        september = building.build(cast.units.banyumanik, "monthly", datetime.date(2026, 9, 1))
        client = sign_in(cast.kapolsek)
        approval = client.get(self.url(summary)).context["signing"]
        assert "September 2026" in approval["notes"][0]
        page = body(client.get(self.url(summary)))
        assert escape(approval["number"]) in page
        assert 'data-confirm-style="btn-primary"' in page
        summary.approve(cast.kapolsek, summary.draft_hash)
        assert summary.number == approval["number"]
        september.approve(cast.kapolsek, september.draft_hash)
        october = building.build(cast.units.banyumanik, "monthly", OCTOBER)
        assert papers.approval(october)["notes"] == []

    def test_approving_at_the_polres_names_the_polsek_that_lack(self, cast, sign_in, summary):
        polres = building.build(cast.units.polres, "monthly", OCTOBER)
        notes = sign_in(cast.kapolres).get(self.url(polres)).context["signing"]["notes"]
        assert [name for name in ("Banyumanik", "Gajahmungkur") if name in notes[0]] == ["Banyumanik", "Gajahmungkur"]
        summary.approve(cast.kapolsek, summary.draft_hash)
        polres = building.build(cast.units.polres, "monthly", OCTOBER)
        assert "Banyumanik" not in papers.approval(polres)["notes"][0]

    def test_edit_approve_and_freeze(self, cast, sign_in, summary):
        kanit, kapolsek = sign_in(cast.kanit), sign_in(cast.kapolsek)
        seen = {f"seen-{part}": key for part, key in summary.text_hashes().items()}
        text = {"analysis": "Keluhan lampu jalan naik.", "plan": "Patroli dialogis malam.", **seen}
        assert kanit.post(self.url(summary, "ubah/"), text).status_code == 302
        assert "Keluhan lampu jalan naik." in body(kapolsek.get(self.url(summary)))
        assert kanit.post(self.url(summary, "sahkan/")).status_code == 404
        refused = kapolsek.post(self.url(summary, "sahkan/"), {"seen": "x"}, follow=True)
        assert Summary.objects.get().is_draft
        assert refused.status_code == 200
        kapolsek.post(self.url(summary, "sahkan/"), {"seen": Summary.objects.get().draft_hash})
        done = Summary.objects.get()
        assert (done.state, done.approved_by) == (Summary.State.DISAHKAN, cast.kapolsek)
        assert done.number in body(kapolsek.get(self.url(summary)))
        for verb in ("ubah/", "sahkan/", "hitung/"):
            assert kapolsek.post(self.url(summary, verb), text).status_code == 404

    def test_words_of_two_writers_are_both_kept(self, cast, sign_in, summary):
        kanit, kapolsek = sign_in(cast.kanit), sign_in(cast.kapolsek)
        seen = {f"seen-{part}": key for part, key in summary.text_hashes().items()}
        kanit.post(self.url(summary, "ubah/"), {"analysis": "Dari Kanit.", "plan": "", **seen})
        page = body(kapolsek.post(self.url(summary, "ubah/"), {"analysis": "Dari Kapolsek.", "plan": "", **seen}))
        assert "Dari Kanit." in page
        assert "Dari Kapolsek." in page
        assert Summary.objects.get().analysis == "Dari Kanit."

    def test_whoever_stands_above_the_polres_reads_approved_ones_without_persons(self, cast, sign_in, api, summary):
        client = sign_in(cast.polda_reader)
        assert client.get(self.url(summary)).status_code == 404
        summary.approve(cast.kapolsek, summary.draft_hash)
        page = body(client.get(self.url(summary)))
        assert "Dewi Lestari" not in page
        assert "80010001" not in page
        assert "Dewi Lestari" in body(sign_in(cast.kapolres).get(self.url(summary)))
        assert api(cast.polda_reader).get(f"/api/v1/summaries/{summary.uuid}/").json()["figures"]["officers"] == []
        assert len(api(cast.kapolres).get(f"/api/v1/summaries/{summary.uuid}/").json()["figures"]["officers"]) == 2

    def test_the_list_of_a_polres_names_the_polsek_without_an_approved_one(self, cast, sign_in, summary):
        missing = sign_in(cast.kapolres).get("/rekap/").context["missing"]
        [month] = [line for line in missing if line["start"] == summary.starts_on and line["kind"] == "monthly"]
        assert [(row["unit"].code, bool(row["state"])) for row in month["units"]] == [("POLSEK-BANYUMANIK", True), ("POLSEK-GAJAHMUNGKUR", False)]
        assert sign_in(cast.kapolsek).get("/rekap/").context["missing"] == []

    def test_the_list_is_narrowed_and_cheap(self, cast, sign_in, summary):
        client = sign_in(cast.kapolres)
        building.build(cast.units.gajahmungkur, "monthly", datetime.date(2026, 9, 1))
        found = lambda **query: [row.unit.code for row in client.get("/rekap/", query).context["page_obj"]]  # noqa: E731
        assert found(satuan="POLSEK-BANYUMANIK") == ["POLSEK-BANYUMANIK"]
        assert found(bulan="2026-09") == ["POLSEK-GAJAHMUNGKUR"]
        assert found(bulan="x", satuan="\x00") == ["POLSEK-BANYUMANIK", "POLSEK-GAJAHMUNGKUR"]
        few = queries_of(client, "/rekap/")
        for month in range(1, 9):
            building.build(cast.units.banyumanik, "monthly", datetime.date(2026, month, 1))
        assert len(queries_of(client, "/rekap/")) == len(few) <= LIST_BUDGET + QUEUE_BUDGET

    def test_api_lists_what_is_in_sight(self, cast, api, summary):
        rows = api(cast.kapolsek).get("/api/v1/summaries/").json()["results"]
        assert [(row["id"], row["unit"], row["state"]) for row in rows] == [(str(summary.uuid), "POLSEK-BANYUMANIK", "OTOMATIS")]
        assert api(cast.polda_reader).get("/api/v1/summaries/").json()["results"] == []

    def test_the_pdf_waits_for_its_worker_and_shows_the_frozen_paper(self, cast, sign_in, api, summary, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        summary.approve(cast.kapolsek, summary.draft_hash)
        client, address = api(cast.kapolsek), f"/api/v1/summaries/{summary.uuid}.pdf"
        waiting = client.get(address, headers={"Accept": "application/pdf"})
        assert (waiting.status_code, waiting.json()["state"]) == (202, "WAITING")
        assert sign_in(cast.kapolsek).get(self.url(summary, "pdf/")).status_code == 202
        tasks.render_summary(Document.objects.get().pk)
        for done in (client.get(address), sign_in(cast.kapolsek).get(self.url(summary, "pdf/"))):
            assert done.status_code == 200
            assert b"".join(done.streaming_content).startswith(b"%PDF")
        assert sign_in(cast.polda_reader).get(self.url(summary, "pdf/")).status_code == 202
        assert Document.objects.filter(kind="rekap-i").count() == 1

    def test_the_figures_are_plain_json(self, summary):
        assert json.loads(json.dumps(summary.figures)) == Summary.objects.get().figures


def test_a_plh_kapolsek_reads_and_approves_only_while_it_lasts(cast, sign_in):
    summary = building.build(cast.units.gajahmungkur, "monthly", OCTOBER)
    posting = Posting.objects.create(user=cast.kapolsek, unit=cast.units.gajahmungkur, role="kapolsek", kind="PLH", starts_on=TODAY, ends_on=TODAY)
    assert sign_in(cast.kapolsek).get(f"/rekap/{summary.uuid}/").context["may_approve"]
    Posting.objects.filter(pk=posting.pk).update(starts_on=TODAY - datetime.timedelta(days=9), ends_on=TODAY - datetime.timedelta(days=1))
    assert sign_in(cast.kapolsek).get(f"/rekap/{summary.uuid}/").status_code == 404


def test_no_page_of_figures_reads_every_report(cast, sign_in):
    """A dashboard over days without marks asks the report table for no counts."""
    banyumanik(cast, 2, TODAY)
    recount.recount(cast.units.banyumanik.pk, TODAY)
    assert Report.objects.count() == 2
    queries = queries_of(sign_in(cast.polda_reader), "/dasbor/")
    assert not [sql for sql in queries if sql.startswith("SELECT COUNT(*)") and "patrol_report" in sql and "state" not in sql]

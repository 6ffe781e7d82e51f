"""Summaries: built from the rows, drafted again until approved, then frozen; the Polres from its Polsek."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import InternalError, connection, connections, transaction

from fkpm.models import Case, Meeting
from patrol.models import Participation, State
from polmas.people.models import Posting, Unit
from polmas.summaries import branches, building, papers, recount
from polmas.summaries.due import due_now
from polmas.summaries.models import PeriodKind, Summary
from polmas.summaries.models.targets import FORUM_MEETING
from polmas.summaries.progress import of_officers
from tests.cast import make_person
from tests.fkpm.cases import make_case
from tests.mapping.incidents import make_incident, wib
from tests.mapping.problems import make_problem
from tests.summaries.rows import DAY, at, banyumanik, late, make_report

OCTOBER = datetime.date(2026, 10, 1)
NOVEMBER_2 = datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOVEMBER_2, tick=False):
        yield


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    sent = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: sent.append((name, *args)))
    return sent


def build(unit, start=OCTOBER):
    return building.build(unit, PeriodKind.MONTHLY, start)


def pospol_below(unit):
    return Unit.objects.add_child(Unit.objects.get(pk=unit.pk), {"code": "POSPOL-UJI", "name": "Pos Uji", "kind": "POSPOL"})


def recount_of(report):
    recount.recount(report.unit_id, report.day)


def head_of(unit):
    return make_person("80020099", "Kepala Uji", unit, "kapolsek")


def approved(summary, by):
    summary = Summary.objects.get(pk=summary.pk)
    summary.approve(by, summary.draft_hash)
    return summary


def write(summary, by, **texts):
    summary.edit(by, texts, summary.text_hashes())


class TestFigures:
    def test_a_meeting_of_a_forum_and_the_report_of_it_are_two_figures_that_are_never_added_up(self, cast):
        unit = cast.units.banyumanik
        for day in (datetime.date(2026, 11, 1), datetime.date(2026, 11, 20)):  # held yesterday, and planned
            Meeting.objects.create(forum=cast.forum, starts_at=at(unit, day), place="Balai")
        make_report(cast.officer, unit, cast.areas["33.74.11.1004"], datetime.date(2026, 11, 1), kind="FKPM")
        figures = build(unit, datetime.date(2026, 11, 1)).figures
        assert figures["forums"]["meetings"] == 1, "what is planned is not held yet"
        assert (figures["activities"]["total"]["now"], [row["key"] for row in figures["activities"]["kinds"]]) == (1, ["FKPM"])
        [progress] = of_officers(unit, [cast.officer], "month", datetime.date(2026, 11, 2))
        assert (progress.total.count, progress.by_kind()[FORUM_MEETING].count) == (1, 1)

    def test_count_the_month_of_the_unit_alone(self, cast):
        banyumanik(cast, 3)
        banyumanik(cast, 2, DAY - datetime.timedelta(days=30))
        banyumanik(cast, 1, state=State.RETURNED)
        banyumanik(cast, 1, datetime.date(2026, 11, 1))
        make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
        figures = build(cast.units.banyumanik).figures
        assert figures["activities"]["total"] == {"before": 2, "now": 3, "last_year": 0}
        assert figures["activities"]["kinds"] == [{"key": "DDS", "before": 2, "now": 3}]
        assert (figures["activities"]["returned"], len(figures["activities"]["days"]), sum(figures["activities"]["days"])) == (1, 31, 3)
        assert [(row["code"], row["now"]) for row in figures["areas"]] == [("33.74.11.1003", 0), ("33.74.11.1004", 3), ("33.74.11.1005", 0)]
        assert figures["incidents"]["total"] == {"now": None, "before": None, "last_year": None, "cleared": 0}, "not filled in is not 0"
        assert figures["general"] == {"villages": 3, "population": None, "personnel": 8, "officers": 2, "officers_reporting": 1}

    def test_name_officers_with_target_and_cluster(self, cast):
        banyumanik(cast, 31)
        rows = build(cast.units.banyumanik).figures["officers"]
        assert [(row["username"], row["total"], row["target"], row["cluster"]) for row in rows] == [
            ("80010002", 0, 168, "kurang"),
            ("80010001", 31, 168, "aktif"),
        ]
        assert rows[1]["areas"] == ["Padangsari", "Pedalangan"]

    def test_an_officer_of_half_a_month_has_half_the_target(self, cast):
        Posting.objects.filter(user=cast.officer).update(ends_on=datetime.date(2026, 10, 10))
        row = build(cast.units.banyumanik).figures["officers"][1]
        assert row["target"] == 54  # ten days of 5 sambang, 1 binluh and 2 checks of posts a week

    def test_who_only_joined_a_colleague_reported_nothing_and_still_has_it_in_the_own_row(self, cast):
        [report] = banyumanik(cast, 1)
        Participation.objects.create(report=report, officer=cast.colleague)
        figures = build(cast.units.banyumanik).figures
        assert [(row["username"], row["total"]) for row in figures["officers"]] == [("80010002", 1), ("80010001", 1)]
        assert (figures["general"]["officers_reporting"], figures["general"]["officers"]) == (1, 2)

    def test_an_agreement_that_was_broken_settled_nothing(self, cast):
        case = make_case(cast)
        for outcome, settled in ((Case.Outcome.DAMAI, 1), (Case.Outcome.INGKAR, 0)):
            Case.objects.filter(pk=case.pk).update(outcome=outcome, happened_on=datetime.date(2026, 10, 5))
            assert build(cast.units.banyumanik).figures["forums"]["settled"] == settled, outcome

    def test_sort_the_voices_of_residents(self, cast):
        unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
        make_report(cast.officer, unit, area, opinions=[("KEAMANAN", "TINGGI"), ("KEAMANAN", "RENDAH"), ("SOSIAL", "")])
        make_report(cast.officer, unit, area, state=State.WITHDRAWN, opinions=[("EKONOMI", "DARURAT")])
        assert build(unit).figures["opinions"] == [
            {"field": "KEAMANAN", "urgencies": {"RENDAH": 1, "TINGGI": 1}, "total": 2},
            {"field": "SOSIAL", "urgencies": {"": 1}, "total": 1},
        ]

    def test_an_empty_month_says_so(self, cast):
        summary = build(cast.units.banyumanik)
        text = summary.figures["text"]["en"]
        assert text[:2] == ["The incident data have not been filled in.", "No activity was recorded in this period."]

    def test_are_drafted_in_words(self, cast):
        banyumanik(cast, 3)
        banyumanik(cast, 2, DAY - datetime.timedelta(days=30))
        text = " ".join(build(cast.units.banyumanik).figures["text"]["en"])
        assert "rose from 2 to 3 (+50.00 %)" in text
        assert "Pedalangan (3)" in text
        assert "Padangsari and Sumurboto" in text


class TestBuilding:
    def test_again_keeps_one_draft_and_what_people_wrote(self, cast):
        first = build(cast.units.banyumanik)
        write(first, cast.kanit, analysis="Situasi terkendali.")
        banyumanik(cast, 4)
        again = build(cast.units.banyumanik)
        assert (again.pk, again.state, again.analysis) == (first.pk, Summary.State.DISUNTING, "Situasi terkendali.")
        assert again.figures["activities"]["total"]["now"] == 4

    def test_after_approval_changes_nothing_without_a_difference(self, cast):
        banyumanik(cast, 2)
        done = approved(build(cast.units.banyumanik), cast.kapolsek)
        assert build(cast.units.banyumanik) == done
        assert Summary.objects.count() == 1

    def test_other_words_alone_make_no_revision(self, cast, monkeypatch):
        banyumanik(cast, 2)
        build(cast.units.gajahmungkur)
        build(cast.units.banyumanik)
        approved(build(cast.units.polres), cast.kapolres)
        monkeypatch.setattr("polmas.summaries.building.in_all_languages", lambda figures: {"id": [], "en": []})
        approved(build(cast.units.banyumanik), cast.kapolsek)
        assert build(cast.units.polres).revision == 1

    def test_a_late_report_after_approval_makes_a_revision_that_says_so(self, cast):
        banyumanik(cast, 2)
        done = approved(build(cast.units.banyumanik), cast.kapolsek)
        banyumanik(cast, 1)
        revision = build(cast.units.banyumanik)
        assert (revision.revision, revision.state) == (2, Summary.State.OTOMATIS)
        assert revision.figures["revises"] == {"revision": 1, "number": done.number, "before": 2, "now": 3, "parts": ["D"]}
        done.refresh_from_db()
        assert done.figures["activities"]["total"]["now"] == 2
        assert approved(revision, cast.kapolsek).number == done.number

    def test_the_polres_adds_up_its_polsek_and_names_what_is_not_approved_or_missing(self, cast):
        banyumanik(cast, 3)
        make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
        build(cast.units.gajahmungkur)
        figures = build(cast.units.polres).figures
        assert figures["activities"]["total"]["now"] == 1
        assert [(row["name"], row["state"], row["now"]) for row in figures["units"]] == [
            ("Polsek Gajahmungkur", "OTOMATIS", 1),
            ("Polsek Banyumanik", "MISSING", None),
        ]
        text = " ".join(figures["text"]["en"])
        assert "Not yet received: Polsek Banyumanik." in text
        assert "Not yet approved: Polsek Gajahmungkur." in text
        approved(build(cast.units.banyumanik), cast.kapolsek)
        figures = build(cast.units.polres).figures
        assert figures["activities"]["total"]["now"] == 4
        assert [(row["name"], row["state"]) for row in figures["units"]] == [("Polsek Banyumanik", "DISAHKAN"), ("Polsek Gajahmungkur", "OTOMATIS")]
        assert figures["officers"] == []
        banyumanik(cast, 1)
        build(cast.units.banyumanik)
        sections = papers.paper(build(cast.units.polres), papers.Reader(False))["sections"]
        [table] = [block for section in sections for block in section.blocks if getattr(block, "title", "") == "Per satuan"]
        assert [row.cells["state"] for row in table.rows] == ["revisi 2 belum disahkan", "belum disahkan"]

    def test_what_stands_under_the_polres_itself_is_on_its_paper(self, cast):
        """Its SPKT enters incidents, too, and a post right below it has no paper of its own."""
        for unit in (cast.units.polres, pospol_below(cast.units.polres), cast.units.banyumanik):
            make_incident(cast, unit=unit, at=wib(2026, 10, 9, 20))
        make_problem(cast, unit=cast.units.polres, title="Balap liar")
        build(cast.units.banyumanik)
        figures = build(cast.units.polres).figures
        assert figures["incidents"]["total"]["now"] == 3
        assert figures["incidents"]["days"]["now"]["of"] == 31, "no day waits for the SPKT of a Polres that states nothing"
        assert sum(row["open"] for row in figures["fields"]) == 1
        Unit.objects.filter(pk=cast.units.banyumanik.pk).update(is_active=False)
        assert build(cast.units.polres).figures["incidents"]["total"]["now"] == 3, "who was closed since has still worked in October"

    def test_a_unit_that_moves_stands_on_the_paper_of_its_new_polres_alone(self, cast):
        banyumanik(cast, 2)
        make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
        recount.recount_marked()
        old, polda = cast.units.polres, cast.units.polda
        for unit in (cast.units.banyumanik, cast.units.gajahmungkur):
            build(unit)
        approved(build(old), cast.kapolres)
        new = Unit.objects.add_child(Unit.objects.get(pk=polda.pk), {"code": "POLRES-BARU", "name": "Polres Baru", "kind": "POLRES"})
        Unit.objects.move(Unit.objects.get(pk=cast.units.banyumanik.pk), new, "sorted-child")
        branches.add_up_marked()
        owed = {unit for unit, period, start in due_now() if (period, start) == (PeriodKind.MONTHLY, OCTOBER)}
        assert {old.pk, new.pk} <= owed
        revision = build(Unit.objects.get(pk=old.pk))
        assert (revision.revision, revision.figures["activities"]["total"]["now"]) == (2, 1)
        assert build(Unit.objects.get(pk=new.pk)).figures["activities"]["total"]["now"] == 2
        assert build(Unit.objects.get(pk=polda.pk)).figures["activities"]["total"]["now"] == 3

    def test_the_command_builds_children_first(self, cast, capsys):
        call_command("build_summaries", "--period", "monthly", "--start", "2026-10-20", "--unit", "POLRESTABES-SEMARANG", "--now")
        assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
            "POLSEK-BANYUMANIK",
            "POLSEK-GAJAHMUNGKUR",
            "POLRESTABES-SEMARANG",
        ]
        polres = Summary.objects.get(unit=cast.units.polres)
        assert (polres.starts_on, {row["state"] for row in polres.figures["units"]}) == (OCTOBER, {"OTOMATIS"})

    @pytest.mark.parametrize(("kind", "start", "end"), [("daily", DAY, DAY), ("weekly", datetime.date(2026, 10, 12), datetime.date(2026, 10, 18))])
    def test_days_and_weeks_have_their_own_spans(self, cast, kind, start, end):
        banyumanik(cast, 2)
        summary = building.build(cast.units.banyumanik, kind, DAY)
        assert (summary.starts_on, summary.ends_on, summary.figures["activities"]["total"]["now"]) == (start, end, 2)


@pytest.mark.django_db(transaction=True)
class TestMeanwhile:
    """People write and sign while a worker counts."""

    def build_while(self, cast, monkeypatch, act):
        """Builds Banyumanik's October anew; `act` happens on another connection once its figures are counted."""
        counting = building.figures_of

        def counted(*asked):
            figures = counting(*asked)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(self.on_a_connection, act).result(timeout=20)
            return figures

        monkeypatch.setattr(building, "figures_of", counted)
        return build(cast.units.banyumanik)

    def on_a_connection(self, act):
        try:
            act()
        finally:
            connections.close_all()

    def test_what_is_written_stays(self, cast, monkeypatch):
        first = build(cast.units.banyumanik)
        banyumanik(cast, 2)
        again = self.build_while(cast, monkeypatch, lambda: write(first, cast.kanit, analysis="Situasi terkendali.", plan="Ronda."))
        again.refresh_from_db()
        assert (again.pk, again.analysis, again.plan, again.state) == (first.pk, "Situasi terkendali.", "Ronda.", Summary.State.DISUNTING)
        assert again.figures["activities"]["total"]["now"] == 2

    def test_what_is_signed_stays_and_a_difference_makes_a_revision(self, cast, monkeypatch):
        first = build(cast.units.banyumanik)
        banyumanik(cast, 2)
        again = self.build_while(cast, monkeypatch, lambda: approved(first, cast.kapolsek))
        first.refresh_from_db()
        assert (first.state, first.figures["activities"]["total"]["now"]) == (Summary.State.DISAHKAN, 0)
        assert (again.revision, again.figures["revises"]["before"], again.figures["revises"]["now"]) == (2, 0, 2)

    def test_what_is_signed_with_the_same_figures_is_done(self, cast, monkeypatch):
        first = build(cast.units.banyumanik)
        assert self.build_while(cast, monkeypatch, lambda: approved(first, cast.kapolsek)) == first
        assert Summary.objects.count() == 1


class TestApproval:
    def test_gives_number_signer_and_hash(self, cast):
        done = approved(build(cast.units.banyumanik), cast.kapolsek)
        assert (done.state, done.number) == (Summary.State.DISAHKAN, "B/LBGK/1/X/2026/Sek Bmk")
        frozen = dict(done.signer)
        assert (frozen.pop("keeper")["title"], frozen.pop("letterhead")[-1]) == ("KANIT BINMAS", "SEKTOR BANYUMANIK")
        assert frozen == {
            "prefix": "", "title": "KAPOLSEK BANYUMANIK", "own_title": "", "order": "", "name": "Bambang Supriyadi, S.H.",
            "rank": "KOMPOL", "nrp": "80010099", "city": "Semarang", "on": "2026-11-02",
        }  # fmt: skip
        assert len(done.content_hash) == 64
        assert approved(build(cast.units.banyumanik, datetime.date(2026, 9, 1)), cast.kapolsek).number == "B/LBGK/2/IX/2026/Sek Bmk"

    def test_a_pattern_of_the_unit_is_followed_and_an_odd_one_does_no_harm(self, cast):
        Unit.objects.filter(pk=cast.units.banyumanik.pk).update(number_pattern="R/{kka}/{n}/{bln}/{thn}/{x.__class__}{0}", archive_code="BIN.1.")
        assert approved(build(cast.units.banyumanik), cast.kapolsek).number == "R/BIN.1./1/X/2026/{x.__class__}{0}"

    @pytest.mark.parametrize(("role", "kind", "prefix", "own"), [("kapolsek", "PLH", "Plh.", ""), ("wakapolsek", "TETAP", "a.n.", "WAKAPOLSEK")])
    def test_who_stands_in_signs_as_such(self, cast, role, kind, prefix, own):
        Posting.objects.create(user=cast.kasat, unit=cast.units.banyumanik, role=role, kind=kind, starts_on=DAY, order_number="Sprin/12/X/2026")
        signer = approved(build(cast.units.banyumanik), cast.kasat).signer
        assert (signer["prefix"], signer["own_title"], signer["title"], signer["order"]) == (prefix, own, "KAPOLSEK BANYUMANIK", "Sprin/12/X/2026")

    @pytest.mark.parametrize("who", ["kanit", "kapolres", "officer", "operator", "outsider", "polda_reader"])
    def test_is_the_heads_alone(self, cast, who):
        with pytest.raises(ValidationError):
            approved(build(cast.units.banyumanik), cast.people[who])

    def test_the_polres_summary_is_the_kapolres_own(self, cast):
        summary = build(cast.units.polres)
        with pytest.raises(ValidationError):
            approved(summary, cast.kapolsek)
        assert approved(summary, cast.kapolres).signer["title"] == "KAPOLRESTABES SEMARANG"

    def test_a_running_month_waits_for_its_end(self, cast):
        with pytest.raises(ValidationError):
            approved(build(cast.units.banyumanik, datetime.date(2026, 11, 1)), cast.kapolsek)

    def test_nobody_signs_what_changed_since_it_was_read(self, cast):
        summary = build(cast.units.banyumanik)
        seen = summary.draft_hash
        banyumanik(cast, 1)
        build(cast.units.banyumanik)
        with pytest.raises(ValidationError):
            summary.approve(cast.kapolsek, seen)

    def test_nobody_overwrites_words_unread(self, cast):
        summary = build(cast.units.banyumanik)
        seen = summary.text_hashes()
        write(summary, cast.kanit, analysis="Dari Kanit.")
        with pytest.raises(ValidationError):
            Summary.objects.get(pk=summary.pk).edit(cast.kapolsek, {"analysis": "Dari Kapolsek."}, seen)

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE summaries_summary SET figures = '{}'",
            "UPDATE summaries_summary SET texts = '[1]'",
            "UPDATE summaries_summary SET number = 'B/1'",
            "UPDATE summaries_summary SET signer = '{}'",
            "UPDATE summaries_summary SET approved_at = NULL, state = 'OTOMATIS'",
            "DELETE FROM summaries_summary",
        ],
    )
    def test_freezes_for_the_database_too(self, cast, sql):
        approved(build(cast.units.banyumanik), cast.kapolsek)
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_an_approved_one_is_neither_edited_nor_approved_again(self, cast):
        done = approved(build(cast.units.banyumanik), cast.kapolsek)
        with pytest.raises(ValidationError):
            write(done, cast.kanit, analysis="Lain.")
        with pytest.raises(ValidationError):
            done.approve(cast.kapolsek, done.draft_hash)


class TestDue:
    """Beat's question at its moments: what does who owe, by the own calendar."""

    def due(self):
        owed = {(Unit.objects.get(pk=unit).code, start) for unit, kind, start in due_now() if kind == PeriodKind.MONTHLY}
        return {(code, start) for code, start in owed if code != "POLDA-JATENG"}

    def test_the_first_of_the_month_begins_at_each_units_own_midnight(self, cast):
        Unit.objects.filter(pk=cast.units.gajahmungkur.pk).update(time_zone="Asia/Jayapura")
        october, september = OCTOBER, datetime.date(2026, 9, 1)
        with time_machine.travel(datetime.datetime(2026, 10, 31, 15, 5, tzinfo=datetime.UTC), tick=False):  # 00.05 WIT, 22.05 WIB
            assert self.due() == {("POLSEK-BANYUMANIK", september), ("POLSEK-GAJAHMUNGKUR", october)} | self.polres(september)
        with time_machine.travel(datetime.datetime(2026, 10, 31, 17, 5, tzinfo=datetime.UTC), tick=False):  # 00.05 WIB
            assert self.due() == {("POLSEK-BANYUMANIK", october), ("POLSEK-GAJAHMUNGKUR", october)}

    def polres(self, start):
        return {("POLRESTABES-SEMARANG", start)}

    def test_a_polres_waits_for_its_polsek_until_its_own_due_day(self, cast):
        with time_machine.travel(datetime.datetime(2026, 11, 1, 3, 0, tzinfo=datetime.UTC), tick=False):
            assert ("POLRESTABES-SEMARANG", OCTOBER) not in self.due()
            build(cast.units.banyumanik)
            build(cast.units.gajahmungkur)
            assert self.due() == {("POLRESTABES-SEMARANG", OCTOBER)}
        assert ("POLRESTABES-SEMARANG", OCTOBER) in self.due()

    def test_a_draft_is_renewed_once_a_day_and_an_approved_one_only_for_late_reports(self, cast):
        for unit in (cast.units.banyumanik, cast.units.gajahmungkur, cast.units.polres):
            build(unit)
        assert self.due() == set()
        banyumanik(cast, 1)
        recount.recount(cast.units.banyumanik.pk, DAY)
        approved(build(cast.units.banyumanik), cast.kapolsek)
        with time_machine.travel(NOVEMBER_2 + datetime.timedelta(days=1), tick=False):
            assert self.due() == {("POLSEK-GAJAHMUNGKUR", OCTOBER)} | self.polres(OCTOBER)

    def test_an_approved_one_is_owed_again_when_its_month_counts_otherwise_and_only_then(self, cast):
        unit = cast.units.banyumanik
        report, *_ = banyumanik(cast, 2)
        recount.recount(unit.pk, DAY)
        approved(build(unit), cast.kapolsek)
        late(report)
        assert ("POLSEK-BANYUMANIK", OCTOBER) not in self.due()
        report.send_back(cast.kanit, "Lengkapi.")
        recount.recount(unit.pk, DAY)
        assert ("POLSEK-BANYUMANIK", OCTOBER) in self.due()
        approved(build(unit), cast.kapolsek)
        assert ("POLSEK-BANYUMANIK", OCTOBER) not in self.due()
        recount_of(make_report(cast.officer, pospol_below(unit), cast.areas["33.74.11.1004"]))
        assert ("POLSEK-BANYUMANIK", OCTOBER) in self.due()

    def test_asks_as_much_for_many_units_as_for_few(self, cast, django_assert_num_queries):
        for unit in (cast.units.banyumanik, cast.units.gajahmungkur):
            approved(build(unit), cast.kapolsek if unit == cast.units.banyumanik else head_of(unit))
        with django_assert_num_queries(2):
            list(due_now())

    def test_an_inactive_unit_owes_nothing(self, cast):
        Unit.objects.filter(pk=cast.units.gajahmungkur.pk).update(is_active=False)
        assert "POLSEK-GAJAHMUNGKUR" not in {code for code, _start in self.due()}

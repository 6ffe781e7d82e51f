"""Whatever changes in the days of an approved summary is noticed, total or no total, and offers a revision that shows the difference."""

import datetime

import pytest
import time_machine

from fkpm.models import Forum
from mapping.models import DailyStatement, IncidentVictims
from patrol.models import Report
from polmas.people.models import Absence, Posting, Unit
from polmas.summaries import building, framing, moving, papers, recount
from polmas.summaries.due import due_now
from polmas.summaries.models import PeriodKind, Summary
from polmas.summaries.models.seals import hash_of, signed_content
from tests.mapping.incidents import make_incident, wib
from tests.mapping.problems import make_problem
from tests.summaries.rows import banyumanik, make_report

OCTOBER, DAY = datetime.date(2026, 10, 1), datetime.date(2026, 10, 15)
NOVEMBER_2 = datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOVEMBER_2, tick=False):
        yield


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def build(unit):
    return building.build(Unit.objects.get(pk=unit.pk), PeriodKind.MONTHLY, OCTOBER)


def owes(unit):
    """Whether beat asks for the unit's October once the marks are counted."""
    recount.recount_marked()
    return (unit.pk, PeriodKind.MONTHLY, OCTOBER) in set(due_now())


@pytest.fixture
def signed(cast):
    """Banyumanik's October with three reports, a theft and its day's statement, approved."""
    banyumanik(cast, 3)
    DailyStatement.objects.create(unit=cast.units.banyumanik, day=DAY, says="ISI", by=cast.spkt)
    with time_machine.travel(wib(2026, 10, 12, 9), tick=False):
        cast.problem = make_problem(cast)
    cast.incident = make_incident(cast, at=wib(2026, 10, 15, 21), loss_rp=1_000_000)
    cast.village = cast.areas["33.74.11.1005"]
    recount.recount_marked()
    summary = build(cast.units.banyumanik)
    moving.approve(summary, cast.kapolsek, summary.draft_hash)
    assert not owes(cast.units.banyumanik)
    return summary


def move_a_report(cast):
    report = Report.objects.first()
    Report.objects.filter(pk=report.pk).update(area=cast.village)
    report.mark()


def rename_a_report(cast):
    report = Report.objects.first()
    Report.objects.filter(pk=report.pk).update(kind="BINLUH")
    report.mark()


def swap_a_report(cast):
    Report.objects.first().withdraw(cast.officer, "Salah catat.")
    make_report(cast.colleague, cast.units.banyumanik, cast.areas["33.74.11.1004"])


def change_incident(**values):
    def change(cast):
        for name, value in values.items():
            setattr(cast.incident, name, value)
        cast.incident.save()

    return change


CHANGES = {
    "another village": (move_a_report, ["D"]),
    "another kind": (rename_a_report, ["D"]),
    "one withdrawn and one late": (swap_a_report, ["D"]),
    "another loss": (change_incident(loss_rp=2_000_000), ["B"]),
    "another hour": (change_incident(occurred_at=wib(2026, 10, 15, 3)), ["B"]),
    "cleared": (change_incident(cleared_on=datetime.date(2026, 11, 1), status="P21"), ["B"]),
    "somebody hurt": (lambda cast: IncidentVictims.objects.create(incident=cast.incident, harm="LUKA_RINGAN", sex="L", count=1), ["B"]),
    "a statement taken back": (lambda cast: DailyStatement.objects.update(superseded_at=NOVEMBER_2), ["B"]),
    "another grade": (lambda cast: type(cast.problem).objects.filter(pk=cast.problem.pk).update(grade="GN"), ["G"]),
    "another field": (lambda cast: type(cast.problem).objects.filter(pk=cast.problem.pk).update(field="SOSIAL"), ["C"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_leaves_the_total_equal_makes_a_revision_that_shows_it(cast, signed, sign_in, name):
    change, parts = CHANGES[name]
    change(cast)
    assert owes(cast.units.banyumanik)
    revision = build(cast.units.banyumanik)
    assert (revision.revision, revision.figures["revises"]["parts"]) == (2, parts)
    assert revision.figures["revises"]["before"] == revision.figures["revises"]["now"] == 3
    assert not owes(cast.units.banyumanik)
    client = sign_in(cast.kapolsek)
    groups = client.get(f"/rekap/{revision.uuid}/banding/1/").context["groups"]
    letters = [group["letter"] for group in groups]
    assert parts[0] in letters
    page = client.get(f"/rekap/{revision.uuid}/").content.decode()
    assert page.count(f"Bagian yang berbeda: {', '.join(letters)}.") == 2  # above the paper and on it
    assert "dari 3 menjadi 3" not in page


class TestWhatDiffers:
    def later(self, cast):
        make_report(cast.colleague, cast.units.banyumanik, cast.areas["33.74.11.1004"])
        recount.recount_marked()
        return build(cast.units.banyumanik)

    def test_only_rows_of_the_paper_that_differ_in_its_words(self, cast, signed, sign_in):
        page = sign_in(cast.kapolsek).get(f"/rekap/{self.later(cast).uuid}/banding/1/")
        [group] = [group for group in page.context["groups"] if group["letter"] == "D"]
        kinds = next(table for table in group["tables"] if table["title"] == "Kegiatan menurut jenis")
        assert kinds["rows"] == [{"label": f"{row} · Okt 2026", "before": "3", "now": "4"} for row in ("Sambang", "Jumlah")]
        for raw in ("personnel", "&#x27;en&#x27;", "stated", "cleared"):
            assert raw not in page.content.decode()

    def test_the_total_is_told_where_it_moved(self, cast, signed, sign_in):
        assert sign_in(cast.kapolsek).get(f"/rekap/{self.later(cast).uuid}/").content.decode().count("Kegiatan: dari 3 menjadi 4.") == 2

    def test_an_older_shape_is_said_and_its_lacks_are_no_differences(self, cast, signed):
        revision = self.later(cast)
        older = {**signed.figures, "schema": 1, "incidents": None}
        del older["fields"], older["conflicts"]
        signed.figures = older
        told = papers.compared(signed, revision, papers.Reader(with_persons=True))
        assert told["lacking"] == ["B", "C", "G"]
        assert [group["letter"] for group in told["groups"]] == ["A", "D"]
        assert "tanpa angka di bagian B, C, G" in " ".join(framing.differing({**revision.figures["revises"], "lacking": told["lacking"]}))

    def test_a_revision_says_before_and_after_approval_what_it_replaces(self, cast, signed, sign_in):
        revision, client = self.later(cast), sign_in(cast.kapolsek)
        page = client.get(f"/rekap/{revision.uuid}/")
        assert "menggantikan revisi 1 setelah disahkan" in page.content.decode()
        assert page.context["signing"]["notes"][0] == "Menggantikan revisi 1 dan memakai nomornya."
        moving.approve(revision, cast.kapolsek, revision.draft_hash)
        page = client.get(f"/rekap/{revision.uuid}/").content.decode()
        assert "setelah disahkan" not in page
        assert f"Revisi ini menggantikan revisi 1 ({signed.number})." in page
        assert "Kirim Laporan bulanan Oktober 2026, revisi 2, ke satuan atas?" in page


def test_a_change_that_no_figure_shows_is_looked_at_once_and_makes_nothing(cast, signed):
    Report.objects.first().mark()
    assert owes(cast.units.banyumanik)
    assert build(cast.units.banyumanik) == signed
    assert not owes(cast.units.banyumanik)
    assert Summary.objects.filter(unit=cast.units.banyumanik).count() == 1


def test_what_goes_on_after_the_period_makes_no_revision(cast, signed):
    """A problem that is solved in November, a forum founded then, an officer who moved: October stays what it was."""
    type(cast.problem).objects.filter(pk=cast.problem.pk).update(status="SELESAI", solved_on=datetime.date(2026, 11, 2))
    Forum.objects.create(unit=cast.units.banyumanik, name="FKPM Baru", area=cast.village, status=Forum.Status.AKTIF)
    Posting.objects.filter(user=cast.officer).update(ends_on=datetime.date(2026, 11, 1))
    recount.recount_marked()
    assert build(cast.units.banyumanik) == signed


def test_a_difference_that_is_taken_back_takes_its_draft_along(cast, signed):
    change_incident(loss_rp=2_000_000)(cast)
    assert build(cast.units.banyumanik).revision == 2
    change_incident(loss_rp=1_000_000)(cast)
    assert build(cast.units.banyumanik) == signed
    assert Summary.objects.filter(unit=cast.units.banyumanik).count() == 1


def test_a_draft_in_which_somebody_wrote_stays(cast, signed):
    change_incident(loss_rp=2_000_000)(cast)
    draft = build(cast.units.banyumanik)
    draft.edit(cast.kanit, {"analysis": "Kerugian dikoreksi."}, draft.text_hashes())
    change_incident(loss_rp=1_000_000)(cast)
    again = build(cast.units.banyumanik)
    assert (again.pk, again.figures["revises"]["parts"]) == (draft.pk, [])


def test_the_unit_above_follows(cast, signed):
    build(cast.units.gajahmungkur)
    polres = build(cast.units.polres)
    moving.approve(polres, cast.kapolres, polres.draft_hash)
    change_incident(loss_rp=2_000_000)(cast)
    build(cast.units.banyumanik)
    revision = build(cast.units.polres)
    assert (revision.revision, revision.figures["revises"]["parts"]) == (2, ["B"])


def test_the_paper_names_rules_and_watermark_and_its_hash_covers_them(cast, signed, sign_in):
    page = sign_in(cast.kapolsek).get(f"/rekap/{signed.uuid}/").content.decode()
    last = f"{Report.objects.latest('pk').pk:,}".replace(",", ".")
    assert f"dari semua laporan yang sudah masuk (terakhir no. {last}), dengan aturan hitung {building.RULES}" in page
    stored = Summary.objects.get(pk=signed.pk)
    assert {"rule_version", "counted_to", "approved_at"} <= set(signed_content(stored))
    assert hash_of(signed_content(stored)) == stored.content_hash


class TestStandingIn:
    """The Kapolsek is on leave: who stands in signs on the page, under the own standing and name."""

    def leave(self, cast):
        days = {"starts_on": datetime.date(2026, 10, 30), "ends_on": datetime.date(2026, 11, 6)}
        Absence.objects.create(user=cast.kapolsek, unit=cast.units.banyumanik, kind="CUTI", recorded_by=cast.clerk, **days)
        return days

    def approve(self, client, summary):
        page = client.get(f"/rekap/{summary.uuid}/")
        return client.post(f"/rekap/{summary.uuid}/sahkan/", {"seen": page.context["summary"].draft_hash})

    def test_who_is_on_leave_finds_no_button_and_signs_nothing(self, cast, sign_in):
        self.leave(cast)
        summary = build(cast.units.banyumanik)
        assert self.approve(sign_in(cast.kapolsek), summary).status_code == 404
        assert "/sahkan/" not in sign_in(cast.kapolsek).get(f"/rekap/{summary.uuid}/").content.decode()

    @pytest.mark.parametrize(
        ("role", "kind", "words"), [("kapolsek", "PLH", "Plh."), ("kapolsek", "PLT", "Plt."), ("kapolsek", "PS", "Ps."), ("wakapolsek", "AN", "a.n.")]
    )
    def test_who_stands_in_signs(self, cast, sign_in, role, kind, words):
        days, order = self.leave(cast), "Sprin/88/X/2026"
        Posting.objects.create(user=cast.kanit, unit=cast.units.banyumanik, role=role, kind=kind, order_number=order, **days)
        summary, client = build(cast.units.banyumanik), sign_in(cast.kanit)
        assert self.approve(client, summary).status_code == 302
        page = client.get(f"/rekap/{summary.uuid}/").content.decode()
        for told in (f"{words} KAPOLSEK BANYUMANIK", order, "30 Oktober – 6 November 2026", cast.kanit.name.upper()):
            assert told in page
        assert ("WAKAPOLSEK" in page) == (kind == "AN")
        assert Summary.objects.get(pk=summary.pk).approved_by == cast.kanit

    def test_after_the_last_day_of_the_order_nobody_signs_in_the_place_of_the_head(self, cast, sign_in):
        days = self.leave(cast)
        Posting.objects.create(user=cast.kanit, unit=cast.units.banyumanik, role="kapolsek", kind="PLT", order_number="Sprin/88/X/2026", **days)
        summary = build(cast.units.banyumanik)
        with time_machine.travel(NOVEMBER_2 + datetime.timedelta(days=5), tick=False):
            assert self.approve(sign_in(cast.kanit), summary).status_code == 404
            assert self.approve(sign_in(cast.kapolsek), summary).status_code == 302

    @pytest.mark.parametrize("kind", ["PLH", "PLT", "PS", "AN"])
    def test_nobody_stands_in_without_an_order(self, cast, sign_in, kind):
        asked = {"unit": cast.units.banyumanik.code, "role": "kapolsek", "kind": kind, "starts_on": "2026-11-02"}
        page = sign_in(cast.operator).post(f"/kelola/personel/{cast.kanit.pk}/penugasan/", asked)
        assert "isi nomornya" in page.content.decode()
        assert not Posting.objects.filter(kind=kind).exists()


def test_who_writes_texts_reads_who_writes_the_others(cast, signed, sign_in):
    change_incident(loss_rp=2_000_000)(cast)
    draft = build(cast.units.banyumanik)
    others = sign_in(cast.kanit).get(f"/rekap/{draft.uuid}/ubah/").context["others"]
    assert [part.value for parts, _postings in others for part in parts] == ["B", "F", "C", "G"]
    assert cast.spkt in [posting.user for _parts, postings in others for posting in postings]
    assert sign_in(cast.kapolsek).get(f"/rekap/{draft.uuid}/ubah/").context["others"] == []

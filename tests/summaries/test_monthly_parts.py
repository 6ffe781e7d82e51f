"""What the monthly paper alone has: proposals of awards and the security index, each for its readers in page, files and API."""

import datetime
import importlib
import io

import docx
import pytest
import time_machine
from openpyxl import load_workbook

from polmas.summaries import awards, building, papers
from polmas.summaries.index_results import close
from polmas.summaries.models import Award, PeriodKind, SummaryRun, SummaryScan
from tests.summaries.index_scenes import IDEOLOGY, POLITICS, make_board, make_period, score
from tests.summaries.service_scenes import make_award

OCTOBER = datetime.date(2026, 10, 1)
ALL = papers.Reader(True, True, True, True)
SUPERIORS = ("kanit", "kapolsek", "kapolres", "kasat")
INDEX_READERS = (*SUPERIORS, "kanit_intelkam", "polda_reader")
OTHERS = ("operator", "clerk", "spkt")


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def close_quarter(cast, quarter, **more):
    """The test vector of domain.md 7: ideology 4.00, politics 3.33 (or 3.60 of five), together 3.67 (3.80)."""
    board = getattr(cast, "board", None) or make_board(cast)
    cast.board = board
    period = make_period(board, cast.kanit, quarter=quarter)
    score(period, board.members.first(), cast.kanit, **IDEOLOGY, **{**POLITICS, **more})
    period.end_scoring()
    close(period, cast.kanit)


@pytest.fixture
def month(cast):
    close_quarter(cast, 2)
    close_quarter(cast, 3)
    make_award(cast, reason="zxqalasan: target tercapai.")
    return build(cast.units.banyumanik)


def build(unit, kind=PeriodKind.MONTHLY):
    return building.build(unit, kind, OCTOBER)


def table(summary, title):
    sections = papers.paper(summary, ALL)["sections"]
    found = [block for section in sections for block in section.blocks if getattr(block, "title", "").startswith(title)]
    return [[cell["text"] for cell in row["cells"]] for row in found[0].shown]


def test_the_index_by_field_with_band_and_how_many_were_scored(month):
    rows = table(month, "Indeks keamanan Banyumanik, triwulan III/2026")
    assert rows[:2] == [["Ideologi", "4,00", "Tangguh", "8/8"], ["Politik", "3,33", "Cukup tangguh", "6/6"]]
    assert rows[-1][:3] == ["Semua bidang", "3,67", "Tangguh"]


def test_the_newest_closed_quarter_counts_and_a_later_one_does_not(cast, month):
    with time_machine.travel(datetime.datetime(2027, 1, 4, tzinfo=datetime.UTC), tick=False):
        board = cast.board
        period = make_period(board, cast.kanit, year=2027, quarter=1)
        score(period, board.members.first(), cast.kanit, I1=1)
        period.end_scoring()
        close(period, cast.kanit)
    [row] = build(cast.units.banyumanik).figures["index"]
    assert (row["year"], row["quarter"], row["value"], row["before"]) == (2026, 3, "3.67", "3.67")


def test_a_proposal_with_its_reason_and_what_became_of_it(cast, month):
    [row] = table(month, "Usulan penghargaan")
    assert row == ["Bhabinkamtibmas Award", f"{cast.officer.full_name} (Polsek Banyumanik)", "zxqalasan: target tercapai.", "Usulan"]
    SummaryRun.objects.all().delete()
    award = Award.objects.get()
    awards.decide(award, cast.kapolsek)
    assert [run.unit_id for run in SummaryRun.objects.all()] == [cast.units.banyumanik.pk], "the draft is built again"
    [row] = table(build(cast.units.banyumanik), "Usulan penghargaan")
    assert award.number in row[3]


def test_a_list_that_is_cut_says_so(cast, month, monkeypatch):
    monkeypatch.setattr(importlib.import_module("polmas.summaries.contents.awards"), "MOST", 1)
    make_award(cast, officer=cast.colleague)
    sections = papers.paper(build(cast.units.banyumanik), ALL)["sections"]
    [found] = [block for section in sections for block in section.blocks if getattr(block, "title", "") == "Usulan penghargaan"]
    assert found.note == "2 usulan, 0 sudah diputuskan. 1 yang pertama tertulis di sini."


def test_units_above_have_those_below(cast, month):
    polres = build(cast.units.polres)
    assert table(polres, "Indeks keamanan menurut wilayah") == [["Banyumanik (Polsek Banyumanik)", "3,67", "Tangguh", "14/25", "III/2026", "3,67"]]
    assert polres.figures["awards"]["number"] == 1


def test_an_empty_month_says_so_and_other_papers_have_neither(cast):
    text = str(papers.paper(build(cast.units.gajahmungkur), ALL)["sections"])
    assert "Tidak ada usulan." in text
    assert "Belum ada triwulan yang ditutup." in text
    assert not {"awards", "index"} & set(build(cast.units.gajahmungkur, PeriodKind.WEEKLY).figures)


@pytest.mark.parametrize("who", [*INDEX_READERS, *OTHERS])
def test_each_reader_finds_the_own_in_page_files_and_api(cast, month, sign_in, who):
    month.approve(cast.kapolsek, month.draft_hash)
    client, address = sign_in(cast.people[who]), f"/rekap/{month.uuid}/"
    page = client.get(address).content.decode()
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{address}xlsx/").streaming_content)), data_only=True)
    cells = str([list(sheet.values) for sheet in book])
    letter = docx.Document(io.BytesIO(b"".join(client.get(f"{address}docx/").streaming_content)))
    words = str([[cell.text for cell in row.cells] for told in letter.tables for row in told.rows])
    figures = client.get(f"/api/v1/summaries/{month.uuid}/").json()["figures"]
    for told in (page, cells, words, str(figures)):
        assert ("zxqalasan" in told) == (who in SUPERIORS)
    assert ("Indeks keamanan Banyumanik" in page) == ("Indeks keamanan Banyumanik" in cells) == bool(figures["index"]) == (who in INDEX_READERS)
    assert ("Cukup tangguh" in words) == (who in INDEX_READERS)
    assert figures["awards"]["number"] == 1
    if who in INDEX_READERS:
        assert "3.67" in cells
        assert figures["index"][0]["value"] == "3.67"


def test_each_kind_of_reader_has_a_pdf_of_its_own():
    readers = [papers.Reader(*flags) for flags in ((True,), (False,), (True, True, True, True), (False, True, False, True))]
    assert [papers.Reader.of_kind(reader.kind) for reader in readers] == readers
    assert len({reader.kind for reader in readers}) == 4


def test_a_signed_paper_is_for_those_who_read_all_of_it(cast, month):
    month.approve(cast.kapolsek, month.draft_hash)
    SummaryScan.objects.create(summary=month, file="naskah.pdf", type="application/pdf", sha256="a" * 64, added_by=cast.kapolsek)
    readers = {name for name in (*INDEX_READERS, *OTHERS) if SummaryScan.objects.for_user(cast.people[name]).exists()}
    assert readers == set(SUPERIORS)

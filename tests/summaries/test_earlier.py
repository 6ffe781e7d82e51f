"""Totals of months before the application came: loaded as a table, taken where nothing was counted, and named as imported."""

import datetime

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import translation

from mapping.models import DailyStatement
from polmas.summaries import building, papers
from polmas.summaries.imports.earlier import EarlierTotals
from polmas.summaries.imports.sheets import Row
from polmas.summaries.managing import Desk
from polmas.summaries.models import EarlierTotal, PeriodKind, SummaryRun
from tests.summaries.rows import banyumanik, make_report

OCTOBER = datetime.date(2026, 10, 1)
SEPTEMBER_15 = datetime.date(2026, 9, 15)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC), tick=False):
        yield


def load(by, *rows):
    plan = EarlierTotals(Desk(by))
    names = ("unit", "month", "subject", "key", "count")
    lines = [Row(number, dict(zip(names, row, strict=True))) for number, row in enumerate(rows, start=2)]
    plan.compare(lines)
    plan.write()
    return plan.counts(), [error for line in lines for error in line.errors]


SEPTEMBER = ("polsek-banyumanik", "2026-09", "Kegiatan", "DDS", "40")


def test_a_table_is_loaded_once_and_mended_by_loading_it_again(cast):
    year_ago = ("POLSEK-BANYUMANIK", "2025-10-01", "Gangguan", "KONVENSIONAL", "7")
    assert load(cast.clerk, SEPTEMBER, year_ago)[0] == {"new": 2, "changed": 0, "unchanged": 0, "error": 0}
    assert load(cast.clerk, SEPTEMBER, (*year_ago[:4], "8"))[0] == {"new": 0, "changed": 1, "unchanged": 1, "error": 0}
    assert sorted(EarlierTotal.objects.values_list("count", flat=True)) == [8, 40]


WRONG = {
    0: ("POLSEK-GAJAHMUNGKUR", "MABES"),
    1: ("2026-11", "2024-10", "2026-13", "x"),
    2: ("lain",),
    3: ("TIDAK-ADA",),
    4: ("-1", "9999999", "1,5"),
}


@pytest.mark.parametrize(("place", "text"), [(place, text) for place, texts in WRONG.items() for text in texts])
def test_what_is_wrong_is_refused_at_its_column(cast, place, text):
    row = list(SEPTEMBER)
    row[place] = text
    counts, errors = load(cast.clerk, row)
    assert (counts["error"], len(errors)) == (1, 1)
    assert not EarlierTotal.objects.exists()


def test_they_are_the_period_before_where_nothing_was_counted(cast):
    load(cast.clerk, SEPTEMBER, ("POLSEK-BANYUMANIK", "2025-10", "ACTIVITY", "BINLUH", "12"))
    banyumanik(cast, 5)
    summary = building.build(cast.units.banyumanik, PeriodKind.MONTHLY, OCTOBER)
    activities = summary.figures["activities"]
    assert activities["total"] == {"before": 40, "now": 5, "last_year": 12}
    assert {row["key"]: (row["before"], row["now"]) for row in activities["kinds"]} == {"DDS": (40, 5)}
    assert summary.figures["imported"] == {"before": ["ACTIVITY"], "last_year": ["ACTIVITY"]}
    with translation.override("id"):
        page = render_to_string("summaries/summary_paper.html", papers.paper(summary, papers.Reader(False)))
    assert "diimpor" in page
    polres = building.build(cast.units.polres, PeriodKind.MONTHLY, OCTOBER)
    assert polres.figures["activities"]["total"]["before"] == 40, "the unit above adds them up"


def test_own_counts_go_before_them_but_for_a_month_that_was_counted_in_part(cast):
    load(cast.clerk, (*SEPTEMBER[:4], "3"))
    banyumanik(cast, 2, SEPTEMBER_15)
    figures = building.build(cast.units.banyumanik, PeriodKind.MONTHLY, OCTOBER).figures
    assert (figures["activities"]["total"]["before"], figures["imported"]) == (3, {"before": ["ACTIVITY"]}), "its paper knows the days before"
    banyumanik(cast, 2, SEPTEMBER_15)
    figures = building.build(cast.units.banyumanik, PeriodKind.MONTHLY, OCTOBER).figures
    assert (figures["activities"]["total"]["before"], "imported" in figures) == (4, False)


def test_incidents_are_taken_where_nothing_is_known(cast):
    load(cast.clerk, ("POLSEK-BANYUMANIK", "2026-09", "Gangguan", "KONVENSIONAL", "9"))
    incidents = building.build(cast.units.banyumanik, PeriodKind.MONTHLY, OCTOBER).figures["incidents"]
    assert incidents["total"]["before"] == 9
    assert {row["key"]: row["before"] for row in incidents["classes"]}["KONVENSIONAL"] == 9


POLRES = ("POLRESTABES-SEMARANG", "2026-09")


def paper_of(unit):
    return building.build(unit, PeriodKind.MONTHLY, OCTOBER)


def october(cast):
    """Both Polsek counted October here and, as far as they imported it, not September."""
    banyumanik(cast, 5)
    make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"])
    for unit in (cast.units.banyumanik, cast.units.gajahmungkur):
        for day in range(1, 32):
            DailyStatement.objects.create(unit=unit, day=OCTOBER.replace(day=day), says="NIHIL", by=cast.spkt)


def september_of(code, activities, incidents, year_ago=None):
    rows = [(code, "2026-09", "ACTIVITY", "DDS", str(activities)), (code, "2026-09", "INCIDENT", "KONVENSIONAL", str(incidents))]
    return rows + ([(code, "2025-10", "INCIDENT", "BENCANA", str(year_ago))] if year_ago else [])


def figures_above(cast):
    for unit in (cast.units.banyumanik, cast.units.gajahmungkur):
        paper_of(unit)
    return paper_of(cast.units.polres).figures, paper_of(cast.units.polda).figures


class TestAbove:
    """From the first day on comparisons hold at every level."""

    def test_what_the_polsek_imported_adds_up_to_polres_and_polda(self, cast):
        october(cast)
        load(cast.operator, *september_of("POLSEK-BANYUMANIK", 40, 7, 2), *september_of("POLSEK-GAJAHMUNGKUR", 20, 5, 1))
        for figures in figures_above(cast):
            assert figures["activities"]["total"]["before"] == 60
            assert {name: figures["incidents"]["total"][name] for name in ("before", "last_year")} == {"before": 12, "last_year": 3}
            assert {row["key"]: row["before"] for row in figures["incidents"]["classes"]}["KONVENSIONAL"] == 12
            assert figures["imported"] == {"before": ["ACTIVITY", "INCIDENT"], "last_year": ["INCIDENT"]}
            assert "Disturbances fell from 12 to 0 (−100.00 %)." in figures["text"]["en"][0]
            assert figures["incidents"]["crimes"]["before"] == 12
            assert figures["incidents"]["rates"]["clearance_before"] is None, "nobody knows how many were cleared"

    def test_one_polsek_alone_is_no_comparison_and_the_paper_says_so(self, cast):
        october(cast)
        load(cast.operator, *september_of("POLSEK-BANYUMANIK", 40, 7))
        figures, _polda = figures_above(cast)
        assert figures["activities"]["total"]["before"] == 40
        assert "They can't be compared: 1 of 2 units have no number of the period before." in figures["text"]["en"][1]
        assert "The period before is filled in for 30 of 60 days: it can't be compared." in figures["text"]["en"][0]
        with translation.override("id"):
            page = render_to_string("summaries/summary_paper.html", papers.paper(paper_of(cast.units.polres), papers.Reader(False)))
        assert "Tanpa angka periode lalu: Polsek Gajahmungkur." in page
        assert "Data gangguan periode sebelumnya belum diisi: 30 dari 60 hari." in page

    def test_the_own_paper_of_a_polres_goes_before_a_sum_that_is_imported_or_incomplete(self, cast):
        october(cast)
        load(cast.operator, *september_of("POLSEK-BANYUMANIK", 40, 7), *september_of(POLRES[0], 65, 13))
        polres, polda = figures_above(cast)
        for figures in (polres, polda):
            assert figures["activities"]["total"]["before"] == 65
            assert figures["incidents"]["total"]["before"] == 13
            assert "Activities fell from 65 to 6" in figures["text"]["en"][1]
        differing = {row["subject"]: (row["own"], row["summed"]) for row in polres["differing_totals"]}
        assert differing == {"ACTIVITY": (65, 40), "INCIDENT": (13, 7)}
        with translation.override("id"):
            page = render_to_string("summaries/summary_paper.html", papers.paper(paper_of(cast.units.polres), papers.Reader(False)))
        assert "Laporan satuan sendiri untuk periode lalu menyebut 65; jumlah satuan di bawahnya 40." in page
        assert "menyebut 13; jumlah satuan di bawahnya 7." in page

    def test_what_all_polsek_counted_goes_before_the_own_paper(self, cast):
        october(cast)
        banyumanik(cast, 2, SEPTEMBER_15)
        make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"], SEPTEMBER_15)
        load(cast.operator, (*POLRES, "ACTIVITY", "DDS", "65"))
        figures, _polda = figures_above(cast)
        assert (figures["activities"]["total"]["before"], "imported" in figures) == (3, False)

    def test_an_import_has_the_papers_built_again_that_compare_with_it(self, cast):
        october(cast)
        paper_of(cast.units.banyumanik)
        load(cast.operator, *september_of("POLSEK-BANYUMANIK", 40, 7), ("POLSEK-BANYUMANIK", "2026-07", "ACTIVITY", "DDS", "3"))
        assert list(SummaryRun.objects.values_list("unit__code", "period", "starts_on")) == [("POLSEK-BANYUMANIK", "monthly", OCTOBER)]

"""What stands in the parts of a summary: known data give known figures, and who may not know something learns nothing of it."""

import datetime
import uuid

import docx
import pytest
import time_machine
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import timezone, translation
from openpyxl import load_workbook

from mapping.models import AreaShape, DailyStatement
from patrol.photos import keep
from polmas.people.models import Document, Posting, Unit
from polmas.people.periods import Change
from polmas.people.uploads import cleaned
from polmas.summaries import building, drafting, papers, summary_files
from polmas.summaries.contents.incidents import rates
from polmas.summaries.layout import drawing
from polmas.summaries.layout.blocks import DIFFERENCE, PERCENT, written
from polmas.summaries.layout.incidents import clock
from polmas.summaries.models import EarlierTotal, PeriodKind, Summary, SummaryAnnex, SummaryScan, TextPart
from polmas.summaries.situation import in_full, in_short
from polmas.summaries.tasks import forget_secret_papers
from polmas.summaries.views import summary_files as summary_files_views
from polmas.summaries.wording import most_of
from tests.access_table import png
from tests.mapping.incidents import make_incident, wib
from tests.mapping.problems import make_problem
from tests.patrol.informations import make_information, register
from tests.summaries.rows import banyumanik

OCTOBER = datetime.date(2026, 10, 1)
NOVEMBER_2 = datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC)
LI_WORDS = ("zxqperihal", "zxqfakta", "zxqramal")


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOVEMBER_2, tick=False):
        yield


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def state_days(cast, month, number, says="ISI", unit=None):
    """SPKT's word for the first days of a month of 2026."""
    for day in range(1, number + 1):
        DailyStatement.objects.create(unit=unit or cast.units.banyumanik, day=datetime.date(2026, month, day), says=says, by=cast.spkt)


def fill(cast):
    """September: 2 curanmor and 1 accident, complete. October: 3 curanmor of which 1 is cleared, all in Pedalangan on Saturday evenings, and
    1 rape; one day lacks its statement."""
    state_days(cast, 9, 30)
    state_days(cast, 10, 30)
    for day in (5, 6):
        make_incident(cast, at=wib(2026, 9, day, 21))
    make_incident(cast, "LAKA", at=wib(2026, 9, 7, 8), village="33.74.11.1005")
    for day in (3, 10, 17):
        more = {"cleared_on": datetime.date(2026, 10, 20), "status": "P21", "loss_rp": 60_000_000} if day == 3 else {}
        make_incident(cast, at=wib(2026, 10, day, 21), narrative=f"zxqcerita {day}", **more)
    make_incident(cast, "PERKOSA", at=wib(2026, 10, 4, 2), narrative="zxqrahasia", village="33.74.11.1005")
    DailyStatement.objects.filter(day__month=9).update(superseded_at=None)
    DailyStatement.objects.filter(day__month=10).update(superseded_at=None)


@pytest.fixture
def month(cast):
    fill(cast)
    return building.build(cast.units.banyumanik, "monthly", OCTOBER)


def build(unit):
    return building.build(unit, "monthly", OCTOBER)


def html_of(summary, with_persons=True, with_informations=False):
    with translation.override("id"):
        return render_to_string("print/summary.html", {**papers.paper(summary, papers.Reader(with_persons, with_informations)), "size": "A4"})


def table(summary, title, **reader):
    """The cells of one table as they are printed."""
    sections = papers.paper(summary, papers.Reader(**{"with_persons": True, **reader}))["sections"]
    [found] = [block for section in sections for block in section.blocks if getattr(block, "title", "") == title and block.shape == "table"]
    return [[cell["text"].replace("\u00a0", " ") for cell in row["cells"]] for row in found.shown]


class TestFormulas:
    """The test vectors of domain.md 3.10, and what has nothing to divide by."""

    @pytest.mark.parametrize(
        ("before", "now", "words"), [(4930, 4742, "−188 −3,81 %"), (5175, 4930, "−245 −4,73 %"), (0, 7, "+7 -"), (3, 3, "0 0,00 %")]
    )
    def test_changes_are_printed_as_polri_prints_them(self, before, now, words):
        change = Change(before, now)
        with translation.override("id"):
            assert f"{written(DIFFERENCE, change.difference)} {written(PERCENT, change.percent)}".replace("\u00a0", " ") == words

    def test_what_is_not_known_is_a_dash(self):
        assert written(PERCENT, None) == written(DIFFERENCE, None) == "-"

    def test_rates(self):
        crimes = {"now": 72, "before": 0, "cleared": 18, "cleared_before": 0}
        told = rates(crimes, 100_000, 30)
        assert told == {"clearance": "25.00", "clearance_before": None, "risk": "72.00", "clock": 36_000}
        assert rates({**crimes, "now": 0}, None, 30) == {"clearance": None, "clearance_before": None, "risk": None, "clock": None}

    @pytest.mark.parametrize(("seconds", "words"), [(411, "00.06'51\""), (36_000, "10.00'00\""), (535_680, "148.48'00\"")])
    def test_the_crime_clock(self, seconds, words):
        assert clock(seconds) == words


class TestSituation:
    def test_counts_cell_by_cell(self, month):
        assert table(month, "Gangguan menurut golongan dan jenis") == [
            ["I.1 Kejahatan konvensional", "2", "4", "+2", "+100,00 %", "1", "25,00 %"],
            ["Pencurian kendaraan bermotor", "2", "3", "+1", "+50,00 %", "1", "33,33 %"],
            ["Perkosaan", "0", "1", "+1", "-", "0", "0,00 %"],
            ["III. Gangguan", "1", "0", "−1", "−100,00 %", "0", "-"],
            ["Kecelakaan lalu lintas", "1", "0", "−1", "−100,00 %", "0", "-"],
            ["Jumlah", "3", "4", "+1", "+33,33 %", "1", "25,00 %"],
        ]

    def test_hours_and_places(self, month):
        hours = table(month, "Waktu rawan")
        assert hours[5] == ["Sabtu", "0", "0", "0", "0", "0", "3", "3"]
        assert hours[7] == ["Jumlah", "1", "0", "0", "0", "0", "3", "4"]
        assert table(month, "Tempat rawan") == [["Pedalangan", "2", "3", "+1", "+50,00 %"], ["Sumurboto", "1", "1", "0", "0,00 %"]]

    def test_the_text_says_what_rose_and_fell_where_and_when(self, month):
        assert month.figures["drafts"]["en"]["B"] == (
            "Disturbances rose from 3 to 4 (+33.33 %). The largest fall was in Traffic accident (1 to 0). "
            "The largest rise was in Vehicle theft (2 to 3), 3 of them in Pedalangan. Most happened on Saturday 20.00–23.59 (3). "
            "The place with most was Pedalangan (3). Of 4 crimes 1 are cleared (25.00 %). Loss: Rp 60,000,000. "
            "Incident data not filled in: 1 of 31 days."
        )

    def test_days_that_nobody_filled_in_are_named_and_no_zeros(self, cast, month):
        assert "Data gangguan belum diisi: 1 dari 31 hari." in html_of(month)
        empty = build(cast.units.gajahmungkur)
        assert empty.figures["incidents"]["total"]["now"] is None
        assert in_short(empty.figures["incidents"]) == [in_full(empty.figures["incidents"])]
        page = html_of(empty)
        assert "Data gangguan belum diisi." in page
        assert "Gangguan menurut golongan dan jenis" not in page

    def test_nihil_is_a_zero(self, cast):
        state_days(cast, 10, 31, "NIHIL")
        summary = build(cast.units.banyumanik)
        assert summary.figures["incidents"]["total"] == {"now": 0, "before": None, "last_year": None, "cleared": 0}
        assert table(summary, "Gangguan menurut golongan dan jenis") == [["Jumlah", "-", "0", "-", "-", "0", "-"]]

    def test_a_period_before_that_is_hardly_filled_in_is_compared_in_no_sentence(self, cast, month):
        DailyStatement.objects.filter(day__month=9, day__day__gt=3).delete()
        text = build(cast.units.banyumanik).figures["drafts"]["en"]
        assert "The period before is filled in for 3 of 30 days: it can't be compared." in text["B"]
        assert "rose" not in text["B"] + text["prediction"]
        assert table(build(cast.units.banyumanik), "Gangguan menurut golongan dan jenis")[-1] == ["Jumlah", "3", "4", "-", "-", "1", "25,00 %"]

    def test_what_stands_out_is_told_without_what_few_may_know(self, month):
        assert [row["narrative"] for row in month.figures["incidents"]["outstanding"]] == ["zxqcerita 3"]
        assert "zxqrahasia" not in html_of(month, True, True)
        assert month.figures["incidents"]["kinds"][1]["peak"] is None

    def test_readers_of_figures_learn_no_narrative(self, month):
        page = html_of(month, with_persons=False)
        assert "zxqcerita" not in page
        assert "Kejadian menonjol" in page

    def test_the_polres_adds_up_its_polsek(self, cast, month):
        state_days(cast, 10, 31, unit=cast.units.gajahmungkur)
        make_incident(cast, at=wib(2026, 10, 5, 9), unit=cast.units.gajahmungkur, village="33.74.09.1001", location=None)
        DailyStatement.objects.update(superseded_at=None)
        build(cast.units.gajahmungkur)
        polres = build(cast.units.polres)
        assert table(polres, "Gangguan menurut golongan dan jenis")[-1] == ["Jumlah", "3", "5", "-", "-", "1", "20,00 %"]
        assert table(polres, "Gangguan per satuan") == [
            ["Polsek Banyumanik", "30/31", "3", "4", "+1", "+33,33 %"],
            ["Polsek Gajahmungkur", "31/31", "-", "1", "-", "-"],
        ]
        assert sum(map(sum, polres.figures["incidents"]["matrix"])) == 5

    def test_imported_totals_stand_for_the_period_before_and_are_named(self, cast):
        state_days(cast, 10, 31)
        make_incident(cast, at=wib(2026, 10, 9, 9))
        for klass, number in (("KONVENSIONAL", 3), ("BENCANA", 1)):
            month = datetime.date(2026, 9, 1)
            EarlierTotal.objects.create(
                unit=cast.units.banyumanik, month=month, subject="INCIDENT", key=klass, count=number, imported_by=cast.operator
            )
        DailyStatement.objects.update(superseded_at=None)
        summary = build(cast.units.banyumanik)
        rows = table(summary, "Gangguan menurut golongan dan jenis")
        assert [row[:4] for row in rows] == [
            ["I.1 Kejahatan konvensional", "3", "1", "−2"],
            ["Pencurian kendaraan bermotor", "-", "1", "-"],
            ["IV. Bencana", "1", "0", "−1"],
            ["Jumlah", "4", "1", "−3"],
        ]
        assert "Disturbances fell from 4 to 1 (−75.00 %)." in summary.figures["text"]["en"][0]
        assert "diimpor" in html_of(summary)
        assert summary_files.xlsx_of(summary, papers.Reader(True)).read(2) == b"PK"
        polres = build(cast.units.polres)
        assert table(polres, "Gangguan menurut golongan dan jenis")[-1][:4] == ["Jumlah", "4", "1", "−3"]

    def test_the_map_shades_each_village_and_where_these_are_many_what_holds_them(self, cast, month, monkeypatch):
        def shown(summary):
            [section] = [section for section in papers.paper(summary, papers.Reader(False))["sections"] if section.letter == "J"]
            [found] = [block for block in section.blocks if block.shape == "drawing"]
            return found.title, {area["name"]: area["count"] for area in found.map["areas"] if area["count"]}

        box = MultiPolygon(Polygon.from_bbox((110.3, -7.2, 110.5, -7.0)), srid=4326)
        AreaShape.objects.create(area=cast.areas["33.74.11"], source="uji", shape=box, area_m2=1)
        polres = build(cast.units.polres)
        villages = ("Gangguan per kelurahan/desa", {"Pedalangan": 3, "Sumurboto": 1})
        assert shown(polres) == shown(month) == villages
        monkeypatch.setattr(drawing, "MOST_AREAS", 1)
        assert shown(polres) == ("Gangguan per kecamatan", {"Banyumanik": 4})

    def test_a_late_incident_makes_a_revision(self, cast, month):
        month.approve(cast.kapolsek, month.draft_hash)
        assert build(cast.units.banyumanik).revision == 1
        make_incident(cast, "CURAT", at=wib(2026, 10, 9, 9))
        assert build(cast.units.banyumanik).revision == 2


class TestOtherParts:
    def test_problems_by_field_grade_and_name(self, cast):
        with time_machine.travel(wib(2026, 10, 12, 9), tick=False):
            make_problem(cast, field="KEAMANAN", grade="AG")
            make_problem(cast, field="SOSIAL", title="zxqterbuka")
            make_problem(cast, field="KEAMANAN", grade="GN", title="zxqtertutup", is_confidential=True)
        summary = build(cast.units.banyumanik)
        assert table(summary, "Masalah dan suara warga menurut bidang") == [
            ["Sosial", "1", "0", "1", "0", "0", "0"],
            ["Keamanan", "1", "0", "1", "1", "0", "0"],
            ["Jumlah", "2", "0", "2", "1", "0", "0"],
        ]
        assert [row[2:] for row in table(summary, "Masalah menurut tingkat")] == [["1", "0", "1"], ["1", "0", "1"], ["0", "0", "0"], ["2", "0", "2"]]
        assert [row[0] for row in table(summary, "Masalah menonjol")] == ["Curanmor di parkiran kos"]
        assert "zxqtertutup" not in html_of(summary)
        assert "Curanmor di parkiran kos" not in html_of(summary, with_persons=False)
        assert "zxqtertutup" in html_of(summary, True, True)

    def test_complaints_are_named_and_not_left_out(self, month):
        assert "Aduan belum dicatat dalam aplikasi." in html_of(month)

    def test_what_people_write_takes_the_place_of_the_proposal(self, cast, month):
        assert month.figures["drafts"]["id"]["analysis"] in html_of(month)
        month.edit(cast.kanit, {TextPart.ANALYSIS: "zxqanalisakanit"}, seen=month.text_hashes())
        page = html_of(month)
        assert "zxqanalisakanit" in page
        assert "Kenaikan terbesar" not in page.split("bagian-h")[2]

    def test_the_form_offers_the_proposal_and_keeps_only_what_was_changed(self, cast, month, sign_in):
        client = sign_in(cast.kapolsek)
        form = client.get(f"/rekap/{month.uuid}/ubah/").context["form"]
        assert form["prediction"].value() == month.figures["drafts"]["id"]["prediction"] != ""
        sent = {name: form[name].value() or "" for name in form.fields}
        client.post(f"/rekap/{month.uuid}/ubah/", {**sent, "plan": "zxqrencana"})
        assert Summary.objects.get(pk=month.pk).texts == {"plan": "zxqrencana"}

    def test_papers_of_before_stay_readable(self, cast, month):
        old = {key: month.figures[key] for key in ("unit", "period", "activities", "areas", "opinions", "units", "text", "officers")}
        forums = dict.fromkeys(("forums", "meetings", "adopted", "done", "overdue"), 0)
        general = {"villages": 3, "population": None, "officers": 2, "officers_reporting": 1}
        month.figures = {**old, "schema": 1, "incidents": None, "forums": forums, "general": general}
        for reader in ((True, True), (False, False)):
            assert "Data gangguan belum diisi." in html_of(month, *reader)
        Summary.objects.filter(pk=month.pk).update(figures=month.figures)
        assert build(cast.units.polres).figures["units"][0]["incidents"]["now"] is None


def grid(sheet):
    return [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]


def book_of(summary, formulas=False, reader=(True, False)):
    return load_workbook(summary_files.xlsx_of(summary, papers.Reader(*reader)), data_only=not formulas)


def rows_after(rows, title, number):
    """So many rows below the head of a table."""
    at = next(place for place, row in enumerate(rows) if row[0] == title)
    return rows[at + 2 : at + 2 + number]


class TestWorkbook:
    def test_figures_are_numbers_and_what_follows_from_them_formulas(self, month):
        name = next(name for name in book_of(month).sheetnames if name.startswith("B."))
        values = rows_after(grid(book_of(month)[name]), "Gangguan menurut golongan dan jenis", 6)
        assert [row[:4] for row in values] == [
            ["I.1 Kejahatan konvensional", 2, 4, 2],
            ["Pencurian kendaraan bermotor", 2, 3, 1],
            ["Perkosaan", 0, 1, 1],
            ["III. Gangguan", 1, 0, -1],
            ["Kecelakaan lalu lintas", 1, 0, -1],
            ["Jumlah", 3, 4, 1],
        ]
        assert [row[4] for row in values] == [1, 0.5, "-", -1, -1, 0.3333]
        formulas = rows_after(grid(book_of(month, formulas=True)[name]), "Gangguan menurut golongan dan jenis", 6)
        first = int(formulas[1][3].split("B")[1])
        assert formulas[0][1:4] == [f"=SUM(B{first}:B{first + 1})", f"=SUM(C{first}:C{first + 1})", f"=C{first - 1}-B{first - 1}"]
        assert formulas[5][1] == f"=SUM(B{first - 1},B{first + 2})"
        assert formulas[1][4] == f'=IF(B{first}=0,"-",(C{first}-B{first})/B{first})'

    def test_every_part_has_a_sheet(self, month):
        assert [name[0] for name in book_of(month).sheetnames] == list("ABCDEFGHIJ")

    def test_what_people_write_is_no_formula(self, cast, month):
        month.edit(cast.kanit, {TextPart.ANALYSIS: "=1+1"}, seen=month.text_hashes())
        cells = [
            cell for sheet in book_of(month, formulas=True) for row in sheet.iter_rows() for cell in row if cell.value and "1+1" in str(cell.value)
        ]
        assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s")]

    def test_holds_what_its_reader_may_know(self, cast, told, month):
        def words(reader):
            return str([grid(sheet) for sheet in book_of(build(cast.units.banyumanik), reader=reader)])

        assert all(word in words((True, True)) for word in (*LI_WORDS, "zxqcerita"))
        assert not [word for word in LI_WORDS if word in words((True, False))]
        assert not [word for word in (*LI_WORDS, "zxqcerita", "Sutrisno") if word in words((False, False))]


class TestLetter:
    def document(self, summary, reader=(True, False), size="A4"):
        return docx.Document(summary_files.docx_of(summary, papers.Reader(*reader), size=size))

    def test_tables_say_what_the_page_says(self, month):
        tables = [[[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in table.rows] for table in self.document(month).tables]
        [found] = [rows for rows in tables if rows[0][0] == "Golongan dan jenis"]
        assert found[1:] == table(month, "Gangguan menurut golongan dan jenis")

    def test_is_an_official_letter_of_its_size(self, cast, month):
        month.approve(cast.kapolsek, month.draft_hash)
        document = self.document(month, size="F4")
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert text.startswith("KEPOLISIAN NEGARA REPUBLIK INDONESIA DAERAH JAWA TENGAH")
        assert f"Nomor: {month.number}" in text
        assert (document.sections[0].page_width.mm, document.sections[0].page_height.mm) == pytest.approx((215, 330), abs=0.1)
        assert "BAMBANG SUPRIYADI, S.H." in document.tables[-1].rows[0].cells[1].text

    def test_holds_what_its_reader_may_know(self, cast, told, month):
        def words(reader):
            document = self.document(build(cast.units.banyumanik), reader)
            return document.element.xml + document.sections[0].header._element.xml

        assert all(word in words((True, True)) for word in (*LI_WORDS, "RAHASIA"))
        assert not [word for word in (*LI_WORDS, "RAHASIA") if word in words((True, False))]
        assert not [word for word in ("zxqcerita", "Sutrisno") if word in words((False, False))]


class TestFrame:
    """What stands above and below the parts is the same in each form, and stays as it was approved."""

    def forms(self, summary):
        sheet = grid(book_of(summary)[book_of(summary).sheetnames[0]])
        letter = docx.Document(summary_files.docx_of(summary, papers.Reader(True)))
        cells = [cell.text for told in letter.tables for row in told.rows for cell in row.cells]
        words = "\n".join([*(paragraph.text for paragraph in letter.paragraphs), *cells])
        with translation.override("id"):
            pdf = render_to_string("print/summary.html", papers.paper(summary, papers.Reader(True)))
        return {"pdf": pdf, "xlsx": str(sheet), "docx": words}

    def test_a_draft_says_that_it_is_one_and_a_revision_what_it_replaces(self, cast, month):
        assert all("Konsep, belum disahkan" in words for words in self.forms(month).values())
        month.approve(cast.kapolsek, month.draft_hash)
        banyumanik(cast, 1)
        revision = build(cast.units.banyumanik)
        assert all(f"Menggantikan revisi 1 ({month.number})" in words for words in self.forms(revision).values())

    def test_an_approved_paper_keeps_letterhead_and_keeper(self, cast, month):
        month.approve(cast.kapolsek, month.draft_hash)
        keeper = summary_files.keeper_of(month)
        Unit.objects.filter(pk=month.unit_id).update(letterhead="POLRI\nDAERAH LAIN")
        Posting.objects.filter(user=cast.kanit).delete()
        month = Summary.objects.get(pk=month.pk)
        assert all("DAERAH LAIN" not in words and month.number in words for words in self.forms(month).values())
        assert (summary_files.keeper_of(month), keeper["title"]) == (keeper, "KANIT BINMAS")

    def test_nobody_seems_to_have_signed_what_went_by_itself(self, cast, month):
        with time_machine.travel(wib(2026, 11, 2, 8), tick=False):
            daily = building.build(cast.units.banyumanik, PeriodKind.DAILY, datetime.date(2026, 11, 1))
            daily.release()
        for name, words in self.forms(daily).items():
            assert "tanpa tanda tangan" in words, name
            assert "Disahkan dalam sistem" not in words, name


class TestFiles:
    def test_the_code_leads_to_this_revision_and_an_outsider_nowhere(self, cast, month, sign_in):
        address = papers.address_of(month)
        assert address.endswith(f"/rekap/{month.uuid}/")
        for ending in ("", "pdf/", "xlsx/", "docx/", "bhabinkamtibmas/"):
            assert sign_in(cast.outsider).get(f"/rekap/{month.uuid}/{ending}").status_code == 404
        for ending in ("/", ".pdf", ".xlsx", ".docx"):
            assert sign_in(cast.outsider).get(f"/api/v1/summaries/{month.uuid}{ending}").status_code == 404

    def test_the_api_tells_figures_and_files(self, cast, month, sign_in):
        client = sign_in(cast.kapolsek)
        told = client.get(f"/api/v1/summaries/{month.uuid}/").json()
        assert told["figures"]["incidents"]["total"]["now"] == 4
        assert told["figures"]["schema"] == 2
        assert client.get(f"/api/v1/summaries/{month.uuid}.xlsx").getvalue()[:2] == b"PK"
        assert client.get(f"/api/v1/summaries/{month.uuid}.docx").getvalue()[:2] == b"PK"

    def test_the_laporan_bhabinkamtibmas_is_parts_d_and_e_alone(self, cast, month):
        details = {"size": "A4", "keeper": summary_files.keeper_of(month)}
        told = summary_files.officers_paper(month, True, details)
        assert [section.letter for section in told["sections"]] == ["D", "E"]
        with translation.override("id"):
            page = render_to_string("print/summary_officers.html", told)
        assert "HARJONO" in page
        assert "zxqcerita" not in page

    def test_a_signed_paper_is_kept_once(self, cast, month, sign_in):
        client = sign_in(cast.kanit)
        assert client.get(f"/rekap/{month.uuid}/naskah/").status_code == 404, "a draft has none"
        month.approve(cast.kapolsek, month.draft_hash)
        for _ in range(2):
            answer = client.post(f"/rekap/{month.uuid}/naskah/", {"paper": SimpleUploadedFile("naskah.png", png())})
            assert answer.status_code == 302
        scan = SummaryScan.objects.get()
        assert client.get(f"/rekap/naskah/{scan.uuid}/").getvalue()[:2] == b"\xff\xd8", "kept as a clean JPEG"
        assert sign_in(cast.outsider).get(f"/rekap/naskah/{scan.uuid}/").status_code == 404
        odd = client.post(f"/rekap/{month.uuid}/naskah/", {"paper": SimpleUploadedFile("naskah.pdf", b"not a paper")})
        assert odd.status_code == 200
        assert SummaryScan.objects.count() == 1

    def test_a_signed_paper_on_which_li_may_stand_is_for_their_readers(self, cast, told, month, sign_in):
        summary = build(cast.units.banyumanik)
        summary.approve(cast.kapolsek, summary.draft_hash)
        scan = SummaryScan.attach(summary, cleaned(SimpleUploadedFile("naskah.png", png())), cast.kapolsek)
        seen = {}
        for who in ("kanit", "kapolres", "clerk", "operator"):
            answer = sign_in(cast.people[who]).get(f"/rekap/naskah/{scan.uuid}/")
            seen[who] = answer.status_code
            assert not answer.streaming or answer.getvalue()
        assert seen == {"kanit": 200, "kapolres": 200, "clerk": 404, "operator": 404}

    def test_chosen_photos_stay_when_the_figures_are_counted_anew(self, cast, month, sign_in, monkeypatch):
        def refuse(*_told):
            raise ValidationError("Sudah disahkan.")

        [report] = banyumanik(cast, 1)
        photo, _is_new = keep(report, uuid.uuid4(), SimpleUploadedFile("a.png", png()))
        client = sign_in(cast.kanit)
        chosen = build(cast.units.banyumanik).figures["photos"][0]
        assert (chosen["id"], chosen["sha256"]) == (str(photo.uuid), photo.sha256)
        assert client.post(f"/rekap/{month.uuid}/foto/", {"foto": ["x\0", "5" * 5000]}).status_code == 302
        assert build(cast.units.banyumanik).figures["photos"] == []
        client.post(f"/rekap/{month.uuid}/foto/", {"foto": [str(photo.uuid)]})
        with monkeypatch.context() as patched:
            patched.setattr(Summary, "choose_photos", refuse)  # signed in the moment between
            assert client.post(f"/rekap/{month.uuid}/foto/", {"foto": []}).status_code == 302
        assert [row["id"] for row in build(cast.units.banyumanik).figures["photos"]] == [str(photo.uuid)]

    def test_who_chooses_photos_edits_the_paper_and_is_always_offered_those_chosen(self, cast, month, sign_in, monkeypatch):
        monkeypatch.setattr(summary_files_views, "MOST_OFFERED", 1)
        reports = banyumanik(cast, 3)
        photos = [keep(report, uuid.uuid4(), SimpleUploadedFile("a.png", png()))[0] for report in reports]
        keys = [str(photo.uuid) for photo in photos]
        client, url = sign_in(cast.kanit), f"/rekap/{month.uuid}/foto/"
        Summary.objects.get(pk=month.pk).choose_photos(cast.kanit, [summary_files_views.told(photo) for photo in photos[1:]])
        summary = Summary.objects.get(pk=month.pk)
        step = summary.steps.last()
        assert (summary.state, step.state, step.by, step.note) == ("DISUNTING", "DISUNTING", cast.kanit, "J")
        offered = {str(photo.uuid): is_chosen for photo, _told, is_chosen in client.get(url).context["rows"]}
        assert {key: offered.get(key) for key in keys[1:]} == dict.fromkeys(keys[1:], True)
        client.post(url, {"foto": keys[1:]})
        assert {row["id"] for row in Summary.objects.get(pk=month.pk).figures["photos"]} == set(keys[1:])

    @pytest.mark.parametrize("size", ["F4", "f4", "", "A5\0", "x" * 5000])
    def test_odd_sizes_do_no_harm(self, cast, month, sign_in, size):
        client = sign_in(cast.kapolsek)
        assert client.get(f"/rekap/{month.uuid}/docx/", {"kertas": size}).status_code == 200
        assert client.get(f"/rekap/{month.uuid}/pdf/", {"kertas": size}).status_code == 202


@pytest.fixture
def told(cast):
    """An LI of October whose words stand nowhere else, registered by the Kanit."""
    told = dict(zip(("subject", "facts", "prediction"), LI_WORDS, strict=True))
    information = make_information(cast, day=datetime.date(2026, 10, 14), **told)
    register(cast, information)
    return information


class TestInformations:
    """LI stand on the paper of who reads them, and in nobody else's page, file or answer."""

    def test_never_in_the_figures(self, cast, told):
        summary = build(cast.units.banyumanik)
        assert not [word for word in LI_WORDS if word in str(summary.figures)]
        assert [row["subject"] for row in SummaryAnnex.objects.get(summary=summary).content["informations"]] == ["zxqperihal"]

    def test_on_the_paper_of_who_reads_them(self, cast, told):
        summary = build(cast.units.banyumanik)
        assert not [word for word in LI_WORDS if word not in html_of(summary, True, True)]
        assert "RAHASIA" in html_of(summary, True, True)
        for reader in ((True, False), (False, False)):
            assert not [word for word in (*LI_WORDS, "RAHASIA") if word in html_of(summary, *reader)]

    def test_the_source_and_the_author_stand_on_no_paper(self, cast, told):
        page = html_of(build(cast.units.banyumanik), True, True)
        assert not [word for word in ("Elang 7", "Paijo", "0812-3456-7890") if word in page]

    def test_are_frozen_with_the_paper(self, cast, told):
        summary = build(cast.units.banyumanik)
        summary.approve(cast.kapolsek, summary.draft_hash)
        make_information(cast, day=datetime.date(2026, 10, 15), subject="zxqterlambat")
        build(cast.units.banyumanik)
        assert "zxqterlambat" not in str(SummaryAnnex.objects.get(summary=summary).content)

    READERS = ("kanit", "kapolsek", "kapolres", "kanit_intelkam")
    OTHERS = ("kasat", "operator", "clerk", "polda_reader", "spkt")

    @pytest.mark.parametrize("who", [*READERS, *OTHERS])
    def test_page_and_api(self, cast, told, sign_in, who):
        summary = build(cast.units.banyumanik)
        summary.approve(cast.kapolsek, summary.draft_hash)
        client = sign_in(cast.people[who])
        page = client.get(f"/rekap/{summary.uuid}/").content.decode()
        assert all((word in page) == (who in self.READERS) for word in LI_WORDS)
        answer = client.get(f"/api/v1/summaries/{summary.uuid}/").content.decode()
        assert not [word for word in ("Elang 7", *LI_WORDS) if word in answer] or who in self.READERS

    def test_not_in_anothers_pdf(self, cast, told):
        summary = build(cast.units.banyumanik)
        kinds = {who: papers.document_of(summary, papers.reader_of(cast.people[who], summary)).kind for who in (*self.OTHERS, *self.READERS)}
        assert {kinds[who] for who in self.OTHERS} == {"rekap-p", "rekap-pai", "rekap-i", "rekap-"}
        assert {kinds[who] for who in self.READERS} == {"rekap-plai", "rekap-li"}

    def test_files_with_them_do_not_pile_up(self, cast, told, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        summary = build(cast.units.banyumanik)
        readers = (papers.Reader(True, True), papers.Reader(True), papers.Reader(False, True, False, True))
        files = [papers.document_of(summary, reader) for reader in readers]
        for document in files:
            document.file.save("x.pdf", ContentFile(b"%PDF"))
        forget_secret_papers()
        assert Document.objects.count() == len(files)
        Document.objects.update(requested_at=timezone.now() - datetime.timedelta(hours=2))
        forget_secret_papers()
        assert [document.file.storage.exists(document.file.name) for document in files] == [False, True, False]
        assert list(Document.objects.values_list("kind", flat=True)) == ["rekap-p"]

    def test_a_banyumanik_report_counts_beside_them(self, cast, told):
        banyumanik(cast, 2)
        assert build(cast.units.banyumanik).figures["activities"]["total"]["now"] == 2


class TestPlainWords:
    """What a paper says of lists that are cut, of ties, of single days, and of what it has nothing to say about."""

    def test_one_day_has_no_weekdays_and_no_crime_clock(self, cast):
        make_incident(cast, at=wib(2026, 10, 15, 21))
        daily = building.build(cast.units.banyumanik, "daily", datetime.date(2026, 10, 15))
        assert daily.figures["incidents"]["rates"]["clock"]
        page = html_of(daily)
        assert "Waktu rawan" not in page
        assert "Selang waktu" not in page

    def test_a_cut_list_says_of_how_many(self, month):
        month.figures["incidents"]["places"] = [{"code": str(n), "name": f"Desa {n}", "now": 5 if n else 3, "before": 0} for n in range(1, 12)]
        month.figures["incidents"]["total"]["now"] = 55
        assert "10 dari 11 desa/kelurahan; 50 dari 55 gangguan." in html_of(month)

    def test_problems_that_stand_out_say_of_how_many_and_in_words(self, cast):
        with time_machine.travel(wib(2026, 10, 12, 9), tick=False):
            for _ in range(12):
                make_problem(cast, grade="GN")
        summary = build(cast.units.banyumanik)
        page = html_of(summary)
        assert "10 terberat dari 12." in page
        assert "<td>PRA</td>" not in page
        assert "<td>Sebelum: pencegahan</td>" in page

    def test_ties_are_told_as_ties(self):
        rows = [{"name": name, "now": number} for name, number in (("A", 2), ("B", 2), ("C", 1))]
        assert [row["name"] for row in most_of(rows, "now")] == ["A", "B"]
        assert most_of([{"now": 1}] * 4, "now") == []
        voices = [{"field": field, "urgencies": {}, "total": 2} for field in ("BUDAYA", "KESELAMATAN")]
        with translation.override("id"):
            assert "terbanyak di bidang budaya dan keselamatan" in drafting._opinions({"opinions": voices})

    def test_an_empty_prediction_is_named(self, month):
        month.figures["drafts"]["id"]["prediction"] = ""
        assert "Tidak ada: angka periode ini tidak menunjukkan pola." in html_of(month)

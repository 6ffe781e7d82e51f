"""The paper itself: what a reader of the PDF reads and what a phone's camera makes of its code; the same cells in page, workbook and API."""

import datetime
import io
import itertools
import uuid
from urllib.parse import urlsplit

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from patrol.photos import keep
from polmas.people.models import Document
from polmas.summaries import building, papers, tasks
from polmas.summaries.models import DailyCount
from tests.patrol.pictures import jpeg, picture
from tests.summaries.rows import banyumanik

DOTS = 200 / 72  # a copier's 200 dpi
WEEK_41, WEEK_42 = datetime.date(2020, 10, 5), datetime.date(2020, 10, 12)
PAGE_LINES = 30


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def worker(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def pdf_of(client, summary, size="A4"):
    """As the worker renders it for whoever asks."""
    client.get(f"/rekap/{summary.uuid}/pdf/", {"kertas": size})
    tasks.render_summary(Document.objects.latest("pk").pk)
    file = client.get(f"/rekap/{summary.uuid}/pdf/", {"kertas": size})
    return pypdfium2.PdfDocument(b"".join(file.streaming_content))


def last_of(document):
    return document[len(document) - 1]


def pictures_in(document) -> list[tuple[int, ...]]:
    found = (item for page in document for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)
    return [tuple(round(side) for side in item.get_px_size()) for item in found]


def text_of(page) -> str:
    return page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\u00a0", " ")


def codes_on(page) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(page.render(scale=DOTS, grayscale=True).to_pil())]


def counted(unit, start, number, measure="reports_by_kind", key="DDS"):
    """A week's count, all on its Wednesday, as a recount stores it."""
    DailyCount.objects.create(unit=unit, day=start + datetime.timedelta(days=2), measure=measure, key=key, count=number)


@pytest.fixture
def signed(cast):
    banyumanik(cast, 2, datetime.date(2026, 10, 15))
    summary = building.build(cast.units.banyumanik, "monthly", datetime.date(2026, 10, 1))
    summary.approve(cast.kapolsek, summary.draft_hash)
    return summary


class TestCode:
    @pytest.mark.parametrize(("size", "points"), [("A4", (595, 842)), ("F4", (609, 935))])
    def test_a_camera_reads_the_page_of_this_revision(self, cast, signed, sign_in, size, points):
        client = sign_in(cast.kapolsek)
        document = pdf_of(client, signed, size)
        assert tuple(round(length) for length in document[0].get_size()) == points
        codes = [code for page in document for code in codes_on(page)]
        assert codes == [papers.address_of(signed)]
        page = client.get(urlsplit(codes[0]).path)
        assert page.status_code == 200
        assert signed.number in page.content.decode()

    def test_an_outsider_who_has_the_paper_in_hand_learns_nothing(self, cast, signed, sign_in):
        [address] = codes_on(last_of(pdf_of(sign_in(cast.kapolsek), signed)))
        path = urlsplit(address).path
        for ending in ("", "pdf/", "xlsx/", "docx/", "bhabinkamtibmas/", "banding/1/"):
            assert sign_in(cast.outsider).get(f"{path}{ending}").status_code == 404
        for ending in ("/", ".pdf", ".xlsx", ".docx"):
            assert sign_in(cast.outsider).get(f"/api/v1/summaries/{signed.uuid}{ending}").status_code == 404
        answer = Client().get(path)
        assert (answer.status_code, signed.number in answer.content.decode()) == (302, False)


class TestCells:
    """Weeks 40 to 42 of 2020 as the bulletins printed them (domain.md 3.10), through every file."""

    @pytest.mark.parametrize(
        ("before", "now", "cells"),
        [
            (4930, 4742, ["4.930", "4.742", "−188", "−3,81 %"]),
            (5175, 4930, ["5.175", "4.930", "−245", "−4,73 %"]),
            (0, 7, ["0", "7", "+7", "-"]),
        ],
    )
    def test_page_pdf_workbook_and_api_say_the_same(self, cast, sign_in, api, before, now, cells):
        unit, client = cast.units.banyumanik, sign_in(cast.kapolsek)
        for start, number in ((WEEK_41, before), (WEEK_42, now)):
            if number:
                counted(unit, start, number)
        summary = building.build(unit, "weekly", WEEK_42)
        page = client.get(f"/rekap/{summary.uuid}/").content.decode().replace("\u00a0", " ")
        row = '<th scope="row">Sambang</th>' + "".join(f'<td class="number">{cell}</td>' for cell in cells)
        assert row in page
        text = "\n".join(text_of(page) for page in pdf_of(client, summary))
        assert " ".join(["Sambang", *cells]) in text.replace("\n", " ")
        assert api(cast.kapolsek).get(f"/api/v1/summaries/{summary.uuid}/").json()["figures"]["activities"]["kinds"] == [
            {"key": "DDS", "before": before, "now": now}
        ]
        book = load_workbook(io.BytesIO(client.get(f"/rekap/{summary.uuid}/xlsx/").getvalue()), data_only=True)
        [sheet] = [sheet for sheet in book if sheet.title.startswith("D.")]
        [line] = [line for line in sheet.iter_rows(values_only=True) if line[0] == "Sambang"]
        assert line[1:4] == (before, now, now - before)
        assert line[4] == "-" if not before else f"{line[4]:.4f}" == f"{(now - before) / before:.4f}"

    def test_every_formula_of_the_workbook_computes_what_stands_in_its_cell(self, cast, sign_in):
        unit, client = cast.units.banyumanik, sign_in(cast.kapolsek)
        for start, number in ((WEEK_41, 4930), (WEEK_42, 4742)):
            counted(unit, start, number)
            counted(unit, start, number // 7, key="BINLUH")
        summary = building.build(unit, "weekly", WEEK_42)
        content = client.get(f"/rekap/{summary.uuid}/xlsx/").getvalue()
        values, formulas = (load_workbook(io.BytesIO(content), data_only=flag) for flag in (True, False))
        checked = 0
        for sheet in formulas:
            for cell in itertools.chain.from_iterable(sheet.iter_rows()):
                if isinstance(cell.value, str) and cell.value.startswith("=SUM("):
                    told = values[sheet.title]
                    parts = [part for reference in cell.value[5:-1].split(",") for part in _cells(told, reference)]
                    assert sum(part.value or 0 for part in parts) == told[cell.coordinate].value, (sheet.title, cell.coordinate)
                    checked += 1
        assert checked >= 4


def _cells(sheet, reference):
    found = sheet[reference]
    return itertools.chain.from_iterable(found) if isinstance(found, tuple) else [found]


class TestSetting:
    def test_a_photo_stands_on_the_paper_of_who_reads_persons(self, cast, sign_in):
        [report] = banyumanik(cast, 1, datetime.date(2026, 10, 15))
        keep(report, uuid.uuid4(), SimpleUploadedFile("foto.jpg", jpeg(picture(640, 480))))
        summary = building.build(cast.units.banyumanik, "monthly", datetime.date(2026, 10, 1))
        summary.approve(cast.kapolsek, summary.draft_hash)
        assert pictures_in(pdf_of(sign_in(cast.kapolsek), summary)) == [(320, 240)]
        assert pictures_in(pdf_of(sign_in(cast.polda_reader), summary)) == []

    @pytest.mark.parametrize("lines", range(0, PAGE_LINES, 5))
    def test_the_signature_never_stands_alone(self, cast, sign_in, lines):
        """However long the paper is, its last part stands on the page on which it is signed."""
        summary = building.build(cast.units.banyumanik, "weekly", datetime.date(2026, 10, 12))
        text = "\n".join(["Rencana."] * (lines + 1))
        summary.edit(cast.kapolsek, {"plan": text}, summary.text_hashes())
        summary.approve(cast.kapolsek, summary.draft_hash)
        document = pdf_of(sign_in(cast.kapolsek), summary)
        last = text_of(last_of(document))
        assert "BAMBANG SUPRIYADI" in last
        assert "J. Lampiran foto dan peta" in last
        for number, page in enumerate(document, 1):
            assert f"{number} / {len(document)}" in text_of(page)

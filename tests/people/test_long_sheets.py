"""Long workbooks: what PostgreSQL copies is what a spreadsheet shows."""

import datetime

import openpyxl
import pytest
from django.db import connection

from polmas.people import long_sheets
from polmas.people.long_sheets import COPIED, DAY, NUMBER, TEXT, LongSheet

KINDS = {"uraian": TEXT, "hari": DAY, "lat": NUMBER}
ROWS = "SELECT words, DATE '2026-11-20' - DATE '1899-12-30', 1.5 FROM unnest(%s::text[]) WITH ORDINALITY AS said (words, place) ORDER BY place"


def written(words: list, tell=lambda done: None, every=1000):
    """The sheet of texts that the database copies, and the file."""
    with LongSheet("Kegiatan", KINDS, tell, every) as sheet, connection.cursor() as cursor:
        query = cursor.mogrify(ROWS, [words]).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH ({COPIED})", sheet)
    with sheet.file:
        return openpyxl.load_workbook(sheet.file).active


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Sambang ke RT 003 – aman", "Sambang ke RT 003 – aman"),
        ("  dengan tepi ", "  dengan tepi "),
        ("baris\r\nkedua\tkolom", "baris\nkedua\tkolom"),
        ("<b>Tom & Jerry</b> \"'", "<b>Tom & Jerry</b> \"'"),
        ("C:\\nama\\N \\.", "C:\\nama\\N \\."),
        ("bel\x07 hapus\x08 \x1b[0m", "bel hapus [0m"),
        ("bukan huruf \ufffe\uffff, tetapi ｆ", "bukan huruf , tetapi ｆ"),
        ("_x0041_", "_x005F_x0041_"),  # what spreadsheets show as _x0041_; openpyxl leaves it
        ("👮 ﷽", "👮 ﷽"),
        ("=1+1", "=1+1"),
        ("-5", "-5"),
        ("007", "007"),
        ("", None),
        (None, None),
    ],
)
def test_texts_are_shown_as_they_were_typed(words, shown):
    sheet = written([words])
    cell = sheet["A2"]
    assert cell.value == shown
    assert cell.data_type == "s" or shown is None


@pytest.mark.django_db
def test_days_and_numbers_can_be_reckoned_with():
    heads, row = written(["x"]).iter_rows()
    assert [cell.value for cell in heads] == list(KINDS)
    assert (row[0].value, row[1].value.date(), row[2].value) == ("x", datetime.date(2026, 11, 20), 1.5)
    assert (row[1].is_date, row[1].number_format) == (True, "dd/mm/yyyy")


@pytest.mark.django_db
def test_rows_stand_in_their_order_however_many_there_are(monkeypatch):
    monkeypatch.setattr(long_sheets, "STEP", 7)
    told = []
    sheet = written([f"baris {number}" for number in range(30)], told.append, every=10)
    assert [cell.value for cell in sheet["A"]] == ["uraian", *(f"baris {number}" for number in range(30))]
    assert told == [10, 20, 30]


@pytest.mark.django_db
def test_a_sheet_without_rows_has_its_headings():
    assert [list(row) for row in written([]).values] == [list(KINDS)]

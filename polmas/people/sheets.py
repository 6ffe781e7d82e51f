"""Tables to take along, as CSV or as a workbook: all of them written in one way."""

import csv
import datetime
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import IO

from django.http import FileResponse
from django.utils import timezone

# A cell that begins with one of these is read as a formula by spreadsheets; as PostgreSQL and Python both write it.
FORMULA = r"^[=+\-@\t\r]"
IN_MEMORY = 8 * 1024 * 1024  # bytes
Cell = str | int | Decimal | datetime.date | None
FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def harmless(cell):
    """What a spreadsheet takes for no formula: such a text gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and re.match(FORMULA, cell) else cell


def sent(form: str, name: str, title: str, heads: list[str], rows: Iterable[list], above: Sequence[str] = ()) -> FileResponse:
    """The file, named by what it holds and by today. `above`: lines over the heads of a workbook; a CSV stays a plain table."""
    file: IO[bytes] = as_xlsx(title, heads, rows, above=above) if form == "xlsx" else as_csv(heads, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}-{timezone.localdate():%Y%m%d}.{form}", content_type=FORMATS[form])


def as_csv(heads: list[str], rows: Iterable[list]) -> io.BytesIO:
    """With commas, days as 2026-11-20 and numbers as 12.50; the mark by which Excel knows UTF-8 in front."""
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    csv.writer(text).writerows(map(harmless, row) for row in chain([heads], rows))
    text.detach()
    return out


def long_file() -> IO[bytes]:
    """Where a long table is written: it waits on disk, and whoever takes it closes it."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


def as_xlsx(title: str, heads: list[str], rows: Iterable[list], above: Sequence[str] = ()) -> io.BytesIO:
    """Texts are texts, never formulas; numbers can be added up, days put in order. In memory: what may be long is a `LongSheet`."""
    import xlsxwriter  # imported where used: a web process stays small

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(title[:31])
    head_row = len(above) + 1 if above else 0  # an empty row between
    sheet.freeze_panes(head_row + 1, 1)
    sheet.set_column(0, len(heads) - 1, 18)
    for number, text in enumerate(above):
        sheet.write_string(number, 0, text, bold)
    for column, head in enumerate(heads):
        sheet.write_string(head_row, column, head, bold)
    for number, column, cell in cells_of(rows):
        write(sheet, head_row + number, column, cell, day)
    book.close()
    return out


def cells_of(rows: Iterable[list]) -> Iterator[tuple[int, int, Cell]]:
    """Each cell that says something, with its place; the first row is the second of the sheet."""
    for number, row in enumerate(rows, 1):
        yield from ((number, column, cell) for column, cell in enumerate(row) if cell not in (None, ""))


def write(sheet, row: int, column: int, cell: Cell, day) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_number(row, column, cell)

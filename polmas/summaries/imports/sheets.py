"""Reading and writing XLSX. What comes in is anybody's file: sizes are bounded before anything is unpacked."""

import csv
import dataclasses
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

FILE_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
# An honest table of 20,000 rows unpacks to some 30 MB; what declares more is meant to fill the memory.
UNPACKED_BYTES, MOST_PARTS = 150 * 1024 * 1024, 500
LONGEST_CELL = 2000
# Control characters and halves of surrogate pairs, which no text has.
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a table: its title in the file, the name that code knows it by, and what the sheet of instructions says."""

    title: str
    name: str
    help: str | Promise
    is_required: bool = False
    examples: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()  # code and label; either may stand in a cell
    is_moment: bool = False  # a day with its time, or a time alone

    def choice(self, text: str) -> str | None:
        """The code that a cell names, by code or label; None where it names none."""
        wanted = text.casefold()
        return next((code for code, label in self.choices if wanted in (code.casefold(), label.casefold())), None)


@dataclasses.dataclass
class Row:
    """One row of the file: its number as Excel shows it, the text of its cells, and what is wrong in which column."""

    number: int
    cells: dict[str, str]
    errors: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def refuse(self, title: str, reason: Any) -> None:
        """Adds a fault; the first one of a column is told."""
        if title not in {column for column, _reason in self.errors}:
            self.errors.append((title, str(reason)))


def is_csv(file) -> bool:
    """Whether a file is text and no workbook, by how it begins."""
    start = file.read(4)
    file.seek(0)
    return not start.startswith((b"PK", b"\xd0\xcf"))


def read(file, columns: Sequence[Column], reads_csv: bool = False) -> list[Row]:
    """The rows of the first sheet, or of a CSV where that is taken. Raises ValidationError where the file as a whole cannot be taken."""
    if reads_csv and is_csv(file):
        return _rows(_csv_lines(file.read()), columns)
    refuse_bombs(file)
    from openpyxl import load_workbook  # imported where used: a web process stays small

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is its own claim
        return _rows(sheet.iter_rows(max_col=60, values_only=True), columns)
    except ValidationError:
        raise
    except Exception as error:  # whatever a broken file makes of the library: the file is at fault, and it says so
        raise ValidationError(_("This file is no table of Excel (.xlsx), or is damaged. Use the template.")) from error


def refuse_bombs(file) -> None:
    """Refuses what is no XLSX or unpacks to far more than a table; zipfile reads no more of a part than it declares."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ValidationError(_("This file is no table of Excel (.xlsx), or is damaged. Use the template.")) from error
    finally:
        file.seek(0)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise ValidationError(_("This file unpacks to far more than a table holds. Copy the rows into the template."))


def _rows(lines: Iterator[tuple], columns) -> list[Row]:
    titles = {_title(text_of(cell)): place for place, cell in enumerate(next(lines, ())) if cell is not None}
    missing = [column.title for column in columns if column.is_required and _title(column.title) not in titles]
    if missing:
        raise ValidationError(_("The first line lacks the columns: %(names)s") % {"names": ", ".join(missing)})
    places = [(column, titles[_title(column.title)]) for column in columns if _title(column.title) in titles]
    rows: list[Row] = []
    for number, line in enumerate(lines, start=2):
        if any(cell not in (None, "") for cell in line):
            if len(rows) == MOST_ROWS:
                raise ValidationError(_("More than %(most)d rows. Split the file.") % {"most": MOST_ROWS})
            rows.append(_row(number, line, places))
    if not rows:
        raise ValidationError(_("The table holds no rows below its first line."))
    return rows


def _csv_lines(data: bytes) -> Iterator[tuple]:
    """The lines of a CSV with commas, semicolons or tabs, in UTF-8 or as Windows wrote it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    mark = max(";,\t", key=first.count)
    try:
        yield from map(tuple, csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise ValidationError(_("This file is no table of commas or semicolons, or is damaged. Use the template.")) from error


def _title(text: str) -> str:
    """A title without what people add to it: capitals, spaces, the star of a required column."""
    return " ".join(text.casefold().replace("*", " ").split())


def _row(number, line, places) -> Row:
    row = Row(number, {})
    for column, place in places:
        text = (moment_of if column.is_moment else text_of)(line[place]) if place < len(line) else ""
        if STRANGE.search(text) or len(text) > LONGEST_CELL:
            row.refuse(column.title, _("This text is too long, or holds a character that no text has."))
            text = STRANGE.sub("?", text)[:LONGEST_CELL]
        row.cells[column.name] = text
        if column.is_required and not text:
            row.refuse(column.title, _("This is missing."))
    return row


def text_of(cell) -> str:
    """A cell as somebody reads it: whole numbers without a decimal point, days as 2026-11-22."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime | datetime.date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def moment_of(cell) -> str:
    """A day with its time as 2026-11-22 21:30, a time alone as 21:30, also where Excel keeps it as a part of the day."""
    if isinstance(cell, datetime.datetime) and cell.time() != datetime.time.min:
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, datetime.time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and 0 <= cell < 1:
        hours, minutes = divmod(round(cell * 24 * 60) % (24 * 60), 60)
        return f"{hours:02}:{minutes:02}"
    return text_of(cell)


def day_of(text: str) -> datetime.date | None:
    """The day that a cell names, as Excel or people write it; None where it names none."""
    for form in DAYS:
        try:
            return datetime.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def template(columns: Sequence[Column], title: str | Promise, notes: Iterable[str | Promise]) -> bytes:
    """An empty table with its titles, and a second sheet that explains each column and lists its codes."""
    with _Book() as book:
        sheet = book.sheet("Data")
        for place, column in enumerate(columns):
            sheet.write_string(0, place, f"{column.title} *" if column.is_required else column.title, book.bold)
            sheet.set_column(place, place, max(14, len(column.title) + 4), book.text)
            if column.choices and sum(len(label) + 1 for _code, label in column.choices) <= 255:
                sheet.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": [label for _code, label in column.choices]})
        sheet.freeze_panes(1, 0)
        _explain(book, columns, title, notes)
    return book.bytes


def _explain(book, columns, title, notes):
    sheet = book.sheet(_("Instructions"))
    sheet.set_column(0, 0, 24, book.wrapped)
    sheet.set_column(1, 2, 60, book.wrapped)
    lines = [(title, "", ""), *((note, "", "") for note in notes), ("", "", ""), (_("Column"), _("What stands in it"), _("Example or choices"))]
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(number, place, str(text), book.bold if number in (0, len(lines) - 1) else None)
    for number, column in enumerate(columns, start=len(lines)):
        choices = "\n".join(f"{label} ({code})" for code, label in column.choices) or ", ".join(column.examples)
        for place, text in enumerate((f"{column.title} *" if column.is_required else column.title, column.help, choices)):
            sheet.write_string(number, place, str(text), book.wrapped)


def table(titles: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A plain table. Everything is written as text: no cell of a stranger's becomes a formula."""
    with _Book() as book:
        sheet = book.sheet("Data")
        for place, title in enumerate(titles):
            sheet.write_string(0, place, title, book.bold)
            sheet.set_column(place, place, max(14, len(title) + 4), book.text)
        for number, line in enumerate(lines, start=1):
            for place, text in enumerate(line):
                sheet.write_string(number, place, text)
        sheet.freeze_panes(1, 0)
    return book.bytes


class _Book:
    """A workbook in memory with the few formats that the tables use."""

    def __enter__(self):
        from xlsxwriter import Workbook  # imported where used: a web process stays small

        self.stream = io.BytesIO()
        self.book = Workbook(self.stream, {"in_memory": True})
        self.bold = self.book.add_format({"bold": True, "bg_color": "#F1ECE4", "num_format": "@"})
        self.text = self.book.add_format({"num_format": "@"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        return self

    def __exit__(self, *error):
        self.book.close()

    def sheet(self, name):
        return self.book.add_worksheet(name)

    @property
    def bytes(self) -> bytes:
        return self.stream.getvalue()

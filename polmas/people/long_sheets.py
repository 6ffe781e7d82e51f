"""A workbook of as many rows as a sheet holds, out of the lines that PostgreSQL copies.

XlsxWriter makes the book with its headings; the rows come between them and the sheet's end. A cell at a time, as that library writes them, a
million rows take minutes; a line at a time, less than half a minute."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence

from polmas.people.sheets import long_file

COPIED = "FORMAT text, NULL '', ENCODING 'UTF8'"  # how the lines are to be copied
EPOCH = "1899-12-30"  # the day that workbooks count days from
SHEET = "xl/worksheets/sheet1.xml"
STEP = 1000  # rows that are compressed together
FASTEST = 1  # three fifths of the time, for a file that is a quarter longer

# What a line may hold that can't stand in a sheet as it is: PostgreSQL's own escapes, marks of XML, characters that XML doesn't know, and
# what a workbook takes for the number of a character. The translation finds lines that have any, the expression then says where.
UNUSUAL = b"\\&<>_\xef" + bytes(set(range(32)) - {9})
SPECIAL = re.compile(rb"\\.|[&<>]|_(?=x[0-9A-Fa-f]{4}_)|\xef\xbf[\xbe\xbf]|[\x00-\x08\x0a-\x1f]")
SAID = {b"\\\\": b"\\", b"\\n": b"\n", b"\\t": b"&#9;", b"&": b"&amp;", b"<": b"&lt;", b">": b"&gt;", b"_": b"_x005F_"}

TEXT, NUMBER, DAY = "text", "number", "day"


class LongSheet:
    """What PostgreSQL copies to (`COPIED`): one line of text, one row. A day is its number from `EPOCH` on."""

    def __init__(self, title: str, kinds: dict[str, str], tell: Callable[[int], None], every: int):
        """`kinds` of the columns, by heading; `tell` learns after `every` so many rows how many are done."""
        self._tell, self._every, self._done = tell, every, 0
        self._rows: list[bytes] = []
        self.file = long_file()
        parts, self._cells = _empty_book(title, kinds)
        start, self._end = parts.pop(SHEET).split(b"</sheetData>")
        self._archive = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST)
        for name, part in parts.items():
            self._archive.writestr(name, part)
        self._sheet = self._archive.open(SHEET, "w", force_zip64=True)
        self._sheet.write(start)

    def write(self, line: bytes) -> int:
        self._done += 1
        place = b"%d" % (self._done + 1)  # below the headings
        said = zip(self._cells, plain(line[:-1]).split(b"\t"), strict=True)
        cells = [start + place + kind + cell + end for (start, kind, end), cell in said if cell]
        self._rows.append(b'<row r="%b">%b</row>' % (place, b"".join(cells)))
        if len(self._rows) == STEP:
            self._flush()
        if self._done % self._every == 0:
            self._tell(self._done)
        return len(line)

    def __enter__(self) -> "LongSheet":
        return self

    def __exit__(self, failure, *details) -> None:
        """What failed leaves no file; else `file` is the workbook, open at its beginning."""
        self._flush()
        self._sheet.write(b"</sheetData>" + self._end)
        self._sheet.close()
        self._archive.close()
        self.file.close() if failure else self.file.seek(0)

    def _flush(self) -> None:
        self._sheet.write(b"".join(self._rows))
        self._rows.clear()


def plain(line: bytes) -> bytes:
    """The line as XML says it, its cells still parted by tabs."""
    if len(line.translate(None, UNUSUAL)) == len(line):
        return line
    return SPECIAL.sub(lambda found: SAID.get(found[0], b""), line)


def _empty_book(title: str, kinds: dict[str, str]) -> tuple[dict[str, bytes], Sequence[tuple[bytes, bytes, bytes]]]:
    """The parts of a workbook with headings only, and what stands before the row's number, after it, and behind a cell of each column."""
    import xlsxwriter  # imported where used: a web process stays small
    from xlsxwriter.utility import xl_col_to_name

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 1)
    for column, (head, kind) in enumerate(kinds.items()):
        sheet.set_column(column, column, 18, day if kind == DAY else None)
        sheet.write_string(0, column, head, bold)
    book.close()
    ends = {
        TEXT: (b'" t="inlineStr"><is><t xml:space="preserve">', b"</t></is></c>"),
        NUMBER: (b'"><v>', b"</v></c>"),
        DAY: (b'" s="%d"><v>' % day.xf_index, b"</v></c>"),
    }
    cells = [(b'<c r="' + xl_col_to_name(column).encode(), *ends[kind]) for column, kind in enumerate(kinds.values())]
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = re.sub(rb"<dimension [^>]*>", b"", parts[SHEET])  # which would be that of the headings
    return parts, cells

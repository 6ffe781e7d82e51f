"""A summary as a workbook: a sheet for each part, every sum, difference and percentage a formula, every text a
text: none needs the apostrophe by which a CSV keeps what was typed from being reckoned."""

import io
from decimal import Decimal
from itertools import groupby

from polmas.summaries.framing import SECRET
from polmas.summaries.layout.blocks import (
    DIFFERENCE,
    GROUP,
    LEAF,
    MEAN,
    NOTHING,
    NUMBER,
    PERCENT,
    SHARE,
    SUM,
    TEXT,
    TOTAL,
    Column,
    Row,
    Table,
)

FORMATS = {NUMBER: "#,##0", SUM: "#,##0", DIFFERENCE: "+#,##0;-#,##0;0", PERCENT: "+0.00%;-0.00%;0.00%", SHARE: "0.00%", MEAN: "0.00", TEXT: "@"}
WIDTH, FIRST_WIDTH = 13, 42


def workbook(told: dict) -> io.BytesIO:
    """`told`: what `papers.paper` tells. Each sheet begins with letterhead and title of the paper, its number, and how it was approved; the
    first one opens as the paper does and names who signs."""
    import xlsxwriter  # imported where used: a web process stays small

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = _Styles(book)
    heads = [*([str(SECRET)] if told["is_secret"] else []), *told["letterhead"]]
    approval = " · ".join(told["approval"])
    for section in told["sections"]:
        sheet = _Sheet(book.add_worksheet(f"{section.letter}. {section.title}".translate(FORBIDDEN)[:31]), styles)
        for line in heads:
            sheet.line(line, styles.head)
        sheet.line(told["heading"], styles.title)
        sheet.line(told["number_line"], styles.head)
        sheet.paragraph(approval, styles.note)
        sheet.skip()
        if section is told["sections"][0]:
            for line in filter(None, (told["revised"], *told["sentences"], *told["imported"])):
                sheet.paragraph(line, styles.typed)
            for line in (line for part in told["signature"] for line in part):
                sheet.line(line, styles.plain)
            sheet.skip()
        sheet.line(f"{section.letter}. {section.title}", styles.title)
        for block in section.blocks:
            sheet.block(block)
    book.close()
    out.seek(0)
    return out


FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))  # in the name of a sheet


class _Styles:
    def __init__(self, book):
        self.head, self.title = book.add_format({"bold": True, "font_size": 9}), book.add_format({"bold": True, "font_size": 12})
        self.bold, self.note = book.add_format({"bold": True}), book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        self.plain = book.add_format()
        self.typed = book.add_format({"text_wrap": True, "valign": "top"})
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
        self.column, self.number_column = book.add_format(head), book.add_format(head | {"align": "right"})
        self._cells = {
            (kind, level): book.add_format({"num_format": code, "bold": level != LEAF, "align": "left" if kind == TEXT else "right", **LINES[level]})
            for kind, code in FORMATS.items()
            for level in LINES
        }

    def cell(self, kind, level):
        return self._cells[kind, level]


LINES: dict[str, dict[str, int]] = {LEAF: {}, GROUP: {"top": 1}, TOTAL: {"top": 1, "bottom": 1}}


class _Sheet:
    """One sheet, written from the top down."""

    def __init__(self, sheet, styles):
        self.sheet, self.styles, self.at = sheet, styles, 0
        sheet.set_column(0, 0, FIRST_WIDTH)
        sheet.set_column(1, 20, WIDTH)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def line(self, text, style):
        self.sheet.write_string(self.at, 0, str(text), style)
        self.at += 1

    def skip(self):
        self.at += 1

    def paragraph(self, text, style):
        """Over the width of a usual table, as high as its lines need."""
        self.sheet.merge_range(self.at, 0, self.at, 7, str(text), style)
        self.sheet.set_row(self.at, 15 * sum(1 + len(line) // 120 for line in text.split("\n")))
        self.at += 1

    def block(self, block):
        self.skip()
        title = getattr(block, "title", "")
        if title:
            self.line(title, self.styles.bold)
        {"table": self.table, "terms": self.terms, "items": self.items, "text": self.text, "pictures": self.pictures}.get(block.shape, _nothing)(
            block
        )

    def text(self, block):
        if block.text:
            self.paragraph(block.text, self.styles.bold if block.is_notice else self.styles.typed)

    def terms(self, block):
        for term, value in block.rows:
            self.sheet.write_string(self.at, 0, term)
            self.sheet.write_string(self.at, 1, str(value))
            self.at += 1

    def items(self, block):
        for name, told in block.items:
            self.paragraph(name, self.styles.bold)
            if told:
                self.paragraph(told, self.styles.typed)

    def pictures(self, block):
        for picture in block.pictures:
            self.line(picture["words"], self.styles.typed)

    def table(self, table: Table):
        for place, column in enumerate(table.columns):
            style = self.styles.column if column.kind == TEXT else self.styles.number_column
            self.sheet.write_string(self.at, place, str(column.label), style)
        first = self.at + 1
        written = _Formulas(table, first)
        for number, row in enumerate(table.rows):
            for place, column in enumerate(table.columns):
                self._cell(first + number, place, column, row, table, written)
        self.at = first + len(table.rows)
        if table.note:
            self.paragraph(table.note, self.styles.note)

    def _cell(self, at, place, column: Column, row: Row, table: Table, written: "_Formulas"):
        value, style = table.value(column, row), self.styles.cell(column.kind, row.level)
        if value is None:
            self.sheet.write_string(at, place, NOTHING, style)
        elif formula := written.of(at, column, row):
            self.sheet.write_formula(at, place, formula, style, _number(column, value))
        elif isinstance(value, str):
            self.sheet.write_string(at, place, value, style)
        else:
            self.sheet.write_number(at, place, _number(column, value), style)


def _nothing(_block):
    """A map is no table."""


def _number(column, value):
    return float(value / 100) if column.kind in (PERCENT, SHARE) and isinstance(value, Decimal) else value


class _Formulas:
    """How the numbers of a table that starts in a row follow from each other."""

    def __init__(self, table: Table, first: int):
        self.table, self.first = table, first
        self.letters = {column.key: _letter(place) for place, column in enumerate(table.columns)}

    def of(self, at: int, column: Column, row: Row) -> str:
        """Empty where a number stands for itself."""
        if column.kind == NUMBER:
            return self._sum(column.key, row) if row.level != LEAF and self.table.is_summed else ""
        if column.kind in (TEXT, MEAN) or not all(key in self.letters for key in column.of):
            return ""
        cells = [f"{self.letters[key]}{at + 1}" for key in column.of]
        if column.kind == SUM:
            return f"=SUM({','.join(cells)})"
        first, second = cells
        if column.kind == DIFFERENCE:
            return f"={second}-{first}"
        if column.kind == PERCENT:
            return f'=IF({first}=0,"{NOTHING}",({second}-{first})/{first})'
        return f'=IF({second}=0,"{NOTHING}",{first}/{second})'

    def _sum(self, key, row) -> str:
        """The sum of the rows that make this one, if these are numbers and really make it."""
        parts = self._parts(row)
        values = [self.table.rows[place].cells.get(key) for place in parts]
        numbers = [value for value in values if isinstance(value, int)]
        if not parts or len(numbers) < len(values) or sum(numbers) != row.cells.get(key):
            return ""
        return f"=SUM({','.join(self._range(key, run) for run in _runs(parts))})"

    def _range(self, key, run) -> str:
        first, last = (f"{self.letters[key]}{self.first + place + 1}" for place in (run[0], run[-1]))
        return first if len(run) == 1 else f"{first}:{last}"

    def _parts(self, row) -> list[int]:
        rows = list(self.table.rows)
        if row.level == GROUP:
            start = next(place for place, other in enumerate(rows) if other is row) + 1
            end = next((place for place in range(start, len(rows)) if rows[place].level != LEAF), len(rows))
            return list(range(start, end))
        groups = [place for place, other in enumerate(rows) if other.level == GROUP]
        return groups or [place for place, other in enumerate(rows) if other.level == LEAF]


def _runs(places: list[int]) -> list[list[int]]:
    """Rows that follow upon each other, together."""
    return [[place for _index, place in run] for _key, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else f"{chr(64 + place // 26)}{chr(65 + place % 26)}"

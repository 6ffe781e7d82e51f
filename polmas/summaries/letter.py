"""A summary as an editable letter (.docx): the same parts, for units that go on writing in their own word processor."""

import io
from typing import Any

from django.utils.translation import gettext as _

from polmas.summaries.framing import SECRET
from polmas.summaries.layout.blocks import LEAF, TEXT, Section

SIZES = {"A4": (210, 297), "F4": (215, 330)}
MARGINS = {"top_margin": 18, "right_margin": 18, "bottom_margin": 20, "left_margin": 22}
TEXT_WIDTH, NUMBER_WIDTH, PICTURE_WIDTH, CODE_WIDTH = 170, 19, 52, 26  # mm
IN_A_ROW = 3  # pictures
FONT, POINTS, SMALL = "Arial", 10, 8
ROOM = 70  # points for signature and stamp
MANY_COLUMNS = 8  # from here on a table is set smaller


def letter(told: dict, address: str, size: str = "A4") -> io.BytesIO:
    """`told`: what `papers.paper` tells; `address`: where the code leads."""
    import docx  # imported where used: a web process stays small

    writer = _Writer(docx.Document(), size)
    if told["is_secret"]:
        writer.classified(str(SECRET))
    writer.head(told["letterhead"])
    writer.paragraph(told["heading"], bold=True, points=13, centred=True)
    writer.paragraph(told["number_line"], centred=True)
    if told["revised"]:
        writer.paragraph(told["revised"], bold=True)
    writer.paragraph(" ".join(told["sentences"]))
    if told["imported"]:
        writer.paragraph(" ".join(told["imported"]), points=SMALL)
    for section in told["sections"]:
        writer.section(section)
    writer.signature(told["signature"], told["approval"], address)
    writer.page_numbers()
    out = io.BytesIO()
    writer.document.save(out)
    out.seek(0)
    return out


class _Writer:
    def __init__(self, document: Any, size: str):
        from docx.shared import Mm, Pt

        self.document, self.mm, self.pt = document, Mm, Pt
        page = document.sections[0]
        page.page_width, page.page_height = (Mm(length) for length in SIZES[size])
        for name, width in MARGINS.items():
            setattr(page, name, Mm(width))
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(POINTS)
        normal.paragraph_format.space_after = Pt(4)
        for level, points in ((1, 12), (2, 10)):
            self._heading_style(document.styles[f"Heading {level}"], points)

    def _heading_style(self, style, points):
        from docx.shared import RGBColor

        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, self.pt(points), True, RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.keep_with_next = self.pt(8), True

    def paragraph(self, text: str, bold=False, points=POINTS, centred=False, into=None):
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = (into or self.document).add_paragraph()
        run = paragraph.add_run(printable(text))
        run.bold, run.font.size = bold, self.pt(points)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return paragraph

    def classified(self, word):
        """The classification at the top and the bottom of every page."""
        page = self.document.sections[0]
        self.paragraph(word, bold=True, centred=True, into=page.header)
        self.paragraph(word, bold=True, centred=True, into=page.footer)

    def head(self, lines):
        for line in lines:
            self.paragraph(line, bold=True).paragraph_format.space_after = self.pt(0)
        _underline(self.document.paragraphs[-1])
        self.paragraph("")

    def section(self, section: Section):
        self.document.add_heading(printable(f"{section.letter}. {section.title}"), 1)
        drawn = {
            "table": self._table,
            "text": self._text,
            "terms": self._terms,
            "items": self._items,
            "pictures": self._pictures,
            "drawing": self._map,
        }
        for block in section.blocks:
            title = getattr(block, "title", "")
            if title and block.shape in drawn:
                self.document.add_heading(printable(title), 2)
            drawn[block.shape](block)

    def _text(self, block):
        if block.text:
            self.paragraph(block.text, bold=block.is_notice)

    def _terms(self, block):
        self._rows(2, None, [([term, value], LEAF) for term, value in block.rows], numbers=())

    def _items(self, block):
        for name, told in block.items:
            self.paragraph(name, bold=True)
            if told:
                self.paragraph(told)

    def _table(self, block):
        numbers = [place for place, column in enumerate(block.columns) if column.kind != TEXT]
        rows = [([cell["text"] for cell in row["cells"]], row["level"]) for row in block.shown]
        self._rows(len(block.columns), [str(column.label) for column in block.columns], rows, numbers)
        if block.note:
            self.paragraph(block.note, points=SMALL)

    def _rows(self, width, heads, rows, numbers):
        table = self.document.add_table(rows=0, cols=width)
        table.style = "Table Grid"
        self._set_widths(table, width, numbers)
        points = SMALL - 1 if width > MANY_COLUMNS else SMALL + 1
        if heads:
            self._row(table, heads, numbers, points, bold=True, is_head=True)
        for cells, level in rows:
            self._row(table, cells, numbers, points, bold=level != LEAF)
        self.paragraph("", points=4)

    def _set_widths(self, table, width, numbers):
        """Numbers need little room; texts share what is left."""
        texts = width - len(numbers)
        number = min(NUMBER_WIDTH, TEXT_WIDTH / (width + texts)) if texts else TEXT_WIDTH / width
        table.autofit = False
        for place, column in enumerate(table.columns):
            column.width = self.mm(number if place in numbers else (TEXT_WIDTH - number * len(numbers)) / texts)

    def _row(self, table, texts, numbers, points, bold=False, is_head=False):
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        row = table.add_row()
        _keep_whole(row, is_head)
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = self.pt(0)
            run = paragraph.add_run(printable(text))
            run.bold, run.font.size = bold, self.pt(points)
            if place in numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _pictures(self, block):
        from django.core.files.storage import default_storage

        table = self.document.add_table(rows=0, cols=IN_A_ROW)
        for first in range(0, len(block.pictures), IN_A_ROW):
            row = table.add_row()
            _keep_whole(row)
            for cell, picture in zip(row.cells, block.pictures[first : first + IN_A_ROW], strict=False):
                if default_storage.exists(picture["file"]):
                    with default_storage.open(picture["file"]) as file:
                        cell.paragraphs[0].add_run().add_picture(io.BytesIO(file.read()), width=self.mm(PICTURE_WIDTH))
                self.paragraph(picture["words"], points=SMALL, into=cell)
        self.paragraph("", points=4)

    def _map(self, _block):
        """A word processor draws no SVG."""
        self.paragraph(_("The map stands on the page and in the PDF."), points=SMALL)

    def signature(self, lines, notes, address):
        """On the left the code that leads to the page, on the right who signs, with room for signature and stamp."""
        import segno

        table = self.document.add_table(rows=1, cols=2)
        _keep_whole(table.rows[0])
        left, right = table.rows[0].cells
        code = io.BytesIO()
        segno.make(address, error="q", micro=False).save(code, kind="png", scale=6, border=2)
        code.seek(0)
        left.paragraphs[0].add_run().add_picture(code, width=self.mm(CODE_WIDTH))
        for note in notes:
            self.paragraph(note, points=SMALL, into=left)
        over, under = lines
        for line in (*over, *under):
            paragraph = self.paragraph(line, centred=True, bold=line in under[:1], into=right)
            paragraph.paragraph_format.space_after = self.pt(ROOM if line in over[-1:] else 0)

    def page_numbers(self):
        paragraph = self.paragraph("", points=SMALL, centred=True, into=self.document.sections[0].footer)
        _field(paragraph.add_run(), "PAGE")
        paragraph.add_run(" / ")
        _field(paragraph.add_run(), "NUMPAGES")


def printable(text: str) -> str:
    """Text without what XML has no place for."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32)


def _element(name: str, **attributes: str):
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _keep_whole(row, is_head=False):
    """A row is not cut by the end of a page; a head repeats on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if is_head:
        properties.append(_element("w:tblHeader"))


def _underline(paragraph):
    borders = _element("w:pBdr")
    borders.append(_element("w:bottom", val="single", sz="8", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().append(borders)


def _field(run, name):
    for element in (_element("w:fldChar", fldCharType="begin"), _instruction(name), _element("w:fldChar", fldCharType="end")):
        run._r.append(element)


def _instruction(name):
    element = _element("w:instrText")
    element.text = name
    return element

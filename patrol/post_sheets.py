"""The list of posts as a spreadsheet: where they are, who heads them, and what the last check found."""

import csv
import io
from collections.abc import Iterator

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.models import Place
from patrol.exports import harmless
from patrol.models.watches import WatchCondition
from patrol.wording import label_of
from polmas.people.models import Code

MAX_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("name", "kind", "area", "rw", "rt", "landmark", "head", "unit")


def headings() -> list[str]:
    named = [label_of(Place, name) for name in COLUMNS]
    return [*named, _("Last check"), _("Condition"), _("Guards present"), label_of(Place, "closed_on")]


def rows_of(posts) -> Iterator[list]:
    """Texts, numbers and days; empty as nothing."""
    kinds = {code.code: code.label for code in Code.objects.of("PLACE_KIND")}
    for post in posts.iterator(chunk_size=500):
        place = [post.name, kinds.get(post.kind, post.kind), post.area.name, post.rw, post.rt, post.landmark, post.head, post.unit.name]
        condition = str(WatchCondition(post.condition).label) if post.condition else ""
        yield [*place, post.checked_on, condition, post.guards, post.closed_on]


def sent(out: io.BytesIO, ending: str, content_type: str) -> FileResponse:
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"pos-{timezone.localdate():%Y%m%d}.{ending}", content_type=content_type)


def csv_of(posts) -> FileResponse:
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings())
    writer.writerows([harmless(cell) for cell in row] for row in rows_of(posts))
    text.detach()
    return sent(out, "csv", "text/csv; charset=utf-8")


def xlsx_of(posts) -> FileResponse:
    """Texts are texts, never formulas."""
    import xlsxwriter  # imported where used: a web process stays small

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(_("Posts"))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(headings()) - 1, 18)
    for number, row in enumerate([headings(), *rows_of(posts)]):
        for column, cell in enumerate(row):
            write(sheet, number, column, cell, day if number else bold)
    book.close()
    return sent(out, "xlsx", XLSX)


def write(sheet, row, column, value, style) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, style if row == 0 else None)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_datetime(row, column, value, style)

"""Giat tematik as tables to take along: the list of them, and the reports of one. As CSV or as a workbook."""

import csv
import functools
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patrol.exports import harmless
from patrol.models import Campaign, Kind, Report, State
from patrol.models.campaigns import plain
from polmas.people.templatetags.polmas import short_day

MAX_ROWS = 10_000  # of one file; more of them are taken from the list of activities, by days
FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
BOM = "\ufeff"  # by which Excel knows UTF-8


def heads_of_list() -> list[str]:
    numbers = [head for n in (1, 2, 3) for head in (_("What is counted %(n)s") % {"n": n}, _("Sum %(n)s") % {"n": n})]
    return [_("Name"), capfirst(_("tag")), _("Unit"), _("From"), _("Until"), _("State"), _("Target"), _("Activities"), *numbers]


def rows_of_list(campaigns: Iterable[Campaign], sums: dict[int, dict]) -> Iterator[list]:
    """One line for each campaign; `sums` are rows of `added_up` by the campaign's number."""
    for campaign in campaigns:
        row = sums.get(campaign.pk, {})
        numbers = [cell for field in campaign.fields.all() for cell in (str(field), row.get(f"sum_{field.position}"))]
        days = (short_day(campaign.starts_on), short_day(campaign.ends_on))
        yield [campaign.name, campaign.tag, campaign.unit.name, *days, str(campaign.state.label), campaign.target, row.get("count", 0), *numbers]


def heads_of_reports(campaign: Campaign) -> list[str]:
    numbers = [f"{field.label} ({field.measure})" if field.measure else field.label for field in campaign.fields.all()]
    heads = [_("Day"), _("Hour"), _("Officer"), "NRP", _("Unit"), _("Village"), _("Kind"), _("State"), *numbers]
    return [*heads, _("Result"), _("What happened"), "ID"]


def rows_of_reports(campaign: Campaign, reports: Iterable[Report]) -> Iterator[list]:
    """One line for each report, with its numbers. Names of residents are not among them. What many lines share is put into words once."""
    fields = list(campaign.fields.all())
    kinds, states = ({value: str(label) for value, label in choices} for choices in (Kind.choices, State.choices))
    name_of = functools.cache(lambda officer: officer.full_name)
    day_of = functools.cache(short_day)
    for report in reports:
        numbers = [report.campaign_entry.numbers[field.position - 1] for field in fields]
        when = [day_of(report.day), f"{report.occurred_at.astimezone(report.unit.zone):%H.%M}"]
        where = [name_of(report.officer), report.officer.nrp, report.unit.name, report.area.name]
        yield [*when, *where, kinds[report.kind], states[report.state], *numbers, report.result, report.narrative, str(report.uuid)]


def written(form: str, title: str, heads: list[str], rows: Iterable[list]) -> io.BytesIO:
    file = as_xlsx(title, heads, rows) if form == "xlsx" else as_csv(heads, rows)
    file.seek(0)
    return file


def as_csv(heads: list[str], rows: Iterable[list]) -> io.BytesIO:
    """With semicolons and decimal commas, as Excel reads them in Indonesia."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(heads)
    writer.writerows([harmless(said(cell)) for cell in row] for row in rows)
    return io.BytesIO((BOM + text.getvalue()).encode())


def said(cell) -> str:
    return "" if cell is None else plain(cell, is_grouped=False) if isinstance(cell, Decimal) else str(cell)


def as_xlsx(title: str, heads: list[str], rows: Iterable[list]) -> io.BytesIO:
    """Texts are texts, never formulas; numbers can be added up."""
    import xlsxwriter  # imported where used: a web process stays small

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    bold = book.add_format({"bold": True})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            write(sheet, number, column, cell)
    book.close()
    return out


def write(sheet, row, column, cell) -> None:
    if isinstance(cell, (int, Decimal)):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell)

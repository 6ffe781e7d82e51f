"""The security index on paper, within part C."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from polmas.summaries.indexing import Band
from polmas.summaries.layout.blocks import MEAN, TEXT, TOTAL, Block, Column, Row, Table, Text
from polmas.summaries.models import IndexField
from polmas.summaries.models.security_index import QUARTERS


def blocks(figures: dict, with_index: bool) -> list[Block]:
    """Only the monthly paper has it, for who may read it: each area of the unit by field, then the areas of the units below."""
    if not with_index or (told := figures.get("index")) is None:
        return []
    below = [row for row in told if not row["is_own"]]
    tables = [_fields(row) for row in told if row["is_own"]] + ([_areas(below)] if below else [])
    return [*tables] or [Text(_("No quarter is closed yet."), _("Security index"))]


def _quarter(row) -> str:
    return f"{dict(QUARTERS)[row['quarter']]}/{row['year']}"


def _columns(first: str) -> list[Column]:
    return [
        Column("label", first, TEXT),
        Column("value", _("Index"), MEAN),
        Column("band", _("Band"), TEXT),
        Column("scored", _("Indicators scored"), TEXT),
    ]


def _fields(row) -> Table:
    title = _("Security index of %(area)s, quarter %(quarter)s") % {"area": row["area"], "quarter": _quarter(row)}
    rows = [Row({"label": str(capfirst(IndexField(part["field"]).label)), **_cells(part)}) for part in row["fields"]]
    note = _("The quarter before: %(value)s.") % {"value": number_format(Decimal(row["before"]), 2)} if row["before"] else ""
    return Table(title, _columns(_("Field")), [*rows, Row({"label": _("All fields together"), **_cells(row)}, TOTAL)], note, is_summed=False)


def _areas(rows) -> Table:
    columns = [*_columns(_("Area")), Column("quarter", _("Quarter"), TEXT), Column("before", _("Quarter before"), MEAN)]
    lines = [
        Row({"label": f"{row['area']} ({row['unit']})", **_cells(row), "quarter": _quarter(row), "before": _number(row["before"])}) for row in rows
    ]
    return Table(_("Security index by area"), columns, lines)


def _cells(told) -> dict:
    band = str(capfirst(Band(told["band"]).label)) if told["band"] else "-"
    return {"value": _number(told["value"]), "band": band, "scored": f"{told['scored']}/{told['total']}"}


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

"""Columns that tables of a summary have in common."""

import datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from polmas.people.periods import months_back
from polmas.summaries.layout.blocks import DIFFERENCE, NUMBER, PERCENT, TEXT, Column
from polmas.summaries.models import PeriodKind


def head_of(kind: str, start: datetime.date) -> str:
    """How a period heads a column, short enough for a phone: Okt 2026; from 16 Nov."""
    return date_format(start, "M Y" if kind == PeriodKind.MONTHLY else "j M")


def compared(figures: dict, first: str, with_last_year: bool = False, with_change: bool = True) -> list[Column]:
    """What is counted, then the period before, this one, the difference and its percentage; a month may be set beside that of a year ago.
    Without change the last two columns say nothing: too little is known of one of the two."""
    period = figures["period"]
    kind, start = period["kind"], datetime.date.fromisoformat(period["start"])
    columns = [Column("label", first, TEXT)]
    if with_last_year and kind == PeriodKind.MONTHLY:
        columns.append(Column("last_year", head_of(kind, months_back(start, 12)), NUMBER))
    columns += [Column("before", head_of(kind, datetime.date.fromisoformat(period["previous_start"]))), Column("now", head_of(kind, start))]
    of = ("before", "now")
    change = [Column("difference", "+/−", DIFFERENCE, of), Column("percent", "%", PERCENT, of)]
    return [*columns, *(change if with_change else [Column(column.key, column.label) for column in change])]


def differing_totals(figures: dict, subject: str) -> str:
    """Where the unit's own paper of an earlier month says another total than those below it add up to."""
    told = [row for row in figures.get("differing_totals", []) if row["subject"] == subject and row["summed"]]
    return " ".join(DIFFERING[row["span"]] % {key: number_format(row[key], force_grouping=True) for key in ("own", "summed")} for row in told)


DIFFERING = {
    "before": gettext_lazy("The unit's own paper of the period before says %(own)s; the units below add up to %(summed)s."),
    "last_year": gettext_lazy("The unit's own paper of a year ago says %(own)s; the units below add up to %(summed)s."),
}


def total_label() -> str:
    return _("Total")

"""Kinds of periodic summaries."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from polmas.people.periods import Period, last_of_month, week_of

# What stands in a number for each kind of summary (Perkap 7/2009; classification and pattern: domain.md 5.7).
DOCUMENT_NAMES = {"daily": ("R", "LHGK"), "weekly": ("B", "LMGK"), "monthly": ("B", "LBGK")}


class PeriodKind(models.TextChoices):
    """Kinds of summary by Perkap 7/2009. What is reported at once, insidentil, is a paper of its own: `IncidentalReport`."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")


TITLES = {
    PeriodKind.DAILY: _("Daily report %(span)s"),
    PeriodKind.WEEKLY: _("Weekly report %(span)s"),
    PeriodKind.MONTHLY: _("Monthly report %(span)s"),
}


def span_in_words(kind: str, span: Period) -> str:
    """Oktober 2026; 16–22 November 2026; 16 November 2026."""
    return date_format(span.start, "F Y") if kind == PeriodKind.MONTHLY else str(span)


def titled(kind: str, span: str) -> str:
    """What a paper of a period is called, by the period in words."""
    return TITLES[PeriodKind(kind)] % {"span": span}


def title_from(kind: str, start) -> str:
    """The same by the first day."""
    ends = {PeriodKind.DAILY: start, PeriodKind.WEEKLY: week_of(start).end, PeriodKind.MONTHLY: last_of_month(start)}
    return titled(kind, span_in_words(kind, Period(start, ends[PeriodKind(kind)])))

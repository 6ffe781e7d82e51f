"""The cash book as pages, spreadsheets and papers show it: balances, sums by month, rows."""

import dataclasses
import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _

from fkpm.forms_cash import category_labels
from fkpm.models import CashEntry, CashReceipt, Forum
from fkpm.models.cash import Direction
from polmas.people.periods import last_of_month


@dataclasses.dataclass(frozen=True)
class Sums:
    """A span of the book: what was there, came in, went out, and what is left. Counter-entries are taken from the side that they correct;
    those that correct an entry from before the span stand in `corrected`, with what they do to the balance."""

    opening: Decimal
    came_in: Decimal
    went_out: Decimal
    corrected: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.came_in - self.went_out + self.corrected


@dataclasses.dataclass(frozen=True)
class MonthSums(Sums):
    first: datetime.date

    @property
    def last(self) -> datetime.date:
        return last_of_month(self.first)


def sums_of(forum: Forum, since: datetime.date | None = None, until: datetime.date | None = None) -> Sums:
    """Of all entries between two days, both included."""
    entries = forum.cash.filter(**({"day__lte": until} if until else {}))
    before = entries.filter(day__lt=since).total() if since else Decimal(0)
    told = (entries.filter(day__gte=since) if since else entries).sums(since)
    return Sums(before + told["opened"], told["came_in"], told["went_out"], told["corrected"])


def months_of(forum: Forum) -> list[MonthSums]:
    """All months in which the book has entries, with the balance carried from one to the next."""
    told, balance = [], Decimal(0)
    for sums in forum.cash.sums_by_month():
        told.append(MonthSums(balance + sums["opened"], sums["came_in"], sums["went_out"], sums["corrected"], sums["month"]))
        balance = told[-1].closing
    return told


def with_balances(forum: Forum, entries, labels: dict[str, str] | None = None) -> list[CashEntry]:
    """Entries of a page, each with the balance of the whole book after it, its category in words and how many receipts it has."""
    entries = list(entries)
    balances, labels = forum.cash.balances([entry.pk for entry in entries]), labels or category_labels()
    receipts = dict(CashReceipt.objects.filter(entry__in=entries).order_by().values_list("entry").annotate(n=Count("pk")))
    for entry in entries:
        entry.balance, entry.label = balances[entry.pk], labels.get(entry.category, entry.category)
        entry.receipt_count = receipts.get(entry.pk, 0)
    return entries


def headings() -> list[str]:
    return [_("No."), _("Day"), _("What for"), _("Category"), _("In"), _("Out"), _("Balance"), _("Receipts"), _("Corrects no."), _("Recorded by")]


def rows_of(forum: Forum, entries) -> Iterator[list]:
    """The book as a table: numbers as numbers, in the order of days."""
    for entry in with_balances(forum, entries):
        is_in = entry.direction == Direction.MASUK
        sides = [entry.amount if is_in else None, None if is_in else entry.amount]
        rest = [entry.receipt_count, entry.corrects.number if entry.corrects else None, entry.recorded_by.name]
        yield [entry.number, entry.day, entry.text, entry.label, *sides, entry.balance, *rest]

"""The reviewer's queue: what waits, searched and narrowed by officer, kind, village and flag, with how many there are of each.

One query counts what waits by all four at once; whatever the page says of numbers is added up from its few rows, so that thirty
thousand waiting reports cost one pass. Pages are cut by what was seen last.
"""

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from mapping.models import Area
from patrol.filters import LONGEST_SEARCH, containing
from patrol.lists import cursor_of, place_of
from patrol.models import Kind, Report
from patrol.models.reports import Flag
from polmas.people.models import User

PER_PAGE = 50
ANY_FLAG, NO_FLAG = "1", "0"
NAMES = ("petugas", "jenis", "wilayah", "tanda")


@dataclasses.dataclass(frozen=True)
class Group:
    """Waiting reports that are alike in all that the queue can be narrowed by."""

    officer: int
    kind: str
    area: int
    flags: tuple[str, ...]
    count: int

    def fits(self, wanted: dict[str, str], besides: str = "") -> bool:
        return all(name == besides or self.has(name, value) for name, value in wanted.items())

    def has(self, name: str, value: str) -> bool:
        if name == "tanda":
            return bool(self.flags) == (value == ANY_FLAG) if value in (ANY_FLAG, NO_FLAG) else value in self.flags
        return value == str({"petugas": self.officer, "jenis": self.kind, "wilayah": self.area}[name])


@dataclasses.dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    is_chosen: bool


class Queue:
    """What waits for one reviewer, as the address asks for it. A value that is none of the choices leaves the queue whole."""

    def __init__(self, user: User, asked: Mapping[str, Any]):
        self.user = user
        self.text = asked.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
        self.waiting = containing(Report.objects.to_review(user), "q", self.text)
        counted = self.waiting.order_by().values_list("officer", "kind", "area", "flags").annotate(count=Count("pk"))
        self.groups = [Group(officer, kind, area, tuple(flags), count) for officer, kind, area, flags, count in counted]
        self.wanted = {name: asked[name] for name in NAMES if asked.get(name) and self._is_choice(name, asked[name])}

    def _is_choice(self, name, value) -> bool:
        if name == "tanda":
            return value in (ANY_FLAG, NO_FLAG, *Flag.values)
        return any(group.has(name, value) for group in self.groups)

    @property
    def reports(self):
        """The narrowed queue, oldest first."""
        columns = {"petugas": "officer", "jenis": "kind", "wilayah": "area"}
        rows = self.waiting.filter(**{columns[name]: value for name, value in self.wanted.items() if name in columns})
        flag = self.wanted.get("tanda")
        if flag in (ANY_FLAG, NO_FLAG):
            return rows.exclude(flags=[]) if flag == ANY_FLAG else rows.filter(flags=[])
        return rows.filter(flags__contains=[flag]) if flag else rows

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def number(self) -> int:
        """Of the narrowed queue."""
        return sum(group.count for group in self.groups if group.fits(self.wanted))

    @property
    def query(self) -> str:
        """What the queue is narrowed by, to be carried from page to page."""
        return urlencode(self.wanted | ({"q": self.text} if self.text else {}))

    @property
    def address(self) -> str:
        return f"?{self.query}" if self.query else ""

    def choices(self) -> list[tuple[str, str, str, list[Choice]]]:
        """(name, label, words for all, choices with how many the rest of the filter leaves of each), without what there is only one of."""
        officers = User.objects.in_bulk({group.officer for group in self.groups})
        areas = dict(Area.objects.filter(pk__in={group.area for group in self.groups}).values_list("pk", "name"))
        labels: list[tuple[str, str, str, dict]] = [
            ("tanda", _("Flag"), _("All"), {ANY_FLAG: _("with a flag"), NO_FLAG: _("without a flag"), **dict(Flag.choices)}),
            ("petugas", _("Officer"), _("All officers"), {str(pk): officer.full_name for pk, officer in officers.items()}),
            ("jenis", _("Kind"), _("All kinds"), dict(Kind.choices)),
            ("wilayah", _("Village"), _("All villages"), {str(pk): name for pk, name in areas.items()}),
        ]
        found = [(name, label, every, self._choices(name, words)) for name, label, every, words in labels]
        return [row for row in found if len(row[3]) > 1 or row[0] in self.wanted]

    def _choices(self, name, words) -> list[Choice]:
        counts = self._counts(name)
        chosen = self.wanted.get(name)
        listed = [Choice(value, str(label), counts[value], value == chosen) for value, label in words.items() if counts[value] or value == chosen]
        return listed if name == "tanda" else sorted(listed, key=lambda choice: choice.label)

    def _counts(self, name) -> Counter:
        counts: Counter = Counter()
        for group in self.groups:
            if group.fits(self.wanted, besides=name):
                for value in values_of(group, name):
                    counts[value] += group.count
        return counts

    def page(self, reports, cursor: str) -> tuple[list[Report], str]:
        """Some of the rows after a cursor, and the cursor of those after them (empty on the last page)."""
        place = place_of(cursor)
        rows = list((reports.filter(later(*place)) if place else reports)[: PER_PAGE + 1])
        return rows[:PER_PAGE], cursor_of(rows[PER_PAGE - 1].received_at, rows[PER_PAGE - 1].pk) if len(rows) > PER_PAGE else ""

    def next_after(self, report: Report | None = None):
        """The uuid of the one after this in the narrowed queue, else its oldest."""
        rows = self.reports.values_list("uuid", flat=True)
        if report is None:
            return rows.first()
        rows = rows.exclude(pk=report.pk)
        return rows.filter(later(report.received_at, report.pk)).first() or rows.first()


def values_of(group: Group, name: str) -> Iterable[str]:
    if name == "tanda":
        return (*group.flags, ANY_FLAG if group.flags else NO_FLAG)
    return (str({"petugas": group.officer, "jenis": group.kind, "wilayah": group.area}[name]),)


def later(at: datetime.datetime, pk: int) -> Q:
    return Q(received_at__gte=at) & (Q(received_at__gt=at) | Q(pk__gt=pk))

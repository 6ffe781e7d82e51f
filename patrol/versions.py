"""Two versions of a report beside each other: what the officer had sent, and what the correction says.

A version is what stood between two corrections; review and withdrawal change none of it. Rows of the past come from the history.
"""

import dataclasses
import datetime
from collections.abc import Iterator
from typing import Any

from patrol.forms import CampaignPart
from patrol.history import REPORT_FIELDS, Names, Turn, removed_parts, turns_of
from patrol.kinds import KINDS
from patrol.wording import label_of

# What the officer sent; the rest of the history's fields is the reviewer's.
SENT_FIELDS = [name for name in REPORT_FIELDS if name not in ("review_note", "review_parts", "withdrawn_reason")]


@dataclasses.dataclass(frozen=True)
class Line:
    """One field in both versions."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


class Versions:
    """All versions of one report, by their numbers, as the user may know them."""

    def __init__(self, report, user):
        self.report = report
        self.turns = turns_of(report, user)
        self.detail = KINDS[report.kind].form.detail_of(report)
        self.is_open = KINDS[report.kind].form.is_open_to(user, report)
        self.names = Names(report, self.turns)
        self._know_today()
        self.began = {1: report.received_at} | {turn.report[1].version: turn.at for turn in self.turns if turn.report and is_correction(turn)}
        rows = [row for turn in self.turns if turn.report for row in turn.report]
        self.rows = {row.version: row for row in [*rows, report]}

    def _know_today(self) -> None:
        """Names what the report names as it stands, which a history without changes has not looked up."""
        self.names.areas[self.report.area_id] = self.report.area
        entry = self.names.entry
        subject = getattr(self.detail, entry.subject, None) if entry.subject else None
        if subject:
            self.names.subjects[subject.pk] = subject

    @property
    def numbers(self) -> list[int]:
        return sorted(self.rows)

    def choices(self) -> list[tuple[int, datetime.datetime | None]]:
        return [(number, self.began.get(number)) for number in self.numbers]

    def pair(self, first: str, second: str) -> tuple[int, int]:
        """The two numbers asked for, or the last two where the address names none that are there."""
        last = self.numbers[-2:]
        asked = [int(text) if text.isdecimal() and len(text) < 6 else 0 for text in (first, second)]
        return (asked[0], asked[1]) if set(asked) <= set(self.numbers) else (last[0], last[-1])

    def compare(self, first: int, second: int) -> list[Line]:
        """Every field that says something in one of the two, in the order of the form."""
        before, after = dict(self._facts(first)), dict(self._facts(second))
        labels = list(dict.fromkeys([*after, *before]))
        return [Line(label, before.get(label, ""), after.get(label, "")) for label in labels]

    def _facts(self, number) -> Iterator[tuple[str, str]]:
        row, detail = self.rows[number], self._detail(number)
        for name in SENT_FIELDS:
            if said := self.names.say(row, name):
                yield label_of(type(self.report), name), said
        for name in self.names.detail_fields if detail else ():
            if said := self.names.say(detail, name):
                yield label_of(self.names.entry.model, name), said
        for form in [*(self.names.entry.form.rows.values() if self.is_open else ()), CampaignPart]:
            if parts := [form.named(part) for part in self._parts(form, number)]:
                label = str(form._meta.model._meta.verbose_name_plural)
                yield label[:1].upper() + label[1:], " · ".join(parts)

    def _ended(self, number) -> datetime.datetime | None:
        """When the next version came."""
        return min((at for other, at in self.began.items() if other > number), default=None)

    def _detail(self, number) -> Any:
        """The detail as it stood: what the first change after the version's end found, or what stands today."""
        ended = self._ended(number)
        later = [turn.detail[0] for turn in self.turns if turn.detail and ended and turn.at >= ended]
        return later[0] if later else self.detail

    def _parts(self, form, number) -> list:
        removed = removed_parts(self.report, form)
        gone = [event for event in removed if event.since_version <= number and (ended := self._ended(number)) and event.pgh_created_at >= ended]
        return [*gone, *(part for part in form.rows_of(self.report) if part.since_version <= number)]


def is_correction(turn: Turn) -> bool:
    before, after = turn.report or (None, None)
    return before is not None and before.version != after.version

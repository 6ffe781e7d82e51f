"""What every table has in common: rows are compared with what is stored, then those without errors are written by set."""

import abc
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from polmas.summaries.imports import sheets
from polmas.summaries.imports.sheets import Column, Row
from polmas.summaries.managing import Desk

CHUNK = 500  # rows between two signs of life
OUTCOMES = ("new", "changed", "unchanged", "error")


class Plan(abc.ABC):
    """One table on its way into the database, for the desk of whoever loads it. A kind of table says what its rows mean."""

    title: str | Promise
    notes: Sequence[str | Promise]
    columns: Sequence[Column]
    reads_csv = False
    has_features = False  # whether the file holds features of a map, and no rows

    def __init__(self, desk: Desk, progress: Callable[[int], None] = lambda done: None):
        self.desk, self.progress = desk, progress
        self.is_final = False  # whether what is compared will be written at once
        self.outcomes: dict[int, str] = {}  # by the row's number
        self.rows: list[Row] = []

    @property
    def may_load(self) -> bool:
        """Whether the desk may still load this table when a worker comes to it."""
        return self.desk.may_manage

    def read(self, file) -> list[Row]:
        """The rows of an open file. Raises ValidationError where the file as a whole cannot be taken."""
        return sheets.read(file, self.columns, self.reads_csv)

    def compare(self, rows: list[Row]) -> None:
        """Decides what becomes of each row; writes nothing."""
        self.rows = rows
        self.look_up(rows)
        seen: dict[Any, int] = {}
        for done, row in enumerate(rows, start=1):
            key = None if row.errors else self.key_of(row)
            if key is not None and key in seen:
                row.refuse(
                    self.key_title, self._named(_("This is in row %(number)d already."), _("This is in feature %(number)d already."), seen[key])
                )
            elif key is not None:
                seen[key] = row.number
            if row.errors:
                self.find_faults(row)
            outcome = "error" if row.errors else self.place(row)
            self.outcomes[row.number] = "error" if row.errors else outcome
            if done % CHUNK == 0:
                self.progress(done)

    def counts(self) -> dict[str, int]:
        found = list(self.outcomes.values())
        return {outcome: found.count(outcome) for outcome in OUTCOMES}

    def lines(self, outcome: str, most: int) -> list[str]:
        """The first rows of an outcome, in words."""
        chosen = [row for row in self.rows if self.outcomes[row.number] == outcome]
        return [f"{self._named(_('row %(number)d'), _('feature %(number)d'), row.number)}: {self.name_of(row)}" for row in chosen[:most]]

    def _named(self, of_rows: str, of_features: str, number: int) -> str:
        return (of_features if self.has_features else of_rows) % {"number": number}

    # What a kind of table says.

    key_title: str

    @abc.abstractmethod
    def look_up(self, rows: list[Row]) -> None:
        """Reads in a fixed number of statements what the rows are compared with."""

    @abc.abstractmethod
    def key_of(self, row: Row) -> Any:
        """What may stand only once in a file; None where the row says nothing that could."""

    @abc.abstractmethod
    def place(self, row: Row) -> str:
        """new, changed or unchanged; or refuses the row."""

    @abc.abstractmethod
    def find_faults(self, row: Row) -> None:
        """Refuses what else is wrong with a row that is refused already: whoever mends it mends all at once."""

    @abc.abstractmethod
    def name_of(self, row: Row) -> str:
        """What people call the row."""

    @abc.abstractmethod
    def write(self) -> None:
        """Writes the rows that were not refused. Runs in the caller's transaction."""


def refuse_by(row: Row, error: ValidationError, titles: dict[str, str]) -> None:
    """A model's refusal at the columns of the file."""
    for name, messages in error.message_dict.items():
        row.refuse(titles.get(name, ""), " ".join(messages))

"""What a summary is set from: sections of blocks, which page, PDF, DOCX and XLSX each draw in their own way.

A table knows how its sums, differences and percentages come about, so that a workbook holds formulas where the others hold numbers.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.formats import number_format
from django.utils.functional import Promise

from mapping.bulletins import clearance
from polmas.people.periods import percent_of_change, signed

Value = str | int | Decimal | None
LEAF, GROUP, TOTAL = "leaf", "group", "total"
TEXT, NUMBER, DIFFERENCE, PERCENT, SHARE, SUM, MEAN = "text", "number", "difference", "percent", "share", "sum", "mean"
NOTHING = "-"


@dataclasses.dataclass(frozen=True)
class Column:
    """A column by its key; those that follow from others name them: (before, now) of a difference or percentage, (part, whole) of a share,
    all parts of a sum. A mean has two decimals and stands for itself."""

    key: str
    label: str | Promise
    kind: str = NUMBER
    of: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Row:
    """Values by the columns' keys. A group stands before its leaves and is their sum; a total is the sum of the groups, or of all leaves."""

    cells: Mapping[str, Value]
    level: str = LEAF


@dataclasses.dataclass(frozen=True)
class Table:
    """Figures in rows; `is_summed`: groups and totals are the sums of what stands below them. `is_watched`: a rise is bad news.
    `is_folded`: on a phone each row is a card, where the columns don't fit beside each other."""

    shape: ClassVar[str] = "table"
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    is_summed: bool = True
    is_watched: bool = False
    is_wide: bool = False
    is_folded: bool = False

    def value(self, column: Column, row: Row) -> Value:
        if column.kind in (TEXT, NUMBER, MEAN):
            return row.cells.get(column.key)
        parts = [row.cells.get(key) for key in column.of]
        numbers = [part for part in parts if isinstance(part, int)]
        if len(numbers) < len(parts):
            return None
        return _derived(column.kind, numbers)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Rows as page and paper print them."""
        return [{"level": row.level, "cells": [self._cell(column, row) for column in self.columns]} for row in self.rows]

    def _cell(self, column, row):
        value = self.value(column, row)
        trend = ""
        if self.is_watched and column.kind in (DIFFERENCE, PERCENT) and isinstance(value, int | Decimal):
            trend = "rises" if value > 0 else "falls" if value < 0 else ""
        return {"text": written(column.kind, value), "is_number": column.kind != TEXT, "trend": trend, "label": column.label}


def _derived(kind, numbers) -> Value:
    if kind == SUM:
        return sum(numbers)
    first, second = numbers
    if kind == DIFFERENCE:
        return second - first
    return percent_of_change(first, second) if kind == PERCENT else clearance(first, second)


def written(kind: str, value: Value) -> str:
    """A value as it is printed: 1.204, +56, −3,81 %; what is not known as a dash."""
    if value is None:
        return NOTHING
    if kind == TEXT or isinstance(value, str):
        return str(value)
    if kind == DIFFERENCE:
        return signed(value)
    if kind in (PERCENT, SHARE):
        return (signed(value, 2) if kind == PERCENT else number_format(value, 2)) + "\u00a0%"
    return number_format(value, 2) if kind == MEAN else number_format(value, force_grouping=True)


@dataclasses.dataclass(frozen=True)
class Text:
    """A paragraph, with a heading where it has one. `is_typed`: by people, line breaks and all."""

    shape: ClassVar[str] = "text"
    text: str
    title: str = ""
    is_typed: bool = False
    is_notice: bool = False


@dataclasses.dataclass(frozen=True)
class Terms:
    """Terms and what they stand at."""

    shape: ClassVar[str] = "terms"
    rows: Sequence[tuple[str, str]]
    title: str = ""


@dataclasses.dataclass(frozen=True)
class Items:
    """A list of things told one by one: a line that names each, and what is told of it."""

    shape: ClassVar[str] = "items"
    title: str
    items: Sequence[tuple[str, str]]


@dataclasses.dataclass(frozen=True)
class Pictures:
    """Photos of the period: each with its id, its words and its stored thumbnail."""

    shape: ClassVar[str] = "pictures"
    pictures: Sequence[Mapping[str, Any]]


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A map as SVG, and the table that says the same in numbers."""

    shape: ClassVar[str] = "drawing"
    title: str
    map: Mapping[str, Any]


Block = Table | Text | Terms | Items | Pictures | Drawing


@dataclasses.dataclass(frozen=True)
class Section:
    """One of the parts A to J."""

    letter: str
    title: str
    blocks: Sequence[Block]

    @property
    def anchor(self) -> str:
        return f"bagian-{self.letter.lower()}"

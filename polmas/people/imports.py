"""Loads police units from a table."""

import csv
import dataclasses
from contextlib import nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from polmas.people.models.units import Unit, Zone

REQUIRED = ("code", "name", "kind")
OPTIONAL = (
    *("time_zone", "address", "phone", "city", "letterhead", "head_title"),
    *("short_name", "number_pattern", "information_pattern", "archive_code"),
)
TREE_FIELDS = ("path", "depth", "numchild")


class Line(NamedTuple):
    """One thing of a file in the report on it, with the reason where it was repaired or refused."""

    code: str
    name: str
    reason: str = ""

    def __str__(self):
        return f"{self.code} {self.name}".strip() + (f": {self.reason}" if self.reason else "")


@dataclasses.dataclass
class UnitReport:
    """What became of a table of units."""

    added: list[Line] = dataclasses.field(default_factory=list)
    changed: list[Line] = dataclasses.field(default_factory=list)
    unchanged: list[Line] = dataclasses.field(default_factory=list)
    refused: list[Line] = dataclasses.field(default_factory=list)


class _Row(NamedTuple):
    """One line of the table: its number in the file, the parent's code and what it says of the unit."""

    number: int
    parent: str
    said: dict[str, str]


def load_units(file, within: Unit | None = None) -> UnitReport:
    """Loads units from a CSV file (a path, or an open binary file): code, name, kind, parent and, where wanted, time_zone and
    what stands on letters. An empty cell leaves what is stored. One transaction; loading it again changes nothing.

    With `within` only units below that one are touched: an operator loads the own Polres, not the neighbour's.
    Raises ValidationError where the file as a whole cannot be read.
    """
    rows = _rows(file)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE people_unit IN SHARE ROW EXCLUSIVE MODE")  # one import at a time; readers go on
        return _Import(within).run(rows)


def _rows(file) -> list[_Row]:
    try:
        with Path(file).open("rb") if isinstance(file, str | Path) else nullcontext(file) as stream:
            return _table(TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValidationError(_("This file is no CSV text. In Excel, save it as CSV UTF-8.")) from error
    except OSError as error:
        raise ValidationError(_("The file cannot be opened, or is damaged.")) from error


def _table(text: TextIOWrapper) -> list[_Row]:
    """The lines of the table; semicolons serve as well as commas, for that is how Excel writes CSV in Indonesia."""
    try:
        head = text.readline()
        delimiter = ";" if head.count(";") > head.count(",") else ","
        columns = [name.strip().casefold() for name in next(csv.reader([head], delimiter=delimiter), [])]
        missing = [name for name in REQUIRED if name not in columns]
        if missing:
            raise ValidationError(_("The first line lacks the columns: %(names)s") % {"names": ", ".join(missing)})
        lines = enumerate(csv.reader(text, delimiter=delimiter), start=2)
        return [_row(number, dict(zip(columns, cells, strict=False))) for number, cells in lines if any(cells)]
    finally:
        text.detach()


def _row(number, cells) -> _Row:
    if any("\x00" in (cell or "") for cell in cells.values()):
        raise ValidationError(_("Line %(number)s holds a character that no text has.") % {"number": number})
    said = {name: _tidy(name, cells[name]) for name in (*REQUIRED, *OPTIONAL) if (cells.get(name) or "").strip()}
    for name in ("code", "kind"):
        said[name] = said.get(name, "").upper()
    if "time_zone" in said:
        said["time_zone"] = {zone.label: zone.value for zone in Zone}.get(said["time_zone"].upper(), said["time_zone"])
    return _Row(number, " ".join((cells.get("parent") or "").split()).upper(), said)


def _tidy(name, text):
    """A cell in one line, the letterhead in its own: lists as published carry double spaces and a written \\n."""
    lines = [" ".join(line.split()) for line in text.replace("\\n", "\n").splitlines()]
    return ("\n" if name == "letterhead" else " ").join(line for line in lines if line)


class _Import:
    """One run of `load_units`."""

    def __init__(self, within):
        self.within = within
        self.report = UnitReport()

    def run(self, rows: list[_Row]) -> UnitReport:
        waiting, seen = [], set()
        for row in rows:
            if row.said["code"] in seen:
                self.refuse(row, _("the code occurs twice in the file"))
            else:
                waiting.append(row)
                seen.add(row.said["code"])
        while waiting:
            ready, waiting = self._split(waiting)
            if not ready:
                break
            for row in ready:
                self.load(row)
        for row in waiting:
            self.refuse(row, _("the parent %(code)s is unknown") % {"code": row.parent})
        return self.report

    def _split(self, rows):
        """Rows whose parent is there, and those that wait for theirs, which may stand further down the file."""
        coming = {row.said["code"] for row in rows}
        known = set(Unit.objects.filter(code__in={row.parent for row in rows}).values_list("code", flat=True))
        is_ready = [not row.parent or (row.parent in known and row.parent not in coming) for row in rows]
        return [row for row, ready in zip(rows, is_ready, strict=True) if ready], [
            row for row, ready in zip(rows, is_ready, strict=True) if not ready
        ]

    def refuse(self, row: _Row, reason: str):
        line = _("line %(number)s: %(reason)s") % {"number": row.number, "reason": reason}
        self.report.refused.append(Line(row.said["code"][:60], row.said.get("name", "")[:120], line))

    def load(self, row: _Row):
        unit = Unit.objects.filter(code=row.said["code"]).first()
        parent = Unit.objects.filter(code=row.parent).first() if row.parent else None
        outcome = self.report.changed if unit else self.report.added
        try:
            if self.within and not self._is_within(unit, parent):
                raise ValidationError(_("outside your own unit"))
            if unit is None:
                self.add(row, parent)
            elif not self.change(unit, row, parent):
                outcome = self.report.unchanged
        except ValidationError as error:
            self.refuse(row, _reason(error))
        else:
            outcome.append(Line(row.said["code"], row.said.get("name", "")))

    def _is_within(self, unit, parent):
        top = self.within.path
        is_under = parent.path.startswith(top) if parent else unit is not None
        return is_under and (unit is None or (unit.path.startswith(top) and unit.path != top))

    def add(self, row, parent):
        unit = Unit(**{"time_zone": parent.time_zone if parent else Zone.WIB, **row.said})
        unit.full_clean(exclude=TREE_FIELDS)
        if parent:
            Unit.objects.add_child(parent, instance=unit)
        else:
            Unit.objects.add_root(instance=unit)

    def change(self, unit, row, parent) -> bool:
        """Brings a unit up to date; says whether anything was."""
        changes = {name: value for name, value in row.said.items() if getattr(unit, name) != value}
        is_moved = parent is not None and unit.path[: -Unit.steplen] != parent.path
        if is_moved and parent.path.startswith(unit.path):
            raise ValidationError(_("its parent lies below it"))
        for name, value in changes.items():
            setattr(unit, name, value)
        if changes:
            unit.full_clean(exclude=TREE_FIELDS)
            unit.save()
        if is_moved:
            Unit.objects.move(unit, parent, "sorted-child")
        elif "name" in changes:
            Unit.objects.move(unit, unit, "sorted-sibling")  # siblings stand in the order of their names
        return bool(changes) or is_moved


def _reason(error: ValidationError) -> str:
    """What is wrong with which column, in one line."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())

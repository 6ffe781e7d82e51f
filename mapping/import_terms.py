"""What an import of boundaries is told, reads and reports."""

import dataclasses
import datetime
from typing import NamedTuple

from django.contrib.gis.geos import MultiPolygon

from mapping.comparing import Change
from polmas.people.imports import Line


@dataclasses.dataclass
class AreaReport:
    """What became of a file. An area is added when it had no drawing before; changed when its drawing or name is another now;
    vanished when the file leaves it out among its neighbours: it is named, and stays. Matched: found by name, not by code."""

    added: list[Line] = dataclasses.field(default_factory=list)
    changed: list[Line] = dataclasses.field(default_factory=list)
    unchanged: list[Line] = dataclasses.field(default_factory=list)
    renamed: list[Line] = dataclasses.field(default_factory=list)
    split: list[Line] = dataclasses.field(default_factory=list)
    merged: list[Line] = dataclasses.field(default_factory=list)
    vanished: list[Line] = dataclasses.field(default_factory=list)
    matched: list[Line] = dataclasses.field(default_factory=list)
    repaired: list[Line] = dataclasses.field(default_factory=list)
    refused: list[Line] = dataclasses.field(default_factory=list)
    parents: list[Line] = dataclasses.field(default_factory=list)
    changes: list[Change] = dataclasses.field(default_factory=list)  # of each area drawn anew, how far it moved
    notes: list[str] = dataclasses.field(default_factory=list)  # how the file was read


@dataclasses.dataclass
class Drawing:
    """One area as the file has it."""

    code: str
    name: str
    parents: dict[str, str]
    shape: MultiPolygon
    repair: str

    @property
    def depth(self):
        return self.code.count(".") + 1

    @property
    def ancestors(self) -> list[str]:
        parts = self.code.split(".")
        return [".".join(parts[:end]) for end in range(1, len(parts))]


class Terms(NamedTuple):
    """Under which source and version a file is kept, and from which day its drawings count.

    Without `valid_from` a drawing that differs takes the place of the current one for all the days that one stood for; with it
    the older one keeps the days before. `is_current=False` keeps the drawings aside. With `within` only areas of these codes and
    below are touched: an operator loads the own city, not the neighbour's. `with_outlines` tells the shapes before and after, too.
    """

    source: str = ""
    version: str = ""
    valid_from: datetime.date | None = None
    is_current: bool = True
    within: tuple[str, ...] | None = None
    with_outlines: bool = False


class Naming(NamedTuple):
    """The fields that hold codes and names, where they are not to be found by themselves."""

    code: str = ""
    name: str = ""


BY_THEMSELVES = Naming()

"""Units whose figures are read together: one statement for each question, however many units ask it."""

import collections
import datetime
from collections.abc import Collection, Iterable

from django.db.models import F, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber, Substr

from polmas.people.models import Unit
from polmas.people.periods import Period
from polmas.people.scope import SMALL_UNITS, in_subtrees
from polmas.summaries import figures
from polmas.summaries.models import Measure


class Group:
    """Units of one depth whose clocks agree, each with all below it, or with its own posts alone (`only_itself`): Pospol and Subsektor, which
    have no papers. What is read is shared out by their paths."""

    def __init__(self, units: Iterable[Unit], only_itself: bool = False):
        self.units = list(units)
        self.paths = [unit.path for unit in self.units]
        self.zone = self.units[0].zone
        self._length = len(self.paths[0])
        inside = Unit.objects.filter(in_subtrees("path", self.paths)).order_by()
        if only_itself:
            inside = inside.filter(Q(path__in=self.paths) | Q(kind__in=SMALL_UNITS, depth=self.units[0].depth + 1))
        self.ids = list(inside.values_list("pk", flat=True))

    @classmethod
    def of(cls, unit: Unit) -> "Group":
        return cls([unit])

    def today(self) -> datetime.date:
        return self.units[0].today()

    def within(self, rows: QuerySet, unit: str = "unit") -> QuerySet:
        """Those of the rows that belong to these units, with the path of the one that each belongs to as `of`."""
        return rows.filter(**{f"{unit}__in": self.ids}).annotate(of=Substr(F(f"{unit}__path"), Value(1), Value(self._length)))

    def counts(self, measures: Collection[Measure], period: Period, by=(), since: datetime.date | None = None) -> list[tuple]:
        """(of, measure, *by, number), from the stored counts and from the rows of days that changed since."""
        return figures.of_units(self.ids, self._length, measures, period, by, since)

    def first(self, rows: QuerySet, number: int, *order) -> QuerySet:
        """So many of each unit's rows, in this order."""
        return rows.annotate(place=Window(RowNumber(), partition_by="of", order_by=order)).filter(place__lte=number).order_by(*order)

    def shared(self, rows: Iterable[tuple]) -> dict[str, list[tuple]]:
        """Rows that begin with `of`, without it, by unit; a unit without any has none."""
        found: dict[str, list[tuple]] = {path: [] for path in self.paths}
        for path, *row in rows:
            found[path].append(tuple(row))
        return found

    def listed(self, rows: Iterable) -> dict[str, list]:
        """Rows that know their `of`, by unit."""
        found = collections.defaultdict(list)
        for row in rows:
            found[row.of].append(row)
        return {path: found[path] for path in self.paths}

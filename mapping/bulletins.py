"""What the numbers of incidents say: the bulletin of two periods, clearance, and when in the week things happen (domain.md 3.10, 6.1)."""

import collections
import dataclasses
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Func, IntegerField, QuerySet
from django.db.models.functions import Cast

from mapping.models import IncidentClass
from mapping.models.incidents import CRIMES
from polmas.people.periods import Change, Period

TOP = 5
WEEKDAYS, HOURS = 7, 24
BAND_HOURS = 4  # Pusiknas prints six bands of four hours

Counted = tuple[str, str, int, int]  # class, kind, how many, how many of them cleared


@dataclasses.dataclass(frozen=True)
class Line:
    """One number of the bulletin beside that of the period before; `code` is the class or kind, empty for the total."""

    code: str
    label: str
    change: Change


@dataclasses.dataclass(frozen=True)
class Bulletin:
    """What the weekly bulletins of Polri print: the total, the classes, and the kinds that were most frequent."""

    total: Line
    crimes: list[Line]  # the four classes of golongan I
    others: list[Line]  # golongan II, III and IV
    top: list[Line]
    crime_total: int
    crime_cleared: int

    @property
    def clearance(self) -> Decimal | None:
        """Crimes of the period that are cleared by now, in percent of its crimes; None where there were none."""
        return clearance(self.crime_cleared, self.crime_total)


def clearance(cleared: int, total: int) -> Decimal | None:
    """Crime clearance by crime total, in percent with two decimals."""
    return (Decimal(cleared) * 100 / total).quantize(Decimal("0.01"), ROUND_HALF_UP) if total else None


def bulletin(incidents: QuerySet, now: Period, before: Period, labels: Mapping[str, str]) -> Bulletin:
    """The numbers of two periods, in one statement each; of `incidents` that are bound to no days yet. `labels`: what people call a kind."""
    return bulletin_of(_counted(incidents, now), _counted(incidents, before), labels)


def bulletin_of(now: Iterable[Counted], before: Iterable[Counted], labels: Mapping[str, str]) -> Bulletin:
    """The bulletin of counts by class and kind, each with how many of them are cleared by now."""
    by_kind: dict[bool, collections.Counter] = {True: collections.Counter(), False: collections.Counter()}
    by_class: dict[bool, collections.Counter] = {True: collections.Counter(), False: collections.Counter()}
    cleared = 0
    for counts, is_now in ((now, True), (before, False)):
        for klass, kind, number, done in counts:
            by_kind[is_now][kind] += number
            by_class[is_now][klass] += number
            cleared += done if is_now and klass in CRIMES else 0
    frequent = sorted(by_kind[True], key=lambda kind: (-by_kind[True][kind], kind))[:TOP]
    return Bulletin(
        total=Line("", "", Change(by_kind[False].total(), by_kind[True].total())),
        crimes=[_line(klass, klass.label, by_class) for klass in CRIMES],
        others=[_line(klass, klass.label, by_class) for klass in IncidentClass if klass not in CRIMES],
        top=[_line(kind, labels.get(kind, kind), by_kind) for kind in frequent],
        crime_total=sum(by_class[True][klass] for klass in CRIMES),
        crime_cleared=cleared,
    )


def _line(code, label, counts) -> Line:
    return Line(str(code), str(label), Change(counts[False][code], counts[True][code]))


def _counted(incidents, period):
    rows = incidents.filter(day__range=(period.start, period.end)).order_by()
    return rows.values_list("klass", "kind").annotate(number=Count("pk"), cleared=Count("cleared_on"))


def local_hour(moment: str = "occurred_at") -> Cast:
    """The hour of a moment by the clock of the row's own unit."""
    return _part("hour", moment)


def local_weekday(moment: str = "occurred_at") -> Cast:
    """Its weekday there: 1 is Monday."""
    return _part("isodow", moment)


def matrix(incidents: QuerySet, bands: int = HOURS, moment: str = "occurred_at") -> list[list[int]]:
    """Counts by weekday (Monday first) and hour, each row by the clock of its own unit; with 6 bands, by four hours each.

    One row a weekday: `matrix(rows)[0][23]` is Monday from 23.00 on. Rows are counted by the beginning of a span.
    """
    counts = incidents.order_by().values_list(local_weekday(moment), local_hour(moment)).annotate(Count("pk"))
    table = [[0] * bands for _ in range(WEEKDAYS)]
    for weekday, hour, number in counts:
        table[weekday - 1][hour * bands // HOURS] += number
    return table


def _part(name: str, moment: str) -> Cast:
    local = Func(F("unit__time_zone"), F(moment), function="timezone")
    return Cast(Func(local, template=f"EXTRACT({name} FROM %(expressions)s)", output_field=IntegerField()), IntegerField())

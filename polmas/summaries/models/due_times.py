"""When the summaries of a unit are due, by its own settings and its own clock (domain.md 2.4)."""

import datetime

from polmas.people.models import Unit, UnitKind
from polmas.people.models.units import POLRES_KINDS
from polmas.people.periods import DAY, last_of_month
from polmas.summaries.models.kinds import PeriodKind

# Which summaries a unit writes: a Polda adds up weeks and months of its Polres.
KINDS_OF: dict[str, tuple[PeriodKind, ...]] = {
    UnitKind.POLSEK: tuple(PeriodKind),
    **dict.fromkeys(POLRES_KINDS, tuple(PeriodKind)),
    UnitKind.POLDA: (PeriodKind.WEEKLY, PeriodKind.MONTHLY),
}


def due_at(unit: Unit, kind: str, end: datetime.date) -> datetime.datetime:
    """The moment by which a summary whose last day is `end` is to be approved and sent."""
    if kind == PeriodKind.DAILY:
        return datetime.datetime.combine(end + DAY, unit.day_due_at, unit.zone)
    if kind == PeriodKind.WEEKLY:
        return datetime.datetime.combine(end + DAY * (1 + unit.week_due_day), unit.week_due_at, unit.zone)
    first = last_of_month(end) + DAY
    day = min(first + DAY * (unit.month_due_day - 1), last_of_month(first))
    return datetime.datetime.combine(day + DAY, datetime.time.min, unit.zone)  # the due day counts to its end


def mended_by(unit: Unit) -> datetime.datetime:
    """The moment by which what came back today is to be sent again: the unit's time for daily summaries, on the next day."""
    return due_at(unit, PeriodKind.DAILY, unit.today())

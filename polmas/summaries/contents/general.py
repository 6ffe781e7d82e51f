"""Part A: what the unit polices, and with how many people."""

from typing import NamedTuple

from django.db.models import Count

from mapping.models import Area
from mapping.models.areas import VILLAGES
from polmas.people.models import Posting, Role
from polmas.people.scope import on_day
from polmas.summaries.contents.groups import Group

SUMMED = ("officers", "officers_reporting")
NOT_POLICE_WORK = (Role.ADMIN,)


class Village(NamedTuple):
    code: str
    name: str
    population: int | None


def villages(group: Group) -> dict[str, list[Village]]:
    """The villages of each unit and of those below it, each once."""
    policed = group.within(Area.units.through.objects.filter(area__level__in=VILLAGES))
    rows = policed.values_list("of", "area__code", "area__name", "area__population").distinct()
    return {path: [Village(*row) for row in own] for path, own in group.shared(rows).items()}


def general(group: Group, period, villages: dict[str, list[Village]]) -> dict[str, dict]:
    """Villages and people as they are recorded today; `personnel` is everybody posted at the unit or below it on the period's last day."""
    day = min(period.end, group.today())
    posted = group.within(Posting.objects.filter(on_day(day), user__is_active=True).exclude(role__in=NOT_POLICE_WORK))
    personnel = dict(posted.order_by().values_list("of").annotate(Count("user", distinct=True)))
    return {path: _general(villages[path], personnel.get(path, 0)) for path in group.paths}


def _general(villages, personnel) -> dict:
    told = [village.population for village in villages if village.population is not None]
    population = sum(told) if told else None
    return {"villages": len(villages), "population": population, "personnel": personnel, "officers": 0, "officers_reporting": 0}

"""What the Laporan Informasi of a period say, for a paper of those alone who read them (domain.md 4.4). It never stands in the figures."""

from django.db.models import F

from mapping.models import Problem
from mapping.models.problems import OPEN
from patrol.models import Information
from patrol.models.informations import NUMBERED
from polmas.people.models import Unit, UnitKind
from polmas.people.periods import Period
from polmas.summaries.contents.groups import Group

MOST = 100
TEXTS = ("subject", "facts", "analysis", "prediction", "steps_taken", "recommendation")


def informations(group: Group, period: Period) -> dict[str, dict]:
    """Registered LI by field, without author and source, and open problems that are confidential. Above the Polres nobody reads them."""
    if group.units[0].kind in (UnitKind.MABES, UnitKind.POLDA):
        return {path: {"informations": [], "problems": []} for path in group.paths}
    rows = group.within(Information.objects.filter(day__range=(period.start, period.end), state__in=NUMBERED))
    told = group.listed(group.first(rows, MOST, F("field").asc(), F("day").asc(), F("pk").asc()).select_related("area"))
    secret = group.within(Problem.objects.filter(is_confidential=True, status__in=OPEN))
    problems = group.listed(group.first(secret, MOST, F("grade").desc(), F("pk").asc()).select_related("area"))
    return {path: {"informations": [_told(row) for row in told[path]], "problems": [_problem(row) for row in problems[path]]} for path in group.paths}


def secrets_of(unit: Unit, period: Period) -> list[dict]:
    """Numbers and texts of all LI of the period, and titles of all confidential problems that are open: what no text for others may repeat."""
    told = Information.objects.filter(unit__path__startswith=unit.path, day__range=(period.start, period.end), state__in=NUMBERED)
    hidden = Problem.objects.filter(unit__path__startswith=unit.path, is_confidential=True, status__in=OPEN)
    return [*told.values("number", *TEXTS), *hidden.values("title")]


def _told(row) -> dict:
    value = f"{row.source_value}{row.content_value}"
    place = {"number": row.number, "day": row.day.isoformat(), "village": row.area.name, "field": row.field, "value": value}
    return {**place, "classification": row.classification, **{name: getattr(row, name) for name in TEXTS}}


def _problem(problem) -> dict:
    names = ("title", "field", "grade", "phase", "status")
    return {**{name: getattr(problem, name) for name in names}, "village": problem.area.name}

"""Parts C and G: fields of life, and what may become a disturbance, by grade and phase (domain.md 3.7, 3.8).

Confidential problems are counted nowhere here: they stand with the Laporan Informasi, for those who read these.
"""

import collections
import itertools

from django.db.models import Count, F, Q

from mapping.models import Field, Grade, Incident, Phase, Problem, ProblemClass, Vulnerability
from mapping.models.problems import OPEN
from polmas.people.periods import Period
from polmas.summaries.contents.groups import Group

MOST_TOLD, MOST_TOLD_ABOVE = 10, 20
URGENT = ("TINGGI", "DARURAT")
WEIGHTS = {Grade.GN: 4, Grade.AG: 2, Grade.PG: 0}


def _known(group: Group):
    return group.within(Problem.objects.filter(is_confidential=False)).order_by()


def _told_of(group: Group, period: Period):
    """Problems of which a period tells: open, or new or solved in it or in the one before."""
    first, days = period.previous().moments(group.zone)[0], (period.start, period.end)
    told = Q(status__in=OPEN) | Q(created_at__gte=first) | Q(solved_on__range=days)
    return _known(group).filter(told)


def _new(group: Group, period: Period) -> Q:
    return Q(created_at__range=period.moments(group.zone))


def fields(group: Group, period: Period, opinions: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Part C, one row a field in which something was recorded: problems new, solved and open, and voices of residents."""
    days = (period.start, period.end)
    told = _told_of(group, period).values_list("of", "field").annotate(
        new=Count("pk", filter=_new(group, period)),
        solved=Count("pk", filter=Q(solved_on__range=days)),
        open=Count("pk", filter=Q(status__in=OPEN)),
        brink=Count("pk", filter=Q(status__in=OPEN, grade__in=[Grade.AG, Grade.GN])),
    )  # fmt: skip
    columns = ("field", *FIELD_KEYS[:-2])
    nothing = dict.fromkeys(("voices", "urgent"), 0)
    return {
        path: _field_rows([{**dict(zip(columns, row, strict=True)), **nothing} for row in rows], opinions[path])
        for path, rows in group.shared(told).items()
    }


FIELD_KEYS = ("new", "solved", "open", "brink", "voices", "urgent")


def _field_rows(rows, opinions=()) -> list[dict]:
    sums: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for row in rows:
        sums[row["field"]].update({key: row[key] for key in FIELD_KEYS})
    for row in opinions:
        sums[row["field"]].update(voices=row["total"], urgent=sum(row["urgencies"].get(urgency, 0) for urgency in URGENT))
    order = [*Field.values, ""]
    told = [{"field": field, **{key: sums[field][key] for key in FIELD_KEYS}} for field in order if field in sums]
    return [row for row in told if any(row[key] for key in FIELD_KEYS)]


def summed_fields(parts) -> list[dict]:
    return _field_rows(itertools.chain.from_iterable(parts))


def conflicts(group: Group, period: Period) -> dict[str, dict]:
    """Part G: open problems by grade and phase, those new and solved, incidents by phase, and the problems that stand out."""
    days, before = (period.start, period.end), period.previous()
    counted = _told_of(group, period).values_list("of", "grade", "phase").annotate(
        new=Count("pk", filter=_new(group, period)),
        new_before=Count("pk", filter=_new(group, before)),
        solved=Count("pk", filter=Q(solved_on__range=days)),
        open=Count("pk", filter=Q(status__in=OPEN)),
    )  # fmt: skip
    problems = group.shared(counted)
    incidents = group.within(Incident.objects.standing().filter(day__range=days)).order_by()
    of_incidents = group.shared(incidents.values_list("of", "phase").annotate(Count("pk")))
    standing, number = _standing(group), _standing_of(group)
    return {
        path: {
            **_by_grade_and_phase(problems[path], dict(of_incidents[path])),
            "standing": standing[path],
            "standing_of": number.get(path, 0),
        }
        for path in group.paths
    }


def _standing_of(group: Group) -> dict[str, int]:
    """How many there are of which the gravest are told."""
    return dict(standing_out(_known(group)).select_related(None).values_list("of").annotate(Count("pk")))


def _by_grade_and_phase(problems, of_incidents) -> dict:
    grades: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    phases: collections.Counter = collections.Counter()
    for grade, phase, *numbers in problems:
        grades[grade].update(dict(zip(GRADE_KEYS, numbers, strict=True)))
        phases[phase] += numbers[-1]
    return {
        "grades": [{"key": grade, **{key: grades[grade][key] for key in GRADE_KEYS}} for grade in Grade.values],
        "phases": [{"key": phase, "problems": phases[phase], "incidents": of_incidents.get(phase, 0)} for phase in Phase.values],
    }


GRADE_KEYS = ("new", "new_before", "solved", "open")


def summed_conflicts(parts, names) -> dict:
    parts = list(parts)
    standing = [{**row, "unit": row.get("unit") or name} for part, name in zip(parts, names, strict=True) for row in part["standing"]]
    return {
        "grades": _summed_rows(Grade.values, GRADE_KEYS, (part["grades"] for part in parts)),
        "phases": _summed_rows(Phase.values, ("problems", "incidents"), (part["phases"] for part in parts)),
        "standing": sorted(standing, key=lambda row: -row["weight"])[:MOST_TOLD_ABOVE],
        "standing_of": sum(part.get("standing_of", len(part["standing"])) for part in parts),
    }


def _summed_rows(keys, columns, parts) -> list[dict]:
    sums: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for row in itertools.chain.from_iterable(parts):
        sums[row["key"]].update({column: row[column] for column in columns})
    return [{"key": key, **{column: sums[key][column] for column in columns}} for key in keys]


def standing_out(problems):
    """Open problems on the brink or worse, quarrels, and places that are very vulnerable."""
    grave = Q(grade__in=[Grade.AG, Grade.GN]) | Q(vulnerability=Vulnerability.SANGAT_RAWAN) | Q(klass=ProblemClass.KONFLIK)
    return problems.filter(grave, status__in=OPEN, is_confidential=False).select_related("area")


def heaviest(found) -> list[dict]:
    """What is told of them, the gravest first."""
    return sorted(map(_told, found), key=lambda row: -row["weight"])[:MOST_TOLD]


def _standing(group: Group) -> dict[str, list[dict]]:
    told = group.listed(group.first(standing_out(_known(group)), MOST_TOLD * 10, F("created_at").desc(), F("pk").asc()))
    return {path: heaviest(rows) for path, rows in told.items()}


def _told(problem) -> dict:
    is_very, is_conflict = problem.vulnerability == Vulnerability.SANGAT_RAWAN, problem.klass == ProblemClass.KONFLIK
    return {
        "id": str(problem.uuid),
        "title": problem.title,
        "class": problem.klass,
        "field": problem.field,
        "village": problem.area.name,
        "grade": problem.grade,
        "phase": problem.phase,
        "status": problem.status,
        "vulnerability": problem.vulnerability,
        "weight": WEIGHTS[Grade(problem.grade)] + 2 * is_very + is_conflict,
    }

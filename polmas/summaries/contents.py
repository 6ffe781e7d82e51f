"""What stands in a summary, counted from the rows or added up from the summaries below."""

import collections

from django.db.models import Count, Q, Sum
from django.utils import timezone

from fkpm.models import ActionItem, Forum, Meeting, Minutes
from mapping.models import Area
from patrol.models import Kind, Opinion, Participation, Report
from patrol.models.reports import COUNTED
from polmas.people.models import Unit, UnitKind, User
from polmas.people.periods import Period
from polmas.summaries import duty, figures
from polmas.summaries.models import Measure, Summary
from polmas.summaries.targets import CLUSTER_KINDS, Targets, cluster_of, total_of, whole

MISSING = "MISSING"  # the state of a Polsek whose summary is not built


def of_polsek(unit: Unit, period: Period) -> dict:
    """Everything of one Polsek, from its reports."""
    officers = officers_of(unit, period)
    return {
        "general": general(unit, period, sum(officer["total"] > 0 for officer in officers), len(officers)),
        "activities": activities(unit, period),
        "areas": areas(unit, period),
        "officers": officers,
        "opinions": opinions(unit, period),
        "forums": forums(unit, period),
        "units": [],
    }


def of_polres(unit: Unit, kind: str, period: Period) -> dict:
    """The sum over the newest summaries of the Polsek below, each named with the state that its paper is in, and the activities
    that stand under the Polres itself. A Polsek without a summary adds nothing and is named as missing."""
    polsek = list(Unit.objects.below(unit).filter(kind=UnitKind.POLSEK, is_active=True))
    papers = Summary.objects.filter(unit__in=polsek, period=kind, starts_on=period.start).order_by("revision")
    newest = {paper.unit_id: paper for paper in papers}
    parts = [paper.figures for paper in newest.values()]
    own = activities(unit, period, only_itself=True)
    reporting = [part["general"] for part in parts]
    return {
        "general": {**general(unit, period), **{key: sum(part[key] for part in reporting) for key in ("officers", "officers_reporting")}},
        "activities": summed_activities([part["activities"] for part in parts] + [own], period),
        "areas": [],
        "officers": [],
        "opinions": summed_opinions(part["opinions"] for part in parts),
        "forums": {key: sum(part["forums"][key] for part in parts) for key in FORUM_KEYS},
        "units": sorted(
            (_unit_row(below, newest.get(below.pk)) for below in polsek), key=lambda row: (row["now"] is None, -(row["now"] or 0), row["name"])
        ),
    }


def _unit_row(unit, paper):
    if paper is None:
        return {
            "code": unit.code,
            "name": unit.name,
            "state": MISSING,
            "revision": None,
            "before": None,
            "now": None,
            "officers": None,
            "officers_reporting": None,
        }
    count, general = paper.figures["activities"]["total"], paper.figures["general"]
    return {
        "code": unit.code,
        "name": unit.name,
        "state": paper.state,
        "revision": paper.revision,
        "before": count["before"],
        "now": count["now"],
        "officers": general["officers"],
        "officers_reporting": general["officers_reporting"],
    }


def general(unit, period, reporting=0, officers=0) -> dict:
    """Part A: what the unit polices and with how many people."""
    land = Area.objects.of_unit(unit).villages().aggregate(villages=Count("pk"), population=Sum("population"))
    return {**land, "officers": officers, "officers_reporting": reporting}


def activities(unit, period, only_itself=False) -> dict:
    """Part D: reports by kind beside the period before, and the same period a year ago."""
    before, year_ago = period.previous(), period.last_year()
    rows = figures.counts(unit, Measure.BY_KIND, Period(before.start, period.end), by=("day", "key"), only_itself=only_itself)
    now_by_key, before_by_key = figures.by_key(rows, period), figures.by_key(rows, before)
    states = {row.key: row.number for row in figures.counts(unit, Measure.BY_STATE, period, by=("key",), only_itself=only_itself)}
    return {
        "kinds": [
            {"key": kind, "before": before_by_key[kind], "now": now_by_key[kind]} for kind in Kind.values if before_by_key[kind] or now_by_key[kind]
        ],
        "total": {"before": before_by_key.total(), "now": now_by_key.total(), "last_year": figures.total(unit, year_ago, only_itself)},
        "days": figures.by_day(rows, period),
        "returned": states.get("returned", 0),
        "withdrawn": states.get("withdrawn", 0),
    }


def summed_activities(parts, period) -> dict:
    """The activities of several units as one."""
    kinds: dict[str, dict] = {}
    for part in parts:
        for row in part["kinds"]:
            into = kinds.setdefault(row["key"], {"key": row["key"], "before": 0, "now": 0})
            into["before"] += row["before"]
            into["now"] += row["now"]
    return {
        "kinds": list(kinds.values()),
        "total": {key: sum(part["total"][key] for part in parts) for key in ("before", "now", "last_year")},
        "days": [sum(day) for day in zip(*(part["days"] for part in parts), strict=True)],
        "returned": sum(part["returned"] for part in parts),
        "withdrawn": sum(part["withdrawn"] for part in parts),
    }


def areas(unit, period) -> list[dict]:
    """Reports per village of the unit, those without any included, and villages of others where its officers were."""
    before = period.previous()
    rows = figures.counts(unit, Measure.BY_AREA, Period(before.start, period.end), by=("day", "key"))
    now_by_code, before_by_code = figures.by_key(rows, period), figures.by_key(rows, before)
    own = Q(pk__in=Area.objects.of_unit(unit).villages().values("pk"))
    villages = Area.objects.filter(own | Q(code__in=[*now_by_code, *before_by_code])).order_by("code").values_list("code", "name")
    return [{"code": code, "name": name, "before": before_by_code[code], "now": now_by_code[code]} for code, name in villages]


def officers_of(unit, period) -> list[dict]:
    """Everybody who served as an officer in the period or reported in it, with reports by kind, target and cluster. What colleagues did
    together stands in the row of each: the rows are no parts of the unit's number."""
    days = (period.start, period.end)
    filed = Report.objects.filter(unit__path__startswith=unit.path, day__range=days, state__in=COUNTED).order_by().values_list("officer_id", "kind")
    joined = Participation.objects.filter(report__unit__path__startswith=unit.path, report__day__range=days, report__state__in=COUNTED)
    credited = joined.values_list("officer_id", "report__kind").annotate(number=Count("pk"))
    kinds: dict[int, collections.Counter] = collections.defaultdict(collections.Counter)
    for officer, kind, count in filed.annotate(number=Count("pk")).union(credited, all=True):
        kinds[officer][kind] += count
    served = duty.of_unit(unit, Period(period.start, min(period.end, unit.today())))
    targets = Targets.over(unit.path, period.start, period.end)
    people = User.objects.filter(pk__in={*served, *kinds}).order_by("name")
    return [_officer_row(person, kinds[person.pk], served.get(person.pk, duty.Duty()), period, targets) for person in people]


def _officer_row(person, kinds, days, period, targets):
    present = days.present(period)
    expected = targets.expected(present)
    counted = sum(kinds.get(kind, 0) for kind in CLUSTER_KINDS)
    return {
        "username": person.username,
        "name": person.full_name,
        "areas": days.areas,
        "kinds": kinds,
        "total": sum(kinds.values()),
        "target": total_of(expected),
        "targets": {kind: whole(number) for kind, number in expected.items()},
        "days": {"posted": len(days.posted), "present": len(present)},
        "cluster": cluster_of(counted, len(present), targets.rule(days.post[1])).value if days.post else None,
    }


def opinions(unit, period) -> list[dict]:
    """What residents said, by field and urgency. Counts alone: whose words they were stays with the report."""
    counted = Opinion.objects.filter(
        report__unit__path__startswith=unit.path, report__day__range=(period.start, period.end), report__state__in=COUNTED
    )
    fields: dict[str, dict] = collections.defaultdict(dict)
    for field, urgency, count in counted.order_by().values_list("field", "urgency").annotate(Count("pk")):
        fields[field][urgency] = count
    return _opinion_rows(fields)


def summed_opinions(parts) -> list[dict]:
    fields: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for part in parts:
        for row in part:
            fields[row["field"]].update(row["urgencies"])
    return _opinion_rows(fields)


def _opinion_rows(fields):
    rows = [{"field": field, "urgencies": dict(urgencies), "total": sum(urgencies.values())} for field, urgencies in fields.items()]
    return sorted(rows, key=lambda row: (-row["total"], row["field"]))


FORUM_KEYS = ("forums", "meetings", "adopted", "done", "overdue")


def forums(unit, period) -> dict:
    """Part E: forums, meetings held (those still to come are not), minutes adopted, action items done in the period and overdue at its end.

    What officers report of their work with forums (Kind.FKPM) is an activity of part D; the two are never added up.
    """
    below = {"forum__unit__path__startswith": unit.path}
    first, last = period.moments(unit.zone)
    held = Meeting.objects.filter(**below, cancelled_at=None, starts_at__range=(first, min(last, timezone.now())))
    actions = ActionItem.objects.filter(**below)
    late = Q(due_on__lt=min(period.end, unit.today())) & (Q(state=ActionItem.State.OPEN) | Q(done_on__gt=period.end))
    return {
        "forums": Forum.objects.filter(unit__path__startswith=unit.path).exclude(status=Forum.Status.RINTISAN).count(),
        "meetings": held.count(),
        "adopted": Minutes.objects.filter(meeting__in=held, state=Minutes.State.ADOPTED).count(),
        "done": actions.filter(done_on__range=(period.start, period.end)).count(),
        "overdue": actions.filter(late).count(),
    }

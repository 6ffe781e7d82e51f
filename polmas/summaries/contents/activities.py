"""Part D: what was done, by kind, village and officer, and what residents said."""

import collections

from django.db.models import Count, Value

from mapping.models import Area
from patrol.models import Kind, Participation, Report
from patrol.models.reports import COUNTED
from polmas.people.models import User
from polmas.people.models.units import common_path
from polmas.people.periods import DAY, Period
from polmas.summaries import duty
from polmas.summaries.contents.general import Village
from polmas.summaries.contents.groups import Group
from polmas.summaries.models import Measure
from polmas.summaries.targets import CLUSTER_KINDS, Targets, cluster_of, total_of, whole


def activities(group: Group, period: Period) -> dict[str, dict]:
    """Reports by kind beside the period before, and the same period a year ago."""
    before, year_ago = period.previous(), period.last_year()
    both = Period(before.start, period.end)
    rows = group.shared(group.counts([Measure.BY_KIND], both, by=("day", "key")))
    years = group.shared(group.counts([Measure.BY_KIND], year_ago))
    states = group.shared(group.counts([Measure.BY_STATE], period, by=("key",)))
    return {path: _activities(rows[path], period, years[path], states[path]) for path in group.paths}


def _activities(rows, period, years, states) -> dict:
    before = period.previous()
    now_by_key: collections.Counter = collections.Counter()
    before_by_key: collections.Counter = collections.Counter()
    days: collections.Counter = collections.Counter()
    for _measure, day, key, number in rows:
        if period.includes(day):
            now_by_key[key] += number
            days[day] += number
        if before.includes(day):
            before_by_key[key] += number
    by_state = {key: number for _measure, key, number in states}
    return {
        "kinds": [
            {"key": kind, "before": before_by_key[kind], "now": now_by_key[kind]} for kind in Kind.values if before_by_key[kind] or now_by_key[kind]
        ],
        "total": {"before": before_by_key.total(), "now": now_by_key.total(), "last_year": sum(number for _measure, number in years)},
        "days": [days[period.start + DAY * place] for place in range(period.days)],
        "returned": by_state.get("returned", 0),
        "withdrawn": by_state.get("withdrawn", 0),
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


def areas(group: Group, period: Period, villages: dict[str, list[Village]]) -> dict[str, list[dict]]:
    """Reports per village of the unit, those without any included, and villages of others where its officers were."""
    both = Period(period.previous().start, period.end)
    rows = group.shared(group.counts([Measure.BY_AREA], both, by=("span", "key"), since=period.start))
    names = {village.code: village.name for own in villages.values() for village in own}
    if others := {code for visited in rows.values() for _measure, _is_now, code, _number in visited} - names.keys():
        names |= dict(Area.objects.filter(code__in=others).values_list("code", "name"))
    return {path: _areas(rows[path], {village.code for village in villages[path]}, names) for path in group.paths}


def _areas(rows, own, names) -> list[dict]:
    sums = {is_now: collections.Counter({code: number for _m, span, code, number in rows if span == is_now}) for is_now in (True, False)}
    codes = sorted(own | {code for _measure, _is_now, code, _number in rows if code in names})
    return [{"code": code, "name": names[code], "before": sums[False][code], "now": sums[True][code]} for code in codes]


def officers(group: Group, period: Period) -> dict[str, list[dict]]:
    """Everybody who served as an officer in the period or reported in it, with reports by kind, target and cluster. What colleagues did
    together stands in the row of each: the rows are no parts of the unit's number. `filed` are those that somebody filed alone or first,
    without what colleagues filed of both."""
    days = (period.start, period.end)
    filed = group.within(Report.objects.filter(day__range=days, state__in=COUNTED)).order_by().values_list("of", "officer_id", "kind")
    joined = group.within(Participation.objects.filter(report__day__range=days, report__state__in=COUNTED), "report__unit")
    credited = joined.values_list("of", "officer_id", "report__kind").annotate(number=Count("pk"), own=Value(0))
    rows = group.shared(filed.annotate(number=Count("pk"), own=Count("pk")).union(credited, all=True))
    served = duty.of_group(group.ids, group.paths, Period(period.start, min(period.end, group.today())))
    targets = Targets.over(common_path(group.paths), period.start, period.end)
    known = {pk: found.person for one in served.values() for pk, found in one.items()}
    others = {officer for one in rows.values() for officer, *_of_kind in one} - known.keys()
    people = [*known.values(), *(User.objects.filter(pk__in=others) if others else ())]
    ordered = sorted(people, key=lambda person: (person.name, person.pk))
    return {path: _officers(ordered, rows[path], served[path], period, targets) for path in group.paths}


def _officers(people, rows, served, period, targets) -> list[dict]:
    kinds: dict[int, collections.Counter] = collections.defaultdict(collections.Counter)
    filed: collections.Counter = collections.Counter()
    for officer, kind, number, own in rows:
        kinds[officer][kind] += number
        filed[officer] += own
    told = [person for person in people if person.pk in served or person.pk in kinds]
    of_person = [(person, kinds[person.pk], served.get(person.pk, duty.Duty())) for person in told]
    return [{**_officer_row(*about, period, targets), "filed": filed[about[0].pk]} for about in of_person]


def _officer_row(person, kinds, days, period, targets):
    present = days.present(period)
    expected = targets.expected(present, days.spared)
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


def opinions(group: Group, period: Period) -> dict[str, list[dict]]:
    """What residents said, by field and urgency. Counts alone: whose words they were stays with the report."""
    return {path: _opinions(rows) for path, rows in group.shared(group.counts([Measure.OPINIONS], period, by=("key",))).items()}


def _opinions(rows) -> list[dict]:
    fields: dict[str, dict] = collections.defaultdict(dict)
    for _measure, key, number in rows:
        field, _colon, urgency = key.partition(":")
        fields[field][urgency] = number
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

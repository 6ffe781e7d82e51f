"""What a dashboard shows: one unit's period beside the one before, its officers, or the units below it.

Each function is one statement, whatever the data; a page asks at most a dozen of them.
"""

import collections
import dataclasses
import datetime
from typing import NamedTuple

from django.db.models import Count, DateField, DateTimeField, Exists, F, IntegerField, Max, Min, OuterRef, Q, Value, Window
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils.http import urlencode

from fkpm.models import ActionItem
from mapping.models import Area, Problem
from mapping.models.problems import OPEN
from patrol.models import Household, Information, Participation, Report, State, Visit
from patrol.models.reports import COUNTED
from patrol.register_pages import share_of
from polmas.people.models import Device, Posting, Unit, UnitKind, User
from polmas.people.periods import DAY, Change, Period, finished
from polmas.people.scope import INFORMATION_COUNTERS, INFORMATION_READERS, OFFICERS, on_day
from polmas.summaries import duty, figures
from polmas.summaries.links import rows_link
from polmas.summaries.models import Measure
from polmas.summaries.targets import CLUSTER_KINDS, Targets, cluster_of, total_of, week_before

CHART_DAYS = 14
LATEST_DAYS = 31
UNSYNCED_DAYS = 3
WAITING_DAYS = 92
FROM_THE_PHONE = Q(recorded_by__isnull=True)  # what an operator typed from paper says nothing of the officer's phone


def change_of(unit: Unit, period: Period) -> Change:
    """Reports of a period beside those of the period before."""
    before = period.previous()
    rows = figures.counts(unit, Measure.BY_KIND, Period(before.start, period.end), by=("day", "key"))
    return Change(figures.by_key(rows, before).total(), figures.by_key(rows, period).total())


def waiting(unit: Unit) -> dict:
    """Reports that wait for the Kanit: how many, and since when the oldest."""
    return Report.objects.filter(unit__path__startswith=unit.path, state=State.SUBMITTED).aggregate(count=Count("pk"), oldest=Min("received_at"))


class Standing(NamedTuple):
    """What stands today: reports that wait for the Kanit, with since when; the one number of LI; and open problems by class."""

    waiting: dict
    informations: dict | None
    problems: dict[str, int]


def standing(user, unit: Unit, period: Period) -> Standing:
    """As the rows say now; what waits above a Polres is told by `branches`. The number of LI is for those alone who may know it (domain.md
    4.4): no target, no share, no officer, no village; None for others. It leads to the rows for those who read them; for the Kasat Binmas
    it stands alone."""
    knows = user.scope.holds(INFORMATION_COUNTERS, unit)
    rows = _counted(F("klass"), Problem.objects.filter(unit__path__startswith=unit.path, status__in=OPEN, is_confidential=False), "created_at")
    asked = [_counted(Value("informations"), li_of(unit, period), "received_at")] if knows else []
    if is_read_by_row(unit):
        reports = Report.objects.filter(unit__path__startswith=unit.path, state=State.SUBMITTED)
        asked.append(_counted(Value("reports"), reports, "received_at"))
    told = {key: (number, oldest) for key, number, oldest in rows.union(*asked, all=True)}
    count, oldest = told.pop("reports", (0, None))
    known, _first = told.pop("informations", (0, None))
    informations = _number_of_informations(user, unit, period, known) if knows else None
    return Standing({"count": count, "oldest": oldest}, informations, {klass: number for klass, (number, _oldest) in told.items()})


def is_read_by_row(unit: Unit) -> bool:
    """Whether what waits is few enough to be read row by row: up to a Polres."""
    return unit.is_polres or unit.kind in (UnitKind.POLSEK, UnitKind.SUBSEKTOR, UnitKind.POSPOL)


def _waiting_by_counts(unit: Unit) -> dict:
    """What waits for the Kanit below a Polda or Mabes, by branch; of the last three months, since nothing waits for longer unseen."""
    rows = figures.counts(unit, Measure.BY_STATE, Period(unit.today() - DAY * WAITING_DAYS, unit.today()), by=("branch", "key"))
    return {row.branch: row.number for row in rows if row.key == State.SUBMITTED}


def informations(user, unit: Unit, period: Period) -> dict | None:
    """The one number of LI beside a summary, as it stands now; never stored in its figures nor on its paper, which others read."""
    if not user.scope.holds(INFORMATION_COUNTERS, unit):
        return None
    return _number_of_informations(user, unit, period, li_of(unit, period).count())


def li_of(unit: Unit, period: Period):
    return Information.objects.filter(unit__path__startswith=unit.path, day__range=(period.start, period.end))


def _number_of_informations(user, unit, period, count) -> dict:
    link = (
        f"{reverse('patrol:information_list')}?{urlencode({'dari': period.start.isoformat(), 'sampai': period.end.isoformat(), 'satuan': unit.code})}"
    )
    return {"count": count, "link": link if user.scope.holds(INFORMATION_READERS, unit) else ""}


def _counted(key, rows, came: str):
    """How many rows there are under a name, and when the first came."""
    return rows.order_by().values(counted=key).annotate(number=Count("pk"), oldest=Min(came)).values_list("counted", "number", "oldest")


def officers_posted(unit: Unit):
    """The people who serve as officers in the unit or below it today."""
    postings = Posting.objects.filter(on_day(unit.today()), unit__path__startswith=unit.path, role__in=OFFICERS)
    return User.objects.filter(pk__in=postings.values("user"))


def latest(unit: Unit, number: int):
    """The newest reports of the unit and all below it, of the last month's days: sorting all there ever were would take ever longer."""
    recent = unit.today() - DAY * LATEST_DAYS
    reports = Report.objects.filter(unit__path__startswith=unit.path, day__gte=recent, state__in=COUNTED).select_related(
        "officer", "area", "unit", "problemsolving__case__refused_by"
    )
    return list(reports.order_by("-received_at")[:number])


def overdue(unit: Unit) -> dict:
    """Action items of forums: how many are open, how many past their day, and the one that waits longest."""
    items = ActionItem.objects.filter(forum__unit__path__startswith=unit.path, state=ActionItem.State.OPEN).order_by("due_on", "pk")
    counted = items.annotate(open=Window(Count("pk")), late=Window(Count("pk", filter=Q(due_on__lt=unit.today()))))
    first = counted.values("open", "late", "text", "forum__name").first()
    return dict(first) if first else {"open": 0, "late": 0}


def households(unit: Unit, period: Period) -> dict:
    """How many of the unit's households on record were visited in the period."""
    visits = Visit.objects.filter(household=OuterRef("pk"), report__day__range=(period.start, period.end), report__state__in=COUNTED)
    return Household.objects.filter(unit__path__startswith=unit.path).aggregate(all=Count("pk"), seen=Count("pk", filter=Exists(visits)))


def activity(unit: Unit, rows: list[figures.Row], period: Period, before: Period) -> dict:
    """Reports by kind of the period and of another, and by day of two weeks at least, beside the days before those. `rows`: all that
    `dashboard_situation.read` found."""
    drawn = at_least(period, CHART_DAYS)
    rows = [row for row in rows if row.measure == Measure.BY_KIND]
    now_by_key, before_by_key = figures.by_key(rows, period), figures.by_key(rows, before)
    days = [drawn.start + DAY * place for place in range(drawn.days)]
    now, earlier = figures.by_day(rows, drawn), figures.by_day(rows, drawn_before(period, before))
    return {
        "change": beside(rows, period, before),
        "compared": beside(rows, *over) if (over := finished(period, before, unit.today())) else None,
        "kinds": [(kind, Change(before_by_key[kind], now_by_key[kind])) for kind in sorted({*now_by_key, *before_by_key})],
        "drawn": drawn,
        "days": [
            {
                "day": day,
                "now": now[place],
                "before": earlier[place] if place < len(earlier) else 0,
                "link": rows_link(Period(day, day), satuan=unit.code),
            }
            for place, day in enumerate(days)
        ],
    }


def beside(rows: list[figures.Row], now: Period, before: Period) -> Change:
    """The rows of a span beside those of another."""
    return Change(figures.by_key(rows, before).total(), figures.by_key(rows, now).total())


def drawn_before(period: Period, before: Period) -> Period:
    """The days that a chart draws beside those of the period."""
    drawn = at_least(period, CHART_DAYS)
    return before if before.days >= drawn.days else drawn.previous()


def spans_of(before: Period, now: Period) -> list[Period]:
    """Both periods as one to read, or as two where they lie apart."""
    return [Period(min(before.start, now.start), now.end)] if before.end + DAY >= now.start else [before, now]


def at_least(period: Period, days: int) -> Period:
    """The period, or so many days that end with it: a chart of one day says nothing."""
    return period if period.days >= days else Period(period.end - DAY * (days - 1), period.end)


def singly(unit: Unit, period: Period) -> list[figures.Row]:
    """What is counted by officer and by village, of the period and of the week before today: what `officers` and `places` are told of."""
    return figures.several(unit, [Measure.BY_OFFICER, Measure.BY_AREA], _with_week(unit, period), by=("measure", "day", "key"))


def _with_week(unit, period):
    week = week_before(unit.today())
    return Period(min(period.start, week.start), max(period.end, week.end))


def officers(unit: Unit, period: Period, counted: list[figures.Row] | None = None) -> list[dict]:
    """Everybody who serves as an officer today or reported in the period, those with least of their target first."""
    week, span = week_before(unit.today()), _with_week(unit, period)
    rows = collections.defaultdict(list)
    for row in singly(unit, period) if counted is None else counted:
        if row.measure == Measure.BY_OFFICER:
            rows[int(row.key or 0)].append(row)
    filing = {user for user, own in rows.items() if any(row.day and period.start <= row.day <= period.end for row in own)}
    reported, joined = _reported(unit, span, period, week)
    for row in joined:
        rows[int(row.key or 0)].append(row)
    served = duty.of_unit(unit, span)
    people = {user: days.person for user, days in served.items() if unit.today() in days.posted or user in rows}
    people |= {person.pk: person for person in User.objects.filter(pk__in=[key for key in rows if key not in people])}
    targets = Targets.over(unit.path, span.start, span.end)
    lines = []
    for pk, person in people.items():
        days = served.get(pk, duty.Duty())
        filed = reported[pk]
        line = _officer(unit, person, rows[pk], period, week) | _judged(targets, days, period, week, filed.clustered, unit)
        known = {
            "areas": days.areas,
            "has_filed": pk in filing,
            "received": filed.received,
            "unsynced_days": unsynced_days(unit, days.synced_at, filed.received),
        }
        lines.append({**line, **known, "verified": share_of(filed.verified, filed.counted) if filed.counted else None})
    return sorted(lines, key=lambda line: (line["count"], line["person"].name))


@dataclasses.dataclass
class Filed:
    """What an officer filed: when something came in last from the phone, how many of the period count and how many of these the Kanit
    verified, and how many of the week count for the cluster."""

    received: datetime.datetime | None = None
    counted: int = 0
    verified: int = 0
    clustered: int = 0


def _reported(unit, span, period, week) -> tuple[dict[int, Filed], list[figures.Row]]:
    """By officer what was filed; and by officer and day in how many reports of colleagues they took part, which are in the officers' own
    numbers and once in the unit's."""
    columns = ("officer", "on", "received", "number", "clustered", "counted", "verified")
    rows = Report.objects.filter(unit__path__startswith=unit.path, day__range=(span.start, span.end)).order_by().values("officer")
    of_week = Count("pk", filter=Q(kind__in=CLUSTER_KINDS, state__in=COUNTED, day__range=(week.start, week.end)))
    of_period = Q(state__in=COUNTED, day__range=(period.start, period.end))
    shares = {"counted": Count("pk", filter=of_period), "verified": Count("pk", filter=of_period & Q(state=State.VERIFIED))}
    nothing = {"on": Value(None, DateField()), "number": Value(0, IntegerField())}
    filed = rows.annotate(received=Max("received_at", filter=FROM_THE_PHONE), clustered=of_week, **shares, **nothing).values_list(*columns)
    reported: dict[int, Filed] = collections.defaultdict(Filed)
    joined = []
    for officer, day, received, number, clustered, counted, verified in filed.union(_joined(unit, span, week, columns), all=True):
        known = reported[officer]
        reported[officer] = Filed(received or known.received, known.counted + counted, known.verified + verified, known.clustered + clustered)
        if day:
            joined.append(figures.Row(None, day, str(officer), None, number))
    return reported, joined


def _joined(unit, span, week, columns):
    rows = Participation.objects.filter(report__unit__path__startswith=unit.path, report__day__range=(span.start, span.end))
    of_week = Count("pk", filter=Q(report__kind__in=CLUSTER_KINDS, report__day__range=(week.start, week.end)))
    by_day = rows.filter(report__state__in=COUNTED).values("officer", on=F("report__day"))
    nothing = {"received": Value(None, DateTimeField()), "counted": Value(0, IntegerField()), "verified": Value(0, IntegerField())}
    return by_day.annotate(number=Count("pk"), clustered=of_week, **nothing).values_list(*columns)


def _officer(unit, person, rows, period, week):
    recent = figures.by_day([row for row in rows if week.start <= row.day], week)
    return {
        "person": person,
        "count": sum(row.number for row in rows if period.start <= row.day <= period.end),
        "recent": recent,
        "points": sparkline(recent),
        "link": rows_link(period, satuan=unit.code, petugas=person.username),
    }


def _judged(targets, days, period, week, clustered, unit):
    """Target and cluster of the days that the officer was there; without a post in the week there is no cluster."""
    path = days.post[1] if days.post else unit.path
    cluster = cluster_of(clustered, len(days.present(week)), targets.rule(path)) if days.days_posted(week) else None
    return {"target": total_of(targets.expected(days.present(period))), "cluster": cluster}


def sparkline(numbers: list[int]) -> str:
    """Points of a polyline in a box of 96 by 28, the highest number at the top."""
    top = max(*numbers, 1)
    step = 96 / (len(numbers) - 1)
    return " ".join(f"{place * step:g},{26 - 24 * number / top:.1f}" for place, number in enumerate(numbers))


def places(unit: Unit, period: Period, counted: list[figures.Row]) -> list[dict]:
    """Reports per village of the unit, those without any included."""
    found = figures.by_key([row for row in counted if row.measure == Measure.BY_AREA], period)
    villages = Area.objects.of_unit(unit).villages().order_by("name").values_list("code", "name")
    top = max([*found.values(), 1])
    return [
        {
            "code": code,
            "name": name,
            "count": found[code],
            "heat": heat(found[code], top),
            "link": rows_link(period, satuan=unit.code, wilayah=code),
        }
        for code, name in villages
    ]


def heat(count: int, top: int) -> int:
    """The step from 0 (none) to 4 (the most) in which a number is coloured: names stay legible on all of them."""
    return 0 if not count else 1 + round(3 * count / top)


def branches(unit: Unit, period: Period, before: Period) -> list[dict]:
    """The units directly below, each with all below it; and the unit itself where it has reports of its own."""
    rows = collections.defaultdict(list)
    for span in spans_of(before, period):
        for row in figures.counts(unit, Measure.BY_KIND, span, by=("branch", "day")):
            rows[row.branch].append(row)
    over = finished(period, before, unit.today())
    reporting = figures.officers_reporting(unit, period)
    cut = Left("unit__path", len(unit.path) + Unit.steplen)
    posted = _per_branch(
        Posting.objects.filter(on_day(unit.today()), unit__path__startswith=unit.path, role__in=OFFICERS), cut, Count("user", distinct=True)
    )
    queue = _waiting_per_branch(unit, cut)
    late = _per_branch(
        ActionItem.objects.overdue(unit.today()).filter(forum__unit__path__startswith=unit.path),
        Left("forum__unit__path", len(unit.path) + Unit.steplen),
        Count("pk"),
    )
    below = Unit.objects.below(unit).annotate(length=Length("path")).filter(length__lte=len(unit.path) + Unit.steplen, is_active=True)
    lines = []
    for child in below:
        own = rows[child.path]
        change = beside(own, period, before)
        if child.pk == unit.pk and not (change.before or change.now):
            continue
        days = figures.by_day(own, period)
        lines.append(
            {
                "unit": child,
                "is_itself": child.pk == unit.pk,
                "change": change,
                "compared": beside(own, *over) if over else None,
                "points": sparkline(days) if len(days) > 1 else "",
                "reporting": reporting.get(child.path, 0),
                "officers": posted.get(child.path, 0),
                "waiting": queue.get(child.path, 0),
                "late": late.get(child.path, 0),
                "link": rows_link(period, satuan=child.code),
                "waiting_link": rows_link(satuan=child.code, status="submitted"),
            }
        )
    return lines


def _waiting_per_branch(unit, cut):
    if not is_read_by_row(unit):
        return _waiting_by_counts(unit)
    return _per_branch(Report.objects.filter(unit__path__startswith=unit.path, state=State.SUBMITTED), cut, Count("pk"))


def _per_branch(rows, cut, number):
    return dict(rows.order_by().annotate(branch=cut).values_list("branch").annotate(number=number))


def unsynced_days(unit: Unit, *moments: datetime.datetime | None) -> int | None:
    """For how many days nothing was heard of an officer's phone, neither a request nor a report; None while that is no cause for a question."""
    known = [moment for moment in moments if moment]
    days = (unit.today() - unit.day_of(max(known))).days if known else None
    return days if days is not None and days >= UNSYNCED_DAYS else None


def unsynced(unit: Unit) -> list[tuple[User, int]]:
    """The officers of the unit whose phones were not heard of for days, the longest first."""
    people = list(officers_posted(unit))
    synced = Device.objects.last_synced(people)
    received = dict(Report.objects.filter(FROM_THE_PHONE, officer__in=people).order_by().values_list("officer").annotate(Max("received_at")))
    found = [(person, unsynced_days(unit, synced.get(person.pk), received.get(person.pk))) for person in people]
    return sorted(((person, days) for person, days in found if days), key=lambda row: -row[1])


def silent(lines: list[dict]) -> list[dict]:
    """The officers without a report in the period."""
    return [line for line in lines if not line["count"]]


def age_in_days(moment: datetime.datetime | None, unit: Unit) -> int | None:
    return None if moment is None else (unit.today() - unit.day_of(moment)).days

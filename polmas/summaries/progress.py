"""How far officers are: what they did beside what is expected of them, for the first page, their own page and their commanders'."""

import collections
import dataclasses
import datetime
from collections.abc import Iterable
from fractions import Fraction

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models import Meeting
from patrol.models import Kind, Participation, Report
from patrol.models.reports import COUNTED
from polmas.people.models import Unit, User
from polmas.people.periods import Period, month_of, today, week_of
from polmas.people.scope import OFFICERS
from polmas.summaries import duty
from polmas.summaries.duty import Duty
from polmas.summaries.links import rows_link
from polmas.summaries.models import Target, TargetPeriod
from polmas.summaries.models.targets import ALL_KINDS, FORUM_MEETING, kind_label, target_kinds
from polmas.summaries.targets import CLUSTER_KINDS, Cluster, Targets, cluster_of, month_length, total_of, week_before, whole

SPANS = {TargetPeriod.DAY: today, TargetPeriod.WEEK: week_of, TargetPeriod.MONTH: month_of}
NOW = {TargetPeriod.DAY: _("Today"), TargetPeriod.WEEK: _("This week"), TargetPeriod.MONTH: _("This month")}
# How the address names them, in the order of their length.
VIEWS = {"hari": TargetPeriod.DAY, "minggu": TargetPeriod.WEEK, "bulan": TargetPeriod.MONTH}
LENGTHS = list(SPANS)


def is_longer(period: str, view: str) -> bool:
    """Whether a target's period is longer than the view: of a week's target no whole part falls on a day."""
    return LENGTHS.index(TargetPeriod(period)) > LENGTHS.index(TargetPeriod(view))


def rings(user, unit: Unit, day: datetime.date) -> list[dict]:
    """Each kind that has a target, in the target's own period: five sambang today, one binluh this week."""
    post = next(((posting.role, posting.unit.path) for posting in user.postings_today if posting.role in OFFICERS), None)
    if post is None:
        return []
    spans = {period: span(day) for period, span in SPANS.items()}
    whole_span = Period(min(span.start for span in spans.values()), max(span.end for span in spans.values()))
    days = duty.of_people([user], whole_span).get(user.pk, Duty())
    holding = [target for target in Targets.over(post[1], day, day).holding(post, day) if target.kind not in days.spared]
    rows = _counted_by_day(user, unit, whole_span, any(target.kind == FORUM_MEETING for target in holding)) if holding else []
    return [_ring(user, target, spans[TargetPeriod(target.period)], rows, days) for target in holding]


def _ring(user, target, span, rows, days):
    count = sum(number for kind, day, number in rows if _is_of(target.kind, kind) and span.includes(day))
    goal = whole(target.share(len(days.present(span)), month_length(span.end)))
    return {
        "kind": target.kind_label,
        "label": NOW[TargetPeriod(target.period)],
        "count": count,
        "target": goal,
        "share": min(100, round(100 * count / goal)) if goal else 100,
        "link": _link(target.kind, span, user),
    }


def _is_of(target_kind, kind) -> bool:
    return kind == target_kind or (target_kind == ALL_KINDS and kind in Kind.values)


def _link(kind, span, person, **more):
    """The rows behind a number. Meetings stand with their forums."""
    if kind == FORUM_MEETING:
        return reverse("fkpm:forum_list")
    return rows_link(span, petugas=person.username, **({"jenis": kind} if kind else {}), **more)


def _counted_by_day(user, unit, span, with_meetings):
    own = Report.objects.filter(officer=user, day__range=(span.start, span.end), state__in=COUNTED)
    joined = Participation.objects.filter(officer=user, report__day__range=(span.start, span.end), report__state__in=COUNTED)
    filed = own.order_by().values_list("kind", "day").annotate(number=Count("pk"))
    rows = list(filed.union(joined.values_list("report__kind", "report__day").annotate(number=Count("pk")), all=True))
    if with_meetings:
        rows += [(FORUM_MEETING, unit.day_of(moment), 1) for _officer, moment in _meetings([user.pk], unit, span)]
    return rows


def _meetings(officers: Iterable[int], unit: Unit, span: Period):
    """Meetings held so far, those called off left out, as (officer who served the forum then, moment)."""
    first, last = span.moments(unit.zone)
    held = Meeting.objects.served_by(officers).filter(starts_at__gte=first, starts_at__lte=min(last, timezone.now()), cancelled_at=None)
    return held.order_by().values_list("server", "starts_at")


@dataclasses.dataclass(frozen=True)
class Line:
    """One kind: what was done in the span and what is expected; None where the target is of a longer span than is shown."""

    kind: str
    count: int
    goal: int | None
    by_now: int | None
    target: Target | None
    link: str

    @property
    def label(self):
        return kind_label(self.kind)

    @property
    def colour(self) -> str:
        """Green once reached, amber on the way, red where less than half is done of what should be by now."""
        if not self.goal or self.count >= self.goal or (self.by_now is not None and self.count >= self.by_now):
            return "green"
        return "amber" if 2 * self.count >= (self.goal if self.by_now is None else self.by_now) else "red"


@dataclasses.dataclass(frozen=True)
class Progress:
    """One officer in one span: a line for each kind, all reports together, and the cluster of the last seven days."""

    person: User
    lines: list[Line]
    total: Line
    cluster: Cluster | None
    days_posted: int
    days_present: int

    def by_kind(self) -> dict[str, Line]:
        return {line.kind: line for line in self.lines}


def of_officers(unit: Unit, people: list[User], view: str, day: datetime.date, within: str = "") -> list[Progress]:
    """The progress of these people in the day, week or month around a day, as far as they served and reported `within` the subtree of
    a path (a commander reads the own units alone; empty: everywhere). The same few statements, however many people they are."""
    period, week = SPANS[TargetPeriod(view)](day), week_before(unit.today())
    span = Period(min(period.start, week.start), max(period.end, week.end))
    served = duty.of_people(people, span, within)
    targets = Targets.over(unit.path, span.start, span.end)
    counts, clustered = _counts(unit, people, period, week, within)
    return [
        _progress(unit, person, served.get(person.pk, Duty()), targets, counts[person.pk], clustered[person.pk], view, period) for person in people
    ]


def activities(unit: Unit, people: Iterable[User], period: Period) -> dict[int, collections.Counter]:
    """How many activities of each kind these people have to their credit in a period, wherever they served."""
    return _counts(unit, list(people), period, period, "")[0]


def _counts(unit, people, period, week, within):
    """Activities of the period by officer and kind, and how many of the last seven days count for the cluster."""
    in_period, in_week = Q(day__range=(period.start, period.end)), Q(day__range=(week.start, week.end), kind__in=CLUSTER_KINDS)
    reports = Report.objects.filter(in_period | in_week, officer__in=people, unit__path__startswith=within, state__in=COUNTED)
    filed = reports.order_by().values_list("officer", "kind").annotate(of_period=Count("pk", filter=in_period), of_week=Count("pk", filter=in_week))
    rows = filed.union(_joined(people, period, week, within), all=True)
    counts: dict[int, collections.Counter] = collections.defaultdict(collections.Counter)
    clustered: collections.Counter = collections.Counter()
    for officer, kind, number, of_week in rows:
        counts[officer][kind] += number
        clustered[officer] += of_week
    for officer, _moment in _meetings([person.pk for person in people], unit, period):
        counts[officer][FORUM_MEETING] += 1
    return counts, clustered


def _joined(people, period, week, within):
    """The same of what these officers took part in: filed by a colleague, credited to each."""
    in_period = Q(report__day__range=(period.start, period.end))
    in_week = Q(report__day__range=(week.start, week.end), report__kind__in=CLUSTER_KINDS)
    joined = Participation.objects.filter(in_period | in_week, officer__in=people, report__unit__path__startswith=within, report__state__in=COUNTED)
    return joined.values_list("officer", "report__kind").annotate(of_period=Count("pk", filter=in_period), of_week=Count("pk", filter=in_week))


def _progress(unit, person, days: Duty, targets, counts, clustered, view, period):
    today, week, present = unit.today(), week_before(unit.today()), days.present(period)
    goals = targets.expected(present, days.spared)
    is_running = period.includes(today)
    by_now = targets.expected({day: post for day, post in present.items() if day <= today}, days.spared) if is_running else {}
    last = max(present, default=None)
    holding = {target.kind: target for target in targets.holding(present[last], last)} if last else {}
    all_of_them = sum(number for kind, number in counts.items() if kind in Kind.values)
    kinds = [kind for kind, _label in target_kinds() if kind in goals or counts[kind]] + [ALL_KINDS] * (ALL_KINDS in goals)
    lines = []
    for kind in kinds:
        target = holding.get(kind)
        is_measured = kind in goals and not (target and is_longer(target.period, view))
        goal = whole(goals[kind]) if is_measured else None
        so_far = whole(by_now.get(kind, Fraction())) if is_measured and is_running else None
        lines.append(Line(kind, counts[kind] if kind else all_of_them, goal, so_far, target, _link(kind, period, person)))
    total = Line(ALL_KINDS, all_of_them, total_of(goals), total_of(by_now) if is_running else None, None, _link(ALL_KINDS, period, person))
    path = days.post[1] if days.post else unit.path
    cluster = cluster_of(clustered, len(days.present(week)), targets.rule(path)) if days.days_posted(week) else None
    return Progress(person, lines, total, cluster, days.days_posted(period), len(present))


def order_of_kinds() -> list[str]:
    return [*(kind for kind, _label in target_kinds()), ALL_KINDS]

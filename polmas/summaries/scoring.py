"""Builds the scores of all officers of a unit for one month, with the same few statements however many they are.

Each part is gathered for everybody at once; `GATHERERS` names where from. Complaints and the satisfaction of residents with an
officer come in here once there are rows of them: until then a part without rows is left out of the score.
"""

import collections
import dataclasses
import datetime
from collections.abc import Callable, Iterable

from celery import current_app
from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from fkpm.models import AgreementCheck, Case
from patrol.models import Kind, Photo, Report, Response, State
from patrol.models.reports import LOCKED, Flag
from polmas.people.models import Posting, Unit, User
from polmas.people.models.units import POLRES_KINDS, common_path
from polmas.people.periods import DAY, Period, month_of, months_back
from polmas.people.scope import OFFICERS
from polmas.summaries import duty, progress, scores
from polmas.summaries.duty import Duty
from polmas.summaries.models import OfficerScore, ScorePart, ScoreWeights
from polmas.summaries.models.targets import ALL_KINDS
from polmas.summaries.recount import lock
from polmas.summaries.scores import Finding
from polmas.summaries.targets import Targets, whole

CASE_MONTHS = 3  # a case counts in the month of the matter and in the two after it: settling takes time
PATIENCE = datetime.timedelta(days=30)  # a case may be in progress so long before it counts as not settled
LOOK_WITHIN = datetime.timedelta(days=7)  # a look that nobody made so long after it was due did not find the agreement observed
SETTLED = (Case.Outcome.DAMAI, Case.Outcome.PEMBINAAN)
UNSETTLED = (Case.Outcome.TIDAK_SEPAKAT, Case.Outcome.INGKAR)
Findings = dict[int, Finding]


@dataclasses.dataclass(frozen=True)
class Month:
    """One unit's month as it is rated on a day: of the running one the days that are over."""

    unit: Unit
    period: Period
    today: datetime.date

    @classmethod
    def of(cls, unit: Unit, month: datetime.date) -> "Month":
        return cls(unit, month_of(month), unit.today())

    @property
    def last(self) -> datetime.date:
        """The last day of which something is expected by now."""
        return min(self.period.end, self.today - DAY)


@transaction.atomic
def build(unit: Unit, month: datetime.date) -> int:
    """Rates everybody whose last post of the month is at the unit or below; frozen rows stay as they are. Returns how many were written.

    Of two builds at once the second reads its rows and weights after the first has written, so that nothing older stays.
    """
    lock("scores", unit.pk, month)
    asked = Month.of(unit, month)
    serving = _serving(asked)
    people = [found.person for found in serving.values() if found.person]
    findings = {part: gather(asked, people, serving) for part, gather in GATHERERS.items()}
    weights = list(ScoreWeights.objects.holding_in(unit.path, month))
    units = {found.path: found for found in Unit.objects.below(unit)}
    rows = []
    for person in people:
        of_person = {part: found[person.pk] for part, found in findings.items() if person.pk in found}
        days = serving[person.pk]
        role_path = days.post[1] if days.post else unit.path
        rows.append(_row(person, units[role_path], asked, days, of_person, nearest(weights, role_path)))
    return _keep(asked, rows)


def nearest(weights: Iterable[ScoreWeights], path: str) -> dict[str, int]:
    """The weights of the nearest unit upwards."""
    holding = [row for row in weights if row.unit is None or path.startswith(row.unit.path)]
    row = max(holding, key=lambda row: len(row.unit.path) if row.unit else 0, default=ScoreWeights())
    return row.by_part


def _serving(asked: Month) -> dict[int, Duty]:
    """The days of everybody whose last post of the month is here, also those that they served elsewhere."""
    here = Posting.objects.filter(unit__path__startswith=asked.unit.path, role__in=OFFICERS, starts_on__lte=asked.period.end)
    people = User.objects.filter(pk__in=here.exclude(ends_on__lt=asked.period.start).values("user"))
    served = duty.of_people(people, asked.period)
    return {pk: days for pk, days in served.items() if days.post and days.post[1].startswith(asked.unit.path)}


def _row(person, unit, asked, days, findings, weights) -> OfficerScore:
    total = scores.total_of(findings, weights)
    return OfficerScore(
        officer=person,
        unit=unit,
        month=asked.period.start,
        total=total,
        label="" if total is None else scores.label_of(total),
        parts=scores.told(findings, weights),
        measured=len(findings),
        weights=weights,
        days_present=len(days.present(asked.period)),
        days_posted=days.days_posted(asked.period),
        rule=scores.RULE,
    )


WRITTEN = ["unit", "total", "label", "parts", "measured", "weights", "days_present", "days_posted", "rule", "built_at"]


def _keep(asked: Month, rows: list[OfficerScore]) -> int:
    """Writes the rows over those of before. What was frozen, or is frozen right now, stays."""
    people = {row.officer_id: row for row in rows}
    standing = OfficerScore.objects.of_month(asked.period.start).filter(Q(officer__in=people) | Q(unit__path__startswith=asked.unit.path))
    changed = []
    for old in standing.select_for_update(of=("self",), no_key=True).order_by("pk"):
        row = people.pop(old.officer_id, None)
        if old.frozen_at:
            continue
        if row is None:
            old.delete()  # who serves here no longer, as the postings have it now
            continue
        row.pk, row.uuid = old.pk, old.uuid
        changed.append(row)
    OfficerScore.objects.bulk_update(changed, WRITTEN, batch_size=500)
    OfficerScore.objects.bulk_create(people.values(), batch_size=500, ignore_conflicts=True)
    return len(changed) + len(people)


def of_activity(asked: Month, people: list[User], serving: dict[int, Duty]) -> Findings:
    """Targets of the days that are over and on which they were there, beside what they did."""
    days = {pk: {day: post for day, post in found.present(asked.period).items() if day <= asked.last} for pk, found in serving.items()}
    paths = {post[1] for found in days.values() for post in found.values()} | {asked.unit.path}
    targets = Targets.over(common_path(paths), asked.period.start, asked.period.end)
    counts = progress.activities(asked.unit, people, asked.period)
    found = {}
    for person in people:
        goals = {kind: whole(number) for kind, number in targets.expected(days[person.pk], serving[person.pk].spared).items()}
        done = counts[person.pk]
        all_of_them = sum(number for kind, number in done.items() if kind in Kind.values)
        found[person.pk] = scores.activity({**done, ALL_KINDS: all_of_them}, goals)
    return measured(found)


# What is asked of a report, as conditions over `rated_reports`.
CAME_BACK = Q(state=State.RETURNED) | Q(was_returned=True)
REPEATS = Q(flags__overlap=[Flag.SAME_TEXT, Flag.SAME_PHOTO]) & ~Q(state=State.VERIFIED)
COMPLETE = Q(location__isnull=False) & (Q(photo_ids__len=0) | Q(photos_here__gte=F("photo_ids__len")))


def rated_reports(period: Period, people: Iterable[User]):
    """The own reports of a month, each with whether it ever came back and how many of its photos are there."""
    events = apps.get_model("patrol", "ReportEvent").objects
    arrived = Photo.objects.filter(report=OuterRef("pk"), supplement=None).order_by().values("report").annotate(n=Count("pk")).values("n")
    reports = Report.objects.filter(officer__in=people, day__range=(period.start, period.end))
    return reports.filter(state__in=[State.SUBMITTED, State.RETURNED, *LOCKED]).annotate(
        was_returned=Exists(events.filter(pgh_obj_id=OuterRef("pk"), state=State.RETURNED)), photos_here=Coalesce(Subquery(arrived), 0)
    )


def of_quality(asked: Month, people: list[User], serving: dict[int, Duty]) -> Findings:
    """Complete with a position and all photos that were announced, unlike earlier ones unless a reviewer verified them all the same,
    and verified without having come back."""
    told = (
        rated_reports(asked.period, people)
        .order_by()
        .values("officer")
        .annotate(
            reports=Count("pk"),
            complete=Count("pk", filter=COMPLETE),
            unique=Count("pk", filter=~REPEATS),
            reviewed=Count("pk", filter=Q(state=State.VERIFIED) | CAME_BACK),
            clean=Count("pk", filter=Q(state=State.VERIFIED) & ~CAME_BACK),
        )
    )
    return measured({row.pop("officer"): scores.quality(**row) for row in told})


def of_problems(asked: Month, people: list[User], serving: dict[int, Duty]) -> Findings:
    """The cases that they follow, and the looks of the month at agreements of theirs."""
    ids = [person.pk for person in people]
    told: dict[int, collections.Counter] = collections.defaultdict(collections.Counter)
    for row in cases_of(asked.period, asked.today, ids).order_by().values("follower_id").annotate(**CASE_NUMBERS):
        told[row["follower_id"]].update(cases=row["cases"], settled=row["settled"])
    for row in looks_of(asked.period, asked.today, ids).values_list("follower_id", "due_on", "is_observed"):
        follower, due_on, is_observed = row
        if is_observed is None and due_on in serving[follower].absent:
            continue  # who was on leave that day could not go
        told[follower].update(looks=1, observed=int(bool(is_observed)))
    parts = ("cases", "settled", "looks", "observed")
    return measured({pk: scores.problems(**{part: numbers[part] for part in parts}) for pk, numbers in told.items()})


CASE_NUMBERS = {"cases": Count("pk"), "settled": Count("pk", filter=Q(outcome__in=SETTLED))}


def cases_of(period: Period, today: datetime.date, followers: Iterable[int]):
    """Cases of which it can be said whether they were settled: not those that a rule hands on, nor those that still have time."""
    first = months_back(period.start, CASE_MONTHS - 1)
    seen_on = min(period.end, today)
    late = Q(outcome=Case.Outcome.PROSES, happened_on__lt=seen_on - PATIENCE)
    rated = Q(outcome__in=[*SETTLED, *UNSETTLED]) | late
    cases = Case.objects.filter(rated, is_standing=True, happened_on__range=(first, period.end)).exclude(kind=Case.Kind.EKSEKUTIF)
    return cases.annotate(follower_id=Coalesce("keeper", "officer")).filter(follower_id__in=followers)


def looks_of(period: Period, today: datetime.date, followers: Iterable[int]):
    """Looks at agreements that were made, or should have been made a week ago; those of agreements that ended or are cancelled no more."""
    missed = Q(checked_on__isnull=True, due_on__lt=today - LOOK_WITHIN, agreement__state__in=["BERLAKU", "DITAATI"])
    looks = AgreementCheck.objects.filter(Q(checked_on__isnull=False) | missed, due_on__range=(period.start, period.end))
    follower = Coalesce("agreement__case__keeper", "agreement__case__officer", "agreement__forum__officer")
    return looks.annotate(follower_id=follower).filter(follower_id__in=followers)


def of_response(asked: Month, people: list[User], serving: dict[int, Duty]) -> Findings:
    """Minutes from the complaint to the officer's arrival, as the reports of answered complaints have them."""
    minutes = collections.defaultdict(list)
    for answered in responses_of(asked.period, people).values_list("report__officer", "complained_at", "arrived_at"):
        officer, complained_at, arrived_at = answered
        minutes[officer].append((arrived_at - complained_at).total_seconds() / 60)
    return measured({pk: scores.response(found) for pk, found in minutes.items()})


def responses_of(period: Period, people: Iterable[User]):
    answered = Response.objects.filter(report__officer__in=people, report__day__range=(period.start, period.end), report__kind=Kind.RESPON_ADUAN)
    return answered.filter(report__state__in=[State.SUBMITTED, *LOCKED], complained_at__isnull=False, arrived_at__gte=F("complained_at"))


def measured(found: dict[int, Finding | None]) -> Findings:
    return {pk: finding for pk, finding in found.items() if finding is not None}


Gatherer = Callable[[Month, list[User], dict[int, Duty]], Findings]
# Where each part comes from. Satisfaction has no source yet: no survey asks residents about their officer.
GATHERERS: dict[str, Gatherer] = {
    str(ScorePart.ACTIVITY): of_activity,
    str(ScorePart.QUALITY): of_quality,
    str(ScorePart.PROBLEMS): of_problems,
    str(ScorePart.RESPONSE): of_response,
}


def queue_builds() -> None:
    """Asks for the month that runs and the one before: of every Polres, and of stations with officers that stand under none."""
    units = {unit.path: unit for unit in Unit.objects.filter(kind__in=POLRES_KINDS, is_active=True)}
    stations = Unit.objects.filter(pk__in=Posting.objects.officers().on(timezone.localdate()).values("unit"))
    for station in stations:
        if not any(station.path[:end] in units for end in range(Unit.steplen, len(station.path) + 1, Unit.steplen)):
            units[station.path] = station
    for unit in units.values():
        for month in months_due(unit):
            current_app.send_task("summaries.build_scores", args=[unit.pk, month.isoformat()])


def months_due(unit: Unit) -> list[datetime.date]:
    """The month before and the one that runs."""
    running = unit.today().replace(day=1)
    return [months_back(running, 1), running]

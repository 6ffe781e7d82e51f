"""Daily summaries that go by themselves at their due time, and reminders of those that people have to send."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from polmas.people.models import Notification, Unit
from polmas.summaries import moving, runs, telling
from polmas.summaries.models import PeriodKind, Summary, SummaryReminder, SummaryRun, authority

# A unit above waits so long after its own due time for daily summaries from below that are to go by themselves.
WAITS = datetime.timedelta(hours=1)
OLDEST = datetime.timedelta(days=7)  # what has been due for longer is neither released by itself nor reminded of
REMINDED_BEFORE = {
    PeriodKind.DAILY: datetime.timedelta(hours=1),
    PeriodKind.WEEKLY: datetime.timedelta(hours=4),
    PeriodKind.MONTHLY: datetime.timedelta(days=1),
}
Kind = SummaryReminder.Kind


def to_release(now: datetime.datetime) -> list[int]:
    """Daily drafts whose due time has come at units that let them go by themselves, deepest first; those that could not be counted are
    left until their build is tried again."""
    drafts = Summary.objects.filter(period=PeriodKind.DAILY, revision=1, state__in=Summary.DRAFT_STATES, due_at__range=(now - OLDEST, now))
    drafts = drafts.filter(unit__releases_daily=True, unit__is_active=True)
    key = {"unit": OuterRef("unit"), "period": OuterRef("period"), "starts_on": OuterRef("starts_on")}
    drafts = drafts.exclude(Exists(SummaryRun.objects.filter(**key, state=SummaryRun.State.FAILED, next_at__gt=now)))
    deeper = {"unit__path__startswith": OuterRef("unit__path"), "unit__depth__gt": OuterRef("unit__depth")}
    below = drafts.order_by().filter(starts_on=OuterRef("starts_on"), **deeper)
    ready = drafts.filter(~Exists(below) | Q(due_at__lte=now - WAITS))
    return list(ready.order_by("-unit__depth", "unit__path").values_list("pk", flat=True))


def release(summary_id: int) -> bool:
    """Counts once more and lets it go; False where somebody approved it meanwhile, it may not go, or another worker is counting it."""
    summary = Summary.objects.select_related("unit").get(pk=summary_id)
    if not summary.is_draft or not runs.run_again(summary.unit_id, summary.period, summary.starts_on):
        return False
    try:
        moving.release(summary)
    except ValidationError:
        return False
    return True


def to_remind(now: datetime.datetime) -> Iterator[tuple[Summary, Kind]]:
    """Summaries that are due soon or late and not sent, with the reminder that nobody was given yet. A daily one that goes by itself
    needs none; what came back goes by nobody but people."""
    rows = Summary.objects.filter(sent_at__isnull=True, unit__is_active=True, due_at__gte=now - OLDEST).select_related("unit")
    rows = rows.exclude(revision=1, period=PeriodKind.DAILY, unit__releases_daily=True).without_content()
    told = SummaryReminder.objects.filter(summary=OuterRef("pk"))
    yield from ((row, Kind.AFTER) for row in rows.filter(~Exists(told.filter(kind=Kind.AFTER)), due_at__lte=now))
    for kind, before in REMINDED_BEFORE.items():
        soon = rows.filter(~Exists(told), period=kind, due_at__gt=now, due_at__lte=now + before)
        yield from ((row, Kind.BEFORE) for row in soon)


@transaction.atomic
def remind(summary: Summary, kind: Kind) -> bool:
    """Tells who keeps and who signs the paper; once, whoever asks and how often. False where they were told already."""
    _row, is_new = SummaryReminder.objects.get_or_create(summary=summary, kind=kind)
    if not is_new or summary.due_at is None:
        return False
    unit: Unit = summary.unit
    people = telling.holders(unit, authority.heads_of(unit) | authority.staff_of(unit))
    told = Notification.Kind.SUMMARY_LATE if kind == Kind.AFTER else Notification.Kind.SUMMARY_DUE
    day = unit.day_of(summary.due_at).isoformat()
    Notification.objects.tell(people, told, telling.path_of(summary), by=unit.name, what=PeriodKind(summary.period).label, day=day)
    return True

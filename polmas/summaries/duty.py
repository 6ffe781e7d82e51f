"""On which days officers are on duty, and in which post: what targets and clusters are measured by."""

import dataclasses
import datetime
from collections.abc import Collection, Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from fkpm.models import Forum
from mapping.models import Beat
from polmas.people.models import Absence, Device, Posting, Unit, User
from polmas.people.models.absences import PRESENT_KINDS
from polmas.people.periods import DAY, Period
from polmas.people.scope import OFFICERS, on_day
from polmas.summaries.models.targets import FORUM_MEETING
from polmas.summaries.targets import Post


@dataclasses.dataclass
class Duty:
    """One officer's days in a span: the post held on each and the days of absence among them; and the villages held at its end."""

    person: User | None = None
    posted: dict[datetime.date, Post] = dataclasses.field(default_factory=dict)
    absent: set[datetime.date] = dataclasses.field(default_factory=set)
    areas: list[str] = dataclasses.field(default_factory=list)
    synced_at: datetime.datetime | None = None  # when a phone of theirs was heard of last
    spared: tuple[str, ...] = (FORUM_MEETING,)  # kinds of which nothing is expected: who serves no forum has no meetings

    def present(self, period: Period) -> dict[datetime.date, Post]:
        """The days of a period on which the officer was there, each with the post."""
        return {day: post for day, post in self.posted.items() if period.includes(day) and day not in self.absent}

    def days_posted(self, period: Period) -> int:
        return sum(period.includes(day) for day in self.posted)

    @property
    def post(self) -> Post | None:
        """The last post of the span."""
        return self.posted[max(self.posted)] if self.posted else None


def of_postings(postings: Iterable, span: Period) -> dict[int, Duty]:
    """The duty of everybody in these postings, as `_of` reads them. Of two posts on one day the newer one counts."""
    found: dict[int, Duty] = {}
    for posting in sorted(postings, key=lambda posting: (posting.starts_on, posting.pk)):
        spared = () if posting.serves_forum else (FORUM_MEETING,)
        duty = found.setdefault(posting.user_id, Duty(posting.user, areas=posting.areas, synced_at=posting.synced_at, spared=spared))
        post = (posting.role, posting.unit.path)
        duty.posted.update(dict.fromkeys(days_within(span, posting.starts_on, posting.ends_on), post))
        for dates in posting.away:
            duty.absent.update(days_within(span, *(datetime.date.fromisoformat(dates[end]) for end in ("first", "last"))))
    return found


def days_within(span: Period, first: datetime.date, last: datetime.date | None) -> list[datetime.date]:
    """The days of a dated row that lie in a span."""
    start, end = max(first, span.start), min(last or span.end, span.end)
    return [start + DAY * number for number in range((end - start).days + 1)]


def _of(postings: QuerySet[Posting], span: Period) -> dict[int, Duty]:
    return of_postings(_serving(postings, span), span)


def _serving(postings: QuerySet[Posting], span: Period) -> QuerySet:
    """Those of officers, with the people themselves, their absences (piket is presence), the names of their villages and whether a forum is
    theirs, in one statement."""
    held = Beat.objects.filter(on_day(span.end), user=OuterRef("user")).order_by("area__code").values("area__name")
    serving = postings.filter(role__in=OFFICERS, starts_on__lte=span.end).exclude(ends_on__lt=span.start)
    away = Absence.objects.between(span.start, span.end).exclude(kind__in=PRESENT_KINDS).filter(user=OuterRef("user"))
    dates = away.order_by("starts_on").values(span=JSONObject(first="starts_on", last="ends_on"))
    phones = Device.objects.filter(user=OuterRef("user"), last_synced_at__isnull=False).order_by("-last_synced_at").values("last_synced_at")
    rows = serving.select_related("unit", "user")
    forums = Forum.objects.filter(officer=OuterRef("user")).exclude(status__in=[Forum.Status.RINTISAN, Forum.Status.BUBAR])
    return rows.annotate(areas=ArraySubquery(held), away=ArraySubquery(dates), synced_at=Subquery(phones[:1]), serves_forum=Exists(forums))


def of_group(unit_ids: Collection[int], paths: Collection[str], span: Period) -> dict[str, dict[int, Duty]]:
    """The same at several units and those below them (`unit_ids`), by the path of the unit."""
    found: dict[str, list] = {path: [] for path in paths}
    length = len(next(iter(paths)))
    for posting in _serving(Posting.objects.filter(unit__in=unit_ids), span):
        found[posting.unit.path[:length]].append(posting)
    return {path: of_postings(postings, span) for path, postings in found.items()}


def of_unit(unit: Unit, span: Period) -> dict[int, Duty]:
    """Everybody who served as an officer at the unit or below it in the span."""
    return _of(Posting.objects.filter(unit__path__startswith=unit.path), span)


def of_people(people: Iterable[User], span: Period, within: str = "") -> dict[int, Duty]:
    """These people's days as officers, within the subtree of a path or wherever they served."""
    return _of(Posting.objects.filter(user__in=people, unit__path__startswith=within), span)

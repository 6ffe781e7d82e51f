"""What the page of a problem shows beside the problem itself: what it was known from, what was done, and whether it helped."""

import dataclasses
import datetime
import uuid
from typing import Any

from django.contrib.gis.measure import D
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from mapping.models import Area, Incident, Problem, Stage
from mapping.models.problems import EARLIEST, OPEN
from mapping.problems import villages_kept
from patrol.models import Information, Kind, LinkRole, ProblemLink, Report
from polmas.people.scope import OFFICERS, READ_WHOLE

NEAR = D(m=300)
BEFORE_AND_AFTER = datetime.timedelta(days=90)
SPANS = ("7", "30", "90")  # days from which a list of reports is chosen
LEAST_SPAN = datetime.timedelta(days=7)
MOST_INCIDENTS = 8


@dataclasses.dataclass(frozen=True)
class Effect:
    """How many of something there were in as many days before the first measure as have passed since it, ninety at most."""

    label: str
    before: int
    after: int


@dataclasses.dataclass(frozen=True)
class Origin:
    """What a problem is made or linked from, as an address names it: a report, one voice in it, or an LI."""

    report: Report | None = None
    opinion: int | None = None
    information: Information | None = None

    @property
    def voice(self):
        return list(self.report.opinions.all())[self.opinion - 1] if self.report and self.opinion else None

    @property
    def area(self) -> Area:
        return (self.report or self.information).area  # type: ignore[union-attr]  # one of the two is there

    @property
    def title(self) -> str:
        return str(self.report.kind_label if self.report else self.information)

    @property
    def text(self) -> str:
        if self.report is None:
            return self.information.facts if self.information else ""
        return self.voice.text if self.voice else self.report.narrative or self.report.result

    @property
    def initial(self) -> dict[str, Any]:
        """What the form of a new problem knows from it. What stands in an LI stays among those who may know it."""
        told: dict[str, Any] = {"description": self.text, "area": self.area.village_code}
        if self.information:
            return told | {"field": self.information.field, "is_confidential": True, "title": self.information.subject[:160]}
        if self.report:
            told |= {"field": (self.voice.field if self.voice else "") or self.report.field, "shape": self.report.location}
        return told


def origin_asked(request) -> Origin | None:
    """Of `?laporan=<id>&pendapat=<n>` or `?li=<id>`; None where neither is asked for, 404 where it is not the reader's to see."""
    asked, user = request.GET, request.user
    if key := asked.get("li"):
        found = Information.objects.for_user(user).select_related("area", "unit").filter(uuid=_uuid(key)).first()
        return Origin(information=_there(found))
    if not (key := asked.get("laporan")):
        return None
    if not user.scope.has(*OFFICERS, *READ_WHOLE):
        raise Http404
    reports = Report.objects.for_user(user).counted().select_related("area", "unit", "officer").prefetch_related("opinions")
    report = _there(reports.filter(uuid=_uuid(key)).first())
    text = asked.get("pendapat", "")
    if not text:
        return Origin(report=report)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    if not 1 <= number <= len(report.opinions.all()):
        raise Http404
    return Origin(report=report, opinion=number)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _there(found):
    if found is None:
        raise Http404
    return found


def links_of(problem: Problem, user) -> dict[str, list[ProblemLink]]:
    """What the reader may see of its sources and measures, the newest first."""
    links = ProblemLink.objects.for_user(user).counting().filter(problem=problem)
    links = links.select_related("report__officer", "report__unit", "report__area", "information__unit", "linked_by").prefetch_related(
        "report__opinions"
    )
    rows = sorted(links, key=lambda link: (link.day, link.pk), reverse=True)
    return {
        "sources": [link for link in rows if link.role == LinkRole.SOURCE],
        "measures": [link for link in rows if link.role == LinkRole.ACTION],
    }


def incidents_near(problem: Problem, user):
    """Incidents in its outline or within some metres of it, whose exact point the reader may know."""
    known = Incident.objects.pointed_for(user)
    if problem.shape is None:
        return known.none()
    return known.filter(location__dwithin=(problem.shape, NEAR.m / 111_000)).select_related("area", "unit").order_by("-occurred_at", "-pk")


def first_measure(problem: Problem, measures) -> datetime.date | None:
    """The day on which somebody first did something about it."""
    steps = problem.steps.filter(stage=Stage.TANGANI).order_by("day").values_list("day", flat=True)[:1]
    return min([*steps, *(link.day for link in measures)], default=None)


def effects(problem: Problem, links, incidents, labels: dict[str, str]) -> list[Effect]:
    """Incidents near, and what residents and reports told, before the first measure and since, in spans of the same length; nothing as long
    as less than a week has passed."""
    first = first_measure(problem, links["measures"])
    if first is None:
        return []
    start = max(first, EARLIEST)
    span = min(timezone.localdate() - start + datetime.timedelta(days=1), BEFORE_AND_AFTER)
    if span < LEAST_SPAN:
        return []
    days = [link.day for link in links["sources"]]
    told = Effect(labels["sources"], sum(start - span <= day < start for day in days), sum(start <= day < start + span for day in days))
    before = incidents.filter(day__gte=start - span, day__lt=start).order_by().count()
    after = incidents.filter(day__gte=start, day__lt=start + span).order_by().count()
    return [Effect(labels["incidents"], before, after), told]


def reports_to_link(problem: Problem, user, asked):
    """Reports of its villages that count and are not linked yet, the newest first; narrowed by words, kind, officer and days."""
    if not user.scope.has(*OFFICERS, *READ_WHOLE):
        return Report.objects.none()
    areas = Area.objects.filter(Q(pk=problem.area_id) | Q(pk__in=problem.areas.values("pk")))
    within = Q(area__in=areas) | Q(area__parent__in=areas) | Q(area__parent__parent__in=areas)
    linked = ProblemLink.objects.filter(problem=problem, report__isnull=False, opinion__isnull=True).values("report")
    reports = Report.objects.for_user(user).counted().filter(within).exclude(pk__in=linked)
    for word in asked.get("q", "").replace("\0", "")[:120].split():
        reports = reports.filter(Q(narrative__icontains=word) | Q(result__icontains=word) | Q(place__icontains=word))
    if asked.get("jenis") in Kind.values:
        reports = reports.filter(kind=asked["jenis"])
    if (days := asked.get("hari", "")) in SPANS:
        reports = reports.filter(day__gt=timezone.localdate() - datetime.timedelta(days=int(days)))
    if officer := asked.get("petugas", "").replace("\0", ""):
        reports = reports.filter(officer__username=officer)
    return reports.select_related("officer", "unit", "area").order_by("-occurred_at", "-pk")


def problems_to_link(origin: Origin, user):
    """Open problems of the same village that the reader may work on, the newest first."""
    codes = [origin.area.code, *origin.area.ancestor_codes]
    here = Q(area__code__in=codes) | Q(areas__code__in=codes)
    own = Q(area__in=villages_kept(user).order_by().values("pk")) | Q(responsible=user)
    problems = Problem.objects.for_user(user).filter(here, own, status__in=OPEN).distinct()
    return problems.select_related("area", "unit", "responsible").order_by("-created_at", "-pk")

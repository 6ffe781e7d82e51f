"""What of the summaries waits for somebody, and who below has not sent what is due."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Min, OuterRef, Q, Subquery

from polmas.people.models import Unit
from polmas.people.periods import DAY, Period, month_of, months_back, week_of
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, READ_WHOLE
from polmas.summaries.due import last_periods
from polmas.summaries.models import CountedDay, IncidentalReport, PeriodKind, Summary, authority
from polmas.summaries.models.due_times import KINDS_OF, due_at
from polmas.summaries.models.incidentals import RECEIVERS, WRITERS

SHOWN, SHOWN_INCIDENTALS = 20, 5
# How many periods before the last one are asked after, too.
EARLIER = {PeriodKind.DAILY: 6, PeriodKind.WEEKLY: 4, PeriodKind.MONTHLY: 2}
SENT = (Summary.State.DIKIRIM, Summary.State.DITERIMA, Summary.State.DIKEMBALIKAN)
Owed = tuple[PeriodKind, Period, datetime.datetime]  # what is owed until when


def waiting_for(user) -> dict[str, Any]:
    """Own drafts to approve, own approved ones to send, and those of the units below to receive; the longest due first."""
    kept = user.scope.paths_as(authority.HEADS_POLDA | LEADERS_POLRES | LEADERS_POLSEK | authority.KEEPERS)
    receiving = user.scope.paths_as(authority.RECEIVERS)
    if not kept and not receiving:
        return {}
    rows = Summary.objects.for_user(user).select_related("unit").without_content().order_by("due_at", "starts_on", "unit__path")
    own = list(rows.unreplaced().filter(unit__path__in=kept, state__in=[*Summary.DRAFT_STATES, Summary.State.DISAHKAN])[: SHOWN * 2])
    below = list(Unit.objects.next_below(receiving).values_list("pk", flat=True))
    sent = rows.filter(unit__in=below, state=Summary.State.DIKIRIM)
    return {
        "drafts": [row for row in own if row.is_draft and not row.is_running][:SHOWN],
        "unsent": [row for row in own if row.state == Summary.State.DISAHKAN and row.has_receiver][:SHOWN],
        "sent": list(sent.order_by("starts_on", "unit__path")[:SHOWN]),
    }


def senders_to(user) -> list[Unit]:
    """The units directly below the one whose figures the user receives."""
    unit = Unit.objects.filter(path__in=user.scope.paths_as(authority.RECEIVERS)).order_by("path").first()
    if unit is None:
        return []
    return list(Unit.objects.next_below([unit.path]).filter(is_active=True, kind__in=KINDS_OF))


def missing_of(below: list[Unit]) -> list[dict[str, Any]]:
    """Of the last day, week and month that are over where each of the units stands (`senders_to`), which of them have sent nothing yet or
    got it back, and how far their papers are. Units that owe the same at the same moment are told together."""
    return _lacking(below, lambda one, kind: [last_over(one, kind)])


def missing_earlier_of(below: list[Unit]) -> list[dict[str, Any]]:
    """The same of the periods before the last one, as far back as is asked for (`EARLIER`) and as anything was counted there."""
    spans = {(one.pk, kind): earlier_periods(one, kind) for one in below for kind in KINDS_OF[one.kind]}
    if not spans:
        return []
    first = _counted_since(below[0].path[: -Unit.steplen], min(span.end for many in spans.values() for span in many))
    return _lacking(below, lambda one, kind: [span for span in spans[one.pk, kind] if span.end >= first]) if first else []


def _counted_since(path: str, edge: datetime.date) -> datetime.date | None:
    """The first day of which anything was counted below a path, or any up to `edge`: each unit is asked for its own first day, and none
    after the one that answers, because looking at the days of all of them would take longer with every year that is kept."""
    own = CountedDay.objects.filter(unit=OuterRef("pk")).order_by("day").values("day")[:1]
    firsts = Unit.objects.filter(path__startswith=path).order_by().annotate(first=Subquery(own))
    if firsts.filter(first__lte=edge).exists():
        return edge
    return firsts.aggregate(day=Min("first"))["day"]


def earlier_periods(unit: Unit, kind: str) -> list[Period]:
    """The periods before the last one that is over where the unit stands, the newest first."""
    last = last_over(unit, kind).start
    backs = range(1, EARLIER[PeriodKind(kind)] + 1)
    if kind == PeriodKind.DAILY:
        return [Period(last - DAY * back, last - DAY * back) for back in backs]
    return [week_of(last - DAY * 7 * back) if kind == PeriodKind.WEEKLY else month_of(months_back(last, back)) for back in backs]


def _lacking(below: list[Unit], spans_of: Callable[[Unit, PeriodKind], list[Period]]) -> list[dict[str, Any]]:
    """By period and due time, which of the units have sent nothing."""
    owing: dict[Owed, list[Unit]] = {}
    for one in below:
        for kind in KINDS_OF[one.kind]:
            for span in spans_of(one, kind):
                owing.setdefault((kind, span, due_at(one, kind, span.end)), []).append(one)
    papers = _papers(owing)
    lines = [_missing(owed, owing[owed], papers) for owed in sorted(owing, key=lambda owed: (list(PeriodKind).index(owed[0]), owed[2]))]
    return [line for line in lines if line["units"]]


def _papers(owing: dict[Owed, list[Unit]]) -> dict[tuple, list[str]]:
    """The states of the revisions of what is owed, the first one first."""
    asked = Q(pk__in=[])
    for (kind, span, _due_at), units in owing.items():
        asked |= Q(period=kind, starts_on=span.start, unit__in=units)
    found: dict[tuple, list[str]] = {}
    for *key, state in Summary.objects.filter(asked).order_by("revision").values_list("period", "starts_on", "unit", "state"):
        found.setdefault(tuple(key), []).append(state)
    return found


def last_over(unit: Unit, kind: str) -> Period:
    """The last period of a kind that is over where the unit stands."""
    return last_periods(kind, unit.today())[0]


def _missing(owed: Owed, units: list[Unit], papers: dict[tuple, list[str]]) -> dict[str, Any]:
    kind, span, due = owed
    states = {unit: papers.get((kind, span.start, unit.pk), []) for unit in units}
    lacking = [{"unit": unit, "state": Summary.State(found[-1]).label if found else ""} for unit, found in states.items() if not _is_sent(found)]
    summary = Summary(unit=units[0], period=kind, starts_on=span.start, ends_on=span.end)
    told = {"title": summary.title, "kind": kind, "start": span.start, "due_at": due}
    return {**told, "all": len(units), "units": lacking, "unit": units[0]}


def _is_sent(states: list[str]) -> bool:
    """Whether the newest revision that was sent did not come back."""
    return [state for state in states if state in SENT][-1:] not in ([], [Summary.State.DIKEMBALIKAN])


def incidentals_for(user) -> int | None:
    """How many incidental reports wait to be received by the user; None for who has no such pages."""
    if not user.scope.roles & (READ_WHOLE | WRITERS):
        return None
    return IncidentalReport.objects.for_user(user).to_be_received_by(user).count()


def incidentals_standing(user) -> list[IncidentalReport]:
    """Incidental reports for the first page, the newest first: those that the user is to receive, and for a Kapolsek the own ones that
    nobody above has received yet."""
    if not user.scope.roles & (RECEIVERS | LEADERS_POLSEK):
        return []
    rows = IncidentalReport.objects.for_user(user)
    own = rows.filter(received_at=None, unit__path__in=user.scope.paths_as(LEADERS_POLSEK))
    return list((rows.to_be_received_by(user) | own).select_related("unit", "main").order_by("-sent_at")[:SHOWN_INCIDENTALS])

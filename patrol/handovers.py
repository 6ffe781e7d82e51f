"""The picture of a village that one officer hands to another: what is open, due and agreed. Never a Laporan Informasi, never a phone number."""

import datetime
import hashlib
import json
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, F, IntegerField, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import override

from fkpm.models import ActionItem, Case, Forum, Member
from fkpm.referrals import without_unit
from mapping.models import Area, Beat, Place, Problem
from patrol.models import Business, Contact, Handover, Household, Opinion, OpinionKind, OpinionUrgency, ProblemSolving
from patrol.models.reports import COUNTED
from polmas.people.heads import head_of
from polmas.people.models import Code, Posting
from polmas.people.scope import OFFICERS

LAYOUT = 4  # raised when the paper changes, so that files of an older layout are not served any more
COMPLAINTS_SINCE = datetime.timedelta(days=180)
AGREEMENTS_SINCE = datetime.timedelta(days=365)
LONGEST_LIST = 40  # rows of one kind; the number beside says how many there are
# Areas that an officer gave back this recently can still be handed over.
JUST_ENDED = datetime.timedelta(days=90)
OPEN_OUTCOMES = (Case.Outcome.PROSES, Case.Outcome.INGKAR)
URGENCY = (OpinionUrgency.DARURAT, OpinionUrgency.TINGGI, OpinionUrgency.SEDANG, OpinionUrgency.RENDAH)


def areas_to_hand_over(user, unit, day: datetime.date) -> QuerySet[Area]:
    """What an officer holds at a unit, or held until lately; not what is held in place of somebody else."""
    beats = Beat.objects.filter(user=user, unit=unit, absence=None, starts_on__lte=day).exclude(ends_on__lt=day - JUST_ENDED)
    return Area.objects.filter(pk__in=beats.values("area")).order_by("code")


def officers_of(unit, day: datetime.date, until: datetime.date | None = None) -> QuerySet[Posting]:
    """Posts of officers at a unit, from a day on or to come."""
    return Posting.objects.filter(unit=unit, role__in=OFFICERS).exclude(ends_on__lt=until or day).select_related("user")


def photograph(handover: Handover, areas) -> None:
    """Takes the picture anew, as of now, in the language of the paper."""
    within = Area.objects.filter(pk__in=[area.pk for area in areas])
    whole = Area.objects.filter(Q(pk__in=within) | Q(parent__in=within) | Q(parent__parent__in=within))
    day = handover.unit.today()
    with override("id"):
        handover.snapshot = {
            "areas": [{"code": area.code, "title": area.title, "population": area.population} for area in areas],
            "complaints": _complaints(whole, day),
            "problems": _problems(whole, day),
            "cases": _cases(whole, day),
            "actions": _actions(whole, day),
            "forums": _forums(whole),
            "due": {name: _due(model, whole, day) for name, model in REGISTERS.items()},
            "contacts": _contacts(whole),
            "posts": _posts(whole),
        }
    handover.taken_at = timezone.now()


REGISTERS: dict[str, Any] = {"households": Household, "businesses": Business, "contacts": Contact}


def _listed(rows: QuerySet, tell) -> dict[str, Any]:
    return {"count": rows.count(), "rows": [tell(row) for row in rows[:LONGEST_LIST]]}


def _complaints(areas, day):
    """What residents complained of in the last half year, the most urgent first. Nobody is named."""
    place = Choose(*(When(urgency=urgency, then=number) for number, urgency in enumerate(URGENCY)), default=len(URGENCY), output_field=IntegerField())
    opinions = Opinion.objects.filter(
        kind=OpinionKind.KELUHAN, report__area__in=areas, report__state__in=COUNTED, report__day__gt=day - COMPLAINTS_SINCE
    )
    rows = opinions.select_related("report__area").order_by(place, "-report__day", "-pk")
    return _listed(
        rows,
        lambda opinion: {
            "text": opinion.text[:400],
            "urgency": str(opinion.get_urgency_display()),
            "is_urgent": opinion.urgency in (OpinionUrgency.DARURAT, OpinionUrgency.TINGGI),
            "area": opinion.report.area.name,
            "day": opinion.report.day.isoformat(),
        },
    )


def _problems(areas, day):
    """Open problems of the villages, due first; confidential ones never, since operators read handovers."""
    here = Q(area__in=areas) | Q(pk__in=Problem.areas.through.objects.filter(area__in=areas).values("problem"))
    rows = Problem.objects.open().filter(here, is_confidential=False).select_related("area").order_by(F("target_on").asc(nulls_last=True), "-pk")
    kinds = dict(Code.objects.filter(list="PROBLEM_KIND").values_list("code", "label_id"))
    return _listed(
        rows,
        lambda problem: {
            "id": str(problem.uuid),
            "title": problem.title,
            "kind": kinds.get(problem.kind, problem.kind),
            "grade": problem.grade,
            "status": str(problem.get_status_display()),
            "area": problem.area.name,
            "due_on": problem.target_on.isoformat() if problem.target_on else "",
            "is_overdue": problem.is_overdue_on(day),
        },
    )


def _cases(areas, day):
    """Problem solving that goes on, whose agreement was broken, or that no unit has taken, and agreements of the last year to watch. No
    party is named: operators read handovers, and not the names in cases; the report that tells more is named instead."""
    is_open = Q(case__in=Case.objects.filter(Q(outcome__in=OPEN_OUTCOMES) | without_unit()))
    unclaimed = set(Case.objects.filter(without_unit(), area__in=areas).values_list("pk", flat=True))
    is_to_watch = Q(case__outcome=Case.Outcome.DAMAI, case__happened_on__gt=day - AGREEMENTS_SINCE)
    problems = ProblemSolving.objects.filter(is_open | is_to_watch, case__area__in=areas, case__is_standing=True)
    first = Choose(When(is_open, then=0), default=1, output_field=IntegerField())
    categories = dict(Code.objects.filter(list="CASE_CATEGORY").values_list("code", "label_id"))
    rows = problems.select_related("case__area", "report").order_by(first, "-case__happened_on", "-pk")
    return _listed(
        rows,
        lambda problem: {
            "report": str(problem.report.uuid),
            "category": categories.get(problem.case.category, problem.case.category),
            "outcome": str(problem.case.get_outcome_display()),
            "is_open": problem.case.outcome in OPEN_OUTCOMES or problem.case_id in unclaimed,
            "area": problem.case.area.name,
            "day": problem.case.happened_on.isoformat(),
        },
    )


def _actions(areas, day):
    """What forums gave somebody to do, and is not done: the agreements to watch."""
    rows = ActionItem.objects.filter(forum__area__in=areas, state=ActionItem.State.OPEN).select_related("forum").order_by("due_on", "pk")
    return _listed(
        rows,
        lambda action: {
            "text": action.text,
            "owner": action.owner_name,
            "due_on": action.due_on.isoformat(),
            "is_overdue": action.due_on < day,
            "forum": action.forum.name,
        },
    )


def _forums(areas):
    members = Count("members", filter=Q(members__in=Member.objects.filter(ends_on=None)))
    rows = Forum.objects.filter(area__in=areas).exclude(status=Forum.Status.BUBAR).annotate(member_count=members).order_by("name")
    return _listed(rows, lambda forum: {"name": forum.name, "bkpm": forum.bkpm, "members": forum.member_count})


def _due(model, areas, day):
    """How many are in the register, and which should be visited first."""
    entries = model.objects.filter(area__in=areas).active()
    due = entries.due(day).select_related("area").longest_unseen_first()
    told = _listed(
        due,
        lambda entry: {"name": entry.label, "address": entry.address, "last": entry.last_visit_on.isoformat() if entry.last_visit_on else ""},
    )
    return {"total": entries.count(), **told}


def _contacts(areas):
    rows = Contact.objects.filter(area__in=areas).active().select_related("area").order_by("area__code", "name")
    return _listed(rows, lambda contact: {"name": contact.name, "role": contact.role, "office": contact.office, "area": contact.area.name})


def _posts(areas):
    rows = Place.objects.filter(area__in=areas).select_related("area").order_by("area__code", "name")
    return _listed(rows, lambda place: {"name": place.name, "head": place.head, "address": place.address})


def paper(handover: Handover) -> dict[str, Any]:
    """Everything that the template of the berita acara prints."""
    day = handover.unit.day_of(handover.accepted_at or timezone.now())
    return {
        "handover": handover,
        "unit": handover.unit,
        "day": day,
        "picture": read_again(handover.snapshot),
        "head": head_of(handover.unit, day),
        "posts": {
            "from": _post_of(handover.from_user, handover.unit),
            "to": _post_of(handover.to_user, handover.unit),
        },
    }


def _post_of(user, unit) -> str:
    posting = Posting.objects.filter(user=user, unit=unit, role__in=OFFICERS).order_by("-starts_on", "pk").first()
    return posting.title if posting else ""


def read_again(picture: Any) -> Any:
    """The picture with its days as days, as templates want them."""
    if isinstance(picture, dict):
        return {name: _day(value) if name in ("day", "due_on", "last") else read_again(value) for name, value in picture.items()}
    return [read_again(part) for part in picture] if isinstance(picture, list) else picture


def _day(text) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def fingerprint_of(handover: Handover) -> str:
    """Names what the paper would show now: the picture, the note, whether it was accepted, and who heads the unit."""
    told = paper(handover)
    parts = (LAYOUT, handover.version, str(handover.accepted_at), told["head"], told["posts"], handover.unit.letterhead, handover.unit.city)
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()

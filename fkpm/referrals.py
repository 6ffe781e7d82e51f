"""Handing a case over to a unit, and what that unit answers."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from fkpm.models import Case, CaseReferral, Target
from fkpm.models.referrals import serving_on
from polmas.people.models import Notification, Posting, Unit, UnitKind
from polmas.people.models.units import POLRES_KINDS
from polmas.people.scope import SPKT

State = CaseReferral.State
# Functions that a Polsek seldom has: such a case goes to the Polres above it.
AT_POLRES = frozenset({Target.PPA, Target.NARKOBA})


def unit_for(target: str, unit: Unit) -> Unit:
    """Where a case of this unit goes by default: the Polres for what only a Polres has, else the own Polsek (a Pospol's Polsek)."""
    kinds = POLRES_KINDS if target in AT_POLRES else (UnitKind.POLSEK, *POLRES_KINDS)
    above = [unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]
    return Unit.objects.filter(path__in=above, kind__in=kinds).order_by("-depth").first() or unit


def takers_of(unit: Unit):
    """Kanit of other functions at a unit, to whom a case may be handed by name."""
    return serving_on(unit.today()).filter(unit=unit).select_related("user")


def hand_over_of_report(case: Case, by) -> None:
    """Keeps the handing over true to a report: one that says *dilimpahkan* is sent, one that no longer says so is taken back."""
    standing = case.referrals.standing().first()
    if case.outcome != Case.Outcome.DILIMPAHKAN:
        if standing and standing.state == State.SENT:
            take_from_unit(standing)
        return
    target = _target_of(case)
    if standing and (standing.state != State.SENT or standing.target == target):
        return
    if standing:
        take_from_unit(standing)
    _send(CaseReferral(case=case, target=target, unit=unit_for(target, case.unit), sent_by=by))


def _target_of(case) -> str:
    """By the rule, else by the unit that the officer wrote, else the SPKT."""
    if case.refused_by:
        return case.refused_by.target
    written = case.referred_to.upper()
    return next((target.value for target in Target if target.value in written), Target.SPKT)


def take_from_unit(referral: CaseReferral) -> None:
    """Ends a handing over that no unit accepted."""
    referral.state = State.WITHDRAWN
    referral.save(update_fields=["state"])


def _send(referral) -> CaseReferral:
    referral.full_clean(exclude=["case", "sent_by"])
    referral.save()
    path = reverse("fkpm:case_detail", args=[referral.case.uuid])
    Notification.objects.tell(_readers(referral), Notification.Kind.CASE, path, by=referral.sent_by.full_name)
    return referral


def _readers(referral) -> Iterable[int]:
    if referral.has_person:
        return [referral.person_id]
    return Posting.objects.on(referral.unit.today()).filter(unit=referral.unit, role__in=SPKT, user__is_active=True).values_list("user", flat=True)


@transaction.atomic
def hand_over(case: Case, by, target: str, unit: Unit, person=None, reason: str = "") -> CaseReferral:
    """Hands a case to a unit: it is *dilimpahkan* from then on. Raises ValidationError where it lies with a unit, or has an agreement in force."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "refused_by").get(pk=case.pk)
    if case.referrals.standing().exists():
        raise ValidationError(_("The case lies with a unit already. Take it back first."))
    if case.agreements.in_force().exists():
        raise ValidationError(_("An agreement of this case is in force. Report first that it is broken."))
    if person and not takers_of(unit).filter(user=person).exists():
        raise ValidationError({"person": _("This person does not serve at that unit.")})
    case.outcome, case.taken_up_at = Case.Outcome.DILIMPAHKAN, case.taken_up_at or timezone.now()
    case.referred_to = f"{Target(target).label} {unit}"[:120]
    case.save(update_fields=["outcome", "referred_to", "taken_up_at"])
    with override("id"):
        case.agreements.give_up_unsigned(case.unit.today(), _("The case was handed over: %(unit)s.") % {"unit": case.referred_to})
    return _send(CaseReferral(case=case, target=target, unit=unit, person=person, reason=reason, sent_by=by))


def _held(referral) -> CaseReferral:
    return CaseReferral.objects.select_for_update(of=("self",)).select_related("case__unit", "unit", "sent_by").get(pk=referral.pk)


@transaction.atomic
def accept(referral: CaseReferral, by, number: str = "") -> None:
    """The unit takes the case."""
    row = _held(referral)
    if row.state != State.SENT:
        raise ValidationError(_("This was answered in the meantime. Look at it again."))
    row.state, row.number, row.answered_by, row.answered_at = State.ACCEPTED, number, by, timezone.now()
    row.save()
    _tell_sender(row, by)


@transaction.atomic
def report(referral: CaseReferral, by, result: str, number: str = "") -> None:
    """What came of it at the unit; may be said again as it goes on."""
    row = _held(referral)
    if row.state not in (State.ACCEPTED, State.REPORTED):
        raise ValidationError(_("Accept the case first."))
    row.state, row.result, row.result_at, row.number = State.REPORTED, result, timezone.now(), number or row.number
    row.full_clean(exclude=["case", "sent_by", "answered_by"])
    row.save()
    _tell_sender(row, by)


@transaction.atomic
def give_back(referral: CaseReferral, by, reason: str) -> None:
    """The unit does not take the case. What may be settled goes on; what may not has to be handed to another unit."""
    row = _held(referral)
    if row.state not in (State.SENT, State.ACCEPTED):
        raise ValidationError(_("This was answered in the meantime. Look at it again."))
    row.state, row.result, row.result_at, row.answered_by, row.answered_at = State.RETURNED, reason, timezone.now(), by, timezone.now()
    row.full_clean(exclude=["case", "sent_by", "answered_by"])
    row.save()
    _reopen(row.case)
    _tell_sender(row, by)


@transaction.atomic
def take_back(referral: CaseReferral) -> None:
    """The officer takes back what nobody accepted yet."""
    row = _held(referral)
    if row.state != State.SENT:
        raise ValidationError(_("This was answered in the meantime. Look at it again."))
    take_from_unit(row)
    _reopen(row.case)


def _reopen(case) -> None:
    if case.refused_by_id is None:
        case.outcome = Case.Outcome.PROSES
        case.save(update_fields=["outcome"])


def _tell_sender(referral, by) -> None:
    told = {referral.sent_by_id, referral.case.keeper_id or referral.case.officer_id}
    path = reverse("fkpm:case_detail", args=[referral.case.uuid])
    Notification.objects.tell(told, Notification.Kind.CASE_ANSWER, path, by=by.full_name)


def without_unit():
    """Cases that must be handed over and lie with nobody: those that a unit gave back."""
    standing = CaseReferral.objects.standing().values("case")
    return Q(outcome=Case.Outcome.DILIMPAHKAN) & ~Q(pk__in=standing)

"""Seeing whether agreements are observed: the looks that were planned, breaches heard of between them, and who is told what is due."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fkpm import cases
from fkpm.agreements import held, held_case
from fkpm.models import Agreement, AgreementCheck, Case
from polmas.people.models import Notification, Posting, Unit
from polmas.people.scope import LEADERS_POLSEK, OFFICERS, REVIEWERS

State = Agreement.State
LATE = datetime.timedelta(days=7)


@transaction.atomic
def look_after(check: AgreementCheck, by, is_observed: bool, note: str = "", next_step: str = "") -> None:
    """Reports whether an agreement is observed. After the last look it is *ditaati*; a broken one makes its case *ingkar*, and says what next.
    A look that fell due before the agreement ran out can be reported after it."""
    case = held_case(check.agreement)
    row = held(check.agreement, State.BERLAKU, State.DITAATI, State.BERAKHIR)
    check = AgreementCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if not AgreementCheck.objects.open().filter(pk=check.pk).exists():
        raise ValidationError(_("This was reported in the meantime. Look at it again."))
    if not check.may_be_reported_on(row.unit.today()):
        raise ValidationError(_("This look is not due yet. A breach can be reported on any day."))
    _report(check, row, by, is_observed, note, next_step)
    if not is_observed:
        _broken(row, case)
    elif row.is_in_force and not row.checks.filter(checked_on=None).exists():
        row.state = State.DITAATI
        row.save(update_fields=["state"])


@transaction.atomic
def report_breach(agreement: Agreement, by, note: str = "", next_step: str = "") -> AgreementCheck:
    """Reports on any day, whatever was found before, that an agreement in force is broken. Says what next, as every breach does."""
    case = held_case(agreement)
    row = held(agreement, State.BERLAKU, State.DITAATI)
    today = row.unit.today()
    check = AgreementCheck(agreement=row, days=(today - row.agreed_on).days, due_on=today, is_planned=False)
    _report(check, row, by, False, note, next_step)
    _broken(row, case)
    return check


def _report(check, row, by, is_observed, note, next_step) -> None:
    if not is_observed and not next_step.strip():
        raise ValidationError({"next_step": _("Say what is done next.")})
    check.checked_on, check.checked_by, check.is_observed, check.note, check.next_step = row.unit.today(), by, is_observed, note, next_step
    check.full_clean(exclude=["agreement", "checked_by"])
    check.save()


def _broken(row, case) -> None:
    """A case that has another agreement by now, or took another way, keeps its outcome."""
    row.state = State.DILANGGAR
    row.save(update_fields=["state"])
    if case and case.outcome == Case.Outcome.DAMAI and not case.agreements.in_force().exists():
        case.outcome = Case.Outcome.INGKAR
        cases.take_up(case, "outcome")


def watch() -> int:
    """What beat does every hour, by each unit's own calendar: ends what is past its last day, tells officers what is due, and Kanit and
    Kapolsek what nobody has looked after for a week. Safe to run twice. Returns how many were told."""
    told = 0
    concerned = Q(pk__in=Agreement.objects.in_force().values("unit")) | Q(pk__in=AgreementCheck.objects.open().values("agreement__unit"))
    for unit in Unit.objects.filter(concerned):
        told += _watch_unit(unit, unit.today())
    return told


@transaction.atomic
def _watch_unit(unit, day) -> int:
    over = Agreement.objects.in_force().filter(unit=unit, valid_until__lt=day)
    over.update(state=State.BERAKHIR, ended_on=F("valid_until"), ended_note="")
    rows = AgreementCheck.objects.select_for_update(of=("self",), skip_locked=True).due(day).filter(agreement__unit=unit)
    rows = rows.select_related("agreement__case__officer", "agreement__case__keeper", "agreement__forum", "agreement__unit")
    due = list(rows.filter(told_on=None))
    for check in due:
        _tell(check, _followers(check.agreement, day), Notification.Kind.AGREEMENT)
    AgreementCheck.objects.filter(pk__in=[check.pk for check in due]).update(told_on=day)
    late = list(rows.filter(due_on__lte=day - LATE, told_late_on=None))
    heads = set(Posting.objects.on(day).filter(unit=unit, role__in=REVIEWERS | LEADERS_POLSEK, user__is_active=True).values_list("user", flat=True))
    for check in late:
        _tell(check, heads, Notification.Kind.AGREEMENT_LATE)
    AgreementCheck.objects.filter(pk__in=[check.pk for check in late]).update(told_late_on=day)
    return len(due) + len(late)


def _followers(agreement, day) -> set[int]:
    """The officer who follows it, while still serving there; after that the Kanit Binmas, who can name another one."""
    follower = agreement.case.follower.pk if agreement.case else agreement.forum.officer_id
    posts = Posting.objects.on(day).filter(unit__path__startswith=agreement.unit.path, user__is_active=True)
    if follower and posts.filter(user=follower, role__in=OFFICERS).exists():
        return {follower}
    return set(posts.filter(unit=agreement.unit, role__in=REVIEWERS).values_list("user", flat=True))


def _tell(check, users, kind) -> None:
    path = reverse("fkpm:agreement_detail", args=[check.agreement.uuid])
    Notification.objects.tell(users, kind, path, what=check.agreement.number, day=check.due_on)

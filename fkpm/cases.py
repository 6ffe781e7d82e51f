"""The acts on a case: what becomes of it with its report, sessions, who mediates and follows it, its eligibility and outcome."""

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fkpm import eligibility
from fkpm.models import Case, CaseMediator, CaseSession
from fkpm.referrals import hand_over_of_report

# What the officer may say of the outcome by hand: an agreement is recorded by its paper, a handing over by naming the unit.
BY_HAND = (Case.Outcome.PROSES, Case.Outcome.TIDAK_SEPAKAT, Case.Outcome.PEMBINAAN)


def follow_report(uuid, officer, is_standing: bool) -> None:
    """Lets a case stand with the report that brought it: not before that is confirmed, and no more once it is withdrawn. A case that was taken
    up on its own page stands by itself."""
    case = Case.objects.select_related("unit", "refused_by").filter(uuid=uuid, taken_up_at=None).first()
    if case is None or case.is_standing == is_standing:
        return
    case.is_standing = is_standing
    case.save(update_fields=["is_standing"])
    if is_standing:
        hand_over_of_report(case, officer)
    else:
        case.referrals.waiting().update(state="WITHDRAWN")


def held(case: Case) -> Case:
    """The case as it stands now, held until the end of the caller's transaction."""
    return Case.objects.select_for_update(of=("self",)).select_related("unit", "refused_by").get(pk=case.pk)


def take_up(case: Case, *fields: str) -> None:
    """Saves what changed on the case's own page; from then on its report changes it no more."""
    case.taken_up_at = case.taken_up_at or timezone.now()
    case.save(update_fields=[*fields, "taken_up_at"])


def day_that_was(day: datetime.date, case: Case, field: str) -> None:
    """Raises ValidationError for a day that has not come, or lies before the matter itself."""
    if day > case.unit.today():
        raise ValidationError({field: _("This day has not come yet.")})
    if day < case.happened_on:
        raise ValidationError({field: _("This lies before the day of the matter.")})


@transaction.atomic
def add_session(case: Case, session: CaseSession, by) -> CaseSession:
    """Records one time that the parties came together. Raises ValidationError by field."""
    case = held(case)
    if case.outcome == Case.Outcome.DILIMPAHKAN:
        raise ValidationError(_("The case lies with a unit: what is done there is reported by the unit."))
    day_that_was(session.held_on, case, "held_on")
    session.case, session.recorded_by = case, by
    session.full_clean(exclude=["case", "recorded_by"])
    session.save()
    take_up(case)
    return session


@transaction.atomic
def mediate(case: Case, forum, members: Iterable) -> None:
    """Says which forum mediates, and who of it: these members read the case from then on, and nobody else of the forum."""
    case, members = held(case), list(members)
    today = case.unit.today()
    if any(member.forum_id != (forum and forum.pk) or not member.is_valid_on(today) for member in members):
        raise ValidationError(_("Who mediates is a member of the forum today."))
    if forum is None and case.agreements.filter(forum__isnull=False).exists():
        raise ValidationError(_("An agreement of this case was drawn up with the forum."))
    case.forum = forum
    case.mediators.exclude(member__in=members).delete()
    CaseMediator.objects.bulk_create([CaseMediator(case=case, member=member) for member in members], ignore_conflicts=True)
    take_up(case, "forum")


@transaction.atomic
def assess(case: Case, category: str, answers: Mapping[str, str]) -> eligibility.Verdict:
    """Judges a case anew by what is known now. What may not be settled is handed to the unit that the rule names.

    Raises ValidationError where an agreement in force stands against it.
    """
    case = held(case)
    case.category = category
    for question, answer in answers.items():
        setattr(case, question, answer)
    verdict = eligibility.verdict_on(case, case.unit.today())
    if verdict.is_refused and case.agreements.in_force().exists():
        raise ValidationError(_("An agreement of this case is in force. Report first that it is broken."))
    case.refused_by = verdict.rule if verdict.is_refused else None
    if verdict.is_refused:
        case.agreements.filter(state="UNSIGNED").update(state="BATAL", ended_on=case.unit.today(), ended_note=verdict.rule.text_id[:500])
        case.outcome, case.referred_to = Case.Outcome.DILIMPAHKAN, verdict.rule.get_target_display()
    elif verdict.is_guided and case.outcome == Case.Outcome.DAMAI:
        case.outcome = Case.Outcome.PROSES
    take_up(case, "category", *answers, "refused_by", "outcome", "referred_to")
    if verdict.is_refused:
        hand_over_of_report(case, case.follower)
    return verdict


@transaction.atomic
def amend(case: Case, said: Mapping[str, object]) -> Case:
    """Corrects what is said of a case, and its outcome as far as a hand may say it. Raises ValidationError by field."""
    row = held(case)
    outcome = said.get("outcome") or row.outcome
    if outcome != row.outcome and (row.outcome == Case.Outcome.DILIMPAHKAN or row.agreements.in_force().exists()):
        raise ValidationError({"outcome": _("The outcome follows from the unit or the agreement that has the case.")})
    if outcome != row.outcome and outcome not in BY_HAND:
        raise ValidationError({"outcome": _("An agreement is recorded by its paper, a handing over by naming the unit.")})
    if outcome == Case.Outcome.PEMBINAAN:
        _check_initials(row)
    for name, value in {**said, "outcome": outcome}.items():
        setattr(row, name, value)
    take_up(row, *said)
    return row


def _check_initials(case) -> None:
    if not all(eligibility.is_initials(party.name) for party in case.parties.filter(role__in=["PIHAK_1", "PIHAK_2", "KELUARGA"])):
        raise ValidationError({"outcome": _("Guidance of the young is recorded with initials only: correct the names first.")})


@transaction.atomic
def give_to(case: Case, officer) -> None:
    """Lets another officer of the unit follow the case; with the one who reported it, as it was."""
    case = held(case)
    case.keeper = None if officer.pk == case.officer_id else officer
    take_up(case, "keeper")

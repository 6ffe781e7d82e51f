"""The acts on a case: what becomes of it with its report, sessions, who mediates and follows it, its eligibility and outcome."""

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fkpm import case_lists, eligibility
from fkpm.minutes import field_of
from fkpm.models import AgreementCheck, AgreementPerson, Case, CaseMediator, CaseParty, CaseSession, PartyRole
from fkpm.referrals import hand_over_of_report, take_from_unit
from fkpm.versions import insist

# What the officer may say of the outcome by hand: an agreement is recorded by its paper, a handing over by naming the unit.
BY_HAND = (Case.Outcome.PROSES, Case.Outcome.TIDAK_SEPAKAT, Case.Outcome.PEMBINAAN)
PARTY_FIELDS = ("role", "name", "age", "occupation", "address")  # the phone stays as the report told it


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
def assess(case: Case, category: str, answers: Mapping[str, str], version: int) -> eligibility.Verdict:
    """Judges a case anew by what is known now. What may not be settled is handed to the unit that the rule names; the young are named by
    initials from here on; what was refused and is allowed after all comes back, unless a unit accepted it.

    Raises OutdatedError where somebody else wrote since the version that was read, ValidationError where an agreement in force stands
    against what follows.
    """
    case, was_refused = held(case), case.refused_by_id is not None
    told = {"category": category, **answers}
    insist(case.version, version, texts_of({name: getattr(case, name) for name in told}), texts_of(told))
    for name, value in told.items():
        setattr(case, name, value)
    verdict = eligibility.verdict_on(case, case.unit.today())
    if not verdict.may_agree and verdict.rule and case.agreements.in_force().exists():
        raise ValidationError(_("An agreement of this case is in force. Report first that it is broken."))
    case.refused_by = verdict.rule if verdict.is_refused else None
    if verdict.is_refused:
        case.outcome, case.referred_to = Case.Outcome.DILIMPAHKAN, verdict.rule.get_target_display()
    else:
        _come_back(case, verdict, was_refused)
    case.version += 1
    take_up(case, *told, "refused_by", "outcome", "referred_to", "version")
    if verdict.is_guided:
        _cut_to_initials(case)
    if verdict.rule:
        case.agreements.give_up_unsigned(case.unit.today(), verdict.rule.text_id)
    if verdict.is_refused:
        hand_over_of_report(case, case.follower)
    return verdict


def _come_back(case, verdict, was_refused) -> None:
    """What becomes of the outcome where the rules do not refuse: a case that lies with no unit is in progress again."""
    standing = case.referrals.standing().first()
    if was_refused and standing and standing.state == "SENT":
        take_from_unit(standing)
        standing = None
    is_free = case.outcome == Case.Outcome.DILIMPAHKAN and standing is None
    is_stale = case.outcome == (Case.Outcome.DAMAI if verdict.is_guided else Case.Outcome.PEMBINAAN)
    if is_free or is_stale:
        case.outcome = Case.Outcome.PROSES


def _cut_to_initials(case) -> None:
    """Leaves initials of whom the rules on the young do not let be named, in the case and on papers that nobody signed."""
    for row in [*case.parties.all(), *AgreementPerson.objects.filter(agreement__case=case, agreement__state="UNSIGNED")]:
        if row.role in eligibility.YOUNG_ROLES and not eligibility.is_initials(row.name):
            row.name = eligibility.initials_of(row.name)
            row.save(update_fields=["name"])


@transaction.atomic
def amend(case: Case, said: Mapping[str, object], parties: list[dict], version: int) -> Case:
    """Corrects what is said of a case and its parties, and its outcome as far as a hand may say it. A party carries the `id` of the stored
    row that it changes, or None for a new one; who is not named any more is taken out.

    Raises OutdatedError where somebody else wrote since the version that was read, ValidationError by field.
    """
    row = held(case)
    outcome = said.get("outcome") or row.outcome
    said = {**said, "outcome": outcome}
    stored = texts_of({name: getattr(row, name) for name in said}, parties_of(row))
    insist(row.version, version, stored, texts_of(said, parties))
    verdict = eligibility.verdict_on(row, row.unit.today())
    if outcome != row.outcome:
        _check_outcome(row, outcome, verdict)
    _check_parties(parties, verdict)
    for name, value in said.items():
        setattr(row, name, value)
    row.version += 1
    take_up(row, *said, "version")
    _keep_parties(row, parties)
    if outcome == Case.Outcome.PEMBINAAN:
        row.agreements.give_up_unsigned(row.unit.today(), verdict.rule.text_id)
    return row


def _check_outcome(row, outcome, verdict) -> None:
    if row.outcome == Case.Outcome.DILIMPAHKAN or row.agreements.in_force().exists():
        raise ValidationError({"outcome": _("The outcome follows from the unit or the agreement that has the case.")})
    if outcome not in BY_HAND:
        raise ValidationError({"outcome": _("An agreement is recorded by its paper, a handing over by naming the unit.")})
    if outcome == Case.Outcome.PEMBINAAN and not verdict.is_guided:
        raise ValidationError({"outcome": _("Guidance with parents or school is for light trouble of the young.")})


def _check_parties(parties, verdict) -> None:
    if not {PartyRole.PIHAK_1, PartyRole.PIHAK_2} <= {party["role"] for party in parties}:
        raise ValidationError(_("Name both parties, by name or initials."))
    named = [party for party in parties if not eligibility.is_initials(party["name"])]
    if any(eligibility.needs_initials(verdict, party["role"], party["age"]) for party in named):
        raise ValidationError(_("Of the young initials alone, such as B.S."))


def _keep_parties(case, parties) -> None:
    stored = {party.pk: party for party in case.parties.all()}
    case.parties.filter(pk__in=stored.keys() - {party["id"] for party in parties}).delete()
    for told in parties:
        party = stored.get(told["id"]) or CaseParty(case=case)
        for name in PARTY_FIELDS:
            setattr(party, name, told[name])
        party.full_clean(exclude=["case"])
        party.save()


def parties_of(case: Case) -> list[dict]:
    return list(case.parties.values("id", *PARTY_FIELDS))


def texts_of(said: Mapping[str, object], parties: Iterable[Mapping] = ()) -> dict[str, str]:
    """What is said of a case, as (what, text) for people's eyes."""
    told: dict[str, str] = {}
    for name, value in said.items():
        field = field_of(Case, name)
        labels = dict(field.flatchoices) or (case_lists.labels() if name == "category" else {})
        told[str(capfirst(field.verbose_name))] = capfirst(str(labels.get(str(value), value)))
    for role in PartyRole:
        rows = [party for party in parties if party["role"] == role]
        if rows:
            told[str(capfirst(role.label))] = "\n".join(
                ", ".join(str(part) for name in PARTY_FIELDS[1:] if (part := party[name]) not in (None, "")) for party in rows
            )
    return told


@transaction.atomic
def give_to(case: Case, officer) -> None:
    """Lets another officer of the unit follow the case; with the one who reported it, as it was."""
    case = held(case)
    case.keeper = None if officer.pk == case.officer_id else officer
    take_up(case, "keeper")


def pass_on(areas, unit, officer, successor) -> None:
    """Lets the successor in villages follow what their predecessor still followed there: cases that go on, are broken, or lie with a unit,
    and agreements that are still looked after. What has ended stays with whoever settled it."""
    watched = AgreementCheck.objects.open().values("agreement__case")
    ended = Q(outcome__in=[Case.Outcome.DAMAI, Case.Outcome.TIDAK_SEPAKAT, Case.Outcome.PEMBINAAN]) & ~Q(pk__in=watched)
    followed = Case.objects.filter(Q(keeper=officer) | Q(keeper=None, officer=officer), is_standing=True, area__in=areas, unit=unit).exclude(ended)
    for case in followed.select_for_update(of=("self",)):
        case.keeper = None if successor.pk == case.officer_id else successor
        take_up(case, "keeper")

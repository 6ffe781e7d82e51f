"""Drawing up agreements, correcting and signing them, giving them up."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from fkpm import cases, eligibility
from fkpm.forms import EARLIEST
from fkpm.minutes import field_of
from fkpm.models import Agreement, AgreementCheck, AgreementPerson, Case
from fkpm.models.agreements import FEWEST_WITNESSES
from fkpm.versions import insist

State, Role = Agreement.State, AgreementPerson.Role
LOCK = 74_011_005  # first half of the advisory lock under which numbers are given; the second is the forum, or minus the unit
People = Iterable[Mapping[str, str]]
# What a writer says of a paper, beside who signs it.
WRITTEN = (
    *("kind", "subject", "agreed_on", "place", "clauses", "sanction", "valid_until", "has_stamp", "is_for_members"),
    *("village_head", "officer_name", "chair_name"),
)


def _next_number(agreement: Agreement) -> None:
    """The next number of the forum's or unit's year. Whoever comes second waits until the first one's is stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, agreement.forum_id or -agreement.unit_id])
    agreement.year = agreement.agreed_on.year
    series = {"forum": agreement.forum} if agreement.forum_id else {"forum": None, "unit": agreement.unit}
    given = Agreement.objects.filter(year=agreement.year, **series)
    agreement.sequence = 1 + (given.aggregate(last=Max("sequence"))["last"] or 0)
    name = agreement.forum.name.removeprefix("FKPM").strip() if agreement.forum else agreement.unit.short_name or agreement.unit.name
    pattern = agreement.unit.agreement_pattern if agreement.forum else agreement.unit.agreement_pattern.replace("FKPM-", "")
    number = agreement.unit.number_of(pattern, "", "KB", agreement.sequence, agreement.agreed_on)
    agreement.number = number.replace("{x}", name.upper())[:80]


def may_be_drawn_up(case: Case) -> bool:
    """Whether a case can have an agreement now: allowed by the rules, in nobody else's hands, and without one that stands."""
    is_free = case.outcome not in (Case.Outcome.DILIMPAHKAN, Case.Outcome.PEMBINAAN)
    standing = case.agreements.filter(state__in=[State.UNSIGNED, State.BERLAKU, State.DITAATI])
    return is_free and eligibility.verdict_on(case, case.unit.today()).may_agree and not standing.exists()


@transaction.atomic
def draw_up(agreement: Agreement, people: People, by) -> Agreement:
    """Stores a new agreement under the next number, to be printed and signed. Raises ValidationError by field."""
    if agreement.case:
        case = cases.held(agreement.case)
        if agreement.replaces is None and not may_be_drawn_up(case):
            raise ValidationError(_("No agreement can be drawn up in this case: see its eligibility, and whether one stands already."))
        agreement.forum = case.forum
        cases.take_up(case)
    agreement.drawn_up_by = by
    _next_number(agreement)
    _check(agreement, people)
    agreement.save()
    _keep_people(agreement, people)
    return agreement


@transaction.atomic
def amend(agreement: Agreement, people: People, version: int) -> Agreement:
    """Corrects an agreement before it is signed; its number stays. `version` is the one that the writer read.

    Raises OutdatedError where somebody else corrected it since, ValidationError by field.
    """
    row, people = held(agreement, State.UNSIGNED), list(people)
    insist(row.version, version, lines_of(row, _signers_of(row)), lines_of(agreement, people))
    for name in WRITTEN:
        setattr(row, name, getattr(agreement, name))
    _check(row, people)
    row.version += 1
    row.save()
    row.people.all().delete()
    _keep_people(row, people)
    return row


def _signers_of(agreement) -> People:
    return list(agreement.people.values("role", "name", "detail"))


def lines_of(agreement: Agreement, people: People) -> dict[str, str]:
    """What the paper says, as (what, text) for people's eyes."""
    told = {str(capfirst(field_of(Agreement, name).verbose_name)): _as_text(getattr(agreement, name)) for name in WRITTEN}
    told[str(capfirst(field_of(Agreement, "kind").verbose_name))] = capfirst(agreement.get_kind_display())
    for role in Role:
        named = [", ".join(part for part in (person["name"], person["detail"]) if part) for person in people if person["role"] == role]
        told[str(capfirst(role.label))] = "\n".join(named)
    return told


def _as_text(value) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, datetime.date):
        return date_format(value, "j M Y")
    return (_("yes") if value else _("no")) if isinstance(value, bool) else str(value or "")


def _check(agreement, people) -> None:
    agreement.full_clean(exclude=["case", "forum", "unit", "area", "meeting", "drawn_up_by"])
    _check_day(agreement)
    roles = [person["role"] for person in people]
    if roles.count(Role.SAKSI) < FEWEST_WITNESSES:
        raise ValidationError(_("An agreement needs two witnesses."))
    if agreement.is_peace and not {Role.PIHAK_1, Role.PIHAK_2} <= set(roles):
        raise ValidationError(_("Name both parties."))
    if agreement.case and any(_names_a_child(agreement.case, person) for person in people):
        raise ValidationError(_("Of children initials alone, such as B.S."))


def _check_day(agreement) -> None:
    earliest = [agreement.case and agreement.case.happened_on, agreement.replaces and agreement.replaces.agreed_on]
    if agreement.agreed_on > agreement.unit.today():
        raise ValidationError({"agreed_on": _("This day has not come yet.")})
    if agreement.agreed_on < EARLIEST:
        raise ValidationError({"agreed_on": _("This day cannot be right.")})
    if any(day and agreement.agreed_on < day for day in earliest):
        raise ValidationError({"agreed_on": _("This lies before the day of the matter.")})


def _names_a_child(case, person) -> bool:
    """Whether a full name is that of a child on this side, whom the case names by initials, and of no grown-up there."""
    name, side = person["name"], [party for party in case.parties.all() if party.role == person["role"]]
    if eligibility.is_initials(name) or any(party.name.strip() == name.strip() for party in side if not party.is_child):
        return False
    own = _letters(eligibility.initials_of(name))
    known = [_letters(party.name) for party in side if party.is_child]
    return any(letters.startswith(own) or own.startswith(letters) for letters in known)


def _letters(initials: str) -> str:
    return "".join(letter for letter in initials.upper() if letter.isalpha())


def _keep_people(agreement, people) -> None:
    AgreementPerson.objects.bulk_create([AgreementPerson(agreement=agreement, **person) for person in people])


def held(agreement: Agreement, *states: str) -> Agreement:
    """The agreement as it stands now, held; raises ValidationError where it is in none of these states any more."""
    row = Agreement.objects.select_for_update(of=("self",)).select_related("unit", "case", "forum", "replaces").get(pk=agreement.pk)
    if row.state not in states:
        raise ValidationError(_("This agreement was changed in the meantime. Look at it again."))
    return row


def held_case(agreement: Agreement) -> Case | None:
    """Its case, held before the agreement is, as whoever assesses a case does: two who come at once wait for each other, never both."""
    return cases.held(agreement.case) if agreement.case else None


@transaction.atomic
def sign(agreement: Agreement, paper: Any, by, version: int | None = None) -> Agreement:
    """Attaches the signed paper (`polmas.people.uploads.Cleaned`): the agreement counts from here on, is locked, and is looked after on the days
    that are set. `version` is the one whose text the signer saw. Of a case it makes "agreement recorded", never "case
    closed". One that it replaces ends."""
    case = held_case(agreement)
    row = held(agreement, State.UNSIGNED)
    if version is not None and row.version != version:
        raise ValidationError(_("The text was changed after you opened this page. See whether the signed paper says the same, or print it anew."))
    if case:
        if not eligibility.verdict_on(case, case.unit.today()).may_agree:
            raise ValidationError(_("This case may not be settled here: see its eligibility."))
        if case.outcome in (Case.Outcome.DILIMPAHKAN, Case.Outcome.PEMBINAAN):
            raise ValidationError(_("This case took another way. Change its outcome first."))
        case.outcome = Case.Outcome.DAMAI
        cases.take_up(case, "outcome")
    if len(row.witnesses) < FEWEST_WITNESSES:
        raise ValidationError(_("An agreement needs two witnesses."))
    row.content_hash, row.scan_type, row.scan_hash = row.hash_of_content(), paper.type, paper.sha256
    row.scan.save(f"{row.uuid}{paper.ending}", paper.content, save=False)
    row.state, row.signed_at, row.signed_by = State.BERLAKU, timezone.now(), by
    if row.replaces:
        _give_way(row.replaces, row)
    row.save()
    schedule(row)
    return row


def schedule(agreement: Agreement) -> None:
    """The days on which it is looked after, once each: after 30 and 90 days unless the installation says otherwise."""
    days = [days for days in settings.AGREEMENT_FOLLOW_UP_DAYS if agreement.valid_until is None or _after(agreement, days) <= agreement.valid_until]
    rows = [AgreementCheck(agreement=agreement, days=each, due_on=_after(agreement, each)) for each in days]
    AgreementCheck.objects.bulk_create(rows, ignore_conflicts=True)


def _after(agreement, days) -> datetime.date:
    return agreement.agreed_on + datetime.timedelta(days=days)


def _give_way(old, new) -> None:
    """The paper that another one replaces ends; one that ran out meanwhile has ended already. A breach stays a breach: what is agreed after
    it is a new agreement, not a correction."""
    old = held(old, State.BERLAKU, State.DITAATI, State.BERAKHIR, State.DILANGGAR)
    if old.state == State.DILANGGAR:
        raise ValidationError(_("The agreement that this one corrects was broken. Cancel this paper and draw up a new one."))
    if old.is_in_force:
        with override("id"):
            note = _("Replaced by %(number)s.") % {"number": new.number}
        old.state, old.ended_on, old.ended_note = State.BERAKHIR, new.agreed_on, note[:500]
        old.save(update_fields=["state", "ended_on", "ended_note"])


@transaction.atomic
def cancel(agreement: Agreement, reason: str) -> None:
    """Gives up a paper that nobody signed. Its number stays taken, with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is cancelled.")})
    row = held(agreement, State.UNSIGNED)
    row.state, row.ended_on, row.ended_note = State.BATAL, row.unit.today(), reason
    row.save(update_fields=["state", "ended_on", "ended_note"])

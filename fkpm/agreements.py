"""Drawing up agreements, signing them, and seeing afterwards whether they are observed."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fkpm import cases, eligibility
from fkpm.models import Agreement, AgreementCheck, AgreementPerson, Case
from fkpm.models.agreements import FEWEST_WITNESSES
from polmas.people.models import Notification, Posting, Unit
from polmas.people.scope import LEADERS_POLSEK, REVIEWERS

State, Role = Agreement.State, AgreementPerson.Role
LOCK = 74_011_005  # first half of the advisory lock under which numbers are given; the second is the forum, or minus the unit
People = Iterable[Mapping[str, str]]


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
def amend(agreement: Agreement, people: People) -> Agreement:
    """Corrects an agreement before it is signed; its number stays."""
    _held(agreement, State.UNSIGNED)
    _check(agreement, people)
    agreement.save()
    agreement.people.all().delete()
    _keep_people(agreement, people)
    return agreement


def _check(agreement, people) -> None:
    agreement.full_clean(exclude=["case", "forum", "unit", "area", "meeting", "drawn_up_by"])
    if agreement.agreed_on > agreement.unit.today():
        raise ValidationError({"agreed_on": _("This day has not come yet.")})
    roles = [person["role"] for person in people]
    if roles.count(Role.SAKSI) < FEWEST_WITNESSES:
        raise ValidationError(_("An agreement needs two witnesses."))
    if agreement.is_peace and not {Role.PIHAK_1, Role.PIHAK_2} <= set(roles):
        raise ValidationError(_("Name both parties."))


def _keep_people(agreement, people) -> None:
    AgreementPerson.objects.bulk_create([AgreementPerson(agreement=agreement, **person) for person in people])


def _held(agreement, *states) -> Agreement:
    """The agreement as it stands now, held; raises ValidationError where it is in none of these states any more."""
    row = Agreement.objects.select_for_update(of=("self",)).select_related("unit", "case", "forum", "replaces").get(pk=agreement.pk)
    if row.state not in states:
        raise ValidationError(_("This agreement was changed in the meantime. Look at it again."))
    return row


def _held_case(agreement) -> Case | None:
    """Its case, held before the agreement is, as whoever assesses a case does: two who come at once wait for each other, never both."""
    return cases.held(agreement.case) if agreement.case else None


@transaction.atomic
def sign(agreement: Agreement, paper: Any, by) -> Agreement:
    """Attaches the signed paper (`polmas.people.uploads.Cleaned`): the agreement counts from here on, is locked, and is looked after on the days
    that are set. Of a case it makes "agreement recorded", never "case closed". One that it replaces ends."""
    case = _held_case(agreement)
    row = _held(agreement, State.UNSIGNED)
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
    row.save()
    schedule(row)
    if row.replaces:
        _ended(row.replaces, row.agreed_on, _("Replaced by %(number)s.") % {"number": row.number})
    return row


def schedule(agreement: Agreement) -> None:
    """The days on which it is looked after, once each: after 30 and 90 days unless the installation says otherwise."""
    days = [days for days in settings.AGREEMENT_FOLLOW_UP_DAYS if agreement.valid_until is None or _after(agreement, days) <= agreement.valid_until]
    rows = [AgreementCheck(agreement=agreement, days=each, due_on=_after(agreement, each)) for each in days]
    AgreementCheck.objects.bulk_create(rows, ignore_conflicts=True)


def _after(agreement, days) -> datetime.date:
    return agreement.agreed_on + datetime.timedelta(days=days)


def _ended(agreement, day, note) -> None:
    agreement.state, agreement.ended_on, agreement.ended_note = State.BERAKHIR, day, note[:500]
    agreement.save(update_fields=["state", "ended_on", "ended_note"])


@transaction.atomic
def cancel(agreement: Agreement, reason: str) -> None:
    """Gives up a paper that nobody signed. Its number stays taken, with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is cancelled.")})
    row = _held(agreement, State.UNSIGNED)
    row.state, row.ended_on, row.ended_note = State.BATAL, row.unit.today(), reason
    row.save(update_fields=["state", "ended_on", "ended_note"])


@transaction.atomic
def look_after(check: AgreementCheck, by, is_observed: bool, note: str = "", next_step: str = "") -> None:
    """Reports whether an agreement is observed. After the last look it is *ditaati*; a broken one makes its case *ingkar*, and says what next."""
    case = _held_case(check.agreement)
    row = _held(check.agreement, State.BERLAKU, State.DITAATI)
    check = AgreementCheck.objects.select_for_update().get(pk=check.pk)
    if check.checked_on:
        raise ValidationError(_("This was reported in the meantime. Look at it again."))
    if not is_observed and not next_step.strip():
        raise ValidationError({"next_step": _("Say what is done next.")})
    check.checked_on, check.checked_by, check.is_observed, check.note, check.next_step = row.unit.today(), by, is_observed, note, next_step
    check.full_clean(exclude=["agreement", "checked_by"])
    check.save()
    if not is_observed:
        row.state = State.DILANGGAR
    elif not row.checks.filter(checked_on=None).exists():
        row.state = State.DITAATI
    row.save(update_fields=["state"])
    if case and not is_observed:
        case.outcome = Case.Outcome.INGKAR
        cases.take_up(case, "outcome")


def watch() -> int:
    """What beat does every hour, by each unit's own calendar: ends what is past its last day, tells officers what is due, and Kanit and
    Kapolsek what nobody has looked after for a week. Safe to run twice. Returns how many were told."""
    told = 0
    for unit in Unit.objects.filter(pk__in=Agreement.objects.in_force().values("unit")):
        told += _watch_unit(unit, unit.today())
    return told


LATE = datetime.timedelta(days=7)


@transaction.atomic
def _watch_unit(unit, day) -> int:
    over = Agreement.objects.in_force().filter(unit=unit, valid_until__lt=day)
    over.update(state=State.BERAKHIR, ended_on=F("valid_until"), ended_note="")
    rows = AgreementCheck.objects.select_for_update(of=("self",), skip_locked=True).due(day).filter(agreement__unit=unit)
    rows = rows.select_related("agreement__case__officer", "agreement__case__keeper", "agreement__forum")
    due = list(rows.filter(told_on=None))
    for check in due:
        _tell(check, _followers(check.agreement), Notification.Kind.AGREEMENT)
    AgreementCheck.objects.filter(pk__in=[check.pk for check in due]).update(told_on=day)
    late = list(rows.filter(due_on__lte=day - LATE, told_late_on=None))
    heads = set(Posting.objects.on(day).filter(unit=unit, role__in=REVIEWERS | LEADERS_POLSEK, user__is_active=True).values_list("user", flat=True))
    for check in late:
        _tell(check, heads, Notification.Kind.AGREEMENT_LATE)
    AgreementCheck.objects.filter(pk__in=[check.pk for check in late]).update(told_late_on=day)
    return len(due) + len(late)


def _followers(agreement) -> set[int]:
    if agreement.case:
        return {agreement.case.follower.pk}
    return {agreement.forum.officer_id} if agreement.forum.officer_id else set()


def _tell(check, users, kind) -> None:
    path = reverse("fkpm:agreement_detail", args=[check.agreement.uuid])
    Notification.objects.tell(users, kind, path, what=check.agreement.number, day=check.due_on)

"""Awards of a month: who comes into question by the figures, and what happens when one is proposed and decided (domain.md 4.6)."""

import dataclasses
import datetime
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from fkpm.models import ActionItem, Forum, Meeting, Member, Minutes
from polmas.people import documents
from polmas.people.addresses import public_address
from polmas.people.models import Document, Notification, Posting, Unit
from polmas.people.periods import month_of
from polmas.people.qr import qr_of
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, on_day
from polmas.summaries import runs
from polmas.summaries.models import Award, AwardCategory, OfficerScore, PeriodKind, ScoreLabel, ScorePart, Summary
from polmas.summaries.models.awards import PROPOSERS, title_in
from polmas.summaries.models.scores import FEW

CHARTER = "charter"
LAYOUT = 2  # raised when the layout changes, so that files of an older layout are not served any more
FEWEST_PARTS = 3  # so many parts with enough rows are asked of the best of a month
SHOWN = 3  # candidates of a category


@dataclasses.dataclass(frozen=True)
class Candidate:
    """Somebody whom the figures of a month propose, and by what."""

    category: str
    officer: Any = None
    forum: Any = None
    unit: Unit | None = None
    reasons: tuple[str, ...] = ()
    basis: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def label(self):
        return AwardCategory(self.category).label

    @property
    def name(self) -> str:
        return self.officer.full_name if self.officer else self.forum.name

    @property
    def key(self) -> str:
        return self.officer.username if self.officer else str(self.forum.uuid)


def candidates(unit: Unit, month: datetime.date) -> dict[str, list[Candidate]]:
    """Of each category that figures can say something about, the first three. Never by raw numbers: volume is capped in a score."""
    rated = OfficerScore.objects.of_month(month).in_unit(unit).exclude(total=None).select_related("officer", "unit")
    scores = sorted(rated, key=lambda score: (-score.total, score.officer.name))
    return {
        AwardCategory.BHABINKAMTIBMAS: [_best(score) for score in scores if enough_parts(score) >= FEWEST_PARTS][:SHOWN],
        AwardCategory.PELAPOR: [_active(score) for score in _by_part(scores, ScorePart.ACTIVITY)],
        AwardCategory.PROBLEM_SOLVING: [_solver(score) for score in _by_part(scores, ScorePart.PROBLEMS)],
        AwardCategory.FKPM: forums_of(unit, month),
    }


def enough_parts(score: OfficerScore) -> int:
    """How many parts of a score stand on enough rows."""
    return sum(part["n"] >= FEW for part in score.parts.values())


def _by_part(scores, part):
    """Those with enough rows in a part, by its points; of equals whoever has the better score."""
    found = [score for score in scores if score.parts.get(part, {}).get("n", 0) >= FEW]
    return sorted(found, key=lambda score: (-score.parts[part]["points"], -score.total, score.officer.name))[:SHOWN]


def _of(score, category, *reasons) -> Candidate:
    basis = {"total": str(score.total), "label": score.label, "parts": score.parts, "rule": score.rule}
    return Candidate(category, officer=score.officer, unit=score.unit, reasons=reasons, basis=basis)


def _best(score):
    label = ScoreLabel(score.label).label
    first = _("Score %(total)s (%(label)s)") % {"total": number_format(score.total, 2), "label": label}
    return _of(score, AwardCategory.BHABINKAMTIBMAS, first, _("%(n)s of 5 parts stand on five rows or more") % {"n": enough_parts(score)})


def _active(score):
    part = score.parts[ScorePart.ACTIVITY]
    first = _("%(points)s %% of the targets reached, each counted up to 100 %%") % {"points": number_format(part["points"], 1)}
    return _of(score, AwardCategory.PELAPOR, first, _("Score %(total)s") % {"total": number_format(score.total, 2)})


def _solver(score):
    part = score.parts[ScorePart.PROBLEMS]
    first = _("%(settled)s of %(cases)s cases settled") % part
    second = _("%(observed)s of %(looks)s looks found the agreement observed") % part
    return _of(score, AwardCategory.PROBLEM_SOLVING, first, second)


def forums_of(unit: Unit, month: datetime.date) -> list[Candidate]:
    """Forums by what they did in the month, as their indicators count it: action items done in time, minutes adopted, meetings held."""
    period = month_of(month)
    first, last = period.moments(unit.zone)
    forums = list(Forum.objects.filter(unit__path__startswith=unit.path, status=Forum.Status.AKTIF).select_related("unit"))
    held = Meeting.objects.filter(forum__in=forums, starts_at__range=(first, last), cancelled_at=None).order_by().values("forum")
    meetings = {row["forum"]: row for row in held.annotate(n=Count("pk"), adopted=Count("pk", filter=Q(minutes__state=Minutes.State.ADOPTED)))}
    due = ActionItem.objects.filter(forum__in=forums, due_on__range=(period.start, period.end)).exclude(state=ActionItem.State.CANCELLED)
    done = {row["forum"]: row for row in due.order_by().values("forum").annotate(n=Count("pk"), done=Count("pk", filter=Q(done_on__lte=F("due_on"))))}
    nothing = {"n": 0, "adopted": 0, "done": 0}
    found = []
    for forum in forums:
        met, acted = meetings.get(forum.pk, nothing), done.get(forum.pk, nothing)
        if met["adopted"]:
            share = acted["done"] / acted["n"] if acted["n"] else 0
            found.append((-share, -min(met["adopted"], 2), forum.name, _forum(forum, met, acted)))
    return [candidate for *_key, candidate in sorted(found, key=lambda row: row[:3])][:SHOWN]


def _forum(forum, met, acted) -> Candidate:
    meetings = _("%(adopted)s of %(n)s meetings with adopted minutes") % met
    actions = _("%(done)s of %(n)s action items done in time") % acted
    basis = {"meetings": met["n"], "adopted": met["adopted"], "actions": acted["n"], "done": acted["done"]}
    return Candidate(AwardCategory.FKPM, forum=forum, unit=forum.unit, reasons=(meetings, actions), basis=basis)


def basis_of(award: Award) -> dict[str, Any]:
    """The figures of the month on which a proposal rests, as they stand when it is made."""
    if award.officer_id:
        score = OfficerScore.objects.of_month(award.month).filter(officer=award.officer_id).first()
        return {} if score is None else {"total": str(score.total), "label": score.label, "parts": score.parts, "rule": score.rule}
    if award.forum_id:
        return next((found.basis for found in forums_of(award.unit, award.month) if found.forum.pk == award.forum_id), {})
    return {}


@transaction.atomic
def propose(award: Award, by) -> Award:
    """Keeps the proposal with its figures, and tells whoever decides."""
    award.proposed_by, award.proposed_title = by, title_in(by, award.unit, PROPOSERS)
    award.basis = basis_of(award)
    award.save()
    leads = LEADERS_POLRES if award.unit.is_polres else LEADERS_POLSEK
    heads = Posting.objects.on(timezone.localdate()).filter(unit=award.unit, role__in=leads, user__is_active=True).exclude(user=by)
    _tell(award, set(heads.values_list("user", flat=True)), Notification.Kind.AWARD_ASKED, award.proposed_title)
    _renew_papers(award)
    return award


@transaction.atomic
def decide(award: Award, by, note: str = "") -> None:
    """Honours, and tells those who are honoured and who proposed it."""
    award.decide(by, note)
    honoured = {award.officer_id} if award.officer_id else set()
    if award.forum:
        board = Member.objects.filter(on_day(timezone.localdate()), forum=award.forum, position__in=Member.BOARD, user__isnull=False)
        honoured = set(board.values_list("user", flat=True)) | ({award.forum.officer_id} if award.forum.officer_id else set())
    _tell(award, honoured, Notification.Kind.AWARD, award.decided_title)
    _tell(award, {award.proposed_by_id} - honoured - {by.pk}, Notification.Kind.AWARD_ANSWER, award.decided_title)
    _renew_papers(award)


@transaction.atomic
def decline(award: Award, by, note: str) -> None:
    award.decline(by, note)
    _tell(award, {award.proposed_by_id} - {by.pk}, Notification.Kind.AWARD_ANSWER, award.decided_title)
    _renew_papers(award)


def _renew_papers(award) -> None:
    """Has the drafts of the month built again on which the award stands: those of the unit and of the units above it."""
    above = [award.unit.path[:end] for end in range(Unit.steplen, len(award.unit.path) + 1, Unit.steplen)]
    papers = Summary.objects.filter(unit__path__in=above, period=PeriodKind.MONTHLY, starts_on=award.month, state__in=Summary.DRAFT_STATES)
    runs.ask_for([(unit, PeriodKind.MONTHLY, award.month) for unit in papers.order_by("-unit__depth").values_list("unit", flat=True)])


def _tell(award, people, kind, by) -> None:
    with translation.override("en"):
        what = str(AwardCategory(award.category).label)
    Notification.objects.tell(people, kind, reverse("summaries:award_detail", args=[award.uuid]), by=by, what=what)


def document_of(award: Award) -> Document:
    """The charter. A decided award does not change; the letterhead of its unit may."""
    shown = (LAYOUT, award.decided_at, award.unit.letterhead, award.unit.city)
    return documents.document_for(CHARTER, award.pk, hashlib.sha256(repr(shown).encode()).hexdigest(), "summaries.render_charter")


def address_of(award: Award) -> str:
    """Where the charter's QR code leads: the page of the award, for whoever may read it."""
    return public_address(reverse("summaries:award_detail", args=[award.uuid]))


@translation.override(documents.LANGUAGE)
def paper(award: Award) -> dict[str, Any]:
    """What the charter prints, in the language of the letter."""
    return {
        "award": award,
        "unit": award.unit,
        "month": date_format(award.month, "F Y"),
        "day": award.unit.day_of(award.decided_at) if award.decided_at else None,
        "head": award.signer,
        "category": AwardCategory(award.category).label,
        "qr": qr_of(address_of(award)),
    }

"""Who writes, approves, sends and receives the summaries of a unit (architecture.md 6a, domain.md 5.7)."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from polmas.people import documents
from polmas.people.models import Absence, Posting, Unit, UnitKind, User
from polmas.people.models.absences import PRESENT_KINDS
from polmas.people.models.postings import PostingKind
from polmas.people.scope import INTELLIGENCE, LEADERS_POLRES, LEADERS_POLSEK, REVIEWERS, SPKT

HEADS_POLDA = frozenset({"kapolda"})
DEPUTIES = frozenset({"wakapolsek", "wakapolres"})
# Own parts of the paper are written by these at their own unit, whatever else they may read of it.
CONTRIBUTORS = SPKT | INTELLIGENCE

# Who keeps the papers of a unit, and who receives those of the units below, whatever kind of unit it is.
KEEPERS = REVIEWERS | {"kasat_binmas", "dirbinmas"}
RECEIVERS = LEADERS_POLRES | HEADS_POLDA | {"kasat_binmas", "dirbinmas", "pembaca_mabes"}


class TextPart(models.TextChoices):
    """What people write into a summary, by the parts of domain.md 5.7; H and I are written in four texts and one."""

    B = "B", _("Security situation")
    C = "C", _("Ideology, politics, economy, society, culture, defence, security")
    D = "D", _("Binmas activities")
    E = "E", "FKPM"
    F = "F", _("Complaints")
    G = "G", _("Potential conflicts")
    ANALYSIS = "analysis", _("Analysis")
    PREDICTION = "prediction", _("Prediction")
    STEPS = "steps", _("Steps")
    RECOMMENDATION = "recommendation", _("Recommendation")
    PLAN = "plan", _("Plan for the next period")


PARTS_OF_SPKT = frozenset({TextPart.B, TextPart.F})
PARTS_OF_INTELLIGENCE = frozenset({TextPart.C, TextPart.G})


def heads_of(unit: Unit) -> frozenset[str]:
    """Roles that head a unit or stand in by office."""
    if unit.kind == UnitKind.POLDA:
        return HEADS_POLDA
    return LEADERS_POLRES if unit.is_polres else LEADERS_POLSEK


def staff_of(unit: Unit) -> frozenset[str]:
    """Roles that keep the paper of a unit: the Kanit Binmas, the Kasat Binmas, the Dirbinmas."""
    if unit.kind == UnitKind.POLDA:
        return frozenset({"dirbinmas"})
    return frozenset({"kasat_binmas"}) if unit.is_polres else REVIEWERS


def receivers_of(unit: Unit) -> frozenset[str]:
    """Roles that receive what units below send to this one."""
    return frozenset({"pembaca_mabes"}) if unit.kind == UnitKind.MABES else heads_of(unit) | staff_of(unit)


def unit_above(unit: Unit) -> Unit | None:
    """To whom a unit reports: the unit next above it in the tree."""
    return Unit.objects.filter(path=unit.path[: -Unit.steplen]).first()


def parts_written_by(user, unit: Unit) -> list[TextPart]:
    """Parts that the user may write in the summaries of a unit: heads all; SPKT and Intelkam their own, which fall to the keeper of the
    paper where the unit has nobody in that role."""
    roles = {role for role, path, _pk in user.scope.posts if path == unit.path}
    if roles & heads_of(unit):
        return list(TextPart)
    parts: set[TextPart] = set()
    if roles & SPKT:
        parts |= PARTS_OF_SPKT
    if roles & INTELLIGENCE:
        parts |= PARTS_OF_INTELLIGENCE
    if roles & staff_of(unit):
        parts |= set(TextPart) - PARTS_OF_SPKT - PARTS_OF_INTELLIGENCE | _orphaned_parts(unit)
    return [part for part in TextPart if part in parts]


def _orphaned_parts(unit: Unit) -> frozenset[TextPart]:
    """Parts whose writers the unit has none of today."""
    present = set(Posting.objects.on(unit.today()).filter(unit=unit, role__in=CONTRIBUTORS).values_list("role", flat=True))
    parts: frozenset[TextPart] = frozenset()
    if not present & SPKT:
        parts |= PARTS_OF_SPKT
    if not present & INTELLIGENCE:
        parts |= PARTS_OF_INTELLIGENCE
    return parts


def writers_of_others(unit: Unit, own: Iterable[TextPart]) -> list[tuple[list[TextPart], list[Posting]]]:
    """Who serves today to write the parts that are not one's own, as they fall to the same people; the heads may write all."""
    serving = Posting.objects.on(unit.today()).filter(unit=unit, user__is_active=True).select_related("user", "unit").order_by("role", "starts_on")
    orphaned = _orphaned_parts(unit)
    shares = (
        (PARTS_OF_SPKT - orphaned, SPKT),
        (PARTS_OF_INTELLIGENCE - orphaned, INTELLIGENCE),
        (set(TextPart) - PARTS_OF_SPKT - PARTS_OF_INTELLIGENCE | orphaned, staff_of(unit)),
    )
    others = [([part for part in TextPart if part in parts and part not in own], roles) for parts, roles in shares]
    return [(parts, [posting for posting in serving if posting.role in roles]) for parts, roles in others if parts]


def away_from(unit: Unit):
    """Absences of today, piket aside, as ids of people."""
    return Absence.objects.on(unit.today()).exclude(kind__in=PRESENT_KINDS)


def approving_postings(unit: Unit):
    """Postings of today whose holders may sign for the unit: its head, its deputy, who stands in by order; nobody on leave."""
    postings = Posting.objects.on(unit.today()).filter(unit=unit, role__in=heads_of(unit), user__is_active=True)
    return postings.exclude(user__in=away_from(unit).values("user")).select_related("user").order_by("-starts_on", "pk")


def nobody_signs(unit: Unit) -> dict[str, Any] | None:
    """Where nobody may sign today: who heads the unit and is away until when, and whom one may name instead; None where somebody may."""
    if approving_postings(unit).exists():
        return None
    heads = Posting.objects.on(unit.today()).filter(unit=unit, role__in=heads_of(unit))
    absence = away_from(unit).filter(user__in=heads.values("user")).select_related("user", "substitute").order_by("ends_on").first()
    return {"absence": absence, "candidates": candidates(unit, absence), "named_by": named_by(unit)}


def candidates(unit: Unit, absence) -> list[User]:
    """Whom one may name as Plh.: who was named for the absence, then the keepers of the paper and the heads of other units of this one."""
    if absence and absence.substitute:
        return [absence.substitute]
    roles = staff_of(unit) | {"kanit_intelkam", "kanit_lain", "kasat_intelkam", "ka_spkt"}
    serving = Posting.objects.on(unit.today()).filter(unit=unit, role__in=roles)
    people = User.objects.filter(Q(pk__in=serving.values("user")), is_active=True).exclude(pk__in=away_from(unit).values("user"))
    return list(people.order_by("name")[:5])


def named_by(unit: Unit) -> Unit | None:
    """The unit whose operator enters the order for who stands in."""
    return unit_above(unit) if unit.kind == UnitKind.POLSEK else unit


def signature_of(unit: Unit, posting: Posting, as_keeper: bool = False) -> dict[str, Any]:
    """Who signs, as it stands under the paper: standing, title, name, rank and NRP; of who stands in, the order and its days."""
    title = unit.head_title or f"{HEAD_WORDS.get(unit.kind, 'KAPOLRES')} {unit.name.split(' ', 1)[-1].upper()}"
    by_order = as_keeper or (posting.role in DEPUTIES and posting.kind == PostingKind.TETAP)
    kind = PostingKind.AN if by_order else PostingKind(posting.kind)
    stands_in = kind != PostingKind.TETAP
    user = posting.user
    return {
        "prefix": str(kind.label) if stands_in else "",
        "title": title,
        "own_title": posting.get_role_display().upper() if kind == PostingKind.AN else "",
        "order": posting.order_number if stands_in else "",
        **({"order_from": posting.starts_on.isoformat(), "order_until": _iso(posting.ends_on)} if stands_in and not by_order else {}),
        "name": user.name,
        "rank": str(user.get_rank_display()).upper(),
        "nrp": user.nrp or "",
        "city": unit.city,
        "on": unit.today().isoformat(),
    }


HEAD_WORDS: dict[str, str] = {UnitKind.POLSEK: "KAPOLSEK", UnitKind.SUBSEKTOR: "KAPOLSEK", UnitKind.POSPOL: "KAPOLSEK", UnitKind.POLDA: "KAPOLDA"}


def _iso(day):
    return day.isoformat() if day else ""


@translation.override(documents.LANGUAGE)
def keeper_of(unit: Unit) -> dict[str, str]:
    """Who keeps the papers of the unit today: the Kanit Binmas, the Kasat, the Dirbinmas; empty where there is nobody."""
    postings = Posting.objects.on(unit.today()).filter(unit=unit, role__in=staff_of(unit))
    posting = postings.select_related("user").order_by("-starts_on", "pk").first()
    if posting is None:
        return {}
    user = posting.user
    return {"title": posting.get_role_display().upper(), "name": user.name, "rank": str(user.get_rank_display()).upper(), "nrp": user.nrp or ""}

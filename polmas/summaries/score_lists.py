"""What the list of scores is narrowed and ordered by, who stands where in it, and the same rows as a table to take along."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, DecimalField, F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from polmas.people.models import Unit
from polmas.people.months import Month
from polmas.people.scope import in_subtrees
from polmas.summaries.models import OfficerScore, ScoreLabel, ScorePart
from polmas.summaries.models.scores import PARTS, SHORT

MOST_WORDS = 5
BY_SCORE, BY_NAME, BY_UNIT = "nilai", "nama", "satuan"
ORDERS = [
    (BY_SCORE, gettext_lazy("the highest score first")),
    (BY_NAME, gettext_lazy("by name")),
    (BY_UNIT, gettext_lazy("by unit")),
    *((part.value, part.label) for part in ScorePart),
]


def units_commanded(user):
    """Units of whose officers the user is a superior, from the top."""
    return Unit.objects.filter(in_subtrees("path", user.scope.command_paths), is_active=True).order_by("depth", "path")


def rows_for(user, unit: Unit | None, month: Month):
    """The scores of a unit's officers and of all below it; without a unit, of those officers whom one supervises by name."""
    found = OfficerScore.objects.for_user(user).of_month(month.first).exclude(officer=user)
    return (found.in_unit(unit) if unit else found).select_related("officer", "unit")


def narrowed(scores, asked):
    for word in asked.get("q", "").replace("\0", "")[:120].split()[:MOST_WORDS]:
        scores = scores.filter(Q(officer__name__icontains=word) | Q(officer__username__icontains=word))
    if asked.get("predikat") in ScoreLabel.values:
        scores = scores.filter(label=asked["predikat"])
    elif asked.get("predikat") == "tanpa":
        scores = scores.filter(total=None)
    return scores


def order_asked(asked, is_ranked: bool) -> str:
    """Where nobody is ranked, the names alone give the order."""
    orders = {name for name, _label in ORDERS}
    return (asked.get("urut") if asked.get("urut") in orders else BY_SCORE) if is_ranked else BY_NAME


def ordered(scores, order: str):
    if order == BY_SCORE:
        return scores.order_by(F("total").desc(nulls_last=True), "officer__name", "pk")
    if order in PARTS:
        points = Cast(KT(f"parts__{order}__points"), DecimalField(max_digits=6, decimal_places=2))
        return scores.annotate(points=points).order_by(F("points").desc(nulls_last=True), "officer__name", "pk")
    return scores.order_by(*(["unit__path"] if order == BY_UNIT else []), "officer__name", "pk")


def places(scores) -> dict[int, int]:
    """The place of each rated officer among all of the unit, whatever is searched for; equals share a place."""
    found: dict[int, int] = {}
    place, before = 0, None
    for number, (pk, total) in enumerate(scores.exclude(total=None).order_by("-total").values_list("pk", "total"), 1):
        if total != before:
            place, before = number, total
        found[pk] = place
    return found


def tiles(scores) -> list[dict[str, Any]]:
    numbers = dict(scores.order_by().values_list("label").annotate(n=Count("pk")))
    return [{"value": label.value, "label": label.label, "n": numbers.get(label.value, 0)} for label in ScoreLabel]


def part_cells(score: OfficerScore) -> list[dict[str, Any]]:
    """The five parts in their order; those that could not be measured without points."""
    return [
        {"part": part, "label": SHORT[ScorePart(part)], "points": score.points_of(part), "n": score.parts.get(part, {}).get("n", 0)} for part in PARTS
    ]


def headings(is_ranked: bool) -> list[str]:
    parts = [text for part in ScorePart for text in (str(capfirst(part.label)), _("n of %(part)s") % {"part": part.label})]
    first = [pgettext("in a ranking", "Place")] if is_ranked else []
    tail = [_("Parts measured"), _("Days on duty"), _("Days posted"), _("Built at")]
    return [*first, _("NRP or NIP"), _("Name"), _("Unit"), _("Month"), _("Score"), _("Rating"), *parts, *tail]


def table(scores, ranks: dict[int, int] | None) -> Iterator[list]:
    for score in scores:
        first = [] if ranks is None else [ranks.get(score.pk)]
        parts = [cell for part in part_cells(score) for cell in (part["points"], part["n"])]
        label = str(capfirst(ScoreLabel(score.label).label)) if score.label else None
        person = [score.officer.username, score.officer.full_name, score.unit.name]
        when = [score.measured, score.days_present, score.days_posted, score.unit.day_of(score.built_at)]
        yield [*first, *person, f"{score.month:%Y-%m}", score.total, label, *parts, *when]

"""Which unit's figures a reader asks for, and whether persons may be named in them."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left, Length
from django.http import Http404

from polmas.people.models import Unit
from polmas.people.scope import INDEX_FIGURES, INFORMATION_READERS, READ_FIGURES, SUPERIORS, in_subtrees
from polmas.summaries.models.authority import CONTRIBUTORS


def units_for_figures(user):
    """Units whose figures the user reads: the own ones of leaders and readers, and all below."""
    return Unit.objects.filter(in_subtrees("path", user.scope.figure_paths))


def unit_for_figures(user, code: str = "") -> Unit:
    """The unit of a code, or the reader's own topmost one, with code and name of the one above it; 404 for one out of sight."""
    above = Unit.objects.filter(path=Left(OuterRef("path"), Length(OuterRef("path")) - Unit.steplen)).order_by()
    units = units_for_figures(user).annotate(above_code=Subquery(above.values("code")), above_name=Subquery(above.values("name")))
    unit = units.filter(code=code.replace("\0", "?")).first() if code else units.order_by("depth", "path").first()
    if unit is None:
        raise Http404
    return unit


def names_persons(user, unit) -> bool:
    """Whether the user reads the rows behind this unit's figures; readers above the Polres see no persons."""
    return any(unit.path.startswith(path) for path in user.scope.whole_paths)


def reads_figures_above(user, unit) -> bool:
    """Whether the figures of the unit above this one are in sight, too."""
    return any(unit.path != path and unit.path.startswith(path) for path in user.scope.figure_paths)


def reads_summaries(user) -> bool:
    """Whether there are summaries for the user at all: readers of figures, and those who write a part of the own unit's paper."""
    return bool(user.scope.roles & (READ_FIGURES | CONTRIBUTORS))


def reads_informations(user, unit) -> bool:
    """Whether the user reads the Laporan Informasi of this unit, and so the paper on which they stand."""
    return user.scope.holds(INFORMATION_READERS, unit)


def reads_awards(user, unit) -> bool:
    """Whether the user reads who of this unit is proposed for an award."""
    return user.scope.holds(SUPERIORS, unit)


def reads_index(user, unit) -> bool:
    """Whether the user reads the security index of this unit."""
    return user.scope.holds(INDEX_FIGURES, unit)

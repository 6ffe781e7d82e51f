"""Where somebody may record problems, and for which unit."""

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.models import Area, AreaShape, Beat, Problem
from mapping.models.areas import AreaQuerySet
from mapping.models.beats import held_villages
from mapping.models.problems import LEADERS, TRUSTED, point_in, within_metres
from polmas.people.models import Code, Unit
from polmas.people.scope import OFFICERS, READ_WHOLE, in_subtrees

READERS = OFFICERS | READ_WHOLE | TRUSTED | {"kanit_lain"}
FAR_M = 2000
WRITERS = OFFICERS | LEADERS


def reader(request):
    """The signed-in person, if problems concern them at all."""
    if not request.user.scope.has(*READERS):
        raise Http404
    return request.user


def writer(request):
    if not request.user.scope.has(*WRITERS):
        raise Http404
    return request.user


def villages_read(user) -> AreaQuerySet:
    """Villages in which the user may find problems."""
    return _villages(user, user.scope.whole_paths | user.scope.paths_as(TRUSTED))


def villages_kept(user) -> AreaQuerySet:
    """Villages for which the user may record problems."""
    return _villages(user, user.scope.paths_as(LEADERS))


def _villages(user, paths) -> AreaQuerySet:
    policed = Area.units.through.objects.filter(in_subtrees("unit__path", paths)).values("area")
    mine = Q(pk__in=policed) | (Q(pk__in=held_villages(user)) if user.scope.is_officer else Q(pk__in=[]))
    return Area.objects.villages().filter(mine).order_by("name", "code")


def unit_for(user, village: Area) -> Unit:
    """The unit for which the officer holds the village; of a leader's units the nearest one that polices it."""
    inside = Q(area=village) | Q(area__parent=village) | Q(area__parent__parent=village)
    beat = Beat.objects.on(timezone.localdate()).filter(inside, user=user).select_related("unit").first() if user.scope.is_officer else None
    if beat:
        return beat.unit
    return village.units.filter(in_subtrees("path", user.scope.paths_as(LEADERS))).order_by("-depth", "path")[0]


def far_away(shape: GEOSGeometry | None, village: Area) -> str:
    """Why a place cannot be of the village: it lies in another drawn one, and far from this one. Empty where it can be."""
    today = timezone.localdate()
    point = point_in(shape)
    found = Area.objects.locate(point, today) if point else None
    drawn = AreaShape.objects.on(today).filter(area=village)
    if shape is None or found is None or found.depth < Area.VILLAGE_DEPTH or found.village_code == village.code or not drawn.exists():
        return ""
    if drawn.filter(within_metres(F("shape"), shape, FAR_M)).exists():
        return ""
    there = Area.objects.get(code=found.village_code)
    return _("This place lies in %(found)s, more than 2 km from %(village)s. Choose its village, or mark the place anew.") % {
        "found": there.title,
        "village": village.title,
    }


def kind_labels() -> dict[str, str]:
    return {code.code: code.label for code in Code.objects.of("PROBLEM_KIND")}


def kept(request, uuid) -> Problem:
    """A problem that the person may change; for everybody else there is nothing here."""
    problem = in_sight(request, uuid)
    if not problem.may_be_kept_by(request.user):
        raise Http404
    return problem


def in_sight(request, uuid) -> Problem:
    found = Problem.objects.for_user(reader(request)).select_related("unit", "area", "responsible", "recorded_by", "recurs")
    problem = found.filter(uuid=uuid).first()
    if problem is None:
        raise Http404
    return problem

"""What a unit's villages lack: an officer, a forum, a post that is in use (domain.md 6.1)."""

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fkpm.models import Forum
from mapping.models import Area, Beat, Place
from polmas.people.models import Unit, UnitKind

KEPT = 600  # seconds: what a village lacks changes by the day, and to ask for all villages of the country takes a while
GAPS = {
    "officer": _("without an officer"),
    "forum": _("without an FKPM"),
    "post": _("without a pos kamling in use"),
}


def gaps_of(unit: Unit) -> dict:
    """How many Polsek and villages there are, and how many villages lack what; as of some minutes ago."""
    key = f"gaps:{unit.pk}:{unit.today()}"
    if (found := cache.get(key)) is None:
        cache.set(key, found := _counted(unit), timeout=KEPT)
    return found


def _counted(unit):
    villages = Area.objects.of_unit(unit).villages()
    polsek = Unit.objects.below(unit).filter(kind=UnitKind.POLSEK, is_active=True).count()
    lacks = {name: Count("pk", filter=lack) for name, lack in _lacks(unit).items()}
    return {"polsek": polsek, **villages.aggregate(villages=Count("pk"), **lacks)}


def villages_lacking(unit: Unit, name: str) -> QuerySet[Area]:
    """The villages of a unit that lack what a gap names, by name."""
    return Area.objects.of_unit(unit).villages().filter(_lacks(unit)[name]).select_related("parent").order_by("name", "code")


def _lacks(unit) -> dict[str, Q]:
    posts = Place.objects.filter(kind="POS_KAMLING", closed_on=None)
    return {
        "officer": _no_village_of(Beat.objects.on(unit.today())),
        "forum": _no_village_of(Forum.objects.exclude(status=Forum.Status.RINTISAN)),
        "post": _no_village_of(posts),
    }


def _no_village_of(rows: QuerySet) -> Q:
    """Villages in which none of these lies, nor in one of their RW and RT."""
    lacks = Q()
    for area in ("area", "area__parent", "area__parent__parent"):
        lacks &= ~Q(pk__in=rows.filter(**{f"{area}__isnull": False}).order_by().values(area))
    return lacks

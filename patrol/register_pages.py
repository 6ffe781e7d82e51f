"""The registers of a village that officers visit: who may write in them, who opened what, and what a page shows of them."""

import dataclasses
import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Beat
from patrol.kinds import KINDS
from patrol.models import Business, Contact, Household, Kind, RegisterOpening, Report
from patrol.models.households import Vulnerable
from patrol.models.registers import Opened, VisitedEntry
from polmas.people.models import Unit
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, OPERATORS, REVIEWERS, in_subtrees

# Who keeps the registers of a whole unit; officers keep those of the villages that they hold.
KEEPERS = REVIEWERS | OPERATORS
# Who is shown which of their people opened an entry.
OVERSEERS = REVIEWERS | LEADERS_POLSEK | LEADERS_POLRES
SEEN_WITHIN = datetime.timedelta(days=365)


@dataclasses.dataclass(frozen=True)
class RegisterPage:
    """One kind of register as its pages name it. `path` is what its address begins with."""

    key: str
    model: type[VisitedEntry]
    path: str
    icon: str
    title: str | Promise
    add: str | Promise
    search: tuple[str, ...]
    kind: Kind  # of the reports that visit it

    @property
    def slug(self) -> str:
        """Of the form that records a visit."""
        return KINDS[self.kind].slug


PAGES = {
    page.key: page
    for page in (
        RegisterPage("household", Household, "warga", "home-heart", _("Households"), _("Add a household"), ("head_name", "landmark"), Kind.DDS),
        RegisterPage(
            *("business", Business, "usaha", "building-store", _("Businesses"), _("Add a business")),
            *(("name", "landmark", "manager"), Kind.SAMBANG_USAHA),
        ),
        RegisterPage("contact", Contact, "tokoh", "user-star", "Tokoh", _("Add a tokoh"), ("name", "landmark", "office"), Kind.SAMBANG_TOKOH),
    )
}


def page_of(entry: VisitedEntry) -> RegisterPage:
    return PAGES[entry._meta.model_name or ""]


def reader(request):
    """The signed-in person, if they read registers at all: officers, and those who read a unit whole."""
    if not (request.user.scope.is_officer or request.user.scope.whole_paths):
        raise Http404
    return request.user


def held_today(user):
    return Beat.objects.on(timezone.localdate()).filter(user=user) if user.scope.is_officer else Beat.objects.none()


def villages_round(beats) -> QuerySet[Area]:
    """The villages that beats are or lie in: who holds an RW knows its village."""
    held = beats.order_by().values("area")
    return Area.objects.villages().filter(Q(pk__in=held) | Q(children__in=held) | Q(children__children__in=held))


def villages_read(user) -> QuerySet[Area]:
    """Villages of which the user reads the registers."""
    policed = Area.units.through.objects.filter(in_subtrees("unit__path", user.scope.whole_paths)).values("area")
    mine = villages_round(held_today(user)).values("pk")
    return Area.objects.villages().filter(Q(pk__in=mine) | Q(pk__in=policed)).order_by("name", "code")


def villages_kept(user) -> QuerySet[Area]:
    """Villages in whose registers the user may write."""
    policed = Area.units.through.objects.filter(in_subtrees("unit__path", user.scope.paths_as(KEEPERS))).values("area")
    mine = villages_round(held_today(user)).values("pk")
    return Area.objects.villages().filter(Q(pk__in=mine) | Q(pk__in=policed)).order_by("name", "code")


def unit_for(user, village: Area) -> Unit:
    """The unit of a new entry: the one for which its officer holds the village, else the one of the keeper's that polices it."""
    inside = Q(area=village) | Q(area__parent=village) | Q(area__parent__parent=village)
    beat = held_today(user).filter(inside).select_related("unit").first()
    if beat:
        return beat.unit
    return village.units.filter(in_subtrees("path", user.scope.paths_as(KEEPERS))).order_by("-depth", "path")[0]


def may_keep(user, entry: VisitedEntry) -> bool:
    return user.scope.holds(KEEPERS, entry.unit) or villages_round(held_today(user)).filter(pk=entry.area_id).exists()


def may_oversee(user, entry: VisitedEntry) -> bool:
    return user.scope.holds(OVERSEERS, entry.unit)


def log_opening(user, entry: VisitedEntry, act: Opened) -> None:
    """Keeps that somebody opened an entry or its numbers, for good."""
    RegisterOpening.objects.create(user=user, register=page_of(entry).key, entry=entry.uuid, act=act)


def log_export(user, page: RegisterPage, detail: str) -> None:
    RegisterOpening.objects.create(user=user, register=page.key, act=Opened.EXPORT, detail=detail[:200])


def openings_of(entry: VisitedEntry):
    return RegisterOpening.objects.filter(entry=entry.uuid).select_related("user").order_by("-at", "-pk")


def reports_of(entry: VisitedEntry, user) -> QuerySet[Report]:
    """The visits to an entry that the user may read, newest first."""
    reports = Report.objects.for_user(user).filter(**{f"visit__{page_of(entry).key}": entry})
    return reports.select_related("officer", "unit", "visit").order_by("-occurred_at", "-pk")


def remove(entry: VisitedEntry) -> None:
    """Takes an entry out of the register. Raises ProtectedError where a report names it: then it can only be closed."""
    with transaction.atomic():
        entry.delete()


@dataclasses.dataclass(frozen=True)
class Coverage:
    """How many of the recorded households were seen within twelve months; `name` is the RW's, empty of the whole. `vulnerable` are those
    that need special care, and `kinds` how many for which reason: counts alone, never who (domain.md 3.11)."""

    name: str
    seen: int
    all: int
    vulnerable: int = 0
    kinds: tuple[tuple[str | Promise, int], ...] = ()

    @property
    def percent(self) -> int:
        return share_of(self.seen, self.all)


def share_of(seen: int, everything: int) -> int:
    """Percent without decimals. 100 only when nobody is left out, 0 only when nobody was seen."""
    if not everything:
        return 0
    percent = round(100 * seen / everything)
    if seen < everything:
        percent = min(percent, 99)
    return max(percent, 1) if seen else 0


def coverage_by_rw(households: QuerySet[Household], day: datetime.date) -> list[Coverage]:
    """Of each RW in its order. Give the households of one village that the reader may see."""
    seen = Count("pk", filter=Q(seen_on__gt=day - SEEN_WITHIN))
    kinds: dict[str, Any] = {f"kind_{kind.value}": Count("pk", filter=Q(vulnerable__contains=[kind.value])) for kind in Vulnerable}
    there = households.filter(is_active=True).order_by("rw").values_list("rw")
    rows: Any = there.annotate(n=Count("pk"), m=seen, v=Count("pk", filter=~Q(vulnerable=[])), **kinds)
    return [Coverage(rw, m, n, v, kinds_of(counts)) for rw, n, m, v, *counts in rows]


def kinds_of(counts: list[int]) -> tuple[tuple[str | Promise, int], ...]:
    return tuple((kind.label, count) for kind, count in zip(Vulnerable, counts, strict=True) if count)


def coverage_of(parts: list[Coverage]) -> Coverage:
    return Coverage("", sum(part.seen for part in parts), sum(part.all for part in parts))

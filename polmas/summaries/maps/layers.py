"""The layers of the map. Each says which rows a person may see as points, how they are bound to days, and what the card of one says.

Whatever shows, counts or hands out points starts from `Layer.shown`: no other way leads from a person to rows.
"""

import abc
import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import Community, Group, Incident, Place, Potential, Problem
from mapping.models.incidents import DISCREET_KINDS
from mapping.models.potentials import KIND_LISTS
from patrol.filters import COUNTED
from patrol.models import Contact, Kind, Report
from polmas.people.models import Code
from polmas.people.scope import INCIDENT_READERS
from polmas.people.sheets import Cell
from polmas.people.templatetags.polmas import moment


@dataclasses.dataclass(frozen=True)
class Asked:
    """Which rows are asked for: of the days from start to end, and of these kinds by the layer's name (all where it is not named)."""

    start: datetime.date
    end: datetime.date
    kinds: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)


class Layer(abc.ABC):
    """One kind of thing that lies somewhere. Its rows have `location`, `area` and `unit`, and a `uuid` by which links name them."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str]
    model: ClassVar[Any]
    kind: ClassVar[str] = "kind"  # the column by which rows are told apart
    moment: ClassVar[str] = ""  # the column that says when it happened; empty where things last
    day: ClassVar[str] = ""  # and the one of the unit's calendar day
    happens: ClassVar[bool] = False  # whether it may be told where it happens often; what is simply there is not
    searched: ClassVar[str] = ""  # the column by which a search finds rows
    related: ClassVar[tuple[str, ...]] = ("area", "unit")
    list_name: ClassVar[str]  # of the address of its list
    list_kind: ClassVar[str] = "jenis"  # what narrows that list to one kind; empty where nothing does

    def rows(self, user) -> QuerySet:
        """What the person may see as points."""
        return self.model.objects.for_user(user)

    def shown(self, user, asked: Asked) -> QuerySet:
        """The rows that a map shows as points, in no order."""
        return self._asked(self.rows(user).filter(location__isnull=False), asked)

    def counted(self, user, asked: Asked) -> QuerySet:
        """What is counted by village: with a point or without, and what may be counted only."""
        return self.listed_for(user, asked)

    def listed_for(self, user, asked: Asked) -> QuerySet:
        """Rows with a point or without that the person may know one by one: what files hold."""
        return self._asked(self.rows(user), asked)

    def _asked(self, rows, asked):
        """Of these days and kinds; things that last are there on every day."""
        kinds = asked.kinds.get(self.name)
        rows = rows.filter(**{f"{self.day}__range": (asked.start, asked.end)}) if self.day else rows
        return (rows.filter(**{f"{self.kind}__in": kinds}) if kinds else rows).order_by()

    @property
    def code_lists(self) -> tuple[str, ...]:
        """The lists of codes from which the kinds come; none where they are the program's own."""
        return (self.model._meta.get_field(self.kind).code_list,)

    def kinds(self, codes: Iterable[Code] | None = None) -> list[tuple[str, str]]:
        """Codes and words by which rows are told apart; `codes` where the lists were read already."""
        return list({code.code: code.label for code in (Code.objects.filter(list__in=self.code_lists) if codes is None else codes)}.items())

    @abc.abstractmethod
    def title(self, row, word: str) -> str:
        """What the card of one row says first, given the word for its kind."""

    def meta(self, row) -> str:
        """And below it."""
        return row.area.name

    @abc.abstractmethod
    def url(self, row) -> str:
        """The page of one row."""

    def list_url(self, asked: Asked, area_code: str) -> str:
        """The list of its rows in one village, with the same filters; empty where no list shows just these."""
        kinds, filters = asked.kinds.get(self.name, frozenset()), self.list_filters(asked)
        if filters is None or len(kinds) > (1 if self.list_kind else 0):
            return ""
        return f"{reverse(self.list_name)}?{urlencode({'wilayah': area_code, **dict(zip([self.list_kind], kinds, strict=False)), **filters})}"

    def list_filters(self, asked: Asked) -> dict[str, Any] | None:
        """What narrows the list beside village and kind; None where it can't be narrowed so."""
        return {}

    def place(self, row) -> GEOSGeometry | None:
        """Where a row of `listed_for` lies, as far as its reader may know."""
        return self.outline(row) or row.location

    def outline(self, row) -> GEOSGeometry | None:
        """The whole of what a row covers, where that is more than its point."""
        return None

    def facts(self, row, word: str) -> dict[str, Cell]:
        """What a file says of one row beside its place, by heading. No names of residents, no phones."""
        when = getattr(row, self.moment).astimezone(row.unit.zone) if self.moment else None
        return {
            "id": str(row.uuid),
            "jenis": word,
            **({"tanggal": when.date(), "jam": f"{when:%H.%M}"} if when else {}),
            "kode_wilayah": row.area.code if row.area else "",
            "wilayah": row.area.name if row.area else "",
            "satuan": row.unit.name,
            **self.told(row),
        }

    def told(self, row) -> dict[str, Cell]:
        """What only rows of this layer have to say."""
        return {}

    def lying_in(self, areas: Iterable[int]) -> Q:
        """Rows of some areas, given by their keys."""
        return Q(area__in=areas)

    def for_phones(self, rows: QuerySet) -> QuerySet:
        """Of these rows, those that may be kept on a phone: what is confidential stays with the server, for phones are lost."""
        return rows

    def near(self, keys: Iterable[int]) -> QuerySet:
        """Single rows with what their cards need, the newest first."""
        return self.model.objects.filter(pk__in=keys).select_related(*self.related).order_by(f"-{self.moment}" if self.moment else "-pk", "-pk")


class Visits(Layer):
    """Reports that figures count."""

    name, label, icon, model = "visits", _("Activities"), "clipboard-list", Report
    moment, day, happens, related = "occurred_at", "day", True, ("area", "unit", "officer")
    list_name, code_lists = "patrol:report_list", ()

    def rows(self, user):
        return Report.objects.for_user(user).counted()

    def kinds(self, codes=None):
        return [(value, str(label)) for value, label in Kind.choices]

    def title(self, row, word):
        return f"{word}, {row.area.name}"

    def meta(self, row):
        return f"{moment(row.occurred_at, row.unit)} · {row.officer}"

    def url(self, row):
        return reverse("patrol:report_detail", args=[row.uuid])

    def list_filters(self, asked):
        return {"dari": asked.start, "sampai": asked.end, "status": COUNTED}

    def told(self, row):
        return {"status": str(row.get_state_display()), "petugas": str(row.officer), "hasil": row.result or row.narrative}


class Incidents(Layer):
    """Disturbances whose exact point the person may see; discreet ones are counted by village alone."""

    name, label, icon, model = "incidents", _("Incidents"), "urgent", Incident
    moment, day, happens = "occurred_at", "day", True
    list_name = "mapping:incident_list"

    def rows(self, user):
        return Incident.objects.pointed_for(user)

    def counted(self, user, asked):
        return self._asked(Incident.objects.counted_for(user), asked)

    def listed_for(self, user, asked):
        pointed = Incident.objects.pointed_for(user).filter(pk=OuterRef("pk"))
        return self._asked(Incident.objects.for_user(user), asked).annotate(is_pointed=Exists(pointed))

    def place(self, row):
        return row.location if row.is_pointed else None

    def for_phones(self, rows):
        return rows.exclude(kind__in=DISCREET_KINDS)

    def title(self, row, word):
        return f"{word}, {row.area.name}"

    def meta(self, row):
        return moment(row.occurred_at, row.unit)

    def url(self, row):
        return reverse("mapping:incident_detail", args=[row.uuid])

    def list_filters(self, asked):
        return {"dari": asked.start, "sampai": asked.end}

    def told(self, row):
        return {"kelas": str(row.get_klass_display()), "alamat": row.address, "penanganan": str(row.get_status_display())}


class Problems(Layer):
    """Problems that were known and not solved at the end of the days asked for."""

    name, label, icon, model = "problems", _("Problems"), "alert-triangle", Problem
    happens, searched, list_name = True, "title", "mapping:problem_list"

    def rows(self, user):
        return Problem.objects.for_user(user)

    def _asked(self, rows, asked):
        known = rows.filter(created_at__date__lte=asked.end)
        return super()._asked(known.filter(Q(solved_on__isnull=True) | Q(solved_on__gt=asked.end)), asked)

    def list_filters(self, asked):
        """The list shows those that are open now."""
        return {"utama": 1} if asked.end >= timezone.localdate() else None

    def for_phones(self, rows):
        return rows.filter(is_confidential=False)

    def lying_in(self, areas):
        """Those that reach into one of the areas, too."""
        return super().lying_in(areas) | Q(pk__in=Problem.areas.through.objects.filter(area__in=areas).values("problem"))

    def title(self, row, word):
        return row.title

    def meta(self, row):
        return f"{row.get_status_display()} · {row.area.name}"

    def outline(self, row):
        return row.shape if row.shape and row.shape.geom_type != "Point" else None

    def told(self, row):
        return {
            "judul": row.title,
            "kelas": str(row.get_klass_display()),
            "tingkat": row.grade,
            "status": str(row.get_status_display()),
            "target": row.target_on,
        }

    def url(self, row):
        return reverse("patrol:problem_detail", args=[row.uuid])


class Register(Layer):
    """Entries of a village's register that are in use."""

    searched = "name"

    def rows(self, user):
        return self.model.objects.for_user(user).active()

    def title(self, row, word):
        return row.label

    def meta(self, row):
        return row.address

    def told(self, row):
        return {"nama": row.label, "rw": row.rw, "rt": row.rt, "patokan": row.landmark}


class Posts(Register):
    name, label, icon, model = "posts", _("Posts"), "tent", Place
    list_name, list_kind = "patrol:post_list", ""

    def url(self, row):
        return reverse("patrol:post_detail", args=[row.uuid])


class Potentials(Register):
    """Places, activities and goods."""

    name, label, icon, model = "potentials", _("Potentials"), "building-community", Potential
    code_lists = tuple(KIND_LISTS.values())

    def list_filters(self, asked):
        return None  # their lists show one class at a time

    def for_phones(self, rows):
        return rows.filter(is_confidential=False)

    def url(self, row):
        return reverse("patrol:potential_detail", args=[row.uuid])


class People(Register):
    """Tokoh by the place where they are met."""

    name, label, icon, model, kind = "people", _("Tokoh"), "user-star", Contact, "role"
    list_name, list_kind = "patrol:contact_list", ""

    def url(self, row):
        return reverse("patrol:contact_detail", args=[row.uuid])


class Groups(Register):
    name, label, icon, model = "groups", _("Swakarsa groups"), "shield-half", Group
    list_name = "patrol:group_list"

    def url(self, row):
        return reverse("patrol:group_detail", args=[row.uuid])


class Communities(Register):
    name, label, icon, model, kind = "communities", _("Communities"), "users-group", Community, "basis"
    list_name = "patrol:community_list"

    def url(self, row):
        return reverse("patrol:community_detail", args=[row.uuid])


ALL = (Visits(), Problems(), Incidents(), Potentials(), Posts(), People(), Groups(), Communities())
LAYERS: dict[str, Layer] = {layer.name: layer for layer in ALL}


def may_see_map(user) -> bool:
    """Officers, those who read a unit whole, and those who keep its incidents. Who reads figures alone has no points to look at."""
    return user.scope.is_officer or bool(user.scope.whole_paths | user.scope.paths_as(INCIDENT_READERS))


def require_map(user):
    if not may_see_map(user):
        raise Http404

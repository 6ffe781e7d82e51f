"""Administrative areas from province to RT, and how they are drawn."""

import datetime
import itertools
import re
from collections.abc import Sequence
from typing import Any

import pghistory
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import Distance as Measure
from django.db import connection
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit
from polmas.people.models.absences import KEEPERS
from polmas.people.scope import in_subtrees, on_day


class Level(models.TextChoices):
    """Levels of Permendagri codes and, below the village, of neighbourhoods."""

    PROVINSI = "PROVINSI", _("province")
    KABKOTA = "KABKOTA", _("regency or city")
    KECAMATAN = "KECAMATAN", _("district")
    KELURAHAN = "KELURAHAN", "kelurahan"
    DESA = "DESA", "desa"
    RW = "RW", "RW"
    RT = "RT", "RT"


VILLAGES = (Level.KELURAHAN, Level.DESA)
LOWEST_DEPTH = 6  # an RT
DEPTH_LEVEL = {1: Level.PROVINSI, 2: Level.KABKOTA, 3: Level.KECAMATAN, 5: Level.RW, 6: Level.RT}


# The box in which Indonesia lies, in degrees: west, south, east, north.
INDONESIA = (94.5, -11.5, 141.5, 6.5)


def in_indonesia(west: float, south: float, east: float | None = None, north: float | None = None) -> bool:
    """Whether a box, or a point given by longitude and latitude alone, lies in Indonesia's box. NaN lies nowhere."""
    east, north = west if east is None else east, south if north is None else north
    return INDONESIA[0] <= west <= east <= INDONESIA[2] and INDONESIA[1] <= south <= north <= INDONESIA[3]


# Two digits a level, four for the village (1 kelurahan, 2 desa, 3 desa adat: Permendagri 137/2017), three for RW and RT.
CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[1-3][0-9]{3}(\.[0-9]{3}){0,2})?)?)?")


def dotted(code: str) -> str:
    """The official code with dots: 3374111004 and 33.74.11.1004 mean the same."""
    digits = code.strip()
    if "." in digits or not digits.isdigit():
        return digits
    cuts = [0, 2, 4, 6, 10, 13, 16]
    return ".".join(part for start, end in itertools.pairwise(cuts) if (part := digits[start:end]))


def level_of(code: str) -> Level:
    """The level that a dotted code stands for; the fourth part tells kelurahan (1xxx) from desa (2xxx). Permendagri 137/2017."""
    parts = code.split(".")
    if len(parts) == 4:
        return Level.DESA if parts[3].startswith("2") else Level.KELURAHAN
    return DEPTH_LEVEL[len(parts)]


class AreaQuerySet(models.QuerySet):
    def for_user(self, user):
        """Boundaries and names of areas are public figures of the state: every police user may look any up, nobody else."""
        return self if user.scope.is_police or user.scope.is_admin else self.none()

    def by_code(self, code: str):
        """The area of a code, with dots or without; none where it is no code at all."""
        code = dotted(code)
        return self.filter(code=code) if CODE.fullmatch(code) else self.none()

    def search(self, text: str):
        """Areas by a part of the name, or by the beginning of the code with dots or without."""
        text = " ".join(text.split())
        return self.filter(Q(name__icontains=text) | Q(code__startswith=dotted(text))) if text else self

    def below(self, area):
        """The area and all within it, by code."""
        return self.filter(Q(code=area.code) | Q(code__startswith=f"{area.code}."))

    def villages(self):
        return self.filter(level__in=VILLAGES)

    def held_by(self, user, day: datetime.date):
        """Areas that a person holds on a day."""
        return self.filter(on_day(day, "beats__starts_on", "beats__ends_on"), beats__user=user).distinct()

    def villages_held_by(self, user, day: datetime.date):
        """The villages that a person holds on a day; for an RW or RT the village round it."""
        held = Area.objects.held_by(user, day).order_by()
        return self.villages().filter(Q(pk__in=held.values("pk")) | Q(children__in=held) | Q(children__children__in=held)).distinct()

    def mine(self, user, day: datetime.date):
        """What a person answers for: the areas held that day, and those of the units that are read as a whole or in figures."""
        paths = user.scope.whole_paths | user.scope.figure_paths
        policed = Area.units.through.objects.filter(in_subtrees("unit__path", paths)).values("area")
        held = Area.objects.held_by(user, day).order_by().values("pk")
        return self.filter(pk__in=policed.union(held))  # of two lists joined by OR every area of the country would be looked at

    def ranked(self, user, day: datetime.date):
        """With `rank`: 0 what a person answers for (`mine`), 1 all else. Asked area by area: a name finds few, while Mabes polices them all."""
        paths = user.scope.whole_paths | user.scope.figure_paths
        policed = Area.units.through.objects.filter(in_subtrees("unit__path", paths), area=OuterRef("pk"))
        held = Area.objects.held_by(user, day).order_by().filter(pk=OuterRef("pk"))
        is_mine = Case(When(Exists(policed) | Exists(held), then=Value(0)), default=Value(1), output_field=models.IntegerField())
        return self.annotate(rank=is_mine)

    def outlined(self, day: datetime.date, zoom: int | None = None):
        """With `outline`, the shape of that day, or None; for a zoom of the map no finer than its pixels."""
        expression: F | Func = F("shape")
        if zoom is not None:
            simple = Func(expression, 360 / 256 / 2**zoom, function="ST_SimplifyPreserveTopology")
            expression = Func(simple, function="ST_Multi", output_field=models.GeometryField(srid=4326))
        shapes = AreaShape.objects.on(day).filter(area=OuterRef("pk")).annotate(outline=expression).values("outline")[:1]
        return self.annotate(outline=Subquery(shapes, output_field=models.GeometryField(srid=4326)))

    def of_unit(self, unit):
        """Areas that belong to a unit or to units below it."""
        return self.filter(pk__in=Area.units.through.objects.filter(unit__path__startswith=unit.path).values("area"))

    def policed_by(self, unit):
        """The areas of a unit, and the RW and RT within them that are not given up: what its officers can hold."""
        mine = Area.objects.of_unit(unit).values("pk")
        return self.filter(Q(pk__in=mine) | Q(parent__in=mine) | Q(parent__parent__in=mine), closed_on=None)

    def make(self, names: dict[str, str], known: dict[str, "Area"], **common) -> dict[str, "Area"]:
        """Makes areas of codes and names from the province down and returns them by code; those above them stand in `known` or among them."""
        made: dict[str, Area] = {}
        for depth in range(1, LOWEST_DEPTH + 1):
            codes = [code for code in names if code.count(".") + 1 == depth]
            above = ((code, made.get(parent := code.rpartition(".")[0]) or known.get(parent)) for code in codes)
            areas = [Area(code=code, name=names[code], level=level_of(code), depth=depth, parent=parent, **common) for code, parent in above]
            made |= {area.code: area for area in Area.objects.bulk_create(areas, batch_size=5000)}
        return made

    def locate(self, point: Point, day: datetime.date):
        """The smallest area whose shape of that day covers the point, or None outside all.

        Neighbours overlap a little in official data: of two of one level the one with the lesser code answers, always.
        """
        shape = (
            AreaShape.objects.on(day).filter(shape__covers=point).order_by("-area__depth", "area__code").select_related("area").defer("shape").first()
        )
        return shape and shape.area

    def village_at(self, point: Point | None, day: datetime.date):
        """Of these the village that covers a point, a part of it included; None where none does."""
        found = Area.objects.locate(point, day) if point else None
        return self.filter(code=found.village_code).first() if found and found.depth >= Area.VILLAGE_DEPTH else None

    def misplaced(self, point: Point, village: "Area", day: datetime.date):
        """The village in which a point lies that is said to lie in another one, farther than 2 km away; None where it may well be so."""
        found = self.locate(point, day)
        if found is None or found.depth < Area.VILLAGE_DEPTH or Area.objects.below(village).filter(pk=found.pk).exists():
            return None
        is_far = AreaShape.objects.on(day).filter(area=village).annotate(away=Distance("shape", point)).filter(away__gt=FAR).exists()
        return self.get(code=".".join(found.code.split(".")[: Area.VILLAGE_DEPTH])) if is_far else None

    def locate_all(self, points: Sequence[tuple[float, float]], day: datetime.date) -> list[str | None]:
        """For each point, as longitude and latitude in degrees, the code of the area that `locate` would find; one statement for all."""
        found: list[str | None] = [None] * len(points)
        with connection.cursor() as cursor:
            cursor.execute(LOCATE_ALL, {"lon": [lon for lon, _lat in points], "lat": [lat for _lon, lat in points], "day": day})
            for place, code in cursor.fetchall():
                found[place - 1] = code
        return found

    def nearest_all(self, points: Sequence[tuple[float, float]], day: datetime.date, within_m: float) -> list[tuple[str, float] | None]:
        """For each point, as longitude and latitude, the code of the nearest drawn village and its distance in metres; None beyond `within_m`."""
        found: list[tuple[str, float] | None] = [None] * len(points)
        asked: dict[str, Any] = {
            "lon": [lon for lon, _lat in points],
            "lat": [lat for _lon, lat in points],
            "day": day,
            "degrees": within_m / 100_000,
        }
        with connection.cursor() as cursor:
            cursor.execute(NEAREST_ALL, asked)
            for place, code, metres in cursor.fetchall():
                found[place - 1] = (code, metres) if metres <= within_m else None
        return found


FAR = Measure(km=2)  # so far beyond its village a point is no matter of a boundary that was drawn roughly
LOCATE_ALL = """
    SELECT DISTINCT ON (place) place, area.code
    FROM unnest(%(lon)s::float[], %(lat)s::float[]) WITH ORDINALITY AS asked (lon, lat, place)
    JOIN mapping_areashape drawn ON ST_Covers(drawn.shape, ST_SetSRID(ST_MakePoint(lon, lat), 4326)) AND drawn.is_current
        AND (drawn.valid_from IS NULL OR drawn.valid_from <= %(day)s) AND (drawn.valid_to IS NULL OR drawn.valid_to >= %(day)s)
    JOIN mapping_area area ON area.id = drawn.area_id
    ORDER BY place, area.depth DESC, area.code
"""
# A degree is nowhere in Indonesia shorter than 100 km, so that many degrees hold all that lies within.
NEAREST_ALL = """
    SELECT place, near.code, near.metres
    FROM unnest(%(lon)s::float[], %(lat)s::float[]) WITH ORDINALITY AS asked (lon, lat, place)
    CROSS JOIN LATERAL (
        SELECT area.code, ST_Distance(drawn.shape::geography, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) AS metres
        FROM mapping_areashape drawn JOIN mapping_area area ON area.id = drawn.area_id
        WHERE area.depth = 4 AND drawn.is_current AND ST_DWithin(drawn.shape, ST_SetSRID(ST_MakePoint(lon, lat), 4326), %(degrees)s)
            AND (drawn.valid_from IS NULL OR drawn.valid_from <= %(day)s) AND (drawn.valid_to IS NULL OR drawn.valid_to >= %(day)s)
        ORDER BY drawn.shape <-> ST_SetSRID(ST_MakePoint(lon, lat), 4326), area.code
        LIMIT 1
    ) near
"""


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["listed_on"])
class Area(models.Model):
    """One administrative area, by its official code; RW and RT carry the village's code with three digits each."""

    VILLAGE_DEPTH = 4

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    depth = models.PositiveSmallIntegerField(editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("within"))
    units = models.ManyToManyField(Unit, blank=True, related_name="areas", verbose_name=_("units that police it"))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    figures_year = models.PositiveSmallIntegerField(_("year of the figures"), null=True, blank=True)
    listed_on = models.DateField(_("in the official list of"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)  # an RW or RT that was given up

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4}(\.\d{3}(\.\d{3})?)?)?)?)?$"),
                name="area_code_dotted",
                violation_error_message=_("A code looks like 33.74.11.1004."),
            ),
            models.CheckConstraint(condition=Q(depth=1) | Q(parent__isnull=False), name="area_has_parent"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.code = dotted(self.code)
        self.level, self.depth = level_of(self.code), self.code.count(".") + 1
        super().save(*args, **kwargs)

    @property
    def is_village(self):
        return self.level in VILLAGES

    @property
    def village_code(self) -> str:
        """Of an RW or RT the code of the village round it; of all else its own."""
        return ".".join(self.code.split(".")[: self.VILLAGE_DEPTH])

    @property
    def ancestor_codes(self) -> list[str]:
        """Codes of the areas around it, from the province down."""
        parts = self.code.split(".")
        return [".".join(parts[:end]) for end in range(1, len(parts))]

    def ancestors(self):
        """The areas around it, from the province down."""
        return Area.objects.filter(code__in=self.ancestor_codes).order_by("depth")

    def may_be_kept_by(self, user) -> bool:
        """Whether somebody says what lies within it, and what it is like: Kanit Binmas and operator of a unit that polices it."""
        if not user.scope.has(*KEEPERS):
            return False
        rows = Area.units.through.objects.filter(area__code__in=[*self.ancestor_codes, self.code]).select_related("unit")
        return any(user.scope.holds(KEEPERS, row.unit) for row in rows)

    @property
    def may_have_parts(self) -> bool:
        """Whether RW or RT lie within it."""
        return self.is_village or self.level == Level.RW

    def close(self, day: datetime.date) -> None:
        """Ends an RW or RT: nobody is assigned to it from now on; what was done there stays."""
        self.closed_on = day
        self.save(update_fields=["closed_on"])

    def reopen(self) -> None:
        self.closed_on = None
        self.save(update_fields=["closed_on"])

    @property
    def title(self):
        """The name with its level, as people say it: Kelurahan Pedalangan, RW 003."""
        if self.level == Level.KABKOTA:
            return self.name
        label = self.get_level_display()
        return f"{label[0].upper()}{label[1:]} {self.name}"


class AreaShapeQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """The shapes that hold on a day: of all sources loaded, only those made current."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day), is_current=True)


class AreaShape(models.Model):
    """How one area is drawn by one source in one version, and on which days that drawing is the one that counts.

    A better drawing of an unchanged boundary takes the older one's place from the beginning (`valid_from` empty, the older no
    longer current). A boundary that really moved starts on a day; the older one stays current for the days before it.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="shapes", verbose_name=_("area"))
    source = models.CharField(_("source"), max_length=60)
    version = models.CharField(_("version"), max_length=60, blank=True)
    shape = models.MultiPolygonField(_("shape"), srid=4326)
    area_m2 = models.FloatField(_("size in square metres"))
    is_current = models.BooleanField(_("current"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)

    objects = AreaShapeQuerySet.as_manager()

    class Meta:
        verbose_name = _("shape of an area")
        verbose_name_plural = _("shapes of areas")
        constraints = [
            models.UniqueConstraint(fields=["area", "source", "version"], name="shape_once_per_version"),
            models.UniqueConstraint(fields=["area"], condition=Q(is_current=True, valid_to__isnull=True), name="shape_one_current"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="shape_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.area} ({self.source})"

    @property
    def is_standing(self) -> bool:
        """Whether this is the drawing that counts until another takes its place."""
        return self.is_current and self.valid_to is None

    @property
    def km2(self) -> float:
        return self.area_m2 / 1e6

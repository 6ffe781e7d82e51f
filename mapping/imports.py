"""Loads official boundaries: which areas there are, how they are drawn, and from which day."""

import collections
import dataclasses
import datetime
import itertools
from collections.abc import Iterable
from pathlib import Path

from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from mapping.codes import CODE_NAMES, LONGEST_NAME, MANGLED, NAME_NAMES, check, text_of
from mapping.geofiles import Feature, RefusedError, multipolygon, read_features
from mapping.models import Area, AreaShape
from mapping.models.areas import dotted, in_indonesia
from polmas.people.imports import Line

PARENT_NAMES = {
    1: ("provinsi", "province", "propinsi", "wadmpr"),
    2: ("kabkota", "kabupaten", "kab_kota", "regency", "wadmkk"),
    3: ("kecamatan", "district", "wadmkc"),
    4: ("kelurahan", "desa", "village", "wadmkd"),
    5: ("rw",),
}
DAY = datetime.timedelta(days=1)
BATCH = 1000  # features for which the database is asked at once


@dataclasses.dataclass
class AreaReport:
    """What became of a file. An area is added when it had no drawing before; changed when its drawing or name is another now;
    vanished when the file leaves it out among its neighbours: it is named, and stays."""

    added: list[Line] = dataclasses.field(default_factory=list)
    changed: list[Line] = dataclasses.field(default_factory=list)
    unchanged: list[Line] = dataclasses.field(default_factory=list)
    vanished: list[Line] = dataclasses.field(default_factory=list)
    repaired: list[Line] = dataclasses.field(default_factory=list)
    refused: list[Line] = dataclasses.field(default_factory=list)
    parents: list[Line] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Drawing:
    """One area as the file has it."""

    code: str
    name: str
    parents: dict[str, str]
    shape: MultiPolygon
    is_repaired: bool

    @property
    def depth(self):
        return self.code.count(".") + 1

    @property
    def ancestors(self) -> list[str]:
        parts = self.code.split(".")
        return [".".join(parts[:end]) for end in range(1, len(parts))]


def load_areas(
    file,
    source: str = "",
    version: str = "",
    valid_from: datetime.date | None = None,
    is_current: bool = True,
    within: Iterable[str] | None = None,
) -> AreaReport:
    """Loads a file of boundaries (a path, or an open binary file with GeoJSON) in one transaction; loading it again changes nothing.

    Without `valid_from` a drawing that differs takes the place of the current one for all the days that one stood for; with it
    the older one keeps the days before. `is_current=False` keeps the drawings aside. With `within` only areas of these codes and
    below are touched: an operator loads the own city, not the neighbour's. Raises ValidationError where the file as
    a whole cannot be read or nothing of it was loaded.
    """
    source = source or _file_stem(file)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE mapping_areashape IN SHARE ROW EXCLUSIVE MODE")  # one import at a time; readers go on
        return _Import(AreaReport(), source[:60].strip(), version.strip(), valid_from, is_current, within).run(read_features(file))


def _file_stem(file) -> str:
    return Path(str(getattr(file, "name", file))).name.split(".")[0]


class _Import:
    """One run of `load_areas`."""

    def __init__(self, report, source, version, valid_from, is_current, within=None):
        self.within = None if within is None else tuple(f"{code}." for code in within)
        self.report, self.source, self.version, self.valid_from, self.is_current = report, source, version, valid_from, is_current
        self.seen: set[str] = set()
        self.waiting: list[Drawing] = []  # whose parents may still come further down the file

    def run(self, features: Iterable[Feature]) -> AreaReport:
        drawings = filter(None, map(self.read, features))
        while batch := list(itertools.islice(drawings, BATCH)):
            self.load(batch)
        waiting, self.waiting = self.waiting, []
        self.load(waiting)
        for drawing in self.waiting:
            self.refuse(drawing, _("the area around it is neither known nor named"))
        if not self.seen and not self.report.refused:
            raise ValidationError(_("The file holds no areas."))
        self.note_vanished()
        return self.report

    def read(self, feature: Feature) -> Drawing | None:
        """The drawing that a feature holds, or None with the reason noted."""
        properties = {str(name).casefold(): value for name, value in feature.properties.items()}
        code, name = dotted(text_of(properties, CODE_NAMES)), text_of(properties, NAME_NAMES)
        label = code or _("feature %(number)s") % {"number": feature.number}
        try:
            self.check(code, name)
            shape, is_repaired = multipolygon(feature.geometry)
            if not in_indonesia(*shape.extent):
                raise RefusedError(_("outside Indonesia; are its coordinates longitude first?"))
        except RefusedError as refusal:
            self.report.refused.append(Line(label[:60], name[:LONGEST_NAME], str(refusal)))
            return None
        return Drawing(code, name, _parents(code, properties), shape, is_repaired)

    def check(self, code, name):
        check(code, name, self.seen)
        if self.within is not None and not f"{code}.".startswith(self.within):
            raise RefusedError(_("outside your own unit"))
        self.seen.add(code)

    def refuse(self, drawing, reason):
        self.report.refused.append(Line(drawing.code, drawing.name, reason))

    def load(self, drawings: list[Drawing]):
        """Brings a batch into the database by a fixed number of statements."""
        drawings = self.with_areas(drawings)
        shapes = AreaShape.objects.filter(area__code__in=[drawing.code for drawing in drawings])
        standing = {shape.area_id: shape for shape in shapes.filter(is_current=True, valid_to__isnull=True)}
        mine = {shape.area_id: shape for shape in shapes.filter(source=self.source, version=self.version)}
        changes = _Changes()
        for drawing in drawings:
            area = self.areas[drawing.code]
            try:
                self.place(drawing, area, standing.get(area.pk), mine.get(area.pk), changes)
            except RefusedError as refusal:
                self.refuse(drawing, str(refusal))
        changes.write()

    def with_areas(self, drawings: list[Drawing]) -> list[Drawing]:
        """Makes the areas that are missing, from the province down; those whose parents are unknown wait for the end of the file."""
        drawings = sorted(drawings, key=lambda drawing: drawing.depth)
        codes = {code for drawing in drawings for code in (drawing.code, *drawing.ancestors)}
        self.areas = {area.code: area for area in Area.objects.filter(code__in=codes)}
        drawings = self.with_listed(drawings)
        ready: list[Drawing] = []
        made: dict[str, str] = {}
        for drawing in drawings:
            missing = {code: drawing.parents.get(code, "") for code in drawing.ancestors if code not in self.areas and code not in made}
            if not all(missing.values()):
                self.waiting.append(drawing)
                continue
            self.report.parents += [Line(code, name) for code, name in missing.items()]
            made |= missing
            if drawing.code not in self.areas:
                made[drawing.code] = drawing.name
            ready.append(drawing)
        self.areas |= Area.objects.make(made, self.areas)
        return ready

    def with_listed(self, drawings: list[Drawing]) -> list[Drawing]:
        """Without those that the official list does not have, or that lie in such, though it names their neighbours: lakes, and what was misread."""
        new = {
            drawing.code: {
                code.rpartition(".")[0]
                for code in (*drawing.ancestors, drawing.code)
                if code not in self.areas and code.count(".") < Area.VILLAGE_DEPTH
            }
            for drawing in drawings
        }
        neighbours = Area.objects.filter(parent__code__in=set().union(*new.values()), listed_on__isnull=False)
        listed = set(neighbours.order_by().values_list("parent__code", flat=True).distinct())
        for drawing in drawings:
            if new[drawing.code] & listed:
                self.refuse(drawing, _("not in the official list of codes; if it is new, load a newer list first"))
        return [drawing for drawing in drawings if not new[drawing.code] & listed]

    def place(self, drawing: Drawing, area: Area, standing: AreaShape | None, mine: AreaShape | None, changes: "_Changes"):
        """Decides what one drawing changes, given the one that stands now and the one that this source and version already has."""
        compared = standing if self.is_current else mine
        is_same = compared is not None and compared.shape.equals_exact(drawing.shape)
        if not is_same:
            changes.draw(self.row(area, standing, mine, changes), drawing.shape)
        is_renamed = self.is_current and area.listed_on is None and area.name != drawing.name
        if is_renamed:
            area.name = drawing.name
            changes.renamed.append(area)
        line = Line(drawing.code, drawing.name)
        outcome = self.report.added if compared is None else self.report.unchanged if is_same and not is_renamed else self.report.changed
        outcome.append(line)
        if drawing.is_repaired:
            self.report.repaired.append(line._replace(reason=_("its rings crossed, touched or stayed open")))

    def row(self, area: Area, standing: AreaShape | None, mine: AreaShape | None, changes: "_Changes") -> AreaShape:
        """The row that takes the drawing. What stood until now gives way, or ends on the day before the new one starts."""
        row = mine or AreaShape(area=area, source=self.source, version=self.version)
        if not self.is_current:
            if row.is_current and row.pk:
                raise RefusedError(_("this version of the source is the current one: give the drawing kept aside a version of its own"))
            row.is_current = False
            return row
        start = self.valid_from or (standing.valid_from if standing else None)
        if standing and standing.valid_from and start and start < standing.valid_from:
            raise RefusedError(_("a later drawing already stands from %(day)s on") % {"day": standing.valid_from})
        is_kept = row.pk and row.is_current and (row != standing or start != standing.valid_from)
        if is_kept:
            raise RefusedError(_("this version of the source holds for the days before: give the new drawing a version of its own"))
        if standing and standing != row:
            changes.end(standing, start)
        row.is_current, row.valid_from, row.valid_to = True, start, None
        return row

    def note_vanished(self):
        """Names the drawn areas that a file leaves out although it holds most of their neighbours within the same parent."""
        present = collections.Counter(code.rpartition(".")[0] for code in self.seen)
        depths = {code.count(".") + 1 for code in self.seen}
        drawn = (
            Area.objects.filter(depth__in=depths, shapes__is_current=True, shapes__valid_to__isnull=True).order_by("code").values_list("code", "name")
        )
        missing = collections.defaultdict(list)
        for code, name in drawn:
            if code not in self.seen:
                missing[code.rpartition(".")[0]].append(Line(code, name))
        for parent, lines in missing.items():
            if present[parent] > len(lines):
                self.report.vanished += lines


class _Changes:
    """What a batch writes, gathered so that each kind of change is one statement."""

    def __init__(self):
        self.renamed: list[Area] = []
        self.ended: list[AreaShape] = []
        self.drawn: list[AreaShape] = []

    def draw(self, row: AreaShape, shape: MultiPolygon):
        row.shape, row.area_m2 = shape, 0
        self.drawn.append(row)

    def end(self, row: AreaShape, start: datetime.date | None):
        """Takes a drawing away from the day on which its successor starts; for all its days where that is its own first."""
        if start is None or start == row.valid_from:
            row.is_current = False
        else:
            row.valid_to = start - DAY
        self.ended.append(row)

    def write(self):
        Area.objects.bulk_update(self.renamed, ["name"])
        AreaShape.objects.bulk_update(self.ended, ["is_current", "valid_to"])
        AreaShape.objects.bulk_update([row for row in self.drawn if row.pk], ["shape", "is_current", "valid_from", "valid_to"])
        made = AreaShape.objects.bulk_create([row for row in self.drawn if not row.pk])
        sizes = models.Func(models.F("shape"), template="ST_Area(%(expressions)s::geography)", output_field=models.FloatField())
        AreaShape.objects.filter(pk__in=[row.pk for row in (*self.drawn, *made)]).update(area_m2=sizes)


def _parents(code: str, properties: dict) -> dict[str, str]:
    """Names of the areas around one, by codes cut from its own. A mangled name names nothing."""
    parts = code.split(".")
    names = {".".join(parts[:depth]): text_of(properties, PARENT_NAMES[depth]) for depth in range(1, len(parts))}
    return {parent: "" if MANGLED in name else name[:LONGEST_NAME] for parent, name in names.items()}

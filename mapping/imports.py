"""Loads official boundaries: which areas there are, how they are drawn, and from which day."""

import collections
import datetime
import functools
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from mapping.codes import LONGEST_NAME, MANGLED, check, text_of
from mapping.comparing import Change, Comparison, merged
from mapping.gazetteer import PARENT_NAMES, SAMPLE, Columns, Gazetteer
from mapping.geofiles import AS_IT_SAYS, Reading, RefusedError, multipolygon, read_features
from mapping.import_terms import BY_THEMSELVES, AreaReport, Drawing, Naming, Terms
from mapping.models import Area, AreaShape
from mapping.models.areas import dotted, in_indonesia
from mapping.packed_files import Feature, Layer
from polmas.people.imports import Line

DAY = datetime.timedelta(days=1)
BATCH = 1000  # features for which the database is asked at once


def load_areas(file, how: Reading = AS_IT_SAYS, naming: Naming = BY_THEMSELVES, **terms) -> AreaReport:
    """Loads a file of boundaries (a path, or an open binary file) under `Terms`, in one transaction; loading it again changes nothing.

    Raises ValidationError where the file as a whole cannot be read or nothing of it was loaded. Its code says whether the same
    file would load otherwise: `swap_axes`, `srid` (it names no projection) or `fields`.
    """
    said = Terms(**terms)
    said = said._replace(source=(said.source or _file_stem(file))[:60].strip(), version=said.version.strip()[:60])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE mapping_areashape IN SHARE ROW EXCLUSIVE MODE")  # one import at a time; readers go on
        return _Import(said, how, naming).run(read_features(file, how))


def _file_stem(file) -> str:
    return Path(str(getattr(file, "name", file))).name.split(".")[0]


class _Import:
    """One run of `load_areas`."""

    def __init__(self, terms: Terms, how: Reading, naming: Naming):
        self.within = None if terms.within is None else tuple(f"{code}." for code in terms.within)
        self.terms, self.how, self.naming, self.report = terms, how, naming, AreaReport()
        self.source, self.version, self.valid_from, self.is_current = terms.source, terms.version, terms.valid_from, terms.is_current
        self.seen: set[str] = set()
        self.taken, self.swapped, self.metric = 0, 0, 0
        self.fieldless: ValidationError | None = None
        self.waiting: list[Drawing] = []  # whose parents may still come further down the file
        self.comparison = Comparison()

    @functools.cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer()

    def run(self, items: Iterable[Layer | Feature]) -> AreaReport:
        drawings = self.drawings(items)
        while batch := list(itertools.islice(drawings, BATCH)):
            self.load(batch)
        waiting, self.waiting = self.waiting, []
        self.load(waiting)
        for drawing in self.waiting:
            self.refuse(drawing, _("the area around it is neither known nor named"))
        self.refuse_whole()
        self.note_vanished()
        self.compare()
        return self.report

    def refuse_whole(self):
        """Where most of a file lies elsewhere it is read wrongly: nothing of it is taken, and the way to mend it is told."""
        if self.swapped > self.taken:
            raise ValidationError(
                _("%(n)d areas lie outside Indonesia, but inside once their axes are swapped: the file has latitude before longitude.")
                % {"n": self.swapped},
                code="swap_axes",
            )
        if self.metric > self.taken:
            message = _("The coordinates are metres of a projection that the file does not name. Say which it is, e.g. 32749 (UTM zone 49 south).")
            raise ValidationError(message, code="srid")
        if not self.seen and not self.report.refused:
            raise self.fieldless or ValidationError(_("The file holds no areas."))

    def drawings(self, items: Iterable[Layer | Feature]) -> Iterator[Drawing]:
        """The drawings of a file; of each layer some features are looked at first, to find its columns."""
        waiting: list[Feature] = []
        columns: Columns | None = None
        for item in items:
            if isinstance(item, Layer):
                yield from self.read_all(waiting)
                waiting, columns = [], None
                self.note_layer(item)
            elif columns is not None:
                yield from filter(None, [self.read(item, columns)])
            else:
                waiting.append(item)
                if len(waiting) == SAMPLE and (columns := self.columns_of(waiting)):
                    yield from filter(None, (self.read(feature, columns) for feature in waiting))
                    waiting = []
        yield from self.read_all(waiting)

    def note_layer(self, layer: Layer):
        if layer.projection and layer.projection != "WGS 84":
            self.report.notes.append(_("turned from the projection %(name)s") % {"name": layer.projection[:80]})

    def read_all(self, waiting: list[Feature]) -> Iterator[Drawing]:
        columns = self.columns_of(waiting[:SAMPLE]) if waiting else None
        if columns:
            yield from filter(None, (self.read(feature, columns) for feature in waiting))

    def columns_of(self, features: list[Feature]) -> Columns | None:
        """The columns of a layer; None for one without any, which says nothing of areas."""
        try:
            return Columns.find([_small(feature.properties) for feature in features], *self.naming)
        except ValidationError as error:
            self.fieldless = error
            return None

    def read(self, feature: Feature, columns: Columns) -> Drawing | None:
        """The drawing that a feature holds, or None with the reason noted."""
        properties = _small(feature.properties)
        code, name = dotted(text_of(properties, [columns.code])), text_of(properties, [columns.name])
        name = name or text_of(properties, PARENT_NAMES.get(code.count(".") + 1, ()))
        label = code or _("feature %(number)s") % {"number": feature.number}
        try:
            code, name = self.known(code, name, properties, columns.is_trusted)
            self.check(code, name)
            shape, repair = multipolygon(feature, self.how.swap_axes)
            self.check_place(shape)
        except RefusedError as refusal:
            self.report.refused.append(Line(label[:60], name[:LONGEST_NAME], str(refusal)))
            return None
        self.taken += 1
        return Drawing(code, name, _parents(code, properties), shape, repair)

    def known(self, code: str, name: str, properties: dict, is_trusted: bool) -> tuple[str, str]:
        """The official code and name that a feature means: by its code; by name and the areas named around it where the code is none."""
        name = name or self.gazetteer.names.get(code, "")
        if self.gazetteer.fits(code, name, is_trusted) or not name:
            return code, name
        is_another = self.gazetteer.contradicts(code, name, is_trusted)
        if not (is_another and is_trusted):
            found = self.gazetteer.find(name, {depth: text_of(properties, names) for depth, names in PARENT_NAMES.items()})
            if found:
                reason = _("instead of %(code)s") % {"code": code[:40]} if code else ""
                self.report.matched.append(Line(found, self.gazetteer.names[found], reason))
                return found, self.gazetteer.names[found]
        if is_another:
            raise RefusedError(_("the code is that of %(name)s in the official list") % {"name": self.gazetteer.names[code]})
        if not code:
            raise RefusedError(_("no code, and no one area of this name within the areas named around it"))
        return code, name

    def check(self, code, name):
        check(code, name, self.seen)
        if self.within is not None and not f"{code}.".startswith(self.within):
            raise RefusedError(_("outside your own unit"))
        self.seen.add(code)

    def check_place(self, shape: MultiPolygon):
        west, south, east, north = shape.extent
        if in_indonesia(west, south, east, north):
            return
        if in_indonesia(south, west, north, east):
            self.swapped += 1
        elif max(abs(west), abs(east)) > 360 or max(abs(south), abs(north)) > 360:
            self.metric += 1
            raise RefusedError(_("its coordinates are no degrees"))
        raise RefusedError(_("outside Indonesia; are its coordinates longitude first?"))

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
        self.comparison.add(changes.compared)
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
            row = self.row(area, standing, mine, changes)
            changes.compared.append((drawing.code, drawing.name, drawing.depth, standing.pk if standing else None, drawing.shape))
            changes.draw(row, drawing.shape)
        is_renamed = self.is_current and area.listed_on is None and area.name != drawing.name
        if is_renamed:
            self.report.renamed.append(Line(drawing.code, drawing.name, _("was %(name)s") % {"name": area.name}))
            area.name = drawing.name
            changes.renamed.append(area)
        line = Line(drawing.code, drawing.name)
        outcome = self.report.added if compared is None else self.report.unchanged if is_same and not is_renamed else self.report.changed
        outcome.append(line)
        if drawing.repair:
            self.report.repaired.append(line._replace(reason=drawing.repair))

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

    def compare(self):
        """Says of each area drawn anew how far it moved, and of the old ones which were divided or put together."""
        self.report.changes = self.comparison.changes(self.terms.with_outlines)
        moves = {change.code: change for change in self.report.changes if change.had}
        self.report.changed = [line._replace(reason=moved(moves[line.code])) if line.code in moves else line for line in self.report.changed]
        divided, swallowed = self.comparison.heirs([line.code for line in self.report.vanished])
        for old in divided:
            self.report.split.append(Line(old.code, old.name, ", ".join(f"{code} {name} {share:.0%}" for (code, name), share in old.shares.items())))
        for (code, name), parts in merged(swallowed).items():
            self.report.merged.append(
                Line(code, name, _("holds what was %(names)s") % {"names": ", ".join(f"{old.code} {old.name}" for old in parts)})
            )
        if self.is_current:
            self.end_replaced({old.code for old in (*divided, *swallowed)} - self.seen)

    def end_replaced(self, codes: set[str]):
        """Areas that the file leaves out because others hold them now end where those begin; of what stays unnamed nothing ends."""
        changes = _Changes()
        for shape in AreaShape.objects.filter(area__code__in=codes, is_current=True, valid_to__isnull=True):
            changes.end(shape, self.valid_from)
        changes.write()


def moved(change: Change) -> str:
    """How far one area moved, in words."""
    said = {"share": f"{change.shared or 0:.0%}", "mean": round(change.moved_m or 0), "most": round(change.farthest_m or 0)}
    return _("%(share)s the same; moved %(mean)d m on average, %(most)d m at most") % said


def _small(properties: dict) -> dict:
    return {str(name).casefold(): value for name, value in properties.items()}


class _Changes:
    """What a batch writes, gathered so that each kind of change is one statement."""

    def __init__(self):
        self.compared: list[tuple[str, str, int, int | None, MultiPolygon]] = []
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

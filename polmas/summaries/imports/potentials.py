"""Potentials as a table, or as points of a map such as OpenStreetMap: each in the village that covers it."""

import uuid
from typing import Any

from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Area, Potential, PotentialClass
from mapping.models.areas import dotted
from mapping.models.potentials import KIND_LISTS
from mapping.models.registers import Influence, three_digits
from polmas.people.models import Code, Unit
from polmas.people.models.units import POLRES_KINDS
from polmas.summaries.imports import points
from polmas.summaries.imports.places import LAT, LON, NAME, RT, RW, Placed, point_of
from polmas.summaries.imports.registers import ID, LANDMARK, PHONE, VILLAGE, choices_of
from polmas.summaries.imports.sheets import Column, Row

NEAR_M = 2000  # a point outside every drawn village is taken to the nearest one within these metres
KIND, CLASS = "Jenis", "Golongan"
OTHER = "LAINNYA"


class Potentials(Placed):
    """Known by the number at the source, else by village, class and name."""

    title = gettext_lazy("Potentials")
    model, name, key_title = Potential, "name", "Nama"
    numbers, days = ("quantity",), ("next_on",)
    apart = ("uuid", "area", "lat", "lon", "main_class")
    notes = (
        gettext_lazy("Rows are known by the number at the source, else by village, class and name: loading the same file again changes nothing."),
        gettext_lazy("Give the village's code, or latitude and longitude: the village is then found by the point."),
        gettext_lazy("A point outside every drawn village goes to the nearest one within 2 km, and the report says so."),
        gettext_lazy("An empty cell leaves what is stored. No row is ever deleted by a file."),
        gettext_lazy("Tokoh have a table of their own. No lists of former convicts, and no opinions about anybody."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = list(Code.objects.of_day(timezone.localdate()).filter(list__in=KIND_LISTS.values()).order_by("list", "order"))
        self.codes = {main_class: [code for code in codes if code.list == name] for main_class, name in KIND_LISTS.items()}
        kinds = dict.fromkeys((code.code, code.label_id) for name in KIND_LISTS for code in self.codes[name])
        self.columns = (
            ID,
            Column(VILLAGE.title, "area", gettext_lazy("Official code; empty where latitude and longitude are given."), examples=VILLAGE.examples),
            Column(CLASS, "main_class", gettext_lazy("Empty means a place."), choices=choices_of(PotentialClass)),
            Column(KIND, "kind", gettext_lazy("What kind of place, activity or goods."), True, choices=tuple(kinds)),
            NAME,
            Column("Pengaruh", "influence", gettext_lazy("How far it carries."), choices=choices_of(Influence)),
            Column("Narahubung", "contact", gettext_lazy("Whom to ask for."), examples=("Ibu Ratna",)),
            PHONE,
            Column("Keterangan", "description", gettext_lazy("What else matters."), examples=("Ramai pada jam pulang sekolah",)),
            Column("Waktu", "schedule", gettext_lazy("Of activities: when, in words."), examples=("setiap Minggu pagi",)),
            Column("Tanggal Berikut", "next_on", gettext_lazy("Of activities: the next day."), examples=("2026-12-06",)),
            Column("Jumlah", "quantity", gettext_lazy("Of goods: how many."), examples=("40",)),
            *(RW, RT, LANDMARK, LAT, LON),
            Column("Sumber", "source", gettext_lazy("Where the row comes from."), examples=(points.OSM,)),
            Column("ID Sumber", "external_id", gettext_lazy("Its number there."), examples=("n258975562",)),
        )

    def read(self, file) -> list[Row]:
        self.has_features = points.is_geojson(file)
        return points.read(file) if self.has_features else super().read(file)

    def look_up(self, rows: list[Row]) -> None:
        self.titles = {column.name: column.title for column in self.columns}
        self.remarks: dict[int, str] = {}
        for row in rows:
            for name in ("area", "name", "source", "external_id"):
                row.cells.setdefault(name, "")
            row.cells["area"] = dotted(row.cells["area"])
            row.cells["rw"], row.cells["rt"] = (three_digits(row.cells.get(name, "")) for name in ("rw", "rt"))
            self._name_nameless(row)
        self._find_villages(rows)
        self._find_units()
        self._find_stored(rows)
        self.new: list[Any] = []
        self.changed: list[Any] = []

    def _name_nameless(self, row):
        """Map makers leave a toll gate without a name; it is then called by its kind."""
        kind = row.cells.get("kind", "")
        if not row.cells["name"] and kind and row.cells["external_id"]:
            label = next((code.label_id for codes in self.codes.values() for code in codes if code.code == kind), kind)
            row.cells["name"] = label
            self._remark(row, _("without a name at the source, called by its kind"))

    def _remark(self, row, text):
        self.remarks[row.number] = "; ".join(filter(None, (self.remarks.get(row.number), text)))

    def _find_villages(self, rows):
        """The village of each row: by its code, by the area that covers the point, else the nearest one."""
        day = timezone.localdate()
        unnamed = [(row, (point.x, point.y)) for row in rows if not row.cells["area"] and (point := point_of(row))]
        places = [place for _row, place in unnamed]
        covering = Area.objects.locate_all(places, day) if places else []
        lost = [place for place, code in zip(places, covering, strict=True) if not _is_local(code)]
        nearest = dict(zip(lost, Area.objects.nearest_all(lost, day, NEAR_M), strict=True)) if lost else {}
        self.code_of = {row.number: row.cells["area"] for row in rows if row.cells["area"]}
        self.is_nearest: set[int] = set()
        for (row, place), code in zip(unnamed, covering, strict=True):
            if code and _is_local(code):
                self.code_of[row.number] = ".".join(code.split(".")[: Area.VILLAGE_DEPTH])
            elif near := nearest[place]:
                self._take_nearest(row, *near)
        self.areas = {area.code: area for area in Area.objects.villages().filter(code__in=set(self.code_of.values()))}

    def _take_nearest(self, row, code, metres):
        self.code_of[row.number] = code
        self.is_nearest.add(row.number)
        self._remark(row, _("lies outside every drawn village: the nearest one, %(metres)d m away") % {"metres": round(metres)})

    def _find_units(self):
        """The unit of each village: the deepest that polices it, else the lowest one above those of the same kabupaten or kota."""
        pks = {area.pk: area.code for area in self.areas.values()}
        units = self.desk.managed_units()
        links = Area.units.through.objects.filter(area__in=pks, unit__in=units).order_by("unit__depth", "unit__path")
        self.unit_of_code = {pks[link.area_id]: link.unit for link in links.select_related("unit")}
        for regency in {code[:5] for code in self.areas if code not in self.unit_of_code}:
            above = self._unit_above(regency, units)
            self.unit_of_code |= {code: above for code in self.areas if code.startswith(f"{regency}.") and code not in self.unit_of_code and above}

    def _unit_above(self, regency, units) -> Unit | None:
        paths = set(Unit.objects.filter(areas__code__startswith=f"{regency}.").values_list("path", flat=True))
        if not paths:
            return None
        shared = {path[:length] for path in paths for length in range(0, len(path) + 1, Unit.steplen)}
        common = [path for path in shared if path and all(other.startswith(path) for other in paths)]
        return units.filter(path__in=common, kind__in=POLRES_KINDS).order_by("-depth").first()

    def _find_stored(self, rows):
        inside = Potential.objects.select_related("unit", "area")
        names = {row.cells["name"].casefold() for row in rows}
        alike = inside.filter(area__in=self.areas.values()).annotate(lowered=Lower(F("name"))).filter(lowered__in=names)
        numbers = {row.cells["external_id"] for row in rows} - {""}
        self.by_number = {(entry.source, entry.external_id): entry for entry in inside.filter(external_id__in=numbers)}
        self.by_name = {(entry.area_id, entry.main_class, entry.name.casefold()): entry for entry in alike if not entry.external_id}
        ids = {found for row in rows if (found := _uuid(row.cells.get("uuid", "")))}
        self.by_id = {entry.uuid: entry for entry in inside.filter(uuid__in=ids)}
        stored = [entry.pk for entry in (*self.by_number.values(), *self.by_name.values(), *self.by_id.values())]
        self.visible = set(self.desk.potentials().filter(pk__in=stored).values_list("pk", flat=True))
        # Of what is confidential whoever loads may not know: a row of its name is a new one.
        self.by_name = {key: entry for key, entry in self.by_name.items() if entry.pk in self.visible}

    def key_of(self, row):
        if row.cells["external_id"]:
            return row.cells["source"], row.cells["external_id"]
        return row.cells.get("uuid") or (self.code_of.get(row.number), row.cells.get("main_class"), row.cells["name"].casefold())

    def name_of(self, row):
        code = self.code_of.get(row.number, "")
        village = self.areas[code].name if code in self.areas else code
        remark = self.remarks.get(row.number)
        return f"{row.cells['name']}, {village}" + (f" ({remark})" if remark else "")

    def place(self, row: Row) -> str:
        code = self.code_of.get(row.number)
        area, unit = self.areas.get(code or ""), self.unit_of_code.get(code or "")
        if area is None or unit is None:
            self.find_faults(row)
            return "error"
        said = self._said(row)
        known = self._stored(row, area, said.get("main_class"))
        if row.errors:
            return "error"
        return self._compared(row, known, said, area, unit)

    def find_faults(self, row):
        code = self.code_of.get(row.number, "")
        if code not in self.areas or code not in self.unit_of_code:
            self._refuse_place(row, self.areas.get(code))
        self._said(row)

    def _refuse_place(self, row, area):
        if area:
            row.refuse(VILLAGE.title, _("%(village)s (%(code)s) is policed by none of your units.") % {"village": area.name, "code": area.code})
        elif row.cells["area"]:
            row.refuse(VILLAGE.title, _("No village has this code."))
        elif point_of(row):
            row.refuse(LAT.title, _("This point lies in no drawn village, and none is within 2 km."))
        elif not row.errors:
            row.refuse(VILLAGE.title, _("Give the village, or latitude and longitude."))

    def _stored(self, row, area, main_class) -> Potential | None:
        if text := row.cells.get("uuid"):
            entry = self.by_id.get(_uuid(text))
            if entry is None or entry.pk not in self.visible:
                self._refuse_id(row)
            return entry
        if row.cells["external_id"]:
            entry = self.by_number.get((row.cells["source"], row.cells["external_id"]))
            if entry and entry.pk not in self.visible:
                self._refuse_id(row)
            return entry
        return self.by_name.get((area.pk, main_class, row.cells["name"].casefold()))

    def _refuse_id(self, row):
        row.refuse(ID.title, _("No entry of this village has this ID. Leave it empty for a new one."))

    def _said(self, row) -> dict[str, Any]:
        said = super()._said(row)
        text = row.cells.get("main_class", "")
        main_class = next(column for column in self.columns if column.name == "main_class").choice(text) if text else PotentialClass.TEMPAT
        if main_class is None:
            row.refuse(CLASS, _("This choice is not known."))
            return said
        said["main_class"] = main_class
        said["kind"] = self._kind(row, main_class, said.get("kind"))
        if main_class != PotentialClass.KEGIATAN and (said.get("schedule") or said.get("next_on")):
            row.refuse("Waktu", _("Only activities take place at a time."))
        if main_class != PotentialClass.BARANG and said.get("quantity") is not None:
            row.refuse("Jumlah", _("Only goods are counted."))
        return said

    def _kind(self, row, main_class, code) -> str | None:
        """The code, if it is one of the class. What a map calls otherwise is LAINNYA, and its word stands in the report."""
        if code in {found.code for found in self.codes[main_class]}:
            return code
        if row.cells["external_id"] and row.cells.get("kind"):
            row.errors = [error for error in row.errors if error[0] != KIND]
            self._remark(row, _("of the kind “%(kind)s”, taken as other") % {"kind": row.cells["kind"][:40]})
            return OTHER
        row.refuse(KIND, _("This choice is not known."))
        return None

    def _compared(self, row, known, said, area, unit) -> str:
        entry = known or Potential(area=area, unit=unit, updated_on=None if row.cells["external_id"] else timezone.localdate())
        changes = {name: value for name, value in said.items() if getattr(entry, name) != value}
        if known and known.area_id != area.pk and row.number not in self.is_nearest:
            changes |= {"area": area, "unit": unit}
        for name, value in changes.items():
            setattr(entry, name, value)
        if known and not changes:
            return "unchanged"
        return self._kept(row, entry, is_new=known is None)

    def written(self) -> list[str]:
        return [*super().written(), "main_class", "area", "unit"]


def _is_local(code: str | None) -> bool:
    """Whether an area is a village or a part of one."""
    return code is not None and code.count(".") + 1 >= Area.VILLAGE_DEPTH


def _uuid(text) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

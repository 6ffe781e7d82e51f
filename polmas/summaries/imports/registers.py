"""Households and tokoh of the villages, as tables."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from mapping.models import Area
from mapping.models.areas import dotted
from mapping.models.registers import Influence, three_digits
from patrol.models import Contact, Household
from polmas.people.models import Code
from polmas.summaries.imports.plans import CHUNK, Plan, refuse_by
from polmas.summaries.imports.sheets import Column, Row

ID = Column("ID", "uuid", gettext_lazy("Leave it empty. Only lists that polmas wrote carry it."))
VILLAGE = Column("Kode Desa", "area", gettext_lazy("Official code of the kelurahan or desa."), True, ("33.74.11.1004",))
LANDMARK = Column("Patokan", "landmark", gettext_lazy("Where to find it."), examples=("Sebelah masjid Al-Ikhlas",))
PHONE = Column("Telepon", "phone", gettext_lazy("Stored encrypted and shown masked."), examples=("0812 3456 7890",))


def choices_of(kind) -> tuple[tuple[str, str], ...]:
    """Codes and Indonesian labels of a choice: a file speaks one language, whoever loads it."""
    with override("id"):
        return tuple((choice.value, str(choice.label)) for choice in kind)


class Register(Plan):
    """Entries of one register. Known by their id, else by village, RW, RT and name; what a cell leaves empty stays."""

    model: Any
    name: str  # the field that people call an entry by
    notes: Sequence[str | Promise] = (
        gettext_lazy("Rows are known by village, RW, RT and name: loading the same file again changes nothing."),
        gettext_lazy("An empty cell leaves what is stored. No row is ever deleted by a file."),
        gettext_lazy("No NIK and no KK numbers: they are not collected."),
    )

    def look_up(self, rows: list[Row]) -> None:
        for row in rows:
            for name in ("rw", "rt"):
                row.cells[name] = three_digits(row.cells.get(name, ""))
            row.cells["area"] = dotted(row.cells["area"])
        units = self.desk.managed_units()
        areas = Area.objects.villages().filter(code__in={row.cells["area"] for row in rows}, units__in=units).distinct()
        self.areas = {area.code: area for area in areas}
        links = Area.units.through.objects.filter(area__in=areas, unit__in=units).order_by("unit__depth").values_list("area", "unit")
        self.unit_of = dict(links)  # the deepest unit that polices the village stands last
        names = {row.cells[self.name].casefold() for row in rows}
        stored = self.model.objects.filter(area__in=self.areas.values()).annotate(lowered=Lower(F(self.name))).filter(lowered__in=names)
        by_id = self.model.objects.filter(area__in=self.areas.values(), uuid__in=filter(None, (_uuid(row.cells.get("uuid", "")) for row in rows)))
        self.by_key = {(entry.area_id, entry.rw, entry.rt, getattr(entry, self.name).casefold()): entry for entry in stored}
        self.by_id = {entry.uuid: entry for entry in by_id}
        self.titles = {column.name: column.title for column in self.columns}
        self.new: list[Any] = []
        self.changed: list[Any] = []

    def key_of(self, row):
        return row.cells.get("uuid") or (row.cells["area"], row.cells["rw"], row.cells["rt"], row.cells[self.name].casefold())

    def name_of(self, row):
        return f"{row.cells[self.name]}, RT {row.cells['rt'] or '–'}/RW {row.cells['rw'] or '–'} {row.cells['area']}"

    def place(self, row: Row) -> str:
        area = self.areas.get(row.cells["area"])
        if area is None:
            self.find_faults(row)
            return "error"
        known = self._known(row, area)
        said = self._said(row)
        if row.errors:
            return "error"
        entry = known or self.model(area=area, unit_id=self.unit_of[area.pk])
        changes = {name: value for name, value in said.items() if getattr(entry, name) != value}
        for name, value in changes.items():
            setattr(entry, name, value)
        if known and not changes:
            return "unchanged"
        return self._kept(row, entry, is_new=known is None)

    def find_faults(self, row):
        if (code := row.cells["area"]) and code not in self.areas:
            row.refuse(VILLAGE.title, _("Unknown, or not policed by your units."))
        self._said(row)

    def _known(self, row, area):
        if text := row.cells.get("uuid"):
            entry = self.by_id.get(_uuid(text))
            if entry is None or entry.area_id != area.pk:
                row.refuse(ID.title, _("No entry of this village has this ID. Leave it empty for a new one."))
            return entry
        return self.by_key.get((area.pk, row.cells["rw"], row.cells["rt"], row.cells[self.name].casefold()))

    def _said(self, row) -> dict[str, Any]:
        """What the cells say, by field; choices as codes, numbers as numbers."""
        said: dict[str, Any] = {}
        for column in self.columns:
            text = row.cells.get(column.name, "")
            if not text or column.name in ("uuid", "area"):
                continue
            value: Any = column.choice(text) if column.choices else text
            if value is None:
                row.refuse(column.title, _("This choice is not known."))
            said[column.name] = value
        return said

    def _kept(self, row, entry, is_new) -> str:
        try:
            entry.clean_fields(exclude=["unit", "area"])
        except ValidationError as error:
            refuse_by(row, error, self.titles)
            return "error"
        (self.new if is_new else self.changed).append(entry)
        return "new" if is_new else "changed"

    def write(self) -> None:
        now = timezone.now()
        for entry in self.changed:
            entry.updated_at = now
        self.model.objects.bulk_create(self.new, batch_size=CHUNK)
        self.progress(len(self.rows) // 2)
        self.model.objects.bulk_update(self.changed, [*self.written(), "updated_at"], batch_size=CHUNK)

    def written(self) -> list[str]:
        """The fields that a row changes."""
        return [column.name for column in self.columns if column.name not in ("uuid", "area")]


class Households(Register):
    title = gettext_lazy("Households")
    model, name, key_title = Household, "head_name", "Kepala Keluarga"
    columns = (
        ID,
        VILLAGE,
        Column("RW", "rw", gettext_lazy("Three digits; 5 means 005."), True, ("005",)),
        Column("RT", "rt", gettext_lazy("Three digits; 3 means 003."), True, ("003",)),
        Column("Kepala Keluarga", "head_name", gettext_lazy("Name of the head of the household."), True, ("Widodo",)),
        LANDMARK,
        Column("Pekerjaan", "occupation", gettext_lazy("Of the head of the household."), examples=("Pedagang",)),
        Column("Jumlah Jiwa", "people_count", gettext_lazy("How many people live there."), examples=("4",)),
        Column("Status Tinggal", "residence", gettext_lazy("How the household lives there."), choices=choices_of(Household.Residence)),
        PHONE,
        Column("Dasar", "basis", gettext_lazy("Why the data may be kept; empty means the police task."), choices=choices_of(Household.Basis)),
    )

    def _said(self, row):
        said = super()._said(row)
        if count := said.get("people_count"):
            if count.isdecimal() and len(count) < 4:
                said["people_count"] = int(count)
            else:
                row.refuse("Jumlah Jiwa", _("A number, please."))
        return said

    def _kept(self, row, entry, is_new):
        if entry.consent_on and entry.basis != Household.Basis.PERSETUJUAN:
            row.refuse("Dasar", _("The household gave its consent: change that on its own page."))
            return "error"
        return super()._kept(row, entry, is_new)


class Contacts(Register):
    title = "Tokoh"
    model, name, key_title = Contact, "name", "Nama"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        roles = Code.objects.of("CONTACT_ROLE", timezone.localdate()).values_list("code", "label_id")
        self.columns = (
            ID,
            VILLAGE,
            Column("Nama", "name", gettext_lazy("As people call them."), True, ("H. Slamet Riyadi",)),
            Column("Peran", "role", gettext_lazy("What they are in the village."), True, choices=tuple(roles)),
            Column("Jabatan", "office", gettext_lazy("Office or institution."), examples=("Takmir masjid Al-Ikhlas",)),
            Column("Pengaruh", "influence", gettext_lazy("How far their word carries."), choices=choices_of(Influence)),
            Column("RW", "rw", gettext_lazy("Three digits; 5 means 005."), examples=("005",)),
            Column("RT", "rt", gettext_lazy("Three digits; 3 means 003."), examples=("003",)),
            LANDMARK,
            PHONE,
        )


def _uuid(text) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

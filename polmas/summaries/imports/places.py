"""Posts, swakarsa groups and partners of the villages, as tables."""

import datetime
import math
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Cooperation, Group, Partner, Place
from mapping.models.areas import in_indonesia
from polmas.people.models import Code
from polmas.summaries.imports.plans import CHUNK
from polmas.summaries.imports.registers import ID, LANDMARK, PHONE, VILLAGE, Register
from polmas.summaries.imports.sheets import Column, Row, day_of

RW = Column("RW", "rw", gettext_lazy("Three digits; 5 means 005."), examples=("005",))
RT = Column("RT", "rt", gettext_lazy("Three digits; 3 means 003."), examples=("003",))
LAT = Column("Lintang", "lat", gettext_lazy("Latitude in degrees."), examples=("-7.0629",))
LON = Column("Bujur", "lon", gettext_lazy("Longitude in degrees."), examples=("110.4280",))
NAME = Column("Nama", "name", gettext_lazy("As people call it."), True, ("Pos Kamling RW 05",))
MOST_COUNTED = 1_000_000
# Excel keeps fifteen digits of a number, so the last ones of a coordinate may come back otherwise.
DECIMALS = 7


def codes_of(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(Code.objects.of(name, timezone.localdate()).values_list("code", "label_id"))


def degrees(text: str) -> float | None:
    """A coordinate as people write it, with a point or a comma; None where it is none."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return round(number, DECIMALS) if math.isfinite(number) else None


def point_of(row: Row) -> Point | None:
    """Where a row says that it lies; refuses the row where that can't be."""
    lat, lon = row.cells.get("lat", ""), row.cells.get("lon", "")
    if not lat and not lon:
        return None
    y, x = degrees(lat), degrees(lon)
    if y is None or x is None:
        row.refuse(LAT.title, _("A position has both latitude and longitude."))
    elif not in_indonesia(x, y):
        row.refuse(LAT.title, _("This position lies outside Indonesia."))
    else:
        return Point(x, y, srid=4326)
    return None


class Placed(Register):
    """Entries with a position, numbers and days beside the texts."""

    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    apart: tuple[str, ...] = ("uuid", "area", "lat", "lon")  # columns that are no fields of the entry

    def _said(self, row: Row) -> dict[str, Any]:
        said = {name: value for name, value in super()._said(row).items() if name not in self.apart}
        if place := point_of(row):
            said["location"] = place
        for name in self.numbers:
            if text := said.get(name):
                said[name] = self._number(row, name, text)
        for name in self.days:
            if text := said.get(name):
                said[name] = self._day(row, name, text)
        return said

    def _number(self, row, name, text) -> int | None:
        if text.isdecimal() and len(text) < 8 and int(text) <= MOST_COUNTED:
            return int(text)
        row.refuse(self.titles[name], _("A number, please."))
        return None

    def _day(self, row, name, text) -> datetime.date | None:
        day = day_of(text)
        if day is None or not 1945 <= day.year < 2100:
            row.refuse(self.titles[name], _("This is no day. Write 2026-11-01."))
            return None
        return day

    def written(self) -> list[str]:
        return [*(column.name for column in self.columns if column.name not in self.apart), "location"]

    def _kept(self, row, entry, is_new) -> str:
        if is_new and hasattr(entry, "recorded_by"):
            entry.recorded_by = self.desk.user
        return super()._kept(row, entry, is_new)


class Posts(Placed):
    title = gettext_lazy("Posts")
    model, name, key_title = Place, "name", "Nama"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = (
            ID,
            VILLAGE,
            NAME,
            Column("Jenis", "kind", gettext_lazy("Kind of post; empty means a post of the siskamling."), choices=codes_of("PLACE_KIND")),
            *(RW, RT, LANDMARK),
            Column("Ketua", "head", gettext_lazy("Head of the post."), examples=("Pak Joko",)),
            Column("Jadwal", "schedule", gettext_lazy("Who stands guard when, in words."), examples=("Senin: Joko, Slamet",)),
            *(LAT, LON),
        )


class Groups(Placed):
    title = gettext_lazy("Swakarsa groups")
    model, name, key_title = Group, "name", "Nama"
    numbers, days = ("member_count",), ("confirmed_on",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = (
            ID,
            VILLAGE,
            NAME,
            Column("Jenis", "kind", gettext_lazy("Kind of group."), True, choices=codes_of("SWAKARSA_KIND")),
            Column("Ketua", "head", gettext_lazy("Head of the group."), examples=("Suharno",)),
            PHONE,
            Column("Jumlah Anggota", "member_count", gettext_lazy("How many belong to it."), examples=("24",)),
            Column("Tanggal Pengukuhan", "confirmed_on", gettext_lazy("Day of the pengukuhan."), examples=("2026-08-17",)),
            Column("Nomor KTA", "card_number", gettext_lazy("Number of the card."), examples=("KTA/12/2026",)),
            *(RW, RT, LANDMARK, LAT, LON),
        )


class Partners(Placed):
    """Partners with an agreement each, if there is one; a partner without a village belongs to the whole unit of whoever loads."""

    title = gettext_lazy("Partners")
    model, name, key_title = Partner, "name", "Nama"
    days = ("starts_on", "ends_on")
    AGREEMENT = ("number", "scope", "starts_on", "ends_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = (
            ID,
            Column("Kode Desa", "area", gettext_lazy("Official code; empty means the whole unit."), examples=("33.74.11.1004",)),
            NAME,
            Column("Jenis", "kind", gettext_lazy("Kind of partner."), True, choices=codes_of("PARTNER_KIND")),
            Column("Narahubung", "contact", gettext_lazy("Whom to ask for."), examples=("Ibu Ratna",)),
            PHONE,
            Column("Alamat", "landmark", gettext_lazy("Where to find it."), examples=("Jl. Setiabudi 12",)),
            Column("Nomor MoU", "number", gettext_lazy("Of the agreement, if there is one."), examples=("MoU/3/2026",)),
            Column("Ruang Lingkup", "scope", gettext_lazy("What the agreement covers."), examples=("Pengamanan lingkungan",)),
            Column("Mulai", "starts_on", gettext_lazy("First day of the agreement."), examples=("2026-01-01",)),
            Column("Selesai", "ends_on", gettext_lazy("Last day of the agreement."), examples=("2027-12-31",)),
            *(LAT, LON),
        )

    def look_up(self, rows: list[Row]) -> None:
        for row in rows:
            row.cells.setdefault("area", "")
        super().look_up(rows)
        self.own_unit = self.desk.managed_units().order_by("depth", "path").first()
        names = {row.cells["name"].casefold() for row in rows}
        unbound = Partner.objects.filter(area__isnull=True, unit=self.own_unit)
        self.by_name = {partner.name.casefold(): partner for partner in unbound if partner.name.casefold() in names}
        partners = [*self.by_key.values(), *self.by_name.values(), *self.by_id.values()]
        self.known_agreements = {
            (found.partner_id, found.number, found.starts_on)
            for found in Cooperation.objects.filter(partner__in={partner.pk for partner in partners})
        }
        self.agreements: list[Cooperation] = []

    def place(self, row: Row) -> str:
        outcome = super().place(row) if row.cells["area"] else self._place_unbound(row)
        if outcome == "error":
            return outcome
        return self._place_agreement(row, outcome)

    def _place_unbound(self, row) -> str:
        known, said = self.by_name.get(row.cells["name"].casefold()), self._said(row)
        if row.errors:
            return "error"
        entry = known or Partner(unit=self.own_unit)
        changes = {name: value for name, value in said.items() if getattr(entry, name) != value}
        for name, value in changes.items():
            setattr(entry, name, value)
        self.current = entry
        return "unchanged" if known and not changes else self._kept(row, entry, is_new=known is None)

    def _known(self, row, area):
        self.current = super()._known(row, area)
        return self.current

    def _kept(self, row, entry, is_new) -> str:
        self.current = entry
        return super()._kept(row, entry, is_new)

    def _said(self, row):
        said = super()._said(row)
        self.agreement = {name: said.pop(name) for name in self.AGREEMENT if name in said}
        if self.agreement and not (self.agreement.get("starts_on") and self.agreement.get("scope")):
            row.refuse(self.titles["scope"], _("An agreement has a first day and says what it covers."))
        start, end = self.agreement.get("starts_on"), self.agreement.get("ends_on")
        if start and end and end < start:
            row.refuse(self.titles["ends_on"], _("The last day lies before the first."))
        for name, most in (("number", 80), ("scope", 1000)):
            if len(self.agreement.get(name) or "") > most:
                row.refuse(self.titles[name], _("At most %(most)d characters.") % {"most": most})
        return said

    def _place_agreement(self, row, outcome) -> str:
        said = self.agreement
        if not said or (self.current.pk, said.get("number", ""), said["starts_on"]) in self.known_agreements:
            return outcome
        self.agreements.append(Cooperation(partner=self.current, **said))
        return "new" if outcome == "new" else "changed"

    def written(self) -> list[str]:
        return [name for name in super().written() if name not in self.AGREEMENT]

    def write(self) -> None:
        super().write()
        Cooperation.objects.bulk_create(self.agreements, batch_size=CHUNK)

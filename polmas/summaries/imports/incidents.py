"""Incidents as SPKT keeps them in its own tables. A row is one incident; what has a number of a police report is known by it."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping import incidents
from mapping.forms_incidents import GROUPS, RUPIAH
from mapping.models import Area, Handling, Harm, Incident, IncidentVictims, Phase
from mapping.models.areas import dotted, in_indonesia
from polmas.people.models import Code, Unit
from polmas.people.scope import OPERATORS, SPKT, in_subtrees
from polmas.summaries.imports.plans import CHUNK, Plan, refuse_by
from polmas.summaries.imports.registers import choices_of
from polmas.summaries.imports.sheets import Column, Row, day_of

LOADERS = SPKT | OPERATORS
CLOCK = re.compile(r"(?:pukul |jam )?([01]?\d|2[0-3])[.:]([0-5]\d)(?:[.:][0-5]\d)?(?: ?(?:wib|wita|wit))?", re.IGNORECASE)
LEVEL = re.compile(r"^(?:kelurahan|kel|desa|ds)\b\.? *", re.IGNORECASE)
WHOLE = re.compile(r"\d+(\.0+)?")
PLAIN = ("no_lp", "address", "modus", "evidence", "actions", "narrative")  # texts that are taken as they stand
HARMS = {Harm.MATI: "Meninggal", Harm.LUKA_BERAT: "Luka Berat", Harm.LUKA_RINGAN: "Luka Ringan"}


def _victim_columns() -> list[Column]:
    words = {False: "Dewasa", True: "Anak"}
    return [
        Column(f"{HARMS[harm]} {sex.value} {words[is_child]}", f"{harm}.{sex}.{is_child}", gettext_lazy("A number."), examples=("1",))
        for harm, sex, is_child in GROUPS
    ]


class Incidents(Plan):
    """Rows of a Polsek, or of all Polsek below a Polres; each goes to the Polsek that polices its village."""

    title = gettext_lazy("Incidents")
    key_title = "Nomor LP"
    reads_csv = True
    notes = (
        gettext_lazy("A row with a number of a police report is known by it: loading the same file again changes nothing."),
        gettext_lazy("A row without one is known by kind, time, village and what happened."),
        gettext_lazy("An empty cell leaves what is stored. No row is ever deleted by a file."),
        gettext_lazy("XLSX, or CSV with commas or semicolons. No names of victims or witnesses."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = Code.objects.of_day(timezone.localdate())
        kinds, scenes = (tuple(codes.filter(list=name).values_list("code", "label_id")) for name in ("INCIDENT_KIND", "INCIDENT_SCENE"))
        day, clock = (
            gettext_lazy("Day of the incident, with the time if you like."),
            gettext_lazy("Time of the incident, where the day stands alone."),
        )
        village = gettext_lazy("Official code, or the name where only one village of yours has it.")
        told = gettext_lazy("One sentence: what happened. No names of victims or witnesses.")
        self.columns = (
            Column("Nomor LP", "no_lp", gettext_lazy("As on the police report."), examples=("LP/B/12/XI/2026/SPKT",)),
            Column("Tanggal", "day", day, True, ("02/11/2026", "2026-11-02 21:30"), is_moment=True),
            Column("Jam", "clock", clock, examples=("21.30",), is_moment=True),
            Column("Jenis", "kind", gettext_lazy("Code or label of the kind."), True, choices=kinds),
            Column("Desa", "area", village, examples=("33.74.11.1004", "Pedalangan")),
            Column("Uraian", "narrative", told, True, ("Sepeda motor hilang.",)),
            Column("Lat", "lat", gettext_lazy("Latitude in degrees."), examples=("-7.0629",)),
            Column("Lon", "lon", gettext_lazy("Longitude in degrees."), examples=("110.4280",)),
            Column("Alamat", "address", gettext_lazy("Street or place."), examples=("Jl. Tirto Agung 12",)),
            Column("TKP", "scene", gettext_lazy("Kind of scene."), choices=scenes),
            Column("Modus", "modus", gettext_lazy("How it was done."), examples=("Kunci T",)),
            Column("Kerugian", "loss_rp", gettext_lazy("In rupiah."), examples=("1.500.000",)),
            Column("Dilaporkan", "reported_at", gettext_lazy("Day and time of the report."), examples=("02/11/2026 22.15",), is_moment=True),
            Column("Status", "status", gettext_lazy("How far the case is."), choices=choices_of(Handling)),
            Column("Selesai", "cleared_on", gettext_lazy("Day on which it was cleared."), examples=("20/11/2026",)),
            Column("Fase", "phase", gettext_lazy("When in its course the police met it."), choices=choices_of(Phase)),
            Column("Barang Bukti", "evidence", gettext_lazy("What was secured."), examples=("STNK",)),
            Column("Tindakan", "actions", gettext_lazy("What was done."), examples=("Olah TKP",)),
            *_victim_columns(),
        )

    @property
    def may_load(self) -> bool:
        return self.desk.user.scope.has(*LOADERS)

    def look_up(self, rows: list[Row]) -> None:
        self.titles = {column.name: column.title for column in self.columns} | {"occurred_at": "Tanggal", "location": "Lat"}
        self.choosing = {column.name: column for column in self.columns if column.choices}
        self.groups = dict(Code.objects.of("INCIDENT_KIND", timezone.localdate()).values_list("code", "group"))
        paths = self.desk.user.scope.paths_as(LOADERS)
        policed = Area.units.through.objects.filter(in_subtrees("unit__path", paths)).values("area")
        villages = Area.objects.villages().filter(pk__in=policed).prefetch_related("units")
        self.villages = {area.code: area for area in villages}
        self.named: dict[str, list[Area]] = {}
        for area in villages:
            self.named.setdefault(area.name.casefold(), []).append(area)
        self.unit_of: dict[int, Unit | None] = {}
        self.paths = paths
        self.found = {row.number: self._village(row) for row in rows}
        self.located = self._located(rows)
        if self.is_final:
            # What is read from here on stays as it is until it is written.
            for unit_id in sorted({found[1].pk for found in self.found.values() if found}):
                incidents.wait_for(unit_id)
        self._look_up_stored(rows)
        self.new: list[tuple[Incident, dict]] = []
        self.changed: list[tuple[Incident, dict]] = []
        self.columns_changed = {"klass", "day"}
        self.touched: set[tuple[int, datetime.date]] = set()

    def _look_up_stored(self, rows):
        numbers = {row.cells.get("no_lp", "") for row in rows} - {""}
        user, written = self.desk.user, in_subtrees("unit__path", self.paths)
        in_sight = Incident.objects.for_user(user) | Incident.objects.withdrawn_for(user)
        inside = in_sight.filter(written).select_related("unit").prefetch_related("victims")
        taken = Incident.objects.standing().filter(written, no_lp__in=numbers)
        self.taken = set(taken.values_list("unit", "no_lp"))
        self.by_number: dict[tuple, Incident] = {}
        for incident in inside.filter(no_lp__in=numbers).order_by("withdrawn_at"):  # what stands comes last, and counts
            self.by_number[(incident.unit_id, incident.no_lp)] = incident
        texts = {row.cells["narrative"] for row in rows if not row.cells.get("no_lp")}
        unnumbered = inside.filter(no_lp="", narrative__in=texts, withdrawn_at__isnull=True)
        self.by_content = {_content(incident): incident for incident in unnumbered}

    def _village(self, row) -> tuple[Area, Unit] | None:
        """The village that a row names by code, name or point, with its Polsek; None with the reason where there is none."""
        text, area = row.cells.get("area", ""), None
        if text:
            alike = self.named.get(LEVEL.sub("", text).casefold(), [])
            area = self.villages.get(dotted(text)) or (alike[0] if len(alike) == 1 else None)
            if area is None:
                row.refuse("Desa", _("Several villages have this name. Write the code.") if alike else _("Unknown, or not policed by your units."))
        elif point := self._point(row):
            located = Area.objects.locate(point, timezone.localdate())
            area = self.villages.get(".".join(located.code.split(".")[: Area.VILLAGE_DEPTH])) if located else None
            if area is None:
                row.refuse("Lat", _("This point lies in no village of your unit. Choose the village."))
        elif not row.errors:
            row.refuse("Desa", _("Choose the village, or mark the point."))
        unit = self._unit(area) if area else None
        return (area, unit) if area and unit else None

    def _located(self, rows) -> dict[int, str | None]:
        """By the row's number the code of the area in which its point lies."""
        points = {row.number: point for row in rows if self.found[row.number] and not row.errors and (point := self._point(row))}
        codes = Area.objects.locate_all([(point.x, point.y) for point in points.values()], timezone.localdate())
        return dict(zip(points, codes, strict=True))

    def _unit(self, area) -> Unit | None:
        if area.pk not in self.unit_of:
            self.unit_of[area.pk] = incidents.unit_of(area, self.paths)
        return self.unit_of[area.pk]

    def _point(self, row) -> Point | None:
        texts = [row.cells.get(name, "").replace(",", ".") for name in ("lat", "lon")]
        if not any(texts):
            return None
        try:
            lat, lon = (float(text) for text in texts)
        except ValueError:
            lat, lon = float("nan"), float("nan")
        if in_indonesia(lon, lat):
            return Point(round(lon, 6), round(lat, 6), srid=4326)
        if not any(title == "Lat" for title, _reason in row.errors):
            row.refuse("Lat", _("These are no degrees within Indonesia. Write -7.0629 and 110.4280."))
        return None

    def key_of(self, row):
        found = self.found[row.number]
        if found is None:
            return None
        if number := row.cells.get("no_lp"):
            return (found[1].pk, number)
        return (found[0].pk, *(row.cells.get(name, "").casefold() for name in ("kind", "day", "clock", "narrative")))

    def name_of(self, row):
        return f"{row.cells.get('no_lp') or row.cells['day']} {row.cells['kind']}, {row.cells.get('area', '')}".strip()

    def place(self, row: Row) -> str:
        found = self.found[row.number]
        if found is None:
            return "error"
        area, unit = found
        said = self._said(row, unit)
        victims = self._victims(row)
        if row.errors:
            return "error"
        self._check_place(row, said, area, unit)
        known = None if row.errors else self._known(row, said, area, unit)
        if row.errors or not self._clears(row, said, unit, known):
            return "error"
        incident = known or Incident(unit=unit, recorded_by=self.desk.user)
        before = incident.unit.day_of(incident.occurred_at) if known else None
        said["area"] = area
        changes = {name: value for name, value in said.items() if known is None or getattr(incident, name) != value}
        new_victims = {group: count for group, count in victims.items() if count != _stored(incident).get(group, 0)}
        if known and not changes and not new_victims:
            return "unchanged"
        for name, value in changes.items():
            setattr(incident, name, value)
        if "kind" in changes:
            incident.klass = self.groups.get(incident.kind, "")
        if known:
            self.columns_changed |= changes.keys()
        return self._kept(row, incident, known is None, before, new_victims)

    def find_faults(self, row):
        found = self.found[row.number]
        self._said(row, found[1] if found else self.desk.user.post.unit)
        self._victims(row)

    def _check_place(self, row, said, area, unit) -> None:
        """Asks how far away a point is only where it lies in another village than the one named."""
        code = self.located.get(row.number)
        if code and not f"{code}.".startswith(f"{area.code}.") and (other := Area.objects.misplaced(said["location"], area, unit.today())):
            row.refuse("Lat", incidents.far_away(other))

    @staticmethod
    def _clears(row, said, unit, known) -> bool:
        """Adds the day on which the row's status cleared the case."""
        said["status"] = said.get("status", known.status if known else "")
        try:
            said["cleared_on"] = incidents.clearing(unit, said["status"], said.get("cleared_on"), known and known.cleared_on)
        except ValidationError as error:
            refuse_by(row, error, {"cleared_on": "Selesai"})
        return not row.errors

    def _known(self, row, said, area, unit) -> Incident | None:
        if number := row.cells.get("no_lp"):
            known = self.by_number.get((unit.pk, number))
            if (unit.pk, number) in self.taken and (known is None or known.is_withdrawn):
                row.refuse("Nomor LP", _("This number can't be loaded from a file. Ask SPKT to look at it."))
            elif known and known.is_withdrawn:
                row.refuse("Nomor LP", _("This incident was taken back. Enter it by hand if it stands after all."))
            return known
        return self.by_content.get((unit.pk, area.pk, said["kind"], said["occurred_at"], said["narrative"]))

    def _said(self, row, unit) -> dict[str, Any]:
        """What the cells say, by field; an empty cell says nothing."""
        said: dict[str, Any] = {name: row.cells[name] for name in PLAIN if row.cells.get(name)}
        for name, column in self.choosing.items():
            if text := row.cells.get(name, ""):
                said[name] = column.choice(text)
                if said[name] is None:
                    row.refuse(column.title, _("This choice is not known."))
        said["occurred_at"] = self._moment(row, "Tanggal", row.cells["day"], row.cells.get("clock", ""), unit)
        if text := row.cells.get("reported_at"):
            said["reported_at"] = self._moment(row, "Dilaporkan", text, "", unit)
        if text := row.cells.get("cleared_on"):
            said["cleared_on"] = day_of(text)
            if said["cleared_on"] is None:
                row.refuse("Selesai", _("This is no day. Write 2026-11-01."))
        if text := row.cells.get("loss_rp"):
            said["loss_rp"] = self._amount(row, text)
        if point := self._point(row):
            said["location"] = point
        return said

    def _moment(self, row, title, text, clock, unit) -> datetime.datetime | None:
        """Day and time by the unit's own clock."""
        first, _space, rest = text.partition(" ")
        day, time = day_of(first), CLOCK.fullmatch((clock or rest).strip())
        if day is None or not datetime.date(2000, 1, 1) <= day < datetime.date(2100, 1, 1):
            row.refuse(title, _("This is no day. Write 2026-11-01."))
        elif time is None:
            row.refuse("Jam" if title == "Tanggal" else title, _("Write the time, such as 21.30."))
        else:
            return datetime.datetime.combine(day, datetime.time(int(time[1]), int(time[2])), unit.zone)
        return None

    @staticmethod
    def _amount(row, text) -> Decimal | None:
        try:
            amount = Decimal(text if WHOLE.fullmatch(text) and text.count(".") == 1 and text.endswith(".0") else RUPIAH.sub("", text))
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and 0 <= amount < 10**15 and amount == amount.to_integral_value():
            return amount
        row.refuse("Kerugian", _("A number, please."))
        return None

    def _victims(self, row) -> dict:
        found = {}
        for group in GROUPS:
            if text := row.cells.get(f"{group[0]}.{group[1]}.{group[2]}", ""):
                if not (text.isascii() and text.isdigit() and int(text[:7]) <= 100_000 and len(text) < 7):
                    row.refuse(self.titles[f"{group[0]}.{group[1]}.{group[2]}"], _("A number, please."))
                else:
                    found[(str(group[0]), str(group[1]), group[2])] = int(text)
        return found

    def _kept(self, row, incident, is_new, before, victims) -> str:
        """Checked by the model's own rules and put aside to be written."""
        incident.day = incident.unit.day_of(incident.occurred_at)
        try:
            incident.clean_fields(exclude=["unit", "area", "recorded_by", "assigned_to", "withdrawn_by"])
            incident.clean()
        except ValidationError as error:
            refuse_by(row, error, {**self.titles, "klass": "Jenis"})
            return "error"
        (self.new if is_new else self.changed).append((incident, victims))
        self.touched |= {(incident.unit_id, day) for day in (before, incident.day) if day}
        return "new" if is_new else "changed"

    def write(self) -> None:
        now = timezone.now()
        Incident.objects.bulk_create([incident for incident, _victims in self.new], batch_size=CHUNK)
        fresh = [
            IncidentVictims(incident=incident, harm=harm, sex=sex, is_child=is_child, count=count)
            for incident, victims in self.new
            for (harm, sex, is_child), count in victims.items()
        ]
        IncidentVictims.objects.bulk_create(fresh, batch_size=CHUNK)
        self.progress(len(self.rows) // 2)
        for incident, victims in self.changed:
            incident.updated_at = now
            incidents.keep_victims(incident, victims)
        Incident.objects.bulk_update([incident for incident, _victims in self.changed], [*self.columns_changed, "updated_at"], batch_size=CHUNK)
        units = Unit.objects.in_bulk({unit_id for unit_id, _day in self.touched})
        for unit_id, day in sorted(self.touched):
            incidents.settle(units[unit_id], day, self.desk.user)


def _content(incident) -> tuple:
    return (incident.unit_id, incident.area_id, incident.kind, incident.occurred_at, incident.narrative)


def _stored(incident) -> dict:
    return {(row.harm, row.sex, row.is_child): row.count for row in incident.victims.all()} if incident.pk else {}

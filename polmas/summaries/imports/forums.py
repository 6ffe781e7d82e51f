"""Forums with their boards. A row is one member; what it says of the forum may stand in the forum's first row alone."""

import collections
import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fkpm.forms import EARLIEST
from fkpm.forms_forums import first_officer_of
from fkpm.models import Element, Endorser, Forum, Member, Position, Section, ZoneKind
from mapping.models import Area
from mapping.models.areas import dotted
from polmas.people.forms import telephone
from polmas.people.scope import on_day
from polmas.summaries.imports.plans import CHUNK, Plan, refuse_by
from polmas.summaries.imports.registers import VILLAGE, choices_of
from polmas.summaries.imports.sheets import Column, Row, day_of

FORUM, MEMBER = "Nama FKPM", "Nama Anggota"
STATUSES = tuple(status for status in Forum.Status if status != Forum.Status.RINTISAN)
PROMISED = (("YA", "Ya"), ("TIDAK", "Tidak"))
OF_FORUM = ("form", "zone_kind", "coverage", "bkpm", "phone", "status", "founded_on", "endorsed_by", "endorsement_number", "endorsed_on")
TERM = ("term_starts_on", "term_ends_on")
OF_MEMBER = ("position", "section", "element", "member_phone", "starts_on", "ends_on", "has_consented", "is_party_free")
DAYS = ("founded_on", "endorsed_on", *TERM, "starts_on", "ends_on")


class Forums(Plan):
    """Forums known by village and name, members by forum, name and office among those of today."""

    title = gettext_lazy("Forums with their boards")
    key_title = MEMBER
    notes = (
        gettext_lazy("One row is one member. What stands in the columns of the forum need stand in its first row only."),
        gettext_lazy("Forums are known by village and name, members by their name: loading the same file again changes nothing."),
        gettext_lazy("An empty cell leaves what is stored. No forum and no member is ever deleted by a file."),
        gettext_lazy("Rules such as 10 to 20 members are advice on the forum’s page, and keep no row out."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = (
            VILLAGE,
            Column(FORUM, "forum", gettext_lazy("As it is called."), True, ("FKPM Pedalangan",)),
            Column("Bentuk", "form", gettext_lazy("Empty means a residential area."), choices=choices_of(Forum.Form)),
            Column("Jenis Kawasan", "zone_kind", gettext_lazy("Of zones only."), choices=choices_of(ZoneKind)),
            Column("Cakupan", "coverage", gettext_lazy("RW or dusun in words."), examples=("RW 03–07",)),
            Column("BKPM", "bkpm", gettext_lazy("Where the forum meets."), examples=("Balai RW 05",)),
            Column("Telepon FKPM", "phone", gettext_lazy("Of the forum."), examples=("024 7460 123",)),
            Column("Status", "status", gettext_lazy("Empty means active."), choices=choices_of(STATUSES)),
            Column("Tanggal Bentuk", "founded_on", gettext_lazy("Day of the founding."), examples=("2019-03-14",)),
            Column("Disahkan Oleh", "endorsed_by", gettext_lazy("Who endorsed the board."), choices=choices_of(Endorser)),
            Column("Nomor Pengesahan", "endorsement_number", gettext_lazy("As on the paper."), examples=("141/12/2025",)),
            Column("Tanggal Pengesahan", "endorsed_on", gettext_lazy("Day of the endorsement."), examples=("2025-01-10",)),
            Column("Masa Bakti Mulai", "term_starts_on", gettext_lazy("First day of the term."), examples=("2025-01-10",)),
            Column("Masa Bakti Selesai", "term_ends_on", gettext_lazy("Last day of the term."), examples=("2028-01-09",)),
            Column(MEMBER, "name", gettext_lazy("One member; the chair first."), True, ("H. Slamet Riyadi",)),
            Column("Jabatan", "position", gettext_lazy("Empty means a plain member."), choices=choices_of(Position)),
            Column("Seksi", "section", gettext_lazy("Of heads of sections."), choices=choices_of(Section)),
            Column("Unsur", "element", gettext_lazy("For whom the member stands; empty means residents."), choices=choices_of(Element)),
            Column("Telepon Anggota", "member_phone", gettext_lazy("Stored encrypted and shown masked."), examples=("0812 3456 7890",)),
            Column("Mulai", "starts_on", gettext_lazy("Empty means the first day of the term, else today."), examples=("2025-01-10",)),
            Column("Selesai", "ends_on", gettext_lazy("Last day; empty while it lasts."), examples=("",)),
            Column("Sukarela", "has_consented", gettext_lazy("Whether the member said so."), choices=PROMISED),
            Column("Bukan Pengurus Parpol", "is_party_free", gettext_lazy("Whether the member said so."), choices=PROMISED),
        )
        self.titles = {column.name: column.title for column in self.columns} | {"area": VILLAGE.title}

    def look_up(self, rows: list[Row]) -> None:
        for row in rows:
            row.cells["area"] = dotted(row.cells["area"])
        units = self.desk.managed_units()
        areas = Area.objects.villages().filter(code__in={row.cells["area"] for row in rows}, units__in=units).distinct()
        self.areas = {area.code: area for area in areas}
        links = Area.units.through.objects.filter(area__in=areas, unit__in=units).order_by("unit__depth").select_related("unit")
        self.unit_of = {link.area_id: link.unit for link in links}  # the deepest unit that polices the village stands last
        stored = Forum.objects.filter(area__in=areas, unit__in=units).select_related("unit")
        self.forums = {(forum.area_id, forum.name.casefold()): forum for forum in stored}
        today = datetime.datetime.now(datetime.UTC).date()
        serving = Member.objects.filter(on_day(today), forum__in=stored)
        self.members = {(member.forum_id, member.name.casefold()): member for member in serving}
        self.chairs: dict[tuple[int, str], list[Member]] = collections.defaultdict(list)
        for chair in Member.objects.filter(forum__in=stored, position=Position.KETUA).select_related("forum"):
            self.chairs[chair.forum.area_id, chair.forum.name.casefold()].append(chair)
        self.used: set[tuple[int, str]] = set()  # forums of which a row is taken
        self.touched: dict[tuple[int, str], Forum] = {}
        self.new: list[Member] = []
        self.changed: list[Member] = []

    def key_of(self, row):
        return (row.cells["area"], row.cells["forum"].casefold(), row.cells["name"].casefold())

    def name_of(self, row):
        return f"{row.cells['name']}, {row.cells['forum']}"

    def place(self, row: Row) -> str:
        area = self.areas.get(row.cells["area"])
        if area is None:
            self.find_faults(row)
            return "error"
        said = self._said(row)
        if row.errors:
            return "error"
        forum, is_forum_changed = self._forum(row, area, said)
        if forum is None:
            return "error"
        return self._member(row, forum, said, is_forum_changed)

    def find_faults(self, row):
        if (code := row.cells["area"]) and code not in self.areas:
            row.refuse(VILLAGE.title, _("Unknown, or not policed by your units."))
        self._said(row)

    def _said(self, row) -> dict[str, Any]:
        """What the cells say, by column; choices as codes, days as days."""
        said: dict[str, Any] = {}
        for column in self.columns:
            text = row.cells.get(column.name, "")
            if not text:
                continue
            value: Any = column.choice(text) if column.choices else text
            if column.name in DAYS:
                value = self._day(row, column, text)
            elif value is None:
                row.refuse(column.title, _("This choice is not known."))
            said[column.name] = value == "YA" if column.choices == PROMISED else value
        return said

    @staticmethod
    def _day(row, column, text) -> datetime.date | None:
        day = day_of(text)
        if day is None or not EARLIEST <= day < datetime.date(2100, 1, 1):
            row.refuse(column.title, _("This is no day. Write 2026-11-01."))
            return None
        return day

    def _forum(self, row, area, said) -> tuple[Forum | None, bool]:
        """The forum of the row with what the row says of it, and whether that is new."""
        key = (area.pk, row.cells["forum"].casefold())
        forum = self.touched.get(key) or self.forums.get(key)
        is_new = forum is None
        if forum is None:
            forum = Forum(area=area, unit=self.unit_of[area.pk], name=row.cells["forum"])
        before = {name: getattr(forum, name) for name in (*OF_FORUM, *TERM)}
        changes = {name: said[name] for name in before if name in said and said[name] != before[name]}
        for name, value in changes.items():
            setattr(forum, name, value)
        if not changes and not is_new:
            return forum, False
        try:
            forum.clean_fields(exclude=["unit", "area", "officer", "bkpm_place"])
            forum.validate_constraints(exclude=["area", "name"])
        except ValidationError as error:
            for name, value in before.items():
                setattr(forum, name, value)
            self._refuse(row, error, {"__all__": FORUM, "name": FORUM})
            return None, False
        self.touched[key] = forum
        return forum, True

    def _member(self, row, forum, said, is_forum_changed) -> str:
        name = row.cells["name"].casefold()
        known = self.members.get((forum.pk, name)) if forum.pk else None
        member = known or Member(forum=forum, name=row.cells["name"], starts_on=forum.term_starts_on or forum.unit.today())
        values = {("phone" if field == "member_phone" else field): said[field] for field in OF_MEMBER if field in said}
        changes = {field: value for field, value in values.items() if getattr(member, field) != value}
        for field, value in changes.items():
            setattr(member, field, value)
        if not self._is_fit(row, forum, member):
            return "error"
        self.used.add(_key_of(forum))
        if known and not changes:
            return "changed" if is_forum_changed else "unchanged"
        (self.changed if known else self.new).append(member)
        return "changed" if known else "new"

    def _is_fit(self, row, forum, member) -> bool:
        try:
            if member.phone:
                telephone(member.phone)
            member.clean_fields(exclude=["forum", "user"])
        except ValidationError as error:
            self._refuse(row, error, {"name": MEMBER, "phone": "Telepon Anggota"})
        if member.ends_on and member.ends_on < member.starts_on:
            row.refuse("Selesai", _("The last day lies before the first."))
        if member.position == Position.KETUA and not row.errors:
            others = [chair for chair in self.chairs[_key_of(forum)] if chair is not member and (chair.pk is None or chair.pk != member.pk)]
            if any(_overlap(chair, member) for chair in others):
                row.refuse("Jabatan", _("The forum already has a chair in that time; end that term first."))
            else:
                self.chairs[_key_of(forum)] = [*others, member]
        return not row.errors

    def _refuse(self, row, error, titles):
        if hasattr(error, "error_dict"):
            refuse_by(row, error, self.titles | titles)
        else:
            row.refuse("Telepon Anggota", " ".join(error.messages))

    def write(self) -> None:
        for key in self.used & self.touched.keys():
            forum = self.touched[key]
            if forum._state.adding:
                forum.officer = first_officer_of(forum.area)
            forum.save()
        for member in self.new:
            member.forum_id = member.forum.pk  # which is known only now
        Member.objects.bulk_create(self.new, batch_size=CHUNK)
        self.progress(len(self.rows) // 2)
        Member.objects.bulk_update(self.changed, [*OF_MEMBER[:3], "phone", *OF_MEMBER[4:]], batch_size=CHUNK)


def _key_of(forum: Forum) -> tuple[int, str]:
    return (forum.area_id, forum.name.casefold())


def _overlap(one: Member, other: Member) -> bool:
    """Whether both would lead at once; on the day on which one ends the next may begin."""
    always = datetime.date.max
    return one.starts_on < (other.ends_on or always) and other.starts_on < (one.ends_on or always)

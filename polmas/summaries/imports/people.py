"""People with their postings and areas. A row is one posting; somebody with two posts has two rows."""

import collections
import copy
import datetime

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping import substitution
from mapping.models import Area, Beat
from mapping.models.areas import dotted
from polmas.people.models import Posting, Rank, Role, Unit, User
from polmas.people.models.postings import ROLE_UNIT_KINDS, PostingKind
from polmas.people.scope import OFFICERS
from polmas.summaries.imports.plans import CHUNK, Plan, refuse_by
from polmas.summaries.imports.sheets import Column, Row, day_of
from polmas.summaries.managing import end_posting, note_new_accounts

TITLES = {
    "nrp": "NRP",
    "name": "Nama",
    "rank": "Pangkat",
    "phone": "Telepon",
    "unit": "Kode Satuan",
    "role": "Peran",
    "kind": "Status",
    "starts_on": "Mulai",
    "ends_on": "Selesai",
    "order_number": "Nomor Sprin",
    "areas": "Wilayah",
}
ROLES = tuple((role.value, role.value) for role in Role)
EARLIEST = datetime.date(1980, 1, 1)
LATEST = datetime.date(2100, 1, 1)
MOST_AREAS = 30


class People(Plan):
    title = gettext_lazy("People with postings and areas")
    key_title = TITLES["nrp"]
    notes = (
        gettext_lazy("One row is one posting. Who holds two posts has two rows with the same NRP and name."),
        gettext_lazy("An empty cell leaves what is stored. Loading the same file again changes nothing."),
        gettext_lazy("Posts and areas are added, and ended only by the column Selesai. An area is never taken away by a file."),
        gettext_lazy("New people get one-time passwords, which you download once when the file has been applied."),
    )
    columns = (
        Column(TITLES["nrp"], "nrp", gettext_lazy("8 digits (NRP) or 18 digits (NIP), kept as text."), True, ("80010001",)),
        Column(TITLES["name"], "name", gettext_lazy("With academic titles, without the rank."), True, ("Sutrisno, S.H.",)),
        Column(TITLES["rank"], "rank", gettext_lazy("One of the ranks on the right."), choices=tuple(Rank.choices)),
        Column(TITLES["phone"], "phone", gettext_lazy("Digits, with spaces or hyphens."), examples=("0812 3456 7890",)),
        Column(TITLES["unit"], "unit", gettext_lazy("The unit's code, as the list of units shows it."), True, ("POLSEK-BANYUMANIK",)),
        Column(TITLES["role"], "role", gettext_lazy("What the person does at the unit."), True, choices=ROLES),
        Column(
            TITLES["kind"],
            "kind",
            gettext_lazy("Empty means permanent."),
            choices=(("TETAP", "Tetap"), ("PLH", "Plh."), ("PLT", "Plt."), ("PS", "Ps."), ("AN", "a.n.")),
        ),
        Column(TITLES["starts_on"], "starts_on", gettext_lazy("First day of the posting."), True, ("2026-11-01", "01-11-2026")),
        Column(TITLES["ends_on"], "ends_on", gettext_lazy("Last day; empty while it lasts."), examples=("2027-10-31",)),
        Column(TITLES["order_number"], "order_number", gettext_lazy("As on the paper."), examples=("Sprin/101/I/KEP./2026",)),
        Column(
            TITLES["areas"],
            "areas",
            gettext_lazy("Codes of the villages held, with commas."),
            examples=("33.74.11.1004, 33.74.11.1003",),
        ),
    )

    def look_up(self, rows: list[Row]) -> None:
        for row in rows:
            if (nrp := row.cells["nrp"]).isdigit() and len(nrp) < 8:
                row.cells["nrp"] = nrp.zfill(8)  # Excel drops the zeros of a number
        names = {row.cells["nrp"] for row in rows}
        people = User.objects.filter(username__in=names).prefetch_related("postings__unit", "beats")
        self.users: dict[str, User] = {user.username: user for user in people}
        self.manageable = {user.pk for user in people if self.desk.manages_all(user, list(user.postings.all()))}
        codes = {row.cells["unit"].upper() for row in rows}
        self.units = {unit.code.upper(): unit for unit in self.desk.managed_units().filter(code__in=codes)}
        self.roles = {unit.pk: self.desk.roles_at(unit) for unit in self.units.values()}
        wanted = {dotted(code) for row in rows for code in self._codes(row)}
        self.areas = {area.code: area for area in Area.objects.filter(code__in=wanted)}
        policed = Area.units.through.objects.filter(unit__in=self._subtree_ids()).values_list("area_id", "unit__path")
        self.policed: dict[int, set[str]] = collections.defaultdict(set)
        for area_id, path in policed:
            self.policed[area_id].add(path)
        self.parents = dict(Area.objects.filter(pk__in=self._ids_around()).values_list("pk", "parent"))
        held = Beat.objects.filter(area__in=self.areas.values(), is_primary=True, ends_on=None).values_list("area", flat=True)
        self.has_first = set(held)
        self.new_users: list[User] = []
        self.changed_users: dict[int, User] = {}
        self.new_postings: list[Posting] = []
        self.changed_postings: list[Posting] = []
        self.ended: list[Posting] = []
        self.new_beats: list[Beat] = []
        self.given: set[tuple[str, int]] = set()

    def _subtree_ids(self):
        tops = [unit.path for unit in self.units.values()]
        return [unit.pk for unit in self.desk.managed_units() if any(unit.path.startswith(top) for top in tops)]

    def _ids_around(self):
        """The areas named and those around them, as far as a unit may police them."""
        ids = {area.pk for area in self.areas.values()}
        return ids | {area.parent_id for area in self.areas.values() if area.parent_id}

    @staticmethod
    def _codes(row) -> list[str]:
        return [part.strip() for part in row.cells.get("areas", "").replace(";", ",").split(",") if part.strip()]

    def key_of(self, row):
        return (row.cells["nrp"], row.cells["unit"].upper(), row.cells["role"].casefold(), row.cells["starts_on"])

    def name_of(self, row):
        return f"{row.cells['nrp']} {row.cells['name']}, {row.cells['role']} {row.cells['unit']}"

    def find_faults(self, row):
        self._posting_said(row)

    def place(self, row: Row) -> str:
        posting = self._posting_said(row)
        if posting is None:
            return "error"
        user = self.users.get(row.cells["nrp"])
        if user is None:
            return self._place_new(row, posting)
        if user.pk and user.pk not in self.manageable:
            row.refuse(TITLES["nrp"], _("This person serves elsewhere, or above you. If they moved here, the operator above adds the posting."))
            return "error"
        return self._place_known(row, user, posting)

    def _posting_said(self, row) -> Posting | None:
        """The posting that a row names, checked; None where it was refused."""
        unit = self.units.get(row.cells["unit"].upper())
        role = row.cells["role"].casefold()
        start, end = day_of(row.cells["starts_on"]), day_of(row.cells.get("ends_on", ""))
        if unit is None:
            row.refuse(TITLES["unit"], _("Unknown, or not among your units."))
        elif role not in Role.values:
            row.refuse(TITLES["role"], _("This role is not known."))
        elif role not in self.roles[unit.pk]:
            row.refuse(TITLES["role"], self._refusal(unit, role))
        if start is None or not EARLIEST <= start < LATEST:
            row.refuse(TITLES["starts_on"], _("This is no day. Write 2026-11-01."))
        if row.cells.get("ends_on") and (end is None or not EARLIEST <= end < LATEST):
            row.refuse(TITLES["ends_on"], _("This is no day. Write 2026-11-01."))
        elif start and end and end < start:
            row.refuse(TITLES["ends_on"], _("The last day lies before the first."))
        kind = self._choice(row, "kind") or PostingKind.TETAP
        order = row.cells.get("order_number", "")
        if len(order) > 80:
            row.refuse(TITLES["order_number"], _("At most %(most)d characters.") % {"most": 80})
        if row.errors or unit is None or start is None:
            return None
        return Posting(unit=unit, role=role, kind=kind, starts_on=start, ends_on=end, order_number=order)

    @staticmethod
    def _refusal(unit, role):
        if unit.kind not in ROLE_UNIT_KINDS.get(role, {unit.kind}):
            return _("%(unit)s has no such post.") % {"unit": unit}
        return _("This role is not yours to give at %(unit)s.") % {"unit": unit}

    def _choice(self, row, name) -> str:
        text = row.cells.get(name, "")
        column = next(column for column in self.columns if column.name == name)
        code = column.choice(text) if text else ""
        if code is None:
            row.refuse(column.title, _("This choice is not known."))
        return code or ""

    def _place_new(self, row, posting) -> str:
        user = User(
            username=row.cells["nrp"],
            nrp=row.cells["nrp"],
            name=row.cells["name"],
            rank=self._choice(row, "rank"),
            phone=row.cells.get("phone", ""),
            must_change_password=True,
            password=make_password(None),
        )
        self._check(row, user)
        posting.user = user
        beats = self._beats(row, user, posting)
        if not row.errors:
            self.new_beats += beats
            self.users[user.username] = user
            self.new_users.append(user)
            self.new_postings.append(posting)
        return "new"

    def _place_known(self, row, user, posting) -> str:
        fresh = self._changed_user(row, user) if user.pk else self._same_newcomer(row, user)
        standing = self._standing(user, posting)
        beats = self._beats(row, user, posting)
        if row.errors:
            return "error"
        if fresh is not user:
            self.users[user.username] = self.changed_users[user.pk] = fresh
        self.new_beats += beats
        if standing is None:
            posting.user = user
            self.new_postings.append(posting)
            return "changed" if user.pk else "new"
        is_moved = self._change_posting(standing, posting)
        return "changed" if fresh is not user or beats or is_moved else "unchanged"

    def _same_newcomer(self, row, user) -> User:
        if row.cells["name"] != user.name:
            row.refuse(TITLES["name"], _("Another row of this NRP gives another name."))
        return user

    def _changed_user(self, row, user) -> User:
        """The person as the row has them; the same object where nothing differs."""
        said = {"name": row.cells["name"], "rank": self._choice(row, "rank"), "phone": row.cells.get("phone", "")}
        changes = {name: value for name, value in said.items() if value and getattr(user, name) != value}
        if not changes:
            return user
        fresh = copy.copy(user)
        for name, value in changes.items():
            setattr(fresh, name, value)
        self._check(row, fresh)
        return fresh

    def _standing(self, user, posting) -> Posting | None:
        """The stored posting that the row speaks of: of that day, else the one that already lasts on it."""
        if user.pk is None:
            return None
        same = [known for known in user.postings.all() if known.unit_id == posting.unit_id and known.role == posting.role]
        exact = next((known for known in same if known.starts_on == posting.starts_on), None)
        return exact or next((known for known in same if known.is_valid_on(posting.starts_on)), None)

    def _change_posting(self, standing, said) -> bool:
        changes = {
            name: value
            for name, value in (("kind", said.kind), ("ends_on", said.ends_on), ("order_number", said.order_number))
            if value and getattr(standing, name) != value
        }
        for name, value in changes.items():
            setattr(standing, name, value)
        if "ends_on" in changes:
            self.ended.append(standing)
        if changes:
            self.changed_postings.append(standing)
        return bool(changes)

    def _check(self, row, user):
        try:
            user.clean_fields(exclude=["password"])
        except ValidationError as error:
            refuse_by(row, error, {**TITLES, "username": TITLES["nrp"]})

    def _beats(self, row, user, posting) -> list[Beat]:
        """The beats that the row adds to what the person holds, or was given by an earlier row."""
        codes = self._codes(row)
        if codes and posting.role not in OFFICERS:
            row.refuse(TITLES["areas"], _("Only officers in the field hold areas."))
        elif len(codes) > MOST_AREAS:
            row.refuse(TITLES["areas"], _("At most %(most)d areas.") % {"most": MOST_AREAS})
        areas = [] if row.errors else [self._area(row, dotted(code), posting.unit) for code in codes]
        if row.errors:
            return []
        beats = [self._beat(user, area, posting) for area in dict.fromkeys(areas) if (user.username, area.pk) not in self.given]
        return [beat for beat in beats if beat]

    def _beat(self, user, area, posting) -> Beat | None:
        """A new beat for the days of the posting; None where the area is held already."""
        last = posting.ends_on or datetime.date.max
        held = [beat for beat in user.beats.all() if beat.area_id == area.pk and beat.absence_id is None] if user.pk else []
        held = [beat for beat in held if beat.starts_on <= last and (beat.ends_on or last) >= posting.starts_on]
        start = max(posting.starts_on, timezone.localdate()) if held else posting.starts_on  # held once in that time: again from today on
        if start > last or any((beat.ends_on or last) >= start or beat.starts_on == start for beat in held):
            return None
        is_first = area.pk not in self.has_first and posting.ends_on is None
        if is_first:
            self.has_first.add(area.pk)
        self.given.add((user.username, area.pk))
        return Beat(
            user=user,
            area=area,
            unit=posting.unit,
            is_primary=is_first,
            starts_on=start,
            ends_on=posting.ends_on,
            order_number=posting.order_number,
        )

    def _area(self, row, code, unit: Unit):
        """An area that the unit, or one below it, polices."""
        area = self.areas.get(code)
        if area is None:
            row.refuse(TITLES["areas"], _("Unknown: %(codes)s. Import these areas first.") % {"codes": code[:30]})
            return None
        around = (area.pk, area.parent_id, self.parents.get(area.parent_id or 0))
        if not any(path.startswith(unit.path) for pk in around if pk for path in self.policed.get(pk, ())):
            row.refuse(TITLES["areas"], _("%(area)s is not among the areas of %(unit)s.") % {"area": area, "unit": unit})
        return area

    def write(self) -> None:
        made = User.objects.bulk_create(self.new_users, batch_size=CHUNK)
        User.objects.bulk_update(self.changed_users.values(), ["name", "rank", "phone"], batch_size=CHUNK)
        self.progress(len(self.rows) // 2)
        Posting.objects.bulk_create(self.new_postings, batch_size=CHUNK)
        Posting.objects.bulk_update(self.changed_postings, ["kind", "ends_on", "order_number"], batch_size=CHUNK)
        Beat.objects.bulk_create(self.new_beats, batch_size=CHUNK)
        for posting in self.ended:
            end_posting(posting, posting.ends_on or posting.starts_on)
        for user in {beat.user for beat in self.new_beats if beat.user not in made}:
            substitution.mend_for(user)
        note_new_accounts(self.desk.user, made)
        self.newcomers = [user.pk for user in made]

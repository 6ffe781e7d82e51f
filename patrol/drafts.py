"""One received item on its way to becoming a report: its times read, its rules across fields checked, nothing looked up yet."""

import dataclasses
import datetime
import functools
import hashlib
import re
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.gis.db import models
from django.contrib.gis.geos import LineString, Point
from django.utils.translation import gettext_lazy as _

from mapping.models import Area
from mapping.models.registers import RegisterEntry
from patrol.campaigns import Joined
from patrol.forms import PartForm
from patrol.kinds import KINDS, KindEntry
from patrol.schema import BLANK, INVALID, REQUIRED, UUID, canonical, fault, faults_of
from polmas.people.fields import CodesField
from polmas.people.models import Unit, User

# Networks are slow and clocks a little off: up to here times are taken as they stand.
CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
MAX_AHEAD = datetime.timedelta(hours=24)
# Before this no phone wrote a report; such a clock was never set. It also keeps arithmetic within a calendar's bounds.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
FIRST, LAST = datetime.datetime.min.replace(tzinfo=datetime.UTC), datetime.datetime.max.replace(tzinfo=datetime.UTC)
LONGEST_SKEW_S = 2**31 - 1
NO_SKEW = datetime.timedelta()


def moment_of(value: Any) -> datetime.datetime | None:
    """An ISO 8601 time with offset; None for whatever else."""
    try:
        moment = datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def day_from(value: Any) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return day if 2000 <= day.year <= 2100 else None


def skew_of(sent_at: Any, now: datetime.datetime) -> datetime.timedelta:
    """How far the phone's clock runs ahead of ours (negative: behind), by the time it wrote on the envelope.

    Within CLOCK_TOLERANCE, and where `sent_at` cannot be read, there is none: times are then taken as sent.
    """
    sent = moment_of(sent_at)
    if sent is None:
        return NO_SKEW
    skew = sent - now
    return skew if abs(skew) > CLOCK_TOLERANCE and abs(skew.total_seconds()) <= LONGEST_SKEW_S else NO_SKEW


class Spot(NamedTuple):
    """Where a report was made. Its text is what the database reads; a geometry would be built and taken apart again on the way."""

    lon: float
    lat: float

    @property
    def ewkt(self) -> str:
        return f"SRID=4326;POINT({self.lon!r} {self.lat!r})"


def spot_of(place: dict | None) -> Spot | None:
    return Spot(float(place["lon"]), float(place["lat"])) if place else None


def point_of(place: dict | None) -> Point | None:
    return Point(float(place["lon"]), float(place["lat"]), srid=4326) if place else None


def line_of(points: list | None) -> LineString | None:
    """A line needs two points; one alone is nowhere to go."""
    return LineString([(float(lon), float(lat)) for lon, lat in points], srid=4326) if points and len(points) > 1 else None


def uuid_of(value: Any) -> uuid.UUID | None:
    return uuid.UUID(value) if isinstance(value, str) and re.fullmatch(UUID, value) else None


@dataclasses.dataclass
class Draft:
    """What an item says, and what the server finds out about it. With `faults` it is read no further."""

    item: Any
    skew: datetime.timedelta
    now: datetime.datetime
    faults: list[dict] = dataclasses.field(default_factory=list)
    occurred_at: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None
    saved_at: datetime.datetime | None = None  # of the first version
    obstacle_due_on: datetime.date | None = None
    values: dict = dataclasses.field(default_factory=dict)  # the columns of the detail
    rows: dict[str, list[dict]] = dataclasses.field(default_factory=dict)  # the columns of its repeated parts
    spot: Spot | None = None
    received_at: datetime.datetime | None = None
    officer: User | None = None  # whose it is, where the sender records it in somebody else's name (patrol.behalf)
    credited: list[int] = dataclasses.field(default_factory=list)  # colleagues who took part, by their keys (patrol.companions)
    # Found out by patrol.findings:
    unit: Unit | None = None
    day: datetime.date | None = None
    area: Area | None = None
    distance_m: float | None = None
    subject: RegisterEntry | None = None
    joined: Joined | None = None  # the giat tematik
    flags: list[str] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, item, skew, now, before=None) -> "Draft":
        """Of an item that came just now; `before` is the stored report that it corrects."""
        draft = cls(item, skew, now, faults_of(item), received_at=before.received_at if before else now)
        if not draft.faults:
            draft.read()
            draft.saved_at = before.saved_at if before else draft.saved_at
        if before and not draft.faults and item["kind"] != before.kind:
            draft.add("invalid", _("The kind of a report cannot be changed. Withdraw it and file another."), "kind")
        return draft

    @functools.cached_property
    def entry(self) -> KindEntry:
        return KINDS[self.item["kind"]]

    @property
    def detail(self) -> dict:
        return self.item.get("detail") or {}

    @functools.cached_property
    def subject_sent(self) -> dict:
        """The entry of a register that the report names, as sent; empty where it names none."""
        return (self.detail.get(self.entry.subject) if self.entry.subject else None) or {}

    @functools.cached_property
    def subject_id(self) -> uuid.UUID | None:
        return uuid_of(self.subject_sent.get("id"))

    @property
    def campaign_sent(self) -> dict:
        """The giat tematik that the report names, as sent; empty where it names none."""
        return self.item.get("campaign") or {}

    @property
    def accuracy_m(self) -> float | None:
        accuracy = (self.item.get("location") or {}).get("accuracy")
        return None if accuracy is None else float(accuracy)

    @property
    def location(self) -> str | None:
        """The spot as it is stored."""
        return self.spot.ewkt if self.spot else None

    def say(self, name: str) -> str:
        """A text of the item as sent; empty where it was left out."""
        return self.item.get(name) or ""

    def add(self, code: str, detail, attr: str) -> None:
        self.faults.append(fault(code, detail, attr))

    def read(self) -> None:
        """Times and position, and the rules that hold between fields (domain.md 4.0)."""
        self.occurred_at = self._time("occurred_at")
        self.ended_at = self._time("ended_at")
        self.saved_at = self._time("saved_at")
        if self.occurred_at and self.ended_at and self.ended_at < self.occurred_at:
            self.add("ends_before_start", _("The end lies before the start."), "ended_at")
        self.spot = spot_of(self.item.get("location"))
        self.obstacle_due_on = self._day(self.item.get("obstacle_due_on"), "obstacle_due_on")
        self.values = self._columns(self.entry.form, self.detail, "detail")
        for name, form in self.entry.form.rows.items():
            self.rows[name] = [self._columns(form, sent, f"detail.{name}.{n}") for n, sent in enumerate(self.detail.get(name) or [])]
        self.entry.form.check(self)

    def parts(self) -> Iterator[tuple[type[PartForm], dict, str]]:
        """The detail and its repeated parts, as (form, columns, where it stands)."""
        yield self.entry.form, self.values, "detail"
        for name, form in self.entry.form.rows.items():
            yield from ((form, row, f"detail.{name}.{n}") for n, row in enumerate(self.rows[name]))

    def need_sentence(self, name: str) -> None:
        if not self.say(name).strip():
            self.add(*(("blank", BLANK) if self.say(name) else ("required", REQUIRED)), name)

    def need_subject(self, detail) -> None:
        if not self.subject_sent:
            self.add("required", detail, f"detail.{self.entry.subject}")

    def _columns(self, form, sent, path) -> dict:
        """What an object of the item says, by the columns of its table; what was left out has the column's own default. References hold
        the id that was sent until the entry is found; how sure a position is comes with it."""
        said = {field.name: self._value(field, sent.get(name), f"{path}.{name}") for name, field in form.columns().items()}
        found = dict.fromkeys(form.measured)
        if "accuracy_m" in found:
            found["accuracy_m"] = (sent.get("location") or {}).get("accuracy")
        return said | found

    def _value(self, field, value, path):
        if isinstance(field, CodesField):
            return value or []
        if isinstance(field, models.DateTimeField):
            return self._moment(value, path)
        if isinstance(field, models.DateField):
            return self._day(value, path)
        if isinstance(field, models.PointField):
            return point_of(value)
        if isinstance(field, models.LineStringField):
            return line_of(value)
        if isinstance(field, models.ForeignKey):
            return uuid_of(value["id"]) if value else None
        if isinstance(field, models.IntegerField) and value is not None:
            return int(value)
        return field.get_default() if value is None else value

    def _day(self, value, path):
        day = day_from(value) if value else None
        if value and day is None:
            self.add(*INVALID, path)
        return day

    def _time(self, name):
        return self._moment(self.item.get(name), name)

    def _moment(self, value, name):
        if value is None:
            return None
        moment = moment_of(value)
        if moment is None:
            self.add("invalid", _("Write the time with its offset, e.g. 2026-11-20T09:15:00+07:00."), name)
            return None
        return self._corrected(moment, name)

    def _corrected(self, moment, name):
        """The time by our clock, within what can be true."""
        try:
            moment = moment.astimezone(datetime.UTC) - self.skew
        except OverflowError:  # at the very ends of the calendar
            moment = LAST if moment.year > EARLIEST.year else FIRST
        if moment > self.now + MAX_AHEAD:
            self.add("too_far_ahead", _("This time lies more than 24 hours ahead. Check the phone's clock."), name)
        elif moment < EARLIEST:
            self.add("too_long_ago", _("This time lies too far back. Check the phone's clock."), name)
        else:
            return moment
        return None


def digest_of(item: Any) -> str:
    return hashlib.sha256(canonical(item)).hexdigest()

"""One received item on its way to becoming a report: its times read, its rules across fields checked, nothing looked up yet."""

import dataclasses
import datetime
import hashlib
import re
import uuid
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from mapping.models import Area
from patrol.models import Household
from patrol.schema import BLANK, INVALID, REQUIRED, UUID, canonical, fault, faults_of
from polmas.people.models import Unit

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
    next_visit_on: datetime.date | None = None
    point: Point | None = None
    received_at: datetime.datetime | None = None
    # Found out by patrol.findings:
    unit: Unit | None = None
    day: datetime.date | None = None
    area: Area | None = None
    distance_m: float | None = None
    household: Household | None = None
    flags: list[str] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, item, skew, now, received_at=None) -> "Draft":
        """Of an item that came just now; `received_at` is when its first version came, where this is a correction."""
        draft = cls(item, skew, now, faults_of(item), received_at=received_at or now)
        if not draft.faults:
            draft.read()
        return draft

    @property
    def detail(self) -> dict:
        return self.item.get("detail") or {}

    @property
    def house(self) -> dict:
        """The household as sent; empty where none is named."""
        return self.detail.get("household") or {}

    @property
    def house_id(self) -> uuid.UUID | None:
        return uuid_of(self.house.get("id"))

    @property
    def accuracy_m(self) -> float | None:
        accuracy = (self.item.get("location") or {}).get("accuracy")
        return None if accuracy is None else float(accuracy)

    @property
    def is_absent(self) -> bool:
        return bool(self.detail.get("absent"))

    @property
    def is_declined(self) -> bool:
        return bool(self.detail.get("declined"))

    def say(self, name: str) -> str:
        """A text of the item as sent; empty where it was left out."""
        return self.item.get(name) or ""

    def add(self, code: str, detail, attr: str) -> None:
        self.faults.append(fault(code, detail, attr))

    def read(self) -> None:
        """Times and position, and the rules that hold between fields (domain.md 4.0)."""
        self.occurred_at = self._time("occurred_at")
        self.ended_at = self._time("ended_at")
        if self.occurred_at and self.ended_at and self.ended_at < self.occurred_at:
            self.add("ends_before_start", _("The end lies before the start."), "ended_at")
        place = self.item.get("location")
        if place:
            self.point = Point(float(place["lon"]), float(place["lat"]), srid=4326)
        self._read_next_visit()
        self._check_sentence()
        self._check_who()

    def _time(self, name):
        value = self.item.get(name)
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

    def _read_next_visit(self):
        value = self.detail.get("next_visit_on")
        if not value:
            return
        self.next_visit_on = day_from(value)
        if self.next_visit_on is None:
            self.add(*INVALID, "detail.next_visit_on")

    def _check_sentence(self):
        if self.is_absent or self.say("result").strip():
            return
        code, detail = ("blank", BLANK) if self.say("result") else ("required", REQUIRED)
        self.add(code, detail, "result")

    def _check_who(self):
        if self.is_declined and self.house:
            self.add("declined", _("Whoever declined to be named is not named."), "detail.household")
        if not self.is_declined and not self.house:
            self.add("required", _("Name the household, or say that the resident declined to be named."), "detail.household")


def digest_of(item: Any) -> str:
    return hashlib.sha256(canonical(item)).hexdigest()

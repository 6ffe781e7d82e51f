"""Spans of days that figures are read for, and how two of them are compared."""

import calendar
import dataclasses
import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

DAY = datetime.timedelta(days=1)
UNFINISHED_WEIGHS_LITTLE = 28  # days of a span from which on an unfinished last one moves its percentage by less than four points


@dataclasses.dataclass(frozen=True)
class Period:
    """First and last day, both included, in the unit's own calendar; `step` says what the span before it is."""

    start: datetime.date
    end: datetime.date
    step: str = "days"  # days: as many days before; week: seven days back; month: the same days of the month before

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def moments(self, zone: datetime.tzinfo) -> tuple[datetime.datetime, datetime.datetime]:
        """First and last moment of the span where that zone's clock hangs."""
        return datetime.datetime.combine(self.start, datetime.time.min, zone), datetime.datetime.combine(self.end, datetime.time.max, zone)

    def previous(self) -> "Period":
        """The span to compare with. A whole month is compared with the whole month before, however long each is."""
        if self.step == "month":
            return Period(months_back(self.start, 1), self._end_months_back(1), "month")
        back = DAY * (7 if self.step == "week" else self.days)
        return Period(self.start - back, self.end - back, self.step)

    def includes(self, day: datetime.date) -> bool:
        return self.start <= day <= self.end

    def may_be_compared_on(self, today: datetime.date) -> bool:
        """Whether a percentage of both whole spans says something. A span of which today is part ends with an unfinished day beside a
        whole one: at five in the morning "today" would stand at -100 % and seven days at -14 %. From four weeks on that one day weighs
        little, so the percentage is shown and the page says that today is included; a shorter span shows both numbers alone, or what
        `finished` leaves of them."""
        return self.days >= UNFINISHED_WEIGHS_LITTLE or not self.includes(today)

    def shortened(self, days: int) -> "Period | None":
        """Without its last days; None where nothing would be left."""
        return dataclasses.replace(self, end=self.end - DAY * days) if self.days > days else None

    def last_year(self) -> "Period":
        """The same days a year before."""
        return Period(months_back(self.start, 12), self._end_months_back(12), self.step)

    def _end_months_back(self, months):
        end = months_back(self.end, months)
        has_whole_months = self.start.day == 1 and self.end.day == calendar.monthrange(self.end.year, self.end.month)[1]
        return last_of_month(end) if has_whole_months else end

    def __str__(self):
        if self.start == self.end:
            return date_format(self.start, "j F Y")
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start.day}–{date_format(self.end, 'j F Y')}"
        first = "j F" if self.start.year == self.end.year else "j F Y"
        return f"{date_format(self.start, first)} – {date_format(self.end, 'j F Y')}"


def finished(now: Period, before: Period, today: datetime.date) -> tuple[Period, Period] | None:
    """What of two spans may be compared at any hour: where today is part of the first, the days of it that are over, and as many fewer of
    the other; None where no day is over yet."""
    unfinished = max(0, (now.end - today).days + 1)
    spans = now.shortened(unfinished), before.shortened(unfinished)
    return (spans[0], spans[1]) if spans[0] and spans[1] else None


def months_back(day: datetime.date, months: int) -> datetime.date:
    """The same day of an earlier month, or that month's last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_of_month(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_of(day: datetime.date) -> Period:
    return Period(day.replace(day=1), last_of_month(day), "month")


def week_of(day: datetime.date) -> Period:
    """The week from Monday to Sunday that a day lies in."""
    monday = day - DAY * day.weekday()
    return Period(monday, monday + 6 * DAY, "week")


def today(day):
    return Period(day, day)


def week_so_far(day):
    return Period(week_of(day).start, day, "week")


def month_so_far(day):
    return Period(day.replace(day=1), day, "month")


def seven_days(day):
    return Period(day - 6 * DAY, day)


def thirty_days(day):
    return Period(day - 29 * DAY, day)


# What the period picker offers: the word in the address, its label and the span by the unit's own today.
CHOICES = {
    "hari": (_("Today"), today),
    "7hari": (_("7 days"), seven_days),
    "minggu": (_("This week"), week_so_far),
    "bulan": (_("This month"), month_so_far),
    "30hari": (_("30 days"), thirty_days),
}
LONGEST = 366  # days that one screen shows at once


def half_up(number: float | Decimal, places: int = 0) -> Decimal:
    """Rounded as people do it, halves away from zero. Writing a number with fewer decimals than it has cuts the others off."""
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent_of_change(before: int, now: int) -> Decimal | None:
    """(now - before) / before * 100 with two decimals; None, shown as "-", where nothing stood before (domain.md 3.10)."""
    if not before:
        return None
    return (Decimal(now - before) * 100 / before).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclasses.dataclass(frozen=True)
class Change:
    """A number beside the one of the span before."""

    before: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def percent(self) -> Decimal | None:
        return percent_of_change(self.before, self.now)

    @property
    def direction(self) -> str:
        return "up" if self.difference > 0 else "down" if self.difference < 0 else "same"


def signed(number, places=0) -> str:
    """A difference with its sign, the minus as printed: +56, −4, 0."""
    number = half_up(number, places)
    text = number_format(abs(number), places)
    return f"+{text}" if number > 0 else f"−{text}" if number < 0 else text

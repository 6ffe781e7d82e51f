"""One month as a page of a calendar shows it."""

import calendar
import dataclasses
import datetime
import re

DAY = datetime.timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2005, 2099


@dataclasses.dataclass(frozen=True)
class Month:
    """A month by its first day: its weeks from Monday on, and the months beside it."""

    first: datetime.date

    @classmethod
    def of(cls, day: datetime.date) -> "Month":
        return cls(day.replace(day=1))

    @classmethod
    def asked(cls, text: str, today: datetime.date) -> "Month":
        """The month that an address names as 2026-11; this one where it names none."""
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            return cls.of(today)
        return cls(datetime.date(int(text[:4]), int(text[5:]), 1))

    def __str__(self):
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> datetime.date:
        return self.next.first - DAY

    @property
    def next(self) -> "Month":
        return Month((self.first + 31 * DAY).replace(day=1))

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - DAY)

    @property
    def days(self) -> list[datetime.date]:
        return [self.first + number * DAY for number in range((self.next.first - self.first).days)]

    @property
    def weeks(self) -> list[list[datetime.date]]:
        """Weeks of seven days from Monday on; the first and the last reach into the months beside."""
        return calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)

"""A count over time as bars: by day, or by week where the days are many."""

import dataclasses
import datetime
from collections import Counter

MOST_BARS = 62  # of more days, weeks are drawn
WIDTH, HEIGHT, GAP, WIDEST = 640, 140, 2, 48
DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Bar:
    """One day, or the days of one week that belong to the time; x, y, width and height in the picture."""

    first: datetime.date
    last: datetime.date
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclasses.dataclass(frozen=True)
class Trend:
    bars: list[Bar]
    is_weekly: bool
    most: int


def trend_of(counts: dict[datetime.date, int], first: datetime.date, last: datetime.date) -> Trend | None:
    """The bars from the first to the last day; None where nothing was counted."""
    if last < first or not counts:
        return None
    days = (last - first).days + 1
    is_weekly = days > MOST_BARS
    spans = weeks_between(first, last) if is_weekly else [(first + n * DAY, first + n * DAY) for n in range(days)]
    found: Counter[datetime.date] = Counter()
    for day, count in counts.items():
        found[max(first, day - day.weekday() * DAY) if is_weekly else day] += count
    most, step = max(found.values()), WIDTH / len(spans)
    width = min(max(step - GAP, 1), WIDEST)
    bars = []
    for n, span in enumerate(spans):
        height = round(HEIGHT * found[span[0]] / most, 1)
        bars.append(Bar(*span, found[span[0]], round(n * step + (step - width) / 2, 1), round(HEIGHT - height, 1), round(width, 1), height))
    return Trend(bars, is_weekly, most)


def weeks_between(first: datetime.date, last: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Weeks from Monday to Sunday, cut at both ends."""
    weeks = []
    while first <= last:
        end = min(last, first + (6 - first.weekday()) * DAY)
        weeks.append((first, end))
        first = end + DAY
    return weeks

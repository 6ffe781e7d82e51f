"""The days of a dashboard as bars: for each day how many before and how many now. Places are shares of the picture, as SVG reads them."""

import dataclasses
import datetime
import itertools
import math

MOST_LABELS = 4
MARGIN, WIDTH = 0.12, 0.36  # of a day's slot


def percent(share: float) -> str:
    return f"{share * 100:.3f}%"


@dataclasses.dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str


@dataclasses.dataclass(frozen=True)
class Day:
    """One slot of the picture: its bars from left to right, and where it begins, has its middle and how wide it is."""

    day: datetime.date
    now: int
    before: int
    link: str
    x: str
    middle: str
    width: str
    earlier: Bar
    current: Bar
    is_labelled: bool


@dataclasses.dataclass(frozen=True)
class Picture:
    days: list[Day]
    scale: tuple[int, int, int]  # what the lines at the top, in the middle and at the bottom stand for


def top_of(most: int) -> int:
    """The least of 2, 4, 10, 20, 40, 100 and so on that holds all bars: its half is a whole number, too."""
    return next(step * 10**power for power in itertools.count() for step in (2, 4, 10) if step * 10**power >= most)


def picture_of(lines: list[dict]) -> Picture:
    """`lines`: a day each, with `day`, `now`, `before` and `link`."""
    top = top_of(max((max(line["now"], line["before"]) for line in lines), default=0))
    slot, every = 1 / max(len(lines), 1), max(1, math.ceil(len(lines) / MOST_LABELS))

    def bar(place: int, offset: float, count: int) -> Bar:
        height = count / top
        return Bar(percent((place + offset) * slot), percent(1 - height), percent(WIDTH * slot), percent(height))

    days = [
        Day(
            **line,
            x=percent(place * slot),
            middle=percent((place + 0.5) * slot),
            width=percent(slot),
            earlier=bar(place, MARGIN, line["before"]),
            current=bar(place, 1 - MARGIN - WIDTH, line["now"]),
            is_labelled=(len(lines) - 1 - place) % every == 0,
        )
        for place, line in enumerate(lines)
    ]
    return Picture(days, (top, top // 2, 0))

"""The fields of the security index as a radar, drawn on the server: corners in a picture of 100 by 100, the scale from the middle out."""

import dataclasses
import math
from collections.abc import Sequence
from decimal import Decimal

from polmas.summaries.indexing import HIGHEST

MIDDLE, REACH = 50.0, 36.0
LABEL_REACH = 42.0


@dataclasses.dataclass(frozen=True)
class Axis:
    """One corner: where its line ends, where its name stands and how that is set, and its value."""

    label: str
    value: Decimal | None
    x: str
    y: str
    label_x: str
    label_y: str
    anchor: str


@dataclasses.dataclass(frozen=True)
class Radar:
    axes: list[Axis]
    rings: list[str]  # the outlines of 1 to 5
    shape: str  # the corners of what is shown; those without a value lie in the middle
    earlier: str  # of the quarter before, empty where there is none
    dots: list[tuple[str, str]]


def _at(place: int, of: int, reach: float) -> tuple[float, float]:
    angle = -math.pi / 2 + 2 * math.pi * place / of
    return MIDDLE + reach * math.cos(angle), MIDDLE + reach * math.sin(angle)


def _written(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _outline(values: Sequence[Decimal | None]) -> list[tuple[float, float]]:
    return [_at(place, len(values), REACH * float(value or 0) / HIGHEST) for place, value in enumerate(values)]


def _lifted(y: float) -> float:
    """Where the first of a label's two lines stands, so that both stay beside their corner: above the highest, below the lowest."""
    return y - 1 if y < MIDDLE - 1 else y + 5 if y > MIDDLE + 1 else y - 2


def _anchor(x: float) -> str:
    return "middle" if abs(x - MIDDLE) < 1 else "start" if x > MIDDLE else "end"


def radar_of(names: Sequence[str], values: Sequence[Decimal | None], earlier: Sequence[Decimal | None] = ()) -> Radar | None:
    """A radar of three corners or more; None where there is none to draw."""
    n = len(names)
    if n < 3 or not any(value is not None for value in values):
        return None
    axes = []
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        (x, y), (label_x, label_y) = _at(place, n, REACH), _at(place, n, LABEL_REACH)
        axes.append(Axis(name, value, f"{x:.2f}", f"{y:.2f}", f"{label_x:.2f}", f"{_lifted(label_y):.2f}", _anchor(label_x)))
    rings = [_written([_at(place, n, REACH * step / HIGHEST) for place in range(n)]) for step in range(1, HIGHEST + 1)]
    corners = _outline(values)
    known = [(f"{x:.2f}", f"{y:.2f}") for (x, y), value in zip(corners, values, strict=True) if value is not None]
    return Radar(axes, rings, _written(corners), _written(_outline(earlier)) if any(earlier) else "", known)


@dataclasses.dataclass(frozen=True)
class Point:
    """One quarter of a trend, with the line that leads to it from the last one that has a value."""

    label: str
    value: Decimal | None
    x: str
    y: str
    label_y: str
    line: tuple[str, str] | None


def trend_of(lines: Sequence[tuple[str, Decimal | None]]) -> list[Point]:
    """Values over quarters as points of a picture of 100 by 100, the scale of 1 to 5 from bottom to top."""
    slot = 100 / max(len(lines), 1)
    points: list[Point] = []
    last: tuple[str, str] | None = None
    for place, (label, value) in enumerate(lines):
        y = 86 - (float(value or 1) - 1) / (HIGHEST - 1) * 68
        here = (f"{(place + 0.5) * slot:.2f}", f"{y:.2f}")
        points.append(Point(label, value, *here, f"{y - 7:.2f}", last if value is not None else None))
        last = here if value is not None else last
    return points

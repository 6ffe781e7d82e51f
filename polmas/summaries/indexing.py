"""The arithmetic of the security index (domain.md 7): pure functions, in exact fractions, rounded only where a number is shown.

Scores run from 1 (vulnerable) to 5 (very resilient). The index of a field is the weighted mean of its indicators, the total that of
the fields. What nobody scored is left out and the other weights are scaled up to make the whole again.
"""

import collections
import dataclasses
import statistics
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

LOWEST, HIGHEST = 1, 5
HUNDREDTH = Decimal("0.01")
LOW = Decimal("2.60")  # below this an indicator is "kurang tangguh" or worse: the board looks for its root cause


class Band(models.TextChoices):
    """Equal fifths of the scale from 1 to 5, by the number as it is shown."""

    RAWAN = "RAWAN", _("vulnerable")
    KURANG = "KURANG", _("less resilient")
    CUKUP = "CUKUP", _("fairly resilient")
    TANGGUH = "TANGGUH", _("resilient")
    SANGAT = "SANGAT", _("very resilient")


FLOORS = ((Decimal("4.20"), Band.SANGAT), (Decimal("3.40"), Band.TANGGUH), (Decimal("2.60"), Band.CUKUP), (Decimal("1.80"), Band.KURANG))


def shown(value: Fraction) -> Decimal:
    """With two decimals, halves upwards."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def band_of(number: Decimal) -> Band:
    """The band in which a shown number lies."""
    return next((band for floor, band in FLOORS if number >= floor), Band.RAWAN)


@dataclasses.dataclass(frozen=True)
class Index:
    """An exact index, None where nothing was scored, and how many of how many indicators it stands on."""

    exact: Fraction | None
    scored: int
    total: int

    @property
    def value(self) -> Decimal | None:
        return None if self.exact is None else shown(self.exact)

    @property
    def band(self) -> Band | None:
        return None if self.value is None else band_of(self.value)


def index_of(lines: Iterable[tuple[Decimal, Fraction | None]]) -> Index:
    """The index of one field from (weight, value) of its indicators; None for one that was not scored."""
    lines = list(lines)
    return Index(_mean(lines), sum(value is not None for _weight, value in lines), len(lines))


def total_of(fields: Iterable[tuple[Decimal, Index]]) -> Index:
    """The index of all fields from their weights; a field of which nothing was scored is left out like an indicator."""
    fields = list(fields)
    exact = _mean([(weight, index.exact) for weight, index in fields])
    return Index(exact, sum(index.scored for _weight, index in fields), sum(index.total for _weight, index in fields))


def _mean(lines: Sequence[tuple[Decimal, Fraction | None]]) -> Fraction | None:
    known = [(Fraction(weight), value) for weight, value in lines if value is not None and weight > 0]
    weights = sum((weight for weight, _value in known), Fraction(0))
    return sum((weight * value for weight, value in known), Fraction(0)) / weights if weights else None


@dataclasses.dataclass(frozen=True)
class Spread:
    """How several scorers see one indicator: `counts` is how many gave 1, 2, 3, 4 and 5."""

    counts: tuple[int, ...]
    mean: Fraction
    median: Decimal
    deviation: Decimal
    lowest: int
    highest: int

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def shown_mean(self) -> Decimal:
        return shown(self.mean)

    @property
    def is_wide(self) -> bool:
        """Two scorers differ by three steps or more: worth a word at the table before a value is agreed."""
        return self.highest - self.lowest >= 3


def spread_of(scores: Iterable[int]) -> Spread | None:
    """Of the scores of one indicator; None where there is none. The deviation is that of all scorers, not of a sample."""
    scores = sorted(scores)
    if not scores:
        return None
    found = collections.Counter(scores)
    return Spread(
        counts=tuple(found[number] for number in range(LOWEST, HIGHEST + 1)),
        mean=Fraction(sum(scores), len(scores)),
        median=Decimal(str(statistics.median(scores))),
        deviation=Decimal(str(statistics.pstdev(scores))).quantize(HUNDREDTH, ROUND_HALF_UP),
        lowest=scores[0],
        highest=scores[-1],
    )

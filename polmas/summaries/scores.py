"""The arithmetic of an officer's score (domain.md 6.2): five parts of 0 to 100 points, weighted, and a label. No database here.

What a Polres of the field counts by (raw numbers) rewards volume. Here each kind of activity counts up to its target and no
further, quality and problem solving are shares, and days of absence make the targets smaller. A part that cannot be measured is
left out, and its weight goes to the others in proportion: nobody loses points for what did not happen. A Laporan Informasi is in
none of it.
"""

import dataclasses
import statistics
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from polmas.summaries.models.scores import LABELS, WHOLE, ScoreLabel

RULE = 2  # raised whenever a score of the same rows would come out otherwise
# From the complaint to the officer's arrival: 15 minutes to respond and 10 to be there (domain.md 4.4).
ARRIVE_WITHIN = 25
CENT = Decimal("0.01")


@dataclasses.dataclass(frozen=True)
class Finding:
    """One part of one officer's month: points of 0 to 100, the number of rows they stand on, and what the page tells of them."""

    points: Fraction
    n: int
    facts: dict[str, Any]


def activity(counts: Mapping[str, int], goals: Mapping[str, int]) -> Finding | None:
    """The mean over the kinds of what was reached of each, none above 100 %. Kinds of which less than one was expected are left out,
    and what was done without a target counts nothing here; `goals` are those of the days on which the officer was there."""
    asked = {kind: goal for kind, goal in goals.items() if goal > 0}
    if not asked:
        return None
    reached = [Fraction(min(counts.get(kind, 0), goal), goal) for kind, goal in asked.items()]
    lines = [[kind, counts.get(kind, 0), goal] for kind, goal in asked.items()]
    return Finding(WHOLE * sum(reached, Fraction()) / len(reached), sum(counts.get(kind, 0) for kind in asked), {"kinds": lines})


def quality(reports: int, complete: int, unique: int, reviewed: int, clean: int) -> Finding | None:
    """The mean of three shares: complete reports, those of a text and photos of their own, and of those that a reviewer looked at the
    ones verified without having been returned. Where none was looked at, the mean of the first two."""
    if not reports:
        return None
    shares = [Fraction(complete, reports), Fraction(unique, reports)]
    if reviewed:
        shares.append(Fraction(clean, reviewed))
    facts = {"reports": reports, "complete": complete, "unique": unique, "reviewed": reviewed, "clean": clean}
    return Finding(WHOLE * sum(shares, Fraction()) / len(shares), reports, facts)


def problems(cases: int, settled: int, looks: int, observed: int) -> Finding | None:
    """Of the cases that could be settled those that were, and of the looks after 30 and 90 days those that found the agreement observed,
    each counting alike."""
    n = cases + looks
    if not n:
        return None
    return Finding(WHOLE * Fraction(settled + observed, n), n, {"cases": cases, "settled": settled, "looks": looks, "observed": observed})


def response(minutes: Sequence[float], within: int = ARRIVE_WITHIN) -> Finding | None:
    """Full points for a median within the time allowed; twice the time is worth half of them."""
    if not minutes:
        return None
    median = Fraction(statistics.median(minutes)).limit_denominator(10)
    points = Fraction(WHOLE) if median <= within else WHOLE * Fraction(within) / median
    return Finding(points, len(minutes), {"median": round(float(median), 1), "within": within})


def shares(weights: Mapping[str, int], measured: Iterable[str]) -> dict[str, Fraction]:
    """The weights of the parts that could be measured, brought up to 100 together. None where all of these weigh nothing."""
    held = {part: weights[part] for part in measured if weights.get(part)}
    whole = sum(held.values())
    return {part: Fraction(WHOLE * weight, whole) for part, weight in held.items()} if whole else {}


def total_of(findings: Mapping[str, Finding], weights: Mapping[str, int]) -> Decimal | None:
    """The score with two decimals; None where nothing that weighs could be measured."""
    parts = shares(weights, findings)
    if not parts:
        return None
    return rounded(sum((share * findings[part].points for part, share in parts.items()), Fraction()) / WHOLE)


def label_of(total: Decimal) -> ScoreLabel:
    return next(label for least, label in LABELS if total >= least)


def told(findings: Mapping[str, Finding], weights: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """The parts as they are kept: points, n, the share of the total that they make up, and their facts."""
    parts = shares(weights, findings)
    return {
        part: {"points": float(rounded(found.points)), "n": found.n, "share": float(rounded(parts.get(part, Fraction()))), **found.facts}
        for part, found in findings.items()
    }


def rounded(number: Fraction) -> Decimal:
    return (Decimal(number.numerator) / number.denominator).quantize(CENT, ROUND_HALF_UP)

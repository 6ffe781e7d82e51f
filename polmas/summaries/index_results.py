"""What a quarter of the security index says: each indicator with its spread and value, each field, the total, and what came before."""

import collections
import dataclasses
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from polmas.summaries.indexing import LOW, Index, Spread, band_of, index_of, shown, spread_of, total_of
from polmas.summaries.models import IndexField, IndexIndicator, IndexPeriod, IndexScore, IndexValue, IndexWeight


@dataclasses.dataclass(frozen=True)
class Line:
    """One indicator of a quarter."""

    indicator: IndexIndicator
    weight: Decimal
    spread: Spread | None
    agreed: IndexValue | None

    @property
    def exact(self) -> Fraction | None:
        if self.agreed:
            return Fraction(self.agreed.value)
        return self.spread.mean if self.spread else None

    @property
    def value(self) -> Decimal | None:
        return None if self.exact is None else shown(self.exact)

    @property
    def band(self):
        return None if self.value is None else band_of(self.value)

    @property
    def is_low(self) -> bool:
        return self.value is not None and self.value < LOW


@dataclasses.dataclass(frozen=True)
class FieldResult:
    """One field of a quarter with its indicators; of a brief without them."""

    field: IndexField
    weight: Decimal
    index: Index
    lines: list[Line]

    @property
    def label(self):
        return self.field.label


@dataclasses.dataclass(frozen=True)
class Result:
    fields: list[FieldResult]
    total: Index

    @property
    def by_field(self) -> dict[str, Index]:
        return {part.field: part.index for part in self.fields}

    @property
    def low(self) -> list[Line]:
        return [line for part in self.fields for line in part.lines if line.is_low]

    def stored(self) -> dict[str, Any]:
        """As a closed quarter keeps it: exact, so that what is read later is what was counted."""
        return {part.field.value: _stored(part.index) | {"weight": str(part.weight)} for part in self.fields} | {"TOTAL": _stored(self.total)}


def _stored(index: Index) -> dict:
    return {"exact": None if index.exact is None else str(index.exact), "scored": index.scored, "total": index.total}


def _read(kept: dict) -> Index:
    return Index(None if kept["exact"] is None else Fraction(kept["exact"]), kept["scored"], kept["total"])


def result_of(period: IndexPeriod) -> Result:
    return results_of([period])[period.pk]


def results_of(periods: Iterable[IndexPeriod]) -> dict[int, Result]:
    """By quarter what its scores and agreed values say, in three statements for all of them."""
    periods = list(periods)
    ids = [period.pk for period in periods]
    weights: dict[int, list[IndexWeight]] = collections.defaultdict(list)
    for weight in IndexWeight.objects.filter(scheme__in={period.scheme_id for period in periods}).select_related("indicator", "scheme"):
        weights[weight.scheme_id].append(weight)
    scores: dict[tuple[int, int], list[int]] = collections.defaultdict(list)
    counted = IndexScore.objects.counted().filter(period__in=ids).order_by()
    for period_id, indicator_id, value in counted.values_list("period", "indicator", "value"):
        scores[period_id, indicator_id].append(value)
    agreed = {(value.period_id, value.indicator_id): value for value in IndexValue.objects.filter(period__in=ids)}
    return {period.pk: _result(period.pk, weights[period.scheme_id], scores, agreed) for period in periods}


def _result(period_id, weights, scores, agreed) -> Result:
    fields = []
    for field in IndexField:
        lines = [
            Line(
                weight.indicator,
                weight.percent,
                spread_of(scores.get((period_id, weight.indicator_id), [])),
                agreed.get((period_id, weight.indicator_id)),
            )
            for weight in weights
            if weight.indicator.field == field
        ]
        if lines:
            share = weights[0].scheme.weight_of(field)
            fields.append(FieldResult(field, share, index_of([(line.weight, line.exact) for line in lines]), lines))
    return Result(fields, total_of([(part.weight, part.index) for part in fields]))


def briefs_of(periods: Iterable[IndexPeriod]) -> dict[int, Result]:
    """Fields and total of many quarters: of closed ones as they were kept, of scored ones as they stand, of open ones nothing:
    while members still score alone, no number may lean on them."""
    periods = list(periods)
    standing = results_of([period for period in periods if period.is_scored]) if any(period.is_scored for period in periods) else {}
    kept = {period.pk: _kept(period) for period in periods if period.is_closed}
    return standing | kept


def _kept(period: IndexPeriod) -> Result:
    parts = [(IndexField(name), kept) for name, kept in period.results.items() if name in IndexField.values]
    fields = [FieldResult(field, Decimal(kept["weight"]), _read(kept), []) for field, kept in parts]
    return Result(sorted(fields, key=lambda part: IndexField.values.index(part.field)), _read(period.results["TOTAL"]))


@transaction.atomic
def close(period: IndexPeriod, by) -> None:
    """Closes a scored quarter with what its values say now. Raises ValidationError where somebody moved it meanwhile."""
    period.hold(IndexPeriod.State.SCORED)
    result = result_of(period)
    if result.total.value is None:
        raise ValidationError(_("Nobody has scored yet: a score counts with its reason."))
    period.close(by, result.total.value, result.stored())


def before(period: IndexPeriod, most: int) -> list[IndexPeriod]:
    """The closed quarters of the same area up to this one, the oldest first; this one stands last, whatever its state."""
    earlier = IndexPeriod.objects.filter(area=period.area_id, state=IndexPeriod.State.CLOSED).exclude(pk=period.pk)
    known = [other for other in earlier.order_by("-year", "-quarter")[: most * 2] if (other.year, other.quarter) < (period.year, period.quarter)]
    return [*reversed(known[: most - 1]), period]

"""The arithmetic of the security index: the vectors of domain.md 7, and what holds for all scores."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polmas.summaries.indexing import Band, Index, band_of, index_of, shown, spread_of, total_of
from polmas.summaries.models.index_schemes import equal_shares

scores = st.integers(1, 5)
values = st.one_of(st.none(), st.fractions(1, 5))
weights = st.decimals("0.01", "100", places=2)
lines = st.lists(st.tuples(weights, values), max_size=8)


def equally(*numbers):
    shares = equal_shares(len(numbers))
    return index_of([(share, None if number is None else Fraction(number)) for share, number in zip(shares, numbers, strict=True)])


class TestVectors:
    ideology = equally(4, 4, 3, 4, 5, 4, 3, 5)
    politics = equally(3, 4, 4, 3, 2, 4)

    def test_a_field(self):
        assert (self.ideology.value, self.ideology.band) == (Decimal("4.00"), Band.TANGGUH)
        assert (self.politics.value, self.politics.band) == (Decimal("3.33"), Band.CUKUP)

    def test_two_fields_of_equal_weight(self):
        total = total_of([(Decimal(50), self.ideology), (Decimal(50), self.politics)])
        assert (total.value, total.band, total.scored, total.total) == (Decimal("3.67"), Band.TANGGUH, 14, 14)

    def test_what_is_missing_is_left_out_and_told(self):
        politics = equally(3, 4, 4, 3, None, 4)
        assert (politics.value, politics.scored, politics.total) == (Decimal("3.60"), 5, 6)

    def test_a_field_of_which_nothing_was_scored_counts_in_no_total(self):
        nothing = equally(None, None)
        assert nothing == Index(None, 0, 2)
        assert (nothing.value, nothing.band) == (None, None)
        assert total_of([(Decimal(25), self.ideology), (Decimal(75), nothing)]).value == Decimal("4.00")


@pytest.mark.parametrize(
    ("number", "band"),
    [
        ("1.00", Band.RAWAN),
        ("1.79", Band.RAWAN),
        ("1.80", Band.KURANG),
        ("2.59", Band.KURANG),
        ("2.60", Band.CUKUP),
        ("3.39", Band.CUKUP),
        ("3.40", Band.TANGGUH),
        ("4.19", Band.TANGGUH),
        ("4.20", Band.SANGAT),
        ("5.00", Band.SANGAT),
    ],
)
def test_bands(number, band):
    assert band_of(Decimal(number)) == band


def test_halves_are_rounded_upwards():
    assert [shown(Fraction(text)) for text in ("3.395", "2.5", "2.594999")] == [Decimal("3.40"), Decimal("2.50"), Decimal("2.59")]


@given(lines)
def test_an_index_lies_between_the_lowest_and_the_highest_score(given_lines):
    index = index_of(given_lines)
    known = [value for _weight, value in given_lines if value is not None]
    assert (index.scored, index.total) == (len(known), len(given_lines))
    assert index.exact is None if not known else min(known) <= index.exact <= max(known)


@given(lines, weights)
def test_one_that_nobody_scored_changes_nothing(given_lines, weight):
    assert index_of([*given_lines, (weight, None)]).exact == index_of(given_lines).exact


@given(lines, st.integers(2, 9))
def test_only_the_relation_of_the_weights_counts(given_lines, factor):
    assert index_of([(weight * factor, value) for weight, value in given_lines]).exact == index_of(given_lines).exact


@given(st.lists(st.tuples(weights, st.fractions(1, 5)), min_size=1, max_size=8), st.data())
def test_a_better_score_never_lowers_the_index(given_lines, data):
    place = data.draw(st.integers(0, len(given_lines) - 1))
    weight, value = given_lines[place]
    better = [*given_lines[:place], (weight, data.draw(st.fractions(value, 5))), *given_lines[place + 1 :]]
    assert index_of(better).exact >= index_of(given_lines).exact


@given(st.lists(scores, min_size=1, max_size=15))
def test_a_spread_tells_of_every_scorer(numbers):
    spread = spread_of(numbers)
    assert (spread.n, spread.lowest, spread.highest) == (len(numbers), min(numbers), max(numbers))
    assert spread.counts == tuple(numbers.count(number) for number in range(1, 6))
    assert spread.lowest <= spread.mean <= spread.highest
    assert spread.lowest <= spread.median <= spread.highest
    assert (spread.deviation == 0) == (spread.lowest == spread.highest)
    assert spread.is_wide == (max(numbers) - min(numbers) >= 3)


def test_of_nobody_there_is_no_spread():
    assert spread_of([]) is None
    assert spread_of([2, 2, 5, 3]).median == Decimal("2.5")


@given(st.integers(1, 60))
def test_equal_shares_make_a_hundred(n):
    shares = equal_shares(n)
    assert sum(shares) == 100
    assert max(shares) - min(shares) <= Decimal("0.01")

"""Numbers as pages write them."""

from decimal import Decimal

import pytest

from polmas.people.periods import half_up, signed
from polmas.people.templatetags.polmas import decimal


@pytest.mark.parametrize(
    ("number", "places", "written"),
    [
        (162 / 41, 1, "4,0"),  # 3.951…: the decimals left off count too
        (Decimal("3.854"), 1, "3,9"),
        (2.25, 1, "2,3"),
        (-2.25, 1, "-2,3"),
        (12.5, 0, "13"),
        (7, 0, "7"),
        (Decimal("3.3"), 2, "3,30"),
        (None, 2, ""),
    ],
)
def test_a_number_is_rounded_and_not_cut_off(number, places, written):
    assert decimal(number, places) == written


def test_a_difference_says_what_is_left_after_rounding():
    assert [signed(number, 1) for number in (0.26, -0.26, 0.04)] == ["+0,3", "−0,3", "0,0"]
    assert half_up(0.5) == 1

"""The bars of a dashboard's days: as high as their share of the scale, side by side, all within the picture."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from polmas.summaries.bars import MOST_LABELS, picture_of, top_of

FIRST = datetime.date(2026, 9, 1)
COUNTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=100)


def lines(counts):
    return [{"day": FIRST + datetime.timedelta(days=n), "now": now, "before": before, "link": "/x/"} for n, (now, before) in enumerate(counts)]


def share(text):
    return float(text.removesuffix("%"))


def test_the_scale_is_round_and_its_half_whole():
    assert [top_of(most) for most in (0, 1, 2, 3, 5, 11, 40, 41, 867)] == [2, 2, 2, 4, 10, 20, 40, 100, 1000]


@given(COUNTS)
def test_every_bar_stands_on_the_ground_within_its_day(counts):
    picture = picture_of(lines(counts))
    top = picture.scale[0]
    for day in picture.days:
        for bar, count in ((day.earlier, day.before), (day.current, day.now)):
            assert abs(share(bar.height) - 100 * count / top) < 0.001
            assert abs(share(bar.y) + share(bar.height) - 100) < 0.002
            assert share(day.x) <= share(bar.x)
            assert share(bar.x) + share(bar.width) <= share(day.x) + share(day.width) + 0.002
        assert share(day.earlier.x) + share(day.earlier.width) < share(day.current.x)


@given(COUNTS)
def test_few_days_are_named_the_last_always(counts):
    days = picture_of(lines(counts)).days
    assert sum(day.is_labelled for day in days) <= MOST_LABELS
    assert not days or days[-1].is_labelled

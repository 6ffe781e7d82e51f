"""What is expected of officers, and how their weeks are judged: targets and cluster rules as units set them (`models.targets`).

`Targets.over` reads everything that matters to a unit and all below it in a span with one statement, and one more where
clusters are judged, however many officers a page shows; all else is arithmetic. A target of a week or month counts for a part
of it by the days on which the officer was present (`duty`), so that leave makes nobody look idle.
"""

import calendar
import collections
import datetime
from collections.abc import Container, Iterable, Mapping
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models import Kind
from polmas.people.periods import Period
from polmas.summaries.models import ClusterRule, Target
from polmas.summaries.models.targets import ALL_KINDS, EVERY_OFFICER, target_kinds

CLUSTER_DAYS = 7
CLUSTER_KINDS = ("DDS", "DETEKSI_DINI", "PS")  # what BOS adds up (domain.md 1.1)
REPORT_KINDS = frozenset(Kind.values)
Post = tuple[str, str]  # role, and the path of the unit


class Cluster(models.TextChoices):
    AKTIF = "aktif", _("active")
    CUKUP = "cukup", _("fair")
    KURANG = "kurang", _("too few")
    BERHALANGAN = "berhalangan", _("away")


def cluster_of(count: int, present: int, rule: ClusterRule) -> Cluster:
    """The cluster of so many activities in so many days of presence, as if all seven days of a week had gone like these."""
    if not present:
        return Cluster.BERHALANGAN
    a_week = Fraction(count * CLUSTER_DAYS, present)
    if a_week > rule.active_above:
        return Cluster.AKTIF
    return Cluster.CUKUP if a_week >= rule.fair_from else Cluster.KURANG


def whole(number: Fraction) -> int:
    """A target as a number that people count up to; halves are rounded up."""
    return int(number + Fraction(1, 2))


def total_of(expected: Mapping[str, Fraction]) -> int:
    """All reports that are expected: what was set for all kinds together, or else the sum of the kinds."""
    return whole(expected.get(ALL_KINDS) or Fraction(sum(number for kind, number in expected.items() if kind in REPORT_KINDS)))


class Targets:
    """Which target holds for whom on which day."""

    def __init__(self, targets: Iterable[Target], rules: Iterable[ClusterRule] = ()):
        self._targets = list(targets)
        self._rules = rules
        self._order = {kind: place for place, kind in enumerate([*(kind for kind, _label in target_kinds()), ALL_KINDS])}
        self._known: dict[tuple[Post, datetime.date], tuple[int, ...]] = {}
        self._sets: dict[tuple[int, ...], tuple[Target, ...]] = {}

    @classmethod
    def over(cls, path: str, first: datetime.date, last: datetime.date) -> "Targets":
        """All of a span for the unit of this path and those below."""
        targets = Target.objects.holding_in(path, first, last).select_related("unit").order_by("pk")
        return cls(targets, ClusterRule.objects.holding_in(path).select_related("unit"))

    def holding(self, post: Post, day: datetime.date) -> tuple[Target, ...]:
        """The targets of a post on a day, one per kind, in the order of the kinds; where nothing is expected there is none."""
        return self._sets[self._set_of(post, day)]

    def _set_of(self, post: Post, day: datetime.date) -> tuple[int, ...]:
        """The numbers of these targets: most officers and days share theirs."""
        if (post, day) not in self._known:
            found = self._nearest(post, day)
            self._known[post, day] = numbers = tuple(target.pk for target in found)
            self._sets.setdefault(numbers, found)
        return self._known[post, day]

    def _nearest(self, post, day):
        role, path = post
        found: dict[str, tuple[tuple[int, bool], Target]] = {}
        for target in self._targets:
            set_at = target.unit.path if target.unit else ""
            is_his = path.startswith(set_at) and target.role in (EVERY_OFFICER, role)
            if not is_his or day < target.starts_on or (target.ends_on and day > target.ends_on) or target.kind not in self._order:
                continue
            nearness = (len(set_at), target.role != EVERY_OFFICER)
            if target.kind not in found or nearness > found[target.kind][0]:
                found[target.kind] = (nearness, target)
        winners = [target for _nearness, target in found.values() if target.amount]
        return tuple(sorted(winners, key=lambda target: self._order[target.kind]))

    def expected(self, days: Mapping[datetime.date, Post], spared: Container[str] = ()) -> dict[str, Fraction]:
        """What is expected per kind, some spared, on so many days of presence, each with the post held on it."""
        spans = collections.Counter((self._set_of(post, day), month_length(day)) for day, post in days.items())
        sums: dict[str, Fraction] = {}
        for (numbers, length), number in spans.items():
            for target in (target for target in self._sets[numbers] if target.kind not in spared):
                sums[target.kind] = sums.get(target.kind, Fraction()) + target.share(number, length)
        return sums

    def rule(self, path: str) -> ClusterRule:
        """The cluster rule of a unit: the nearest one upwards, or BOS's own."""
        holding = [rule for rule in self._rules if rule.unit is None or path.startswith(rule.unit.path)]
        return max(holding, key=lambda rule: len(rule.unit.path) if rule.unit else 0, default=ClusterRule())


def month_length(day: datetime.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def week_before(day: datetime.date) -> Period:
    """The seven days up to this one, by which clusters are judged."""
    return Period(day - datetime.timedelta(days=CLUSTER_DAYS - 1), day)

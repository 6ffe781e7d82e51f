"""What officers are expected to do, as each unit and the country set it, and from how many activities on a week counts as active."""

import datetime
from fractions import Fraction
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from patrol.models import Kind
from polmas.people.models import Role, Unit
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, OFFICERS, OPERATORS, in_subtrees, on_day

SETTERS = LEADERS_POLSEK | LEADERS_POLRES | OPERATORS | {"kasat_binmas"}
ALL_KINDS, EVERY_OFFICER = "", ""
FORUM_MEETING = "RAPAT_FKPM"  # a meeting held by the officer's forum: known from its minutes, not from a report
NEVER = ("LI",)  # a Laporan Informasi counts in no target, score or ranking (domain.md 4.4)
MOST = 1000
OFFICER_ROLES = [(role.value, role.label) for role in Role if role in OFFICERS]


def target_kinds() -> list[tuple[str, Any]]:
    """Kinds that a target may be set for: those of reports, and meetings of forums."""
    return [*((value, label) for value, label in Kind.choices if value not in NEVER), (FORUM_MEETING, _("FKPM meeting"))]


def kind_label(kind: str):
    """A kind as people call it; one that is not in use (yet) by its code."""
    return dict([(ALL_KINDS, _("All kinds together")), *target_kinds()]).get(kind, kind)


class TargetPeriod(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")


class SetQuerySet(models.QuerySet):
    """Rows that a unit sets for itself and all below it, or the country (no unit) for everybody."""

    def for_user(self, user):
        """Those that hold for the units one reads or serves in, wherever they were set, and those of the country."""
        scope = user.scope
        if scope.is_admin:
            return self
        if not scope.posts:
            return self.none()
        above = {path[:end] for path in scope.paths for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}
        return self.filter(Q(unit=None) | Q(unit__path__in=above) | in_subtrees("unit__path", scope.whole_paths))


class TargetQuerySet(SetQuerySet):
    def on(self, day: datetime.date):
        return self.filter(on_day(day))

    def holding_in(self, path: str, first: datetime.date, last: datetime.date):
        """All that may say something about the unit of this path or one below it in a span: set there, above, below or for the country."""
        above = [path[:end] for end in range(Unit.steplen, len(path), Unit.steplen)]
        units = Q(unit=None) | Q(unit__path__in=above) | Q(unit__path__startswith=path)
        return self.filter(units, starts_on__lte=last).exclude(ends_on__lt=first)


# The days of a dated row as a range, first and last day included; without a last day it is open.
DAYS = Func("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True), function="DATERANGE", output_field=DateRangeField())


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Target(models.Model):
    """How many activities of one kind an officer is expected to do per day, week or month, from a day on.

    Set by one unit for its officers and those of the units below, or for the country (no unit). The nearest unit upwards wins, and
    at one unit a target of the officer's role before that of all officers. An amount of 0 says that nothing is expected. A change
    ends the old row and begins a new one: what was expected last month stays so.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=20, choices=OFFICER_ROLES, blank=True)
    kind = models.CharField(_("kind"), max_length=24, blank=True)
    period = models.CharField(_("period"), max_length=5, choices=TargetPeriod, default=TargetPeriod.WEEK)
    amount = models.PositiveSmallIntegerField(_("amount"), validators=[MaxValueValidator(MOST)])
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["unit__path", "kind", "role", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=NEVER), name="target_never_for_li", violation_error_message=_("A Laporan Informasi has no target.")
            ),
            models.CheckConstraint(condition=Q(kind__regex=r"^[A-Z0-9_]*$"), name="target_kind_is_code"),
            models.CheckConstraint(condition=Q(role__in=[EVERY_OFFICER, *sorted(OFFICERS)]), name="target_role_of_officers"),
            models.CheckConstraint(condition=Q(period__in=TargetPeriod.values), name="target_period_known"),
            models.CheckConstraint(condition=Q(amount__lte=MOST), name="target_amount_believable"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="target_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="target_one_at_a_time",
                expressions=[
                    (Coalesce(F("unit"), Value(0), output_field=models.BigIntegerField()), RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("For this unit, role and kind a target already holds in that time. Change that one."),
            ),
        ]

    def __str__(self):
        return f"{self.kind_label}: {self.amount} / {self.get_period_display()}"

    @property
    def kind_label(self):
        return kind_label(self.kind)

    def share(self, days: int, month_length: int) -> Fraction:
        """What of the amount falls on so many days of a month of this length."""
        length = {TargetPeriod.DAY: 1, TargetPeriod.WEEK: 7}.get(TargetPeriod(self.period), month_length)
        return Fraction(self.amount * days, length)

    def may_be_set_by(self, user) -> bool:
        """Heads and operators settle the targets of their own unit and those below; administrators those of the country."""
        if self.unit is None:
            return user.scope.is_admin
        return user.scope.holds(SETTERS, self.unit)

    @transaction.atomic
    def change(self, amount: int, period: str, starts_on: datetime.date, by) -> "Target":
        """The amount from a day on. From its own first day on the row itself is mended; later, it ends and another begins."""
        if starts_on <= self.starts_on:
            self.amount, self.period, self.set_by = amount, period, by
            self.save(update_fields=["amount", "period", "set_by"])
            return self
        ends_on, self.ends_on = self.ends_on, starts_on - datetime.timedelta(days=1)
        self.save(update_fields=["ends_on"])
        following = {"unit": self.unit, "role": self.role, "kind": self.kind, "ends_on": ends_on, "set_by": by}
        return Target.objects.create(**following, amount=amount, period=period, starts_on=starts_on)

    def lift(self, today: datetime.date):
        """Takes the target away from today on. One that has held stays on record with its last day; one that has not is deleted."""
        if self.starts_on >= today:
            self.delete()
        else:
            self.ends_on = today - datetime.timedelta(days=1)
            self.save(update_fields=["ends_on"])


class ClusterRuleQuerySet(models.QuerySet):
    def holding_in(self, path: str):
        above = [path[:end] for end in range(Unit.steplen, len(path), Unit.steplen)]
        return self.filter(Q(unit=None) | Q(unit__path__in=above) | Q(unit__path__startswith=path))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ClusterRule(models.Model):
    """From how many activities in seven days an officer's week is active or fair (BOS: more than 3, and 1), for one unit and all below
    it until a nearer unit says otherwise; without a unit for the country."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("unit"))
    active_above = models.PositiveSmallIntegerField(_("active above"), default=3, validators=[MaxValueValidator(MOST)])
    fair_from = models.PositiveSmallIntegerField(_("fair from"), default=1, validators=[MaxValueValidator(MOST)])

    objects = ClusterRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster rule")
        verbose_name_plural = _("cluster rules")
        constraints = [
            models.UniqueConstraint(fields=["unit"], nulls_distinct=False, name="cluster_rule_once_per_unit"),
            models.CheckConstraint(
                condition=Q(fair_from__gte=1) & Q(active_above__gte=F("fair_from")) & Q(active_above__lte=MOST),
                name="cluster_rule_in_order",
                violation_error_message=_("Fair begins at 1 or more, and active lies above it."),
            ),
        ]

    def __str__(self):
        return f"> {self.active_above}, >= {self.fair_from}"


# What polmas starts with (domain.md 6.3): role, kind, period, amount. Five sambang a day is what Polres orders ask for.
DEFAULTS = (
    (EVERY_OFFICER, "DDS", TargetPeriod.DAY, 5),
    (EVERY_OFFICER, "BINLUH", TargetPeriod.WEEK, 1),
    (EVERY_OFFICER, "KONTROL_KAMLING", TargetPeriod.WEEK, 2),
    (EVERY_OFFICER, FORUM_MEETING, TargetPeriod.MONTH, 1),
    # A Polisi RW does so beside another post: one visit a week, and nothing else.
    (Role.POLISI_RW, "DDS", TargetPeriod.WEEK, 1),
    (Role.POLISI_RW, "BINLUH", TargetPeriod.WEEK, 0),
    (Role.POLISI_RW, "KONTROL_KAMLING", TargetPeriod.WEEK, 0),
    (Role.POLISI_RW, FORUM_MEETING, TargetPeriod.MONTH, 0),
)
SINCE = datetime.date(2019, 1, 1)


def load_defaults(target_model, rule_model) -> None:
    """The country's targets where it has none; takes the models, so that a migration can call it with its own state of them."""
    if not target_model.objects.filter(unit=None).exists():
        target_model.objects.bulk_create(
            [target_model(role=role, kind=kind, period=period, amount=amount, starts_on=SINCE) for role, kind, period, amount in DEFAULTS]
        )
    rule_model.objects.get_or_create(unit=None)

"""How an officer's month is rated (domain.md 6.2): the weights of the five parts as units set them, and the score that came of it."""

import datetime
import uuid
from decimal import Decimal

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from polmas.people.models import Posting, Unit
from polmas.people.periods import DAY, Period, month_of, months_back
from polmas.people.scope import OFFICERS, in_subtrees, on_day
from polmas.summaries.models.targets import DAYS, SETTERS, SINCE, SetQuerySet

WHOLE = 100
FEW = 5  # below this number of rows a part says little, and the page says so


class ScorePart(models.TextChoices):
    """What a score is made of (Perkap 7/2008 articles 55-58, our proposal of domain.md 6.2). A Laporan Informasi is in none of them."""

    ACTIVITY = "activity", _("activity against target")
    QUALITY = "quality", _("quality of the reports")
    PROBLEMS = "problems", _("problem solving")
    RESPONSE = "response", _("speed of response")
    SATISFACTION = "satisfaction", _("satisfaction of residents")


class ScoreLabel(models.TextChoices):
    SANGAT_BAIK = "SANGAT_BAIK", _("very good")
    BAIK = "BAIK", _("good")
    CUKUP = "CUKUP", _("sufficient")
    PEMBINAAN = "PEMBINAAN", _("needs coaching")


# The same in a word, for heads of tables.
SHORT = {
    ScorePart.ACTIVITY: pgettext_lazy("part of a score", "Activity"),
    ScorePart.QUALITY: _("Quality"),
    ScorePart.PROBLEMS: "Problem solving",
    ScorePart.RESPONSE: _("Response"),
    ScorePart.SATISFACTION: _("Satisfaction"),
}
# From how many points on which label holds (domain.md 6.2).
LABELS = ((85, ScoreLabel.SANGAT_BAIK), (70, ScoreLabel.BAIK), (55, ScoreLabel.CUKUP), (0, ScoreLabel.PEMBINAAN))
# What polmas starts with (domain.md 6.2).
DEFAULTS = {
    ScorePart.ACTIVITY: 30,
    ScorePart.QUALITY: 25,
    ScorePart.PROBLEMS: 20,
    ScorePart.RESPONSE: 15,
    ScorePart.SATISFACTION: 10,
}
PARTS = [str(part) for part in ScorePart]


class WeightsQuerySet(SetQuerySet):
    def holding_in(self, path: str, day: datetime.date):
        """All that may hold on a day in the unit of this path or one below it: set there, above, below or for the country."""
        above = [path[:end] for end in range(Unit.steplen, len(path), Unit.steplen)]
        units = Q(unit=None) | Q(unit__path__in=above) | Q(unit__path__startswith=path)
        return self.filter(units & on_day(day)).select_related("unit")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ScoreWeights(models.Model):
    """How much each of the five parts weighs in a score, in percent, from a month on.

    Set by one unit for its officers and those of the units below, or for the country (no unit); the nearest unit upwards wins. A
    change ends the old row and begins a new one: what an earlier month was rated by stays so.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("unit"))
    activity = models.PositiveSmallIntegerField(ScorePart.ACTIVITY.label, default=30, validators=[MaxValueValidator(WHOLE)])
    quality = models.PositiveSmallIntegerField(ScorePart.QUALITY.label, default=25, validators=[MaxValueValidator(WHOLE)])
    problems = models.PositiveSmallIntegerField(ScorePart.PROBLEMS.label, default=20, validators=[MaxValueValidator(WHOLE)])
    response = models.PositiveSmallIntegerField(ScorePart.RESPONSE.label, default=15, validators=[MaxValueValidator(WHOLE)])
    satisfaction = models.PositiveSmallIntegerField(ScorePart.SATISFACTION.label, default=10, validators=[MaxValueValidator(WHOLE)])
    starts_on = models.DateField(_("from the month"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WeightsQuerySet.as_manager()

    class Meta:
        verbose_name = _("weights of the score")
        verbose_name_plural = _("weights of the score")
        ordering = ["unit__path", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction=Value(WHOLE) - F("activity") - F("quality") - F("problems") - F("response")),
                name="score_weights_make_whole",
                violation_error_message=_("The weights add up to 100."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__day=1),
                name="score_weights_from_a_month",
                violation_error_message=_("Weights hold from the first of a month on."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="score_weights_end_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="score_weights_one_at_a_time",
                expressions=[
                    (Coalesce(F("unit"), Value(0), output_field=models.BigIntegerField()), RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("For this unit weights already hold in that time. Change those."),
            ),
        ]

    def __str__(self):
        return " / ".join(str(weight) for weight in self.by_part.values())

    @property
    def by_part(self) -> dict[str, int]:
        return {part: getattr(self, part) for part in PARTS}

    def may_be_set_by(self, user) -> bool:
        """Who settles targets settles these: heads and operators those of their unit and below, administrators those of the country."""
        return user.scope.is_admin if self.unit is None else user.scope.holds(SETTERS, self.unit)

    @transaction.atomic
    def change(self, weights: dict[str, int], starts_on: datetime.date, by) -> "ScoreWeights":
        """Other weights from a month on. From its own first month on the row itself is mended; later, it ends and another begins."""
        if starts_on <= self.starts_on:
            for part, weight in weights.items():
                setattr(self, part, weight)
            self.set_by = by
            self.save(update_fields=[*weights, "set_by"])
            return self
        ends_on, self.ends_on = self.ends_on, starts_on - DAY
        self.save(update_fields=["ends_on"])
        return ScoreWeights.objects.create(unit=self.unit, starts_on=starts_on, ends_on=ends_on, set_by=by, **weights)

    def lift(self, month: datetime.date):
        """Takes the weights away from a month on. Those that have held stay on record; those that have not are deleted."""
        if self.starts_on >= month:
            self.delete()
        else:
            self.ends_on = month - DAY
            self.save(update_fields=["ends_on"])


class ScoreQuerySet(models.QuerySet):
    def for_user(self, user):
        """The own ones, those of the units that one commands, and of officers on whose posting one is named as supervisor. Colleagues
        and operators see none."""
        scope = user.scope
        seen = Q(officer=user) | in_subtrees("unit__path", scope.command_paths)
        if scope.is_supervisor:
            today = timezone.localdate()
            seen |= Q(Exists(Posting.objects.on(today).filter(user=OuterRef("officer"), supervisor=user, role__in=OFFICERS)))
        return self.filter(seen)

    def of_month(self, month: datetime.date):
        return self.filter(month=month)

    def in_unit(self, unit: Unit):
        return self.filter(unit__path__startswith=unit.path)

    def freeze(self):
        """From now on these stay as they are: something was decided by them. Locked in one order, as a Polres and its Polsek may decide at
        once."""
        rows = self.filter(frozen_at=None)
        held = rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
        return OfficerScore.objects.filter(pk__in=list(held)).update(frozen_at=timezone.now())


class OfficerScore(models.Model):
    """The rating of one officer's month, at the unit of the last post that they held in it. Made of rows that stand elsewhere and made
    anew while the month and the one after it run; frozen once an award of the month is decided."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="scores", verbose_name=_("officer"))
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name=_("unit"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    total = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, help_text=_("None where nothing could be measured."))
    label = models.CharField(_("rating"), max_length=11, choices=ScoreLabel, blank=True)
    parts = models.JSONField(default=dict, help_text=_("Of each part that could be measured: points, n, share of the total, and its facts."))
    measured = models.PositiveSmallIntegerField(_("parts measured"), default=0)
    weights = models.JSONField(default=dict, help_text=_("The weights that held."))
    days_present = models.PositiveSmallIntegerField(default=0)
    days_posted = models.PositiveSmallIntegerField(default=0)
    rule = models.PositiveSmallIntegerField(_("version of the rule"))
    built_at = models.DateTimeField(default=timezone.now)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score of an officer")
        verbose_name_plural = _("scores of officers")
        ordering = ["-month", "-pk"]
        indexes = [models.Index(fields=["unit", "month"])]
        triggers = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__frozen_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["officer", "month"], name="score_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="score_of_a_month"),
            models.CheckConstraint(
                condition=Q(total__isnull=True, label="") | Q(total__gte=0, total__lte=WHOLE, label__in=ScoreLabel.values),
                name="score_within_whole",
            ),
            models.CheckConstraint(condition=Q(measured__lte=len(PARTS)), name="score_parts_known"),
            models.CheckConstraint(condition=Q(days_present__lte=F("days_posted")), name="score_present_within_posted"),
        ]

    def __str__(self):
        return f"{self.officer} {self.month:%Y-%m}: {self.total}"

    @property
    def span(self) -> Period:
        return month_of(self.month)

    @property
    def is_few(self) -> bool:
        """Whether any part that counts stands on fewer rows than say something."""
        return any(part["n"] < FEW for part in self.parts.values())

    @property
    def is_running(self) -> bool:
        return self.span.includes(self.unit.today())

    def points_of(self, part: str) -> Decimal | None:
        found = self.parts.get(part)
        return Decimal(str(found["points"])) if found else None


def month_before(month: datetime.date) -> datetime.date:
    return months_back(month, 1)


def load_defaults(model) -> None:
    """The country's weights where it has none; takes the model, so that a migration can call it with its own state of it."""
    if not model.objects.filter(unit=None).exists():
        model.objects.create(starts_on=SINCE, **{str(part): weight for part, weight in DEFAULTS.items()})

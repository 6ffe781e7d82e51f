"""Counts per unit, day and measure: what screens read instead of the reports themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit


class Measure(models.TextChoices):
    """What is counted. Reports returned or withdrawn count only in BY_STATE."""

    BY_KIND = "reports_by_kind", _("reports by kind")
    BY_STATE = "reports_by_state", _("reports by state")
    BY_OFFICER = "reports_by_officer", _("reports by officer")
    BY_AREA = "reports_by_area", _("reports by village")


# What is added up for the units above. Officers and villages are read where they are: nobody lists those of a Polda.
ADDED_UP = (Measure.BY_KIND, Measure.BY_STATE)


class DailyCount(models.Model):
    """How many, for one unit, day, measure and key (a kind, a state, an officer's id, a village's code).

    Rebuilt as a whole key (unit, day) from the rows, never incremented. An officer stands by the id, because an NRP that was mistyped
    is corrected one day.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    day = models.DateField()
    measure = models.CharField(max_length=24, choices=Measure)
    key = models.CharField(max_length=150)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "measure", "key"], name="daily_count_once"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.day} {self.measure} {self.key}: {self.count}"


class BranchDay(models.Model):
    """The daily counts of a unit with all below it, added up: a Polres, Polda or Mabes is read at one row a day.

    `counts` is {measure: {key: number}} of ADDED_UP. A day without a row, or with a mark, is read from the units below.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    counts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="branch_day_once")]

    def __str__(self):
        return f"{self.unit_id} {self.day}"


class BranchMark(models.Model):
    """A sign that counts below a unit changed since that day was added up. Written with the counts, taken away by who adds up."""

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["unit", "day"], name="branch_mark_key")]

    def __str__(self):
        return f"{self.unit_id} {self.day}"

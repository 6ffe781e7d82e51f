"""Counts per unit, day and measure: what screens read instead of the reports themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit


class Measure(models.TextChoices):
    """What is counted, and by which keys. Reports returned or withdrawn, and what hangs on them, count only in BY_STATE."""

    BY_KIND = "reports_by_kind", _("reports by kind")
    BY_STATE = "reports_by_state", _("reports by state")
    BY_OFFICER = "reports_by_officer", _("reports by officer")
    BY_AREA = "reports_by_area", _("reports by village")
    VISITS = "visits", _("sambang by who was visited")  # household, business, contact, community, declined
    OPINIONS = "opinions", _("voices of residents")  # field:urgency; either may be empty
    INCIDENTS = "incidents", _("incidents")  # class:kind:band, of the six bands of four hours (domain.md 5.7) from 0 on
    CLEARED = "incidents_cleared", _("incidents cleared")  # class:kind, on the day of the incident
    STATEMENTS = "statements", _("days filled in by SPKT")  # ISI or NIHIL
    # Confidential problems are counted nowhere.
    PROBLEMS = "problems", _("problems recorded")  # class:state of today, on the day on which they were recorded
    SOLVED = "problems_solved", _("problems solved")  # class
    CASES = "cases", _("problem solving")  # outcome of today, on the day of the matter
    MEETINGS = "meetings", _("FKPM meetings")  # kind:state of the minutes; cancelled ones are none
    AGREEMENTS = "agreements", _("agreements signed")  # kind:state, on the day on which it was agreed
    ACTIONS_DUE = "actions_due", _("action items due")  # state
    ACTIONS_DONE = "actions_done", _("action items done")  # DONE


# What is added up for the units above. Officers and villages are read where they are: nobody lists those of a Polda.
ADDED_UP = tuple(measure for measure in Measure if measure not in (Measure.BY_OFFICER, Measure.BY_AREA))


class DailyCount(models.Model):
    """How many, for one unit, day, measure and key (a kind, a state, an officer's id, a village's code; several parts are joined by colons).

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


class CountedDay(models.Model):
    """How often a unit's day was counted anew because something in it had changed: whoever keeps the number that stood here before counting
    knows later that the day is not what it was, whatever changed, even where all totals stayed equal. The recount adds one where it takes
    marks; no clock is asked, for those of two machines differ."""

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="counted_day_once")]
        indexes = [models.Index(fields=["day"], name="counted_day_of_all")]

    def __str__(self):
        return f"{self.unit_id} {self.day}: {self.changes}"


class OfficerMonth(models.Model):
    """On which days of a month an officer reported for a unit, as bits from the first day on: who reported at all in a span is read here,
    at one row an officer and month. Rebuilt with the counts of a day; marked days are read from the reports."""

    month = models.DateField(help_text=_("its first day"))
    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    days = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "unit", "officer"], name="officer_month_once")]

    def __str__(self):
        return f"{self.officer_id} {self.unit_id} {self.month:%Y-%m} {self.days:b}"


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

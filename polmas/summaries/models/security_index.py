"""The security index of an area in one quarter: opened, scored by a board, agreed upon, closed (domain.md 7)."""

import calendar
import datetime
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Incident, Problem
from polmas.people.models import Unit
from polmas.summaries.models.index_boards import IndexBoard, IndexMember
from polmas.summaries.models.index_schemes import IndexIndicator, IndexScheme
from polmas.summaries.models.summaries import Summary

FIRST_YEAR = 2019
QUARTERS = ((1, "I"), (2, "II"), (3, "III"), (4, "IV"))

# What belongs to a quarter moves only in the states that its work is for. The quarter's row is held meanwhile, so that nobody closes it
# between the question and the write.
IN_STATE = """
IF EXISTS (
    SELECT 1 FROM (SELECT state FROM summaries_indexperiod WHERE id IN (OLD.period_id, NEW.period_id) FOR SHARE) AS held
    WHERE state NOT IN ({states})
) THEN
    RAISE EXCEPTION 'this quarter is not in a state in which that may change';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""
ANY_WRITE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def only_while(*states: str, name="only_while", operation=ANY_WRITE, **more) -> pgtrigger.Trigger:
    """A trigger that refuses a write unless the quarter of the row is in one of the states."""
    named = ", ".join(f"'{state}'" for state in states)
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=IN_STATE.format(states=named), **more)


class IndexPeriodQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(board__in=IndexBoard.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexPeriod(models.Model):
    """One quarter of one area, with the weights that held on its first day.

    While it is open, each member scores alone and sees no other score. Once scored, all see how far the scores lie apart, and the board
    agrees on a value for each indicator; where it does not, the mean of the scores counts. Closed, it is locked with who closed it and
    when, and keeps its results; only the steps agreed upon go on.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("being scored")
        SCORED = "SCORED", _("scored, to be agreed")
        CLOSED = "CLOSED", _("closed")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(IndexBoard, models.PROTECT, related_name="periods", verbose_name=_("board of stakeholders"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    scheme = models.ForeignKey(IndexScheme, models.PROTECT, related_name="periods", verbose_name=_("scheme of weights"))
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), choices=QUARTERS)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by"))
    closed_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(_("index"), max_digits=3, decimal_places=2, null=True, blank=True)
    results = models.JSONField(default=dict, blank=True, help_text=_("By field, what was counted at the closing."))

    objects = IndexPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarter of the index")
        verbose_name_plural = _("quarters of the index")
        ordering = ["-year", "-quarter", "area__code", "pk"]
        indexes = [models.Index(fields=["unit", "-year", "-quarter"]), models.Index(fields=["area", "-year", "-quarter"])]
        triggers = [
            pgtrigger.Protect(name="locked_when_closed", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__state="CLOSED"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "quarter"], name="index_period_once", violation_error_message=_("This quarter is there already.")
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4, year__gte=FIRST_YEAR, year__lte=2099), name="index_quarter_of_year"),
            models.CheckConstraint(condition=Q(state__in=["OPEN", "SCORED", "CLOSED"]), name="index_period_state_known"),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_by__isnull=False, closed_at__isnull=False, total__isnull=False)
                | (~Q(state="CLOSED") & Q(closed_by__isnull=True, closed_at__isnull=True, total__isnull=True)),
                name="index_period_closed_by_somebody",
                violation_error_message=_("A closed quarter says who closed it, when, and its index."),
            ),
            models.CheckConstraint(condition=Q(total__isnull=True) | Q(total__gte=1, total__lte=5), name="index_total_on_scale"),
        ]

    def __str__(self):
        return f"{self.area.name} {self.title}"

    @property
    def title(self) -> str:
        return gettext("Quarter %(quarter)s %(year)d") % {"quarter": self.get_quarter_display(), "year": self.year}

    @property
    def short_title(self) -> str:
        """As it heads a column: IV/26."""
        return f"{self.get_quarter_display()}/{self.year % 100:02}"

    @property
    def first_day(self) -> datetime.date:
        return first_day_of(self.year, self.quarter)

    @property
    def last_day(self) -> datetime.date:
        return datetime.date(self.year, self.quarter * 3, calendar.monthrange(self.year, self.quarter * 3)[1])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_scored(self) -> bool:
        return self.state == self.State.SCORED

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    def scorers(self):
        """Members who sat on the board in the quarter or sit on it now."""
        today = self.unit.today()
        return self.board.members.filter(starts_on__lte=max(today, self.last_day)).exclude(ends_on__lt=self.first_day)

    @transaction.atomic
    def end_scoring(self) -> None:
        """No more scores: from here on the board looks at them together. Raises ValidationError where nobody has scored."""
        self.hold(self.State.OPEN)
        if not self.scores.counted().exists():
            raise ValidationError(_("Nobody has scored yet: a score counts with its reason."))
        self._move(self.State.SCORED)

    @transaction.atomic
    def reopen(self) -> None:
        """Back to scoring; what was agreed upon other scores goes."""
        self.hold(self.State.SCORED)
        for agreed in self.values.all():
            agreed.delete()
        self._move(self.State.OPEN)

    @transaction.atomic
    def close(self, by, total, results: dict) -> None:
        """Locks the quarter with its results."""
        self.hold(self.State.SCORED)
        self.closed_by, self.closed_at, self.total, self.results = by, timezone.now(), total, results
        self._move(self.State.CLOSED)

    def hold(self, state: str) -> None:
        """Keeps the row for this transaction; ValidationError where somebody has moved the quarter meanwhile."""
        stored = IndexPeriod.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.state != state:
            raise ValidationError(_("Somebody has moved this quarter on meanwhile. Look at it again."))

    def _move(self, state) -> None:
        self.state = state
        self.save(update_fields=["state", "closed_by", "closed_at", "total", "results"])


def first_day_of(year: int, quarter: int) -> datetime.date:
    return datetime.date(year, quarter * 3 - 2, 1)


class IndexScoreQuerySet(models.QuerySet):
    def counted(self):
        """Scores that count: a number and the reason for it. The rest is a draft of its scorer."""
        return self.filter(value__isnull=False).exclude(reason="")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexScore(models.Model):
    """How one member sees one indicator, from 1 to 5, and why. It is kept as it is typed and counts once it has number and reason."""

    period = models.ForeignKey(IndexPeriod, models.CASCADE, related_name="scores", verbose_name=_("quarter of the index"))
    indicator = models.ForeignKey(IndexIndicator, models.PROTECT, related_name="scores", verbose_name=_("indicator"))
    member = models.ForeignKey(IndexMember, models.PROTECT, related_name="scores", verbose_name=_("member of the board"))
    value = models.PositiveSmallIntegerField(_("score"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)])
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    facts = models.TextField(_("data that it stands on"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = IndexScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["indicator__order", "member__name", "pk"]
        triggers = [only_while("OPEN")]
        constraints = [
            models.UniqueConstraint(fields=["period", "indicator", "member"], name="index_score_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=1, value__lte=5),
                name="index_score_on_scale",
                violation_error_message=_("A score lies between 1 and 5."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.value or '–'}"

    @property
    def is_counted(self) -> bool:
        return self.value is not None and self.reason != ""


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexEvidence(models.Model):
    """What a score points to: a problem or an incident on the map, a summary with its figures, or a paper. Who may not read what it
    points to is told its kind alone."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    period = models.ForeignKey(IndexPeriod, models.CASCADE, related_name="+", verbose_name=_("quarter of the index"))
    score = models.ForeignKey(IndexScore, models.CASCADE, related_name="evidence", verbose_name=_("score"))
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("problem"))
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("incident"))
    summary = models.ForeignKey(Summary, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("summary"))
    file = models.FileField(_("file"), upload_to="index/%Y/%m/", blank=True)
    file_type = models.CharField(max_length=20, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        triggers = [only_while("OPEN")]
        constraints = [
            models.CheckConstraint(
                condition=Q(problem__isnull=False, incident__isnull=True, summary__isnull=True, file="")
                | Q(problem__isnull=True, incident__isnull=False, summary__isnull=True, file="")
                | Q(problem__isnull=True, incident__isnull=True, summary__isnull=False, file="")
                | (Q(problem__isnull=True, incident__isnull=True, summary__isnull=True) & ~Q(file="") & ~Q(sha256="")),
                name="index_evidence_is_one_thing",
                violation_error_message=_("Evidence is one thing: a problem, an incident, a summary or a file."),
            )
        ]

    def __str__(self):
        return str(self.problem or self.incident or self.summary or self.file)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexValue(models.Model):
    """The value on which the board agreed for one indicator after it had seen the scores. Without one, their mean counts."""

    period = models.ForeignKey(IndexPeriod, models.CASCADE, related_name="values", verbose_name=_("quarter of the index"))
    indicator = models.ForeignKey(IndexIndicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    value = models.PositiveSmallIntegerField(_("agreed value"))
    note = models.CharField(_("why this value"), max_length=300, blank=True)
    agreed_on = models.DateField(_("agreed on"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))

    class Meta:
        verbose_name = _("agreed value")
        verbose_name_plural = _("agreed values")
        ordering = ["indicator__order", "pk"]
        triggers = [only_while("SCORED")]
        constraints = [
            models.UniqueConstraint(fields=["period", "indicator"], name="index_value_once"),
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=5), name="index_value_on_scale", violation_error_message=_("A score lies between 1 and 5.")
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.value}"


# What of a step was agreed in the quarter and is locked with it; how far the step is goes on.
AGREED = ("period", "indicator", "root_cause", "step", "owner", "due_on")


class IndexStepQuerySet(models.QuerySet):
    def for_user(self, user):
        """Of boards of which one reads the reasons: readers of figures alone see no root causes."""
        return self.filter(period__board__in=IndexBoard.objects.reasons_for(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexStep(models.Model):
    """What the board found to lie behind a low indicator, and the step agreed upon against it: who does what until when (row 198)."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        DONE = "DONE", _("done")
        CANCELLED = "CANCELLED", _("cancelled")

    period = models.ForeignKey(IndexPeriod, models.CASCADE, related_name="steps", verbose_name=_("quarter of the index"))
    indicator = models.ForeignKey(IndexIndicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    root_cause = models.TextField(_("root cause"), max_length=1000)
    step = models.TextField(_("agreed step"), max_length=1000)
    owner = models.CharField(_("who does it"), max_length=120)
    due_on = models.DateField(_("by"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = IndexStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed step")
        verbose_name_plural = _("agreed steps")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="OPEN"), name="index_step_open_by_due")]
        triggers = [
            only_while("OPEN", "SCORED", name="locked_rows", operation=pgtrigger.Insert | pgtrigger.Delete),
            only_while("OPEN", "SCORED", name="locked_text", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*AGREED)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DONE", done_on__isnull=False) | (Q(state__in=["OPEN", "CANCELLED"]) & Q(done_on__isnull=True)),
                name="index_step_done_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(root_cause="") & ~Q(step="") & ~Q(owner=""),
                name="index_step_says_what",
                violation_error_message=_("A step has a root cause, something to do and somebody who does it."),
            ),
        ]

    def __str__(self):
        return self.step

    def is_overdue_on(self, day: datetime.date) -> bool:
        return self.state == self.State.OPEN and self.due_on < day

    def move_to(self, state: str, note: str, day: datetime.date) -> None:
        """Open, done (on that day) or cancelled, with what there is to say about it."""
        self.state, self.note = state, note
        self.done_on = day if state == self.State.DONE else None
        self.save(update_fields=["state", "note", "done_on"])

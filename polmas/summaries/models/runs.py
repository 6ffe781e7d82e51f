"""Builds of summaries as the database knows them: what is asked for, under way, done or failed. The queue only carries it to a worker."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, OPERATORS, in_subtrees
from polmas.summaries.models.kinds import PeriodKind, title_from

WATCHERS = LEADERS_POLSEK | LEADERS_POLRES | OPERATORS | {"kasat_binmas", "kanit_binmas", "kapolda", "dirbinmas"}
# A message that no worker took up for this long was lost; a build that takes longer lost its worker.
PATIENCE = datetime.timedelta(minutes=5)
KEPT = datetime.timedelta(days=180)  # that a build was done is of use for so long
FIRST_DELAY, LONGEST_DELAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=6)


class SummaryRunQuerySet(models.QuerySet):
    def for_user(self, user):
        """Builds of the units that the user leads or serves as operator; administrators see all."""
        if user.scope.is_admin:
            return self
        return self.filter(in_subtrees("unit__path", user.scope.paths_as(WATCHERS)))

    def lost(self, now: datetime.datetime):
        """Whose message or worker was lost, or whose next attempt after a failure has come."""
        return self.filter(state__in=SummaryRun.OPEN, next_at__lte=now)


class SummaryRun(models.Model):
    """The build of one unit's summary of one period. Asking again while it waits changes nothing; asking while it runs makes it run
    once more, for what changed meanwhile. A failure is tried again after a delay that doubles each time, and is shown."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting for its turn")
        RUNNING = "RUNNING", _("being built")
        DONE = "DONE", _("built")
        FAILED = "FAILED", _("failed")

    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING, State.FAILED)

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=PeriodKind)
    starts_on = models.DateField(_("from"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked for by"))
    next_at = models.DateTimeField(default=timezone.now, help_text=_("When the sweep takes it up, if no worker did."))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    builds = models.PositiveIntegerField(_("times built"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    worker = models.CharField(_("worker"), max_length=120, blank=True)

    objects = SummaryRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["next_at"], condition=~Q(state="DONE"), name="summary_run_open"),
            models.Index(fields=["-asked_at"], name="summary_run_newest"),
            models.Index(fields=["period", "-starts_on"], name="summary_run_of_period"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "starts_on"], name="summary_run_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "RUNNING", "DONE", "FAILED"]) & Q(period__in=PeriodKind.values), name="summary_run_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="FAILED") | ~Q(error=""), name="summary_run_failed_says_why"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.period} {self.starts_on}: {self.state}"

    @property
    def title(self) -> str:
        return title_from(self.period, self.starts_on)

    @property
    def duration(self) -> datetime.timedelta | None:
        return self.finished_at - self.started_at if self.finished_at and self.started_at and self.finished_at >= self.started_at else None

    @property
    def delay(self) -> datetime.timedelta:
        """How long to wait after the failures so far."""
        return min(FIRST_DELAY * 2 ** min(self.attempts - 1, 10), LONGEST_DELAY)

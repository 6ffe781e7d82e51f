"""The daily word of SPKT that the list of incidents is complete (domain.md 4.4)."""

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit
from polmas.people.models.marks import marks_days
from polmas.people.scope import INCIDENT_READERS, in_subtrees


class DailyStatementQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(in_subtrees("unit__path", user.scope.paths_as(INCIDENT_READERS)))

    def current(self):
        return self.filter(superseded_at__isnull=True)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class DailyStatement(models.Model):
    """The word of a unit's SPKT about one day: "isi", all incidents are entered, or "nihil", there were none.

    Without it a summary says that the day is not filled in, never 0. What was entered later supersedes it; the older one is kept.
    """

    class Says(models.TextChoices):
        ISI = "ISI", _("isi: all incidents are entered")
        NIHIL = "NIHIL", _("nihil: there were none")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="daily_statements", verbose_name=_("unit"))
    day = models.DateField(_("day"))
    says = models.CharField(_("statement"), max_length=5, choices=Says)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("stated by"))
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DailyStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily statement")
        verbose_name_plural = _("daily statements")
        ordering = ["-day", "unit", "-at"]
        triggers = [marks_days("{row}.unit_id", ["{row}.day"], ["unit_id", "day", "says", "superseded_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(says__in=["ISI", "NIHIL"]), name="statement_known"),
            models.UniqueConstraint(fields=["unit", "day"], condition=Q(superseded_at__isnull=True), name="statement_one_per_day"),
        ]

    def __str__(self):
        return f"{self.unit} {self.day:%Y-%m-%d}: {self.says}"

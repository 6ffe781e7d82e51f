"""Totals of months before a unit began with this application, as it took them from its own papers."""

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit

MONTHS = 24


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class EarlierTotal(models.Model):
    """How many activities of one kind, or incidents of one class, a unit counted in one month before this application did.

    Used as the period before, and only where the application itself counted nothing; the paper says that the number was imported.
    """

    class Subject(models.TextChoices):
        ACTIVITY = "ACTIVITY", _("activities by kind")
        INCIDENT = "INCIDENT", _("incidents by class")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("unit"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    subject = models.CharField(_("what was counted"), max_length=8, choices=Subject)
    key = models.CharField(_("kind"), max_length=24)
    count = models.PositiveIntegerField(_("count"))
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("imported by"))
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("total of an earlier month")
        verbose_name_plural = _("totals of earlier months")
        ordering = ["unit__path", "month", "subject", "key"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "month", "subject", "key"], name="earlier_total_once"),
            models.CheckConstraint(condition=Q(subject__in=["ACTIVITY", "INCIDENT"]), name="earlier_total_subject_known"),
            models.CheckConstraint(condition=Q(month__day=1), name="earlier_total_of_whole_month"),
            models.CheckConstraint(condition=Q(count__lte=1_000_000), name="earlier_total_believable"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.month:%Y-%m} {self.key}: {self.count}"

    def clean(self):
        if self.month and self.month.day != 1:
            raise ValidationError({"month": _("The month is named by its first day.")})

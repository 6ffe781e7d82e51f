"""The detail of a sambang (DDS): whom, what for, and what residents said."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrol.models.households import Household
from patrol.models.reports import Field, Report

PURPOSES = "DDS_PURPOSE"  # the list of Code rows that `purposes` names


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Visit(models.Model):
    """Whom an officer called on: a household, or nobody named because the resident declined; at home or not."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="visit", primary_key=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("household"))
    is_declined = models.BooleanField(_("declined to be named"), default=False)
    is_absent = models.BooleanField(_("nobody at home"), default=False)
    received_by = models.CharField(_("received by"), max_length=120, blank=True)
    purposes = ArrayField(models.CharField(max_length=40), verbose_name=_("purposes"), default=list, blank=True)
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True)

    class Meta:
        verbose_name = _("sambang")
        verbose_name_plural = _("sambang")
        constraints = [
            models.CheckConstraint(
                condition=Q(household__isnull=False, is_declined=False) | Q(household__isnull=True, is_declined=True),
                name="visit_household_or_declined",
                violation_error_message=_("Name the household, or say that the resident declined to be named."),
            ),
        ]

    def __str__(self):
        return str(self.household or _("resident who declined to be named"))


class OpinionKind(models.TextChoices):
    KELUHAN = "KELUHAN", _("complaint")
    HARAPAN = "HARAPAN", _("hope")
    SARAN = "SARAN", _("suggestion")
    INFORMASI = "INFORMASI", _("information")
    APRESIASI = "APRESIASI", _("appreciation")


class OpinionUrgency(models.TextChoices):
    RENDAH = "RENDAH", _("low")
    SEDANG = "SEDANG", _("medium")
    TINGGI = "TINGGI", _("high")
    DARURAT = "DARURAT", _("emergency")


class OpinionFrequency(models.TextChoices):
    PERTAMA = "PERTAMA", _("first time")
    JARANG = "JARANG", _("rarely")
    SERING = "SERING", _("often")
    TERUS_MENERUS = "TERUS_MENERUS", _("all the time")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Opinion(models.Model):
    """One thing that a resident said, sorted by field, urgency and frequency (domain.md 4.2)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="opinions")
    kind = models.CharField(_("kind"), max_length=10, choices=OpinionKind)
    field = models.CharField(_("field"), max_length=12, choices=Field, blank=True)
    text = models.TextField(_("what was said"), max_length=2000)
    urgency = models.CharField(_("urgency"), max_length=8, choices=OpinionUrgency, blank=True)
    frequency = models.CharField(_("frequency"), max_length=14, choices=OpinionFrequency, blank=True)
    since_version = models.PositiveIntegerField(default=1, help_text=_("The version of the report that brought it."))

    class Meta:
        verbose_name = _("voice of a resident")
        verbose_name_plural = _("voices of residents")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]

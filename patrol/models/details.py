"""What one kind of report says beyond what all say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import Report


class Detail(models.Model):
    """The part of a report that only its kind has: one row for one report, taken anew with each correction."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="%(class)s", primary_key=True)

    class Meta:
        abstract = True


class DetailRow(models.Model):
    """One of several equal parts of a report: a voice, a checkpoint, an item of a hearing. A correction takes them away and brings others."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="%(class)ss")
    since_version = models.PositiveIntegerField(default=1, help_text=_("The version of the report that brought it."))

    class Meta:
        abstract = True
        ordering = ["pk"]

"""Copying a report into BOS V2 by hand, as long as that stays compulsory."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import Kind, Report
from polmas.people.models import Unit


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class BosField(models.Model):
    """One line of the form that BOS shows for a kind: what it is called there, and which value of the report goes in."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="bos_fields", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"))
    label = models.CharField(_("label in BOS"), max_length=80)
    source = models.CharField(_("value of the report"), max_length=60)

    class Meta:
        verbose_name = _("field of BOS")
        verbose_name_plural = _("fields of BOS")
        ordering = ["kind", "order", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="bos_field_kind_known")]

    def __str__(self):
        return self.label


class BosMark(models.Model):
    """That a report has been entered in BOS: by whom and when."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="bos_mark", primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("mark of BOS")
        verbose_name_plural = _("marks of BOS")

    def __str__(self):
        return str(self.report_id)

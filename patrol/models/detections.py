"""The detail of an early detection."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.details import Detail
from patrol.models.visits import OpinionFrequency, OpinionUrgency
from polmas.people.fields import CodeField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Detection(Detail):
    """One thing noticed early, before it became a disturbance. What must stay secret goes into a Laporan Informasi instead, raised from here."""

    method = CodeField(_("how it was obtained"), code_list="LI_METHOD")
    urgency = models.CharField(_("urgency"), max_length=8, choices=OpinionUrgency, blank=True)
    frequency = models.CharField(_("frequency"), max_length=14, choices=OpinionFrequency, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("early detection")
        verbose_name_plural = _("early detections")

    def __str__(self):
        return self.keywords or self.method

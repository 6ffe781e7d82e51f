"""What belongs to a summary and is not for all of its readers."""

import pghistory
import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.summaries.models.seals import unless_approved
from polmas.summaries.models.summaries import Summary


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class SummaryAnnex(models.Model):
    """What Laporan Informasi and confidential problems say of the period of one summary (part C of domain.md 5.7), for those alone who read
    the LI of the unit. Kept apart from the figures, which others read; frozen with the summary."""

    summary = models.OneToOneField(Summary, models.CASCADE, related_name="annex", verbose_name=_("summary"))
    content = models.JSONField(_("content"), default=dict)
    built_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("annex of a summary")
        verbose_name_plural = _("annexes of summaries")
        triggers = [
            unless_approved("annex_sealed", pgtrigger.Insert, "NEW"),
            unless_approved("annex_frozen", pgtrigger.Update, "OLD", "NEW"),
            unless_approved("annex_kept", pgtrigger.Delete, "OLD"),
        ]

    def __str__(self):
        return f"{self.summary_id}"

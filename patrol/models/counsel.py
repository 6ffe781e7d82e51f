"""The detail of a binluh."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.details import Detail
from polmas.people.fields import CodeField, CodesField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Counsel(Detail):
    """One binluh: what about, for whom, how many listened (domain.md 4.2)."""

    topics = CodesField(verbose_name=_("topics"), code_list="COUNSEL_TOPIC")
    audience = CodeField(_("audience"), code_list="COUNSEL_AUDIENCE")
    participant_count = models.PositiveIntegerField(_("number of participants"), null=True, blank=True)
    speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    aids = models.CharField(_("aids used"), max_length=200, blank=True)
    evaluation = models.TextField(_("evaluation"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("binluh")
        verbose_name_plural = _("binluh")

    def __str__(self):
        return ", ".join(self.topics)

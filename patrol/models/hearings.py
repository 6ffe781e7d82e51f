"""The detail of Jumat Curhat and Jumat Keliling."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models import Field
from patrol.models.details import Detail, DetailRow
from polmas.people.fields import CodeField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Hearing(Detail):
    """One open hearing: who of the police held it, and how many came."""

    host = models.CharField(_("held by"), max_length=120, blank=True)
    attendance = models.PositiveIntegerField(_("number present"), null=True, blank=True)
    elements = models.CharField(_("who came"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")

    def __str__(self):
        return self.host


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class HearingItem(DetailRow):
    """One thing that somebody brought up, named or not: the answer given at once, who has to act, and by when."""

    text = models.TextField(_("what was brought up"), max_length=2000)
    speaker = models.CharField(_("by whom (may stay empty)"), max_length=120, blank=True)
    field = models.CharField(_("field"), max_length=12, choices=Field, blank=True)
    answer = models.TextField(_("answer given"), max_length=2000, blank=True)
    target = CodeField(_("who has to act"), code_list="HEARING_TARGET")
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), max_length=1000, blank=True)

    class Meta(DetailRow.Meta):
        verbose_name = _("item of the hearing")
        verbose_name_plural = _("items of the hearing")

    def __str__(self):
        return self.text

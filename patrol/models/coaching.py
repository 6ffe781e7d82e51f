"""The detail of coaching the community's own security."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.details import Detail
from polmas.people.fields import CodeField, CodesField


class CoachingForm(models.TextChoices):
    PETUNJUK = "PETUNJUK", _("instruction")
    BIMBINGAN = "BIMBINGAN", _("guidance")
    ARAHAN = "ARAHAN", _("direction")
    PENDIDIKAN = "PENDIDIKAN", _("education")
    LATIHAN = "LATIHAN", _("police training")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Coaching(Detail):
    """One coaching of a swakarsa group (satpam, linmas, pokdar), and what support the group gave to the police (seed 002)."""

    group_kind = CodeField(_("kind of group"), code_list="SWAKARSA_KIND")
    group_name = models.CharField(_("name of the group"), max_length=120, blank=True)
    form = models.CharField(_("form of coaching"), max_length=10, choices=CoachingForm, blank=True)
    support = CodesField(verbose_name=_("their support"), code_list="SWAKARSA_SUPPORT")
    material = models.CharField(_("material"), max_length=200, blank=True)
    participant_count = models.PositiveIntegerField(_("number of participants"), null=True, blank=True)

    class Meta:
        verbose_name = _("coaching of swakarsa")
        verbose_name_plural = _("coaching of swakarsa")

    def __str__(self):
        return self.group_name or self.group_kind

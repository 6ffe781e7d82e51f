"""Households that officers visit."""

import pghistory
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import THREE_DIGITS, RegisterEntry


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Household(RegisterEntry):
    """One household at one address, as an officer knows it: the head's name and where to find it. No identity numbers are kept."""

    NAME = "head_name"
    SENT = ("head_name", "rw", "rt", "landmark")
    REQUIRED = ("head_name", "rw", "rt")

    class Basis(models.TextChoices):
        """Why the data may be kept (UU 27/2022): the police task, or the household's consent where it was asked."""

        TUGAS = "TUGAS", _("police task")
        PERSETUJUAN = "PERSETUJUAN", _("consent")

    rw = models.CharField("RW", max_length=3, validators=[THREE_DIGITS])
    rt = models.CharField("RT", max_length=3, validators=[THREE_DIGITS])
    head_name = models.CharField(_("head of the household"), max_length=120)
    basis = models.CharField(_("legal basis"), max_length=12, choices=Basis, default=Basis.TUGAS)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["area__code", "rw", "rt", "head_name"]
        indexes = [models.Index(fields=["area", "rw", "rt"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(rw__regex=r"^\d{3}$") & Q(rt__regex=r"^\d{3}$"),
                name="household_rt_rw_digits",
                violation_error_message=_("RT and RW have three digits, e.g. 003."),
            ),
        ]

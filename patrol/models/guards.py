"""The detail of guarding, regulating and securing."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrol.models.details import Detail


class Nature(models.TextChoices):
    """Routine, special or contingency duty (seed 004)."""

    RUTIN = "RUTIN", _("routine")
    KHUSUS = "KHUSUS", _("special")
    KONTINJENSI = "KONTINJENSI", _("contingency")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Guard(Detail):
    """One turn of penjagaan, pengaturan or pengamanan: of what nature, at which event, with how many, and whether force had to be used."""

    nature = models.CharField(_("nature"), max_length=11, choices=Nature, default=Nature.RUTIN, blank=True)
    event = models.CharField(_("event"), max_length=160, blank=True)
    permit_number = models.CharField(_("number of the permit"), max_length=80, blank=True)
    crowd = models.PositiveIntegerField(_("people expected"), null=True, blank=True)
    strength = models.PositiveSmallIntegerField(_("officers on duty"), null=True, blank=True)
    has_force = models.BooleanField(_("force was used"), default=False)
    force_ground = models.TextField(_("ground for the use of force"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("guarding")
        verbose_name_plural = _("guarding")
        constraints = [
            models.CheckConstraint(
                condition=Q(has_force=False) | ~Q(force_ground=""),
                name="guard_force_with_ground",
                violation_error_message=_("Say on what ground force was used."),
            )
        ]

    def __str__(self):
        return self.event or str(self.get_nature_display())

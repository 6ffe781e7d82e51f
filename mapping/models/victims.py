"""How many people came to harm in an incident: numbers, no names."""

import pghistory
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.incidents import Incident
from polmas.people.models.marks import marks_days

OF_INCIDENT = "(SELECT {column} FROM mapping_incident WHERE id = {{row}}.incident_id)"


class Harm(models.TextChoices):
    MATI = "MATI", _("killed")
    LUKA_BERAT = "LUKA_BERAT", _("severely hurt")
    LUKA_RINGAN = "LUKA_RINGAN", _("lightly hurt")


class Sex(models.TextChoices):
    L = "L", _("male")
    P = "P", _("female")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IncidentVictims(models.Model):
    """How many people of one sex, children or adults, came to one harm in an incident. Numbers, no names."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="victims", verbose_name=_("incident"))
    harm = models.CharField(_("harm"), max_length=11, choices=Harm)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    is_child = models.BooleanField(_("child"), default=False)
    count = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("victims of an incident")
        verbose_name_plural = _("victims of incidents")
        ordering = ["incident", "harm", "is_child", "sex"]
        triggers = [
            marks_days(OF_INCIDENT.format(column="unit_id"), [OF_INCIDENT.format(column="day")], ["incident_id", "harm", "sex", "is_child", "count"])
        ]
        constraints = [
            models.UniqueConstraint(fields=["incident", "harm", "sex", "is_child"], name="victims_once_per_group"),
            models.CheckConstraint(condition=Q(harm__in=Harm.values, sex__in=Sex.values), name="victims_harm_and_sex_known"),
            models.CheckConstraint(condition=Q(count__range=(1, 100_000)), name="victims_count_in_bounds"),
        ]

    def __str__(self):
        return f"{self.count} {self.get_harm_display()}"

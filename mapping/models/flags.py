"""That a perpetrator serves the state: told to the level above alone (domain.md 4.4)."""

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.incidents import ABOVE, Incident, any_of
from polmas.people.models import Unit


class Office(models.TextChoices):
    """Whom a perpetrator serves: what is checked by Propam, POM or the inspectorate."""

    TNI = "TNI", "TNI"
    POLRI = "POLRI", "Polri"
    ASN = "ASN", "ASN"


def _at_depth(path: str, relation: str, steps: int) -> Q:
    """Incidents of units below a path, by how many steps."""
    depth = {f"incident__unit__depth__{relation}": len(path) // Unit.steplen + steps}
    return Q(incident__unit__path__startswith=path, **depth)


class PerpetratorFlagQuerySet(models.QuerySet):
    def for_user(self, user):
        """Sipropam above the unit, and whoever leads the unit one level above; never the unit itself (domain.md 4.4)."""
        scope = user.scope
        propam = any_of(_at_depth(path, "gt", 0) for path in scope.paths_as({"sipropam"}))
        above = any_of(_at_depth(path, "exact", 1) for path in scope.paths_as(ABOVE))
        return self.filter(propam | above)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class PerpetratorFlag(models.Model):
    """The word of a unit to the level above that a perpetrator of an incident serves in TNI, Polri or as ASN.

    A table of its own, so that no list, export or history of incidents holds it. Who writes it does not read it again.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", verbose_name=_("incident"))
    office = models.CharField(_("serves in"), max_length=5, choices=Office)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("stated by"))
    stated_at = models.DateTimeField(auto_now_add=True)

    objects = PerpetratorFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("perpetrator in service")
        verbose_name_plural = _("perpetrators in service")
        ordering = ["-stated_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(office__in=Office.values), name="perpetrator_office_known")]

    def __str__(self):
        return self.get_office_display()

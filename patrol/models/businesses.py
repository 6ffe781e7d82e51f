"""Businesses that officers visit."""

import pghistory
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import RegisterEntry
from polmas.people.fields import CodeField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Business(RegisterEntry):
    """One place of business: a shop, a workshop, a boarding house, a factory (DDS tempat usaha)."""

    SENT = ("name", "kind", "rw", "rt", "landmark")

    name = models.CharField(_("name of the business"), max_length=120)
    kind = CodeField(_("kind of business"), code_list="BUSINESS_KIND")

    class Meta(RegisterEntry.Meta):
        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]

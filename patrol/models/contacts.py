"""People of standing whom officers keep in touch with."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import Influence
from patrol.models.registers import VisitedEntry, tracked
from polmas.people.fields import CodeField


@tracked
class Contact(VisitedEntry):
    """One tokoh: a religious, customary, youth or women's leader, the head of an RW, a teacher (domain.md 3.11)."""

    SENT = ("name", "role", "rw", "rt", "landmark")
    WANTED = ("phone", "office", "influence")

    name = models.CharField(_("name"), max_length=120)
    role = CodeField(_("role in the village"), code_list="CONTACT_ROLE")
    office = models.CharField(_("office or institution"), max_length=120, blank=True)
    influence = models.CharField(_("influence"), max_length=6, choices=Influence, blank=True)

    class Meta(VisitedEntry.Meta):
        verbose_name = _("tokoh")
        verbose_name_plural = _("tokoh")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"]), models.Index(fields=["area", "due_on"]), models.Index(fields=["unit", "due_on"])]

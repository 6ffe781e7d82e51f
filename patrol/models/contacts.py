"""People of standing whom officers keep in touch with."""

import pghistory
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import RegisterEntry
from polmas.people.fields import CodeField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Contact(RegisterEntry):
    """One tokoh: a religious, customary, youth or women's leader, the head of an RW, a teacher (domain.md 3.11)."""

    SENT = ("name", "role", "rw", "rt", "landmark")

    name = models.CharField(_("name"), max_length=120)
    role = CodeField(_("role in the village"), code_list="CONTACT_ROLE")

    class Meta(RegisterEntry.Meta):
        verbose_name = _("tokoh")
        verbose_name_plural = _("tokoh")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]

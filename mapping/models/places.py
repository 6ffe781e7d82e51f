"""Posts of the neighbourhood watch, and communities of interest."""

import pghistory
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import RegisterEntry
from polmas.people.fields import CodeField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Place(RegisterEntry):
    """One place that officers come back to: a post of the siskamling, a PKJR post, a pospol. Its QR code carries the uuid."""

    kind = CodeField(_("kind"), code_list="PLACE_KIND", default="POS_KAMLING")
    name = models.CharField(_("name"), max_length=120)
    head = models.CharField(_("head of the post"), max_length=120, blank=True)
    schedule = models.TextField(_("roster"), max_length=1000, blank=True)

    class Meta(RegisterEntry.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Community(RegisterEntry):
    """One community of interest, hobby, trade or faith that meets in a village, whatever the village's borders (seed 001 no 5)."""

    SENT = ("name", "basis", "rw", "rt", "landmark")

    name = models.CharField(_("name"), max_length=120)
    basis = CodeField(_("what joins them"), code_list="COMMUNITY_BASIS")
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    member_count = models.PositiveIntegerField(_("members"), null=True, blank=True)

    class Meta(RegisterEntry.Meta):
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]

"""Businesses that officers visit."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.registers import VisitedEntry, tracked
from polmas.people.fields import CodeField


@tracked
class Business(VisitedEntry):
    """One place of business: a shop, a workshop, a boarding house, a factory (DDS tempat usaha)."""

    SENT = ("name", "kind", "rw", "rt", "landmark")
    WANTED = ("manager", "phone", "opening_hours", "employee_count", "guard_count", "camera_count")

    name = models.CharField(_("name of the business"), max_length=120)
    kind = CodeField(_("kind of business"), code_list="BUSINESS_KIND")
    manager = models.CharField(_("person in charge"), max_length=120, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    employee_count = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    guard_count = models.PositiveSmallIntegerField(_("security guards"), null=True, blank=True)
    camera_count = models.PositiveSmallIntegerField(_("CCTV cameras"), null=True, blank=True)

    class Meta(VisitedEntry.Meta):
        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"]), models.Index(fields=["area", "due_on"]), models.Index(fields=["unit", "due_on"])]

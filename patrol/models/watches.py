"""The detail of a check of the neighbourhood watch."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models import Place
from patrol.models.details import Detail
from polmas.people.fields import CodesField


class WatchCondition(models.TextChoices):
    AKTIF = "AKTIF", _("active")
    KURANG = "KURANG", _("less active")
    TIDAK = "TIDAK", _("not active")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Watch(Detail):
    """One look at one post of the siskamling: who of the roster stood guard, in what condition the post is, what was advised."""

    post = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="watches", verbose_name=_("post"))
    post_distance_m = models.FloatField(_("distance to the post, metres"), null=True, blank=True)
    guards_present = models.PositiveSmallIntegerField(_("guards present"), null=True, blank=True)
    guards_rostered = models.PositiveSmallIntegerField(_("guards on the roster"), null=True, blank=True)
    condition = models.CharField(_("condition of the post"), max_length=6, choices=WatchCondition, blank=True)
    equipment = CodesField(verbose_name=_("equipment"), code_list="WATCH_EQUIPMENT")
    findings = models.TextField(_("findings"), max_length=2000, blank=True)
    advice = models.TextField(_("advice"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("check of a post")
        verbose_name_plural = _("checks of posts")
        constraints = [
            models.CheckConstraint(condition=Q(post_distance_m__isnull=True) | Q(post__isnull=False), name="watch_distance_needs_post"),
        ]

    def __str__(self):
        return str(self.post or _("post not named"))

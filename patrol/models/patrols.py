"""The detail of a patrol: how and why officers went round, and the points at which they stopped."""

import pghistory
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import NumPoints
from django.db.models import Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models import Place
from patrol.models.details import Detail, DetailRow
from patrol.models.reports import Situation
from polmas.people.fields import CodesField

MAX_TRACK_POINTS = 2000


class PatrolMode(models.TextChoices):
    """How officers went (domain.md 3.6)."""

    JALAN_KAKI = "JALAN_KAKI", _("on foot")
    SEPEDA = "SEPEDA", _("by bicycle")
    R2 = "R2", _("by motorcycle")
    R4 = "R4", _("by car")
    PERAHU = "PERAHU", _("by boat")
    KUDA = "KUDA", _("on horseback")
    LAINNYA = "LAINNYA", _("otherwise")


class PatrolNature(models.TextChoices):
    """What kind of patrol it was (domain.md 3.6)."""

    DIALOGIS = "DIALOGIS", _("talking with residents")
    RUTIN = "RUTIN", _("routine")
    BERSAMA = "BERSAMA", _("together with siskamling, Babinsa or Linmas")
    KHUSUS = "KHUSUS", _("special, at trouble spots")
    STRONG_POINT = "STRONG_POINT", "strong point"
    BLUE_LIGHT = "BLUE_LIGHT", "blue light"


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Patrol(Detail):
    """One round of an officer through the villages. The track is an extra, kept only while the phone's screen was on: nothing is counted by it."""

    mode = models.CharField(_("how"), max_length=10, choices=PatrolMode)
    nature = models.CharField(_("nature of the patrol"), max_length=12, choices=PatrolNature, default=PatrolNature.DIALOGIS)
    targets = CodesField(verbose_name=_("targets"), code_list="PATROL_TARGET")
    residents_met = models.PositiveSmallIntegerField(_("residents met"), null=True, blank=True)
    message = models.TextField(_("security message"), max_length=2000, blank=True)
    track = models.LineStringField(_("track"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = _("patrol")
        verbose_name_plural = _("patrols")
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=PatrolMode.values), name="patrol_mode_known", violation_error_message=_("Choose how you went.")
            ),
            models.CheckConstraint(condition=Q(nature__in=PatrolNature.values), name="patrol_nature_known"),
            models.CheckConstraint(
                condition=Q(track__isnull=True) | Q(LessThanOrEqual(NumPoints("track"), Value(MAX_TRACK_POINTS))),
                name="patrol_track_bounded",
                violation_error_message=_("A track has 2,000 points at most."),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.get_mode_display()}"


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Checkpoint(DetailRow):
    """One point of a patrol: one tap gives time and position, the rest where there is something to say. Their order is that of the taps."""

    at = models.DateTimeField(_("time"))
    location = models.PointField(pgettext_lazy("on the map", "position"), srid=4326, null=True, blank=True)
    accuracy_m = models.FloatField(_("accuracy, metres"), null=True, blank=True)
    name = models.CharField(_("name of the point"), max_length=120, blank=True)
    post = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="checkpoints", verbose_name=_("post"))
    post_distance_m = models.FloatField(_("distance to the post, metres"), null=True, blank=True)
    finding = models.TextField(_("finding"), max_length=1000, blank=True)
    action = models.TextField(_("action taken"), max_length=1000, blank=True)
    situation = models.CharField(_("situation"), max_length=8, choices=Situation, blank=True)

    class Meta(DetailRow.Meta):
        verbose_name = _("point of a patrol")
        verbose_name_plural = _("points of a patrol")
        constraints = [
            models.CheckConstraint(condition=Q(situation__in=["", *Situation.values]), name="checkpoint_situation_known"),
            models.CheckConstraint(condition=Q(location__isnull=False) | Q(accuracy_m__isnull=True), name="checkpoint_accuracy_needs_position"),
            models.CheckConstraint(
                condition=Q(post_distance_m__isnull=True) | Q(location__isnull=False, post__isnull=False), name="checkpoint_distance_needs_post"
            ),
        ]

    def __str__(self):
        return self.name or str(self.post or _("point"))

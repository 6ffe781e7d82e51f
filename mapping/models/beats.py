"""Which officer holds which area."""

import datetime

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.areas import Area
from polmas.people.models import Absence, Unit
from polmas.people.scope import in_subtrees, on_day


class BeatQuerySet(models.QuerySet):
    def for_user(self, user):
        """Who holds what: known to those who read the unit whole, and to colleagues who serve in it."""
        scope = user.scope
        return self.filter(models.Q(user=user) | in_subtrees("unit__path", scope.whole_paths) | models.Q(unit__path__in=scope.paths))

    def on(self, day: datetime.date):
        return self.filter(on_day(day))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Beat(models.Model):
    """One officer's care for one village, RW or RT for a span of days. Several may share a village; one is its first officer.

    With an absence it is a substitution: the officer holds the area in place of the one who is away, until a day.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="beats", verbose_name=_("officer"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="beats", verbose_name=_("area"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="beats", verbose_name=_("unit"))
    is_primary = models.BooleanField(_("first officer of the village"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty while it lasts."))
    order_number = models.CharField(_("number of the order"), max_length=80, blank=True)

    # Opened and closed with an absence (mapping/substitution.py), never by hand.
    absence = models.ForeignKey(Absence, models.CASCADE, null=True, blank=True, editable=False, related_name="beats", verbose_name=_("stands in for"))

    objects = BeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("beat")
        verbose_name_plural = _("beats")
        ordering = ["area__code", "-is_primary", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="beat_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["user", "area", "starts_on"],
                condition=models.Q(absence__isnull=True),
                name="beat_once",
                violation_error_message=_("This officer already holds the area from that day."),
            ),
            models.UniqueConstraint(
                fields=["absence", "area", "starts_on"],
                name="beat_once_in_absence",
                violation_error_message=_("For that day somebody already stands in for this area."),
            ),
            models.CheckConstraint(
                condition=models.Q(absence__isnull=True) | models.Q(is_primary=False, ends_on__isnull=False),
                name="beat_standing_in_has_end",
                violation_error_message=_("Who stands in holds the area until a day, and not as its first officer."),
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(is_primary=True, ends_on__isnull=True),
                name="beat_one_primary",
                violation_error_message=_("The area already has a first officer."),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.area}"

    def clean(self):
        if self.area_id and self.unit_id and not Area.objects.policed_by(self.unit).filter(pk=self.area_id).exists():
            raise ValidationError({"area": _("%(area)s is not among the areas of %(unit)s.") % {"area": self.area, "unit": self.unit}})


def held_villages(user):
    """What a person holds today, and of an RW or RT the village round it, to be found by index."""
    held = Beat.objects.on(timezone.localdate()).filter(user=user).order_by().values("area")
    areas = Area.objects.filter(pk__in=held).order_by()
    return Area.objects.filter(pk__in=held.union(areas.values("parent"), areas.values("parent__parent"))).order_by().values("pk")

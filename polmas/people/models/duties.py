"""The roster of a unit: who is on piket on which day, in which shift."""

import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from polmas.people.models.units import Unit
from polmas.people.scope import in_subtrees


class DutyShiftQuerySet(models.QuerySet):
    def for_user(self, user):
        """The whole roster of the units where one serves or which one reads whole: colleagues swap shifts among themselves."""
        scope = user.scope
        return self.filter(models.Q(user=user) | in_subtrees("unit__path", scope.whole_paths) | models.Q(unit__path__in=scope.paths))

    def between(self, first: datetime.date, last: datetime.date):
        return self.filter(day__range=(first, last))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class DutyShift(models.Model):
    """One person's piket in one shift of one day. The names of the shifts are a setting of the unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_shifts", verbose_name=_("unit"))
    day = models.DateField(_("day"))
    shift = models.CharField(_("shift"), max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="duty_shifts", verbose_name=_("person"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("piket")
        verbose_name_plural = _("piket")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day", "shift", "user"],
                name="duty_shift_once",
                violation_error_message=_("This person already stands in that shift."),
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.shift}: {self.user}"

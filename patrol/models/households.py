"""Households that officers visit."""

import uuid

import pghistory
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models import Area, Beat
from polmas.people.models import Unit
from polmas.people.scope import in_subtrees

THREE_DIGITS = RegexValidator(r"^\d{3}$", _("Three digits, e.g. 003."))


def three_digits(text: str) -> str:
    """RW and RT as they are stored: 3 and 03 are 003."""
    return text.strip().zfill(3) if text.strip().isdigit() else text.strip()


class HouseholdQuerySet(models.QuerySet):
    def for_user(self, user):
        """Households of the villages held today, and of the units read whole."""
        scope = user.scope
        held = Beat.objects.on(timezone.localdate()).filter(user=user).values("area")
        mine = Q(area__in=held) | Q(area__children__in=held) if scope.is_officer else Q(pk__in=[])
        return self.filter(Q(pk__in=Household.objects.filter(mine).values("pk")) | in_subtrees("unit__path", scope.whole_paths))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Household(models.Model):
    """One household at one address, as an officer knows it: the head's name and where to find it. No identity numbers are kept."""

    class Basis(models.TextChoices):
        """Why the data may be kept (UU 27/2022): the police task, or the household's consent where it was asked."""

        TUGAS = "TUGAS", _("police task")
        PERSETUJUAN = "PERSETUJUAN", _("consent")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("village"))
    rw = models.CharField("RW", max_length=3, validators=[THREE_DIGITS])
    rt = models.CharField("RT", max_length=3, validators=[THREE_DIGITS])
    head_name = models.CharField(_("head of the household"), max_length=120)
    landmark = models.CharField(_("landmark"), max_length=160, blank=True)
    basis = models.CharField(_("legal basis"), max_length=12, choices=Basis, default=Basis.TUGAS)
    location = models.PointField(pgettext_lazy("on the map", "position"), srid=4326, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["area__code", "rw", "rt", "head_name"]
        indexes = [models.Index(fields=["area", "rw", "rt"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(rw__regex=r"^\d{3}$") & Q(rt__regex=r"^\d{3}$"),
                name="household_rt_rw_digits",
                violation_error_message=_("RT and RW have three digits, e.g. 003."),
            ),
        ]

    def __str__(self):
        return self.head_name

    @property
    def address(self):
        return f"RT {self.rt}/RW {self.rw} {self.area.name}"

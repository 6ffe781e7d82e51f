"""What the registers of a village have in common: households, businesses, contacts, posts and communities."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models.areas import Area
from mapping.models.beats import Beat
from polmas.people.models import Unit
from polmas.people.scope import in_subtrees

THREE_DIGITS = RegexValidator(r"^\d{3}$", _("Three digits, e.g. 003."))


def three_digits(text: str) -> str:
    """RW and RT as they are stored: 3 and 03 are 003."""
    return text.strip().zfill(3) if text.strip().isdigit() else text.strip()


class RegisterQuerySet(models.QuerySet):
    def for_user(self, user):
        """What lies in the villages held today, and in the units read whole.

        Either is asked alone where it is all that somebody has: only then the index of villages or units finds the rows.
        """
        scope = user.scope
        whole = in_subtrees("unit__path", scope.whole_paths)
        if not scope.is_officer:
            return self.filter(whole)
        held = Beat.objects.on(timezone.localdate()).filter(user=user).order_by().values("area")
        villages = held.union(Area.objects.filter(pk__in=held).order_by().values("parent"))
        mine = self.model._base_manager.filter(area__in=villages)
        return self.filter(Q(pk__in=mine.values("pk")) | whole) if scope.whole_paths else self.filter(area__in=villages)

    def active(self):
        """What phones offer: all, unless the register knows of an end."""
        return self


class RegisterEntry(models.Model):
    """One entry of a village's register. Officers add it with the report of the visit that found it, under an id of the phone's."""

    # What people call it, what the phone sends of it, and what a new entry cannot do without.
    NAME: ClassVar[str] = "name"
    SENT: ClassVar[tuple[str, ...]] = ("name", "rw", "rt", "landmark")
    REQUIRED: ClassVar[tuple[str, ...]] = ("name",)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("village"))
    rw = models.CharField("RW", max_length=3, validators=[THREE_DIGITS], blank=True)
    rt = models.CharField("RT", max_length=3, validators=[THREE_DIGITS], blank=True)
    landmark = models.CharField(_("landmark"), max_length=160, blank=True)
    location = models.PointField(pgettext_lazy("on the map", "position"), srid=4326, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(rw__regex=r"^(\d{3})?$") & Q(rt__regex=r"^(\d{3})?$"),
                name="%(class)s_rt_rw_digits",
                violation_error_message=_("RT and RW have three digits, e.g. 003."),
            )
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return getattr(self, self.NAME)

    @property
    def verbose_name(self) -> str:
        """What kind of entry this is, in the reader's language."""
        return str(self._meta.verbose_name)

    @property
    def address(self) -> str:
        parts = [f"{label} {value}" for label, value in (("RT", self.rt), ("RW", self.rw)) if value]
        return f"{'/'.join(parts)} {self.area.name}".strip()

"""What the registers of a village have in common: households, businesses, contacts, posts and communities."""

import datetime
import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models.areas import Area
from mapping.models.beats import held_villages
from polmas.people.encryption import EncryptedCharField
from polmas.people.models import Unit
from polmas.people.models.absences import KEEPERS
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
        mine = self.model._base_manager.filter(area__in=held_villages(user))
        return self.filter(Q(pk__in=mine.values("pk")) | whole) if scope.whole_paths else self.filter(area__in=held_villages(user))

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
        return f"{'/'.join(parts)} {self.area.name if self.area else ''}".strip()

    def may_be_kept_by(self, user) -> bool:
        """Kanit Binmas and operator of the unit, and whoever holds the village today."""
        if user.scope.holds(KEEPERS, self.unit):
            return True
        if not user.scope.is_officer or self.area_id is None:
            return False
        return held_villages(user).filter(pk=self.area_id).exists()


class Influence(models.TextChoices):
    """How far the word of a person carries, or what a place or event moves (domain.md 4.3, pengaruh)."""

    RENDAH = "RENDAH", pgettext_lazy("influence", "low")
    SEDANG = "SEDANG", pgettext_lazy("influence", "medium")
    TINGGI = "TINGGI", pgettext_lazy("influence", "high")


STALE_AFTER = datetime.timedelta(days=365)  # what nobody confirmed for so long may be gone


class KeptQuerySet(RegisterQuerySet):
    def active(self):
        return self.filter(closed_on__isnull=True)

    def stale(self, day: datetime.date):
        """What nobody has confirmed within a year, or ever."""
        return self.filter(Q(updated_on__isnull=True) | Q(updated_on__lt=day - STALE_AFTER))


class KeptEntry(RegisterEntry):
    """An entry that somebody keeps up to date: confirmed on a day, closed on a day for a reason, opened again."""

    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )
    updated_on = models.DateField(
        _("last confirmed"), null=True, blank=True, default=timezone.localdate, help_text=_("The day on which somebody last knew it to be so.")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, help_text=_("Empty while it is in use."))
    closing_reason = models.CharField(_("why it was closed"), max_length=200, blank=True)

    objects = KeptQuerySet.as_manager()  # type: ignore[misc]  # a wider manager than the register's

    class Meta(RegisterEntry.Meta):
        abstract = True
        constraints = [
            *RegisterEntry.Meta.constraints,
            models.CheckConstraint(condition=Q(closed_on__isnull=False) | Q(closing_reason=""), name="%(class)s_reason_with_day"),
        ]

    @property
    def is_active(self) -> bool:
        """Whether phones and lists offer it."""
        return self.closed_on is None

    def is_stale_on(self, day: datetime.date) -> bool:
        return self.updated_on is None or self.updated_on < day - STALE_AFTER

    @property
    def is_stale(self) -> bool:
        return self.is_stale_on(self.unit.today())

    def confirm(self):
        """Still so, today."""
        self.updated_on = self.unit.today()
        self.save(update_fields=["updated_on", "updated_at"])

    def close(self, reason: str):
        """Out of use from today; kept for what was reported about it."""
        self.closed_on, self.closing_reason = self.unit.today(), reason
        self.save(update_fields=["closed_on", "closing_reason", "updated_at"])

    def reopen(self):
        self.closed_on, self.closing_reason, self.updated_on = None, "", self.unit.today()
        self.save(update_fields=["closed_on", "closing_reason", "updated_on", "updated_at"])


def kept(model):
    """Keeps the history of what people wrote of an entry."""
    return pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())(model)

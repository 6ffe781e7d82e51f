"""What households, businesses and contacts have in common beyond a place: they are visited, and come due again."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import RegisterEntry, RegisterQuerySet
from polmas.people.changes import AnyOther
from polmas.people.encryption import EncryptedCharField

# Recounted from the reports, so never a part of the history.
COUNTED_COLUMNS = ["last_visit_on", "seen_on", "visit_count", "due_on", "recounted_at"]


def tracked(model):
    """Keeps the history of what people wrote of an entry."""
    changed = pghistory.UpdateEvent(row=pghistory.Old, condition=AnyOther(but=COUNTED_COLUMNS))
    return pghistory.track(changed, pghistory.DeleteEvent(), exclude=COUNTED_COLUMNS)(model)


class VisitedQuerySet(RegisterQuerySet):
    def active(self):
        return self.filter(is_active=True)

    def due(self, day):
        """What should be visited by that day: never visited, or due."""
        return self.active().filter(Q(due_on__isnull=True) | Q(due_on__lte=day))

    def longest_unseen_first(self):
        """What came due first; what was never visited before all, and of it last what was called on in vain."""
        return self.order_by(F("due_on").asc(nulls_first=True), F("last_visit_on").asc(nulls_first=True), "pk")


class VisitedEntry(RegisterEntry):
    """An entry that officers call on again and again. When it was visited last is recounted from the reports (`patrol.recount`)."""

    # What is asked for at a later visit, one thing at a time, in this order.
    WANTED: ClassVar[tuple[str, ...]] = ()

    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    is_active = models.BooleanField(_("still there"), default=True)
    last_visit_on = models.DateField(_("last visit"), null=True, editable=False)
    seen_on = models.DateField(_("last seen"), null=True, editable=False, help_text=_("The last visit that found somebody there."))
    visit_count = models.PositiveIntegerField(_("visits"), default=0, editable=False)
    due_on = models.DateField(_("next visit due"), null=True, editable=False, help_text=_("Empty: never visited, so due now."))
    recounted_at = models.DateTimeField(null=True, editable=False)

    objects = VisitedQuerySet.as_manager()  # type: ignore[misc]  # a wider manager than the register's, which the stubs take for another kind of attribute

    class Meta(RegisterEntry.Meta):
        abstract = True

    def missing_item(self) -> str:
        """The field to ask for at the next visit; empty once all that is wanted is known. Opens no phone number."""
        return next((name for name in self.WANTED if self.lacks(name)), "")

    def lacks(self, name: str) -> bool:
        """Whether nothing is known under this name yet."""
        return self._stored(name) in (None, "")

    def _stored(self, name) -> Any:
        value = self.__dict__[name]
        return getattr(value, "token", value)

    def missing_label(self) -> str:
        name = self.missing_item()
        return str(getattr(self._meta.get_field(name), "verbose_name", "")) if name else ""


class Opened(models.TextChoices):
    """What somebody looked at or took."""

    PAGE = "PAGE", _("opened the page")
    PHONE = "PHONE", _("showed the phone numbers")
    EXPORT = "EXPORT", _("downloaded the list")


class RegisterOpening(models.Model):
    """One look at what a register tells of a person or family: who, what, when (UU 27/2022). Rows are only ever added."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    register = models.CharField(_("register"), max_length=10)
    entry = models.UUIDField(null=True, help_text=_("Empty where a list was taken."))
    act = models.CharField(_("what"), max_length=6, choices=Opened)
    detail = models.CharField(_("of what"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("opening of a register")
        verbose_name_plural = _("openings of registers")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["entry", "-at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Opened.values), name="opening_act_known"),
            models.CheckConstraint(condition=Q(entry__isnull=False) | Q(act="EXPORT"), name="opening_names_its_entry"),
        ]

    def __str__(self):
        return f"{self.register} {self.entry or ''} {self.act}"

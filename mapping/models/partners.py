"""Partners of the police (mitra), and what was agreed with them."""

import datetime
import uuid

from django.contrib.gis.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from mapping.models.areas import Area
from mapping.models.registers import KeptEntry, KeptQuerySet, kept
from polmas.people.fields import CodeField
from polmas.people.scope import OFFICERS

EXPIRING_WITHIN = datetime.timedelta(days=60)


class PartnerQuerySet(KeptQuerySet):
    def for_user(self, user):
        """As every register; partners of a whole unit, in no village, are known to its officers too."""
        mine = super().for_user(user)
        if not user.scope.is_officer:
            return mine
        units = [unit for role, _path, unit in user.scope.posts if role in OFFICERS]
        return self.filter(Q(pk__in=mine.values("pk")) | Q(area__isnull=True, unit__in=units))

    def with_expiry(self, day: datetime.date):
        """With `expires_on`, the last day of the agreement in force that ends next; None where none has an end."""
        running = Cooperation.objects.on(day).filter(partner=OuterRef("pk"), ends_on__isnull=False).order_by("ends_on")
        return self.annotate(expires_on=Subquery(running.values("ends_on")[:1]))


@kept
class Partner(KeptEntry):
    """One body that works with the police of a unit: an agency, a school, a firm, the press. It may belong to no village."""

    SENT = ("name", "kind", "rw", "rt", "landmark")

    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("village"))  # type: ignore[assignment]
    kind = CodeField(_("kind"), blank=False, code_list="PARTNER_KIND")
    name = models.CharField(_("name"), max_length=120)
    contact = models.CharField(_("contact person"), max_length=120, blank=True)

    objects = PartnerQuerySet.as_manager()  # type: ignore[misc]  # a wider manager than the register's

    class Meta(KeptEntry.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]
        indexes = [models.Index(fields=["area", "name"]), models.Index(fields=["unit", "name"])]

    @property
    def expires_soon(self) -> bool:
        """Whether an agreement in force ends within sixty days; of partners read `with_expiry`."""
        ends_on = getattr(self, "expires_on", None)
        return ends_on is not None and ends_on <= self.unit.today() + EXPIRING_WITHIN


class CooperationQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(partner__in=Partner.objects.for_user(user))

    def on(self, day: datetime.date):
        """Those in force on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def expiring(self, day: datetime.date):
        """In force, and at its end within sixty days."""
        return self.on(day).filter(ends_on__lte=day + EXPIRING_WITHIN)


@kept
class Cooperation(models.Model):
    """One agreement (MoU) with a partner: what it covers, from when to when, and the signed paper."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="cooperations", verbose_name=_("partner"))
    number = models.CharField(_("number of the MoU"), max_length=80, blank=True)
    scope = models.TextField(_("what it covers"), max_length=1000)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    file = models.FileField(_("signed paper"), upload_to="cooperations/%Y/%m/", blank=True)
    file_type = models.CharField(max_length=20, blank=True, editable=False)

    objects = CooperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperation")
        verbose_name_plural = _("cooperations")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["partner", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cooperation_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.number or self.scope[:60]

    def has_ended_on(self, day: datetime.date) -> bool:
        return self.ends_on is not None and self.ends_on < day

    def is_expiring_on(self, day: datetime.date) -> bool:
        """In force, and at its end within sixty days."""
        return self.ends_on is not None and self.starts_on <= day <= self.ends_on <= day + EXPIRING_WITHIN

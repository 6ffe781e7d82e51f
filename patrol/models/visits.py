"""The detail of a sambang: on whom, what for, and what residents said."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models import Community, Field
from patrol.models.businesses import Business
from patrol.models.contacts import Contact
from patrol.models.details import Detail, DetailRow
from patrol.models.households import Household
from polmas.people.fields import CodesField

SUBJECTS = ("household", "business", "contact", "community")


def only(name: str) -> Q:
    """That this one of the four is named and no other; with no name, that none is."""
    return Q(**{f"{each}__isnull": each != name for each in SUBJECTS})


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Visit(Detail):
    """On whom an officer called: a household, a business, a tokoh, a community, or nobody named because the resident declined; at home or not."""

    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("household"))
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, null=True, blank=True, related_name="visits", verbose_name=_("business"))
    contact = models.ForeignKey(Contact, models.PROTECT, db_index=False, null=True, blank=True, related_name="visits", verbose_name=_("tokoh"))
    community = models.ForeignKey(
        Community, models.PROTECT, db_index=False, null=True, blank=True, related_name="visits", verbose_name=_("community")
    )
    is_declined = models.BooleanField(_("declined to be named"), default=False)
    is_absent = models.BooleanField(_("nobody at home"), default=False)
    received_by = models.CharField(_("received by"), max_length=120, blank=True)
    purposes = CodesField(verbose_name=_("purposes"), code_list="DDS_PURPOSE")
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True)

    class Meta:
        verbose_name = _("sambang")
        verbose_name_plural = _("sambang")
        # Nine of ten visits are to households: the others' indexes hold those alone that name one.
        indexes = [
            models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"visit_of_{name}")
            for name in ("business", "contact", "community")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_declined=False) & (only("household") | only("business") | only("contact") | only("community"))
                | Q(is_declined=True) & only(""),
                name="visit_household_or_declined",
                violation_error_message=_("Name whom you visited, or say that the resident declined to be named."),
            ),
        ]

    def __str__(self):
        return str(self.subject or _("resident who declined to be named"))

    @property
    def subject(self):
        """Whom the visit was for; None where nobody is named."""
        return self.household or self.business or self.contact or self.community


class OpinionKind(models.TextChoices):
    KELUHAN = "KELUHAN", _("complaint")
    HARAPAN = "HARAPAN", _("hope")
    SARAN = "SARAN", _("suggestion")
    INFORMASI = "INFORMASI", _("information")
    APRESIASI = "APRESIASI", _("appreciation")


class OpinionUrgency(models.TextChoices):
    RENDAH = "RENDAH", _("low")
    SEDANG = "SEDANG", _("medium")
    TINGGI = "TINGGI", _("high")
    DARURAT = "DARURAT", _("emergency")


class OpinionFrequency(models.TextChoices):
    PERTAMA = "PERTAMA", _("first time")
    JARANG = "JARANG", _("rarely")
    SERING = "SERING", _("often")
    TERUS_MENERUS = "TERUS_MENERUS", _("all the time")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Opinion(DetailRow):
    """One thing that a resident said, sorted by field, urgency and frequency (domain.md 4.2)."""

    kind = models.CharField(_("kind"), max_length=10, choices=OpinionKind)
    field = models.CharField(_("field"), max_length=12, choices=Field, blank=True)
    text = models.TextField(_("what was said"), max_length=2000)
    urgency = models.CharField(_("urgency"), max_length=8, choices=OpinionUrgency, blank=True)
    frequency = models.CharField(_("frequency"), max_length=14, choices=OpinionFrequency, blank=True)

    class Meta(DetailRow.Meta):
        verbose_name = _("voice of a resident")
        verbose_name_plural = _("voices of residents")

    def __str__(self):
        return self.text[:60]

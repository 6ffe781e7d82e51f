"""Households that officers visit, and who lives in them."""

import datetime

import pghistory
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import THREE_DIGITS
from patrol.models.registers import VisitedEntry, tracked
from polmas.people.encryption import EncryptedCharField

ADULT_AT = 18  # years (UU 35/2014)


class Sex(models.TextChoices):
    L = "L", _("male")
    P = "P", _("female")


class Vulnerable(models.TextChoices):
    """RENTAN (domain.md 3.11): shown on the household's own page alone, never on a map or list."""

    LANSIA = "LANSIA", _("elderly")
    DIFABEL = "DIFABEL", _("disabled")
    JANDA = "JANDA", _("widow")
    YATIM = "YATIM", _("orphan")


@tracked
class Household(VisitedEntry):
    """One household at one address, as an officer knows it: the head's name and where to find it. No identity numbers are kept,
    neither faith nor ethnicity; all but name and RT/RW may stay empty."""

    NAME = "head_name"
    SENT = ("head_name", "rw", "rt", "landmark")
    REQUIRED = ("head_name", "rw", "rt")
    WANTED = ("phone", "landmark", "occupation", "people_count", "residence", "emergency_phone")

    class Basis(models.TextChoices):
        """Why the data may be kept (UU 27/2022): the police task, or the household's consent where it was asked."""

        TUGAS = "TUGAS", _("police task")
        PERSETUJUAN = "PERSETUJUAN", _("consent")

    class Residence(models.TextChoices):
        TETAP = "TETAP", _("permanent")
        KONTRAK = "KONTRAK", _("rents or boards")
        TAMU = "TAMU", _("guest")
        MUSIMAN = "MUSIMAN", _("seasonal")

    rw = models.CharField("RW", max_length=3, validators=[THREE_DIGITS])
    rt = models.CharField("RT", max_length=3, validators=[THREE_DIGITS])
    head_name = models.CharField(_("head of the household"), max_length=120)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    birth_place = models.CharField(_("place of birth"), max_length=80, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    occupation = models.CharField(_("occupation"), max_length=80, blank=True)
    residence = models.CharField(_("residence"), max_length=8, choices=Residence, blank=True)
    people_count = models.PositiveSmallIntegerField(_("people in the house"), null=True, blank=True)
    emergency_name = models.CharField(_("whom to tell in an emergency"), max_length=120, blank=True)
    emergency_relation = models.CharField(_("relation to the household"), max_length=60, blank=True)
    emergency_phone = EncryptedCharField(_("phone in an emergency"), max_length=30, blank=True)
    vulnerable = ArrayField(models.CharField(max_length=8, choices=Vulnerable), verbose_name=_("needs special care"), default=list, blank=True)
    basis = models.CharField(_("legal basis"), max_length=12, choices=Basis, default=Basis.TUGAS)
    consent_on = models.DateField(_("consent asked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["area__code", "rw", "rt", "head_name"]
        indexes = [
            models.Index(fields=["area", "rw", "rt"]),
            models.Index(fields=["area", "due_on"]),
            models.Index(fields=["unit", "due_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rw__regex=r"^\d{3}$") & Q(rt__regex=r"^\d{3}$"),
                name="household_rt_rw_digits",
                violation_error_message=_("RT and RW have three digits, e.g. 003."),
            ),
            models.CheckConstraint(
                condition=Q(basis="PERSETUJUAN") | Q(consent_on__isnull=True),
                name="household_consent_day_with_consent",
                violation_error_message=_("A day of consent belongs to consent as the legal basis."),
            ),
            models.CheckConstraint(
                condition=Q(vulnerable__contained_by=Vulnerable.values),
                name="household_vulnerable_known",
                violation_error_message=_("This choice is not known."),
            ),
        ]

    @property
    def vulnerable_labels(self) -> list[str]:
        return [str(Vulnerable(code).label) for code in self.vulnerable]


class Relation(models.TextChoices):
    """To the head of the household (domain.md 3.12)."""

    SUAMI = "SUAMI", _("husband")
    ISTRI = "ISTRI", _("wife")
    ANAK = "ANAK", _("child")
    MENANTU = "MENANTU", _("son- or daughter-in-law")
    CUCU = "CUCU", _("grandchild")
    ORANG_TUA = "ORANG_TUA", _("parent")
    MERTUA = "MERTUA", _("parent-in-law")
    FAMILI = "FAMILI", _("other relative")
    PEMBANTU = "PEMBANTU", _("domestic worker")
    LAINNYA = "LAINNYA", _("other")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class HouseholdMember(models.Model):
    """One person who lives in a household beside its head. Shown on the household's own page and nowhere else: many are children."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members", verbose_name=_("household"))
    name = models.CharField(_("name"), max_length=120)
    relation = models.CharField(_("relation"), max_length=9, choices=Relation)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    occupation = models.CharField(_("occupation or school"), max_length=80, blank=True)
    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("member of a household")
        verbose_name_plural = _("members of households")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(relation__in=Relation.values), name="household_member_relation_known")]

    def __str__(self):
        return self.name

    def age_on(self, day: datetime.date) -> int | None:
        """Full years."""
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))

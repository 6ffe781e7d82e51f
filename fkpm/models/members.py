"""Who belongs to a forum: offices, the part of the community that each stands for, and their terms (Perpol 1/2021)."""

import uuid

import pghistory
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import validate_email
from django.db import models
from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from polmas.people.encryption import EncryptedCharField


class Position(models.TextChoices):
    """Offices of a forum, as its boards carry them (domain.md 4.5)."""

    PELINDUNG = "PELINDUNG", _("patron")
    PENASIHAT = "PENASIHAT", _("adviser")
    PEMBINA = "PEMBINA", _("mentor")
    KETUA = "KETUA", _("chair")
    WAKIL_KETUA = "WAKIL_KETUA", _("deputy chair")
    SEKRETARIS = "SEKRETARIS", _("secretary")
    WAKIL_SEKRETARIS = "WAKIL_SEKRETARIS", _("deputy secretary")
    BENDAHARA = "BENDAHARA", _("treasurer")
    KOORDINATOR_SEKSI = "KOORDINATOR_SEKSI", _("section head")
    ANGGOTA = "ANGGOTA", _("member")
    PETUGAS_POLMAS = "PETUGAS_POLMAS", _("Polmas officer")


class Element(models.TextChoices):
    """Which part of the community a member stands for."""

    MASYARAKAT = "MASYARAKAT", _("residents")
    PEMERINTAH = "PEMERINTAH", _("local government")
    POLRI = "POLRI", "Polri"
    TOGA = "TOGA", _("religious figure")
    TOMAS = "TOMAS", _("community figure")
    TODAT = "TODAT", _("customary figure")
    TODA = "TODA", _("youth figure")
    PEREMPUAN = "PEREMPUAN", _("women")
    PEMILIK = "PEMILIK", _("owners and users of the zone")
    PENGELOLA = "PENGELOLA", _("management of the zone")
    SATPAM = "SATPAM", _("security guards")
    PEKERJA = "PEKERJA", _("workers")
    USAHA = "USAHA", _("business")


class Section(models.TextChoices):
    """Sections of a board, as forums have them (domain.md 4.5)."""

    KEAMANAN = "KEAMANAN", _("security and siskamling")
    PENYELESAIAN = "PENYELESAIAN", _("solving of problems")
    HUMAS = "HUMAS", _("public relations")
    PEMUDA = "PEMUDA", _("youth")
    SOSIAL = "SOSIAL", _("social matters")
    USAHA = "USAHA", _("business")


class MemberQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=apps.get_model("fkpm", "Forum").objects.for_user(user))

    def by_office(self):
        """From the chair down to plain members, then by name."""
        offices = [When(position=position, then=place) for place, position in enumerate(Member.ORDER)]
        return self.order_by(Case(*offices, default=len(offices), output_field=IntegerField()), "name", "pk")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Member(models.Model):
    """One person in one office of a forum for a span of days; with an account where the person wants to read along."""

    CHAIRS = (Position.KETUA, Position.WAKIL_KETUA)
    SECRETARIES = (Position.SEKRETARIS, Position.WAKIL_SEKRETARIS)
    BOARD = (*CHAIRS, *SECRETARIES)
    # Patrons and advisers stand last: they lend their name and seldom come.
    ORDER = (
        *BOARD,
        Position.BENDAHARA,
        Position.KOORDINATOR_SEKSI,
        Position.ANGGOTA,
        Position.PETUGAS_POLMAS,
        Position.PEMBINA,
        Position.PENASIHAT,
        Position.PELINDUNG,
    )

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    forum = models.ForeignKey("fkpm.Forum", models.CASCADE, related_name="members", verbose_name="FKPM")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=20, choices=Position, default=Position.ANGGOTA)
    element = models.CharField(_("stands for"), max_length=12, choices=Element, default=Element.MASYARAKAT)
    section = models.CharField(_("section"), max_length=12, choices=Section, blank=True)
    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)
    email = EncryptedCharField(_("e-mail"), max_length=254, blank=True, validators=[validate_email])
    has_consented = models.BooleanField(_("takes part of their own free will"), default=False)
    is_party_free = models.BooleanField(_("holds no office in a political party"), default=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="member_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            # One chair may take over on the day on which the other one ends.
            ExclusionConstraint(
                name="forum_one_chair_at_a_time",
                expressions=[
                    ("forum", "="),
                    (Func(F("starts_on"), F("ends_on"), Value("[)"), function="DATERANGE", output_field=DateRangeField()), "&&"),
                ],
                condition=Q(position="KETUA"),
                violation_error_message=_("The forum already has a chair in that time; end that term first."),
            ),
            models.CheckConstraint(
                condition=Q(section="") | Q(section__in=Section.values),
                name="member_section_known",
                violation_error_message=_("This section is not known."),
            ),
        ]

    def __str__(self):
        return self.name

    def is_valid_on(self, day) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def end(self, day) -> None:
        """Ends the term with that day; a term that had not begun yet ends on its first day."""
        self.ends_on = max(day, self.starts_on)
        self.save(update_fields=["ends_on"])

"""Forums of partnership between police and residents, and who belongs to them (Perpol 1/2021)."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Beat
from polmas.people.models import Unit
from polmas.people.scope import in_subtrees, on_day


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
    SATPAM = "SATPAM", _("security guards")
    USAHA = "USAHA", _("business")


class ForumQuerySet(models.QuerySet):
    def for_user(self, user):
        """Forums of which one is a member or the Polmas officer, of the areas held, and of the units read whole."""
        scope = user.scope
        today = timezone.localdate()
        seen = Q(pk__in=Member.objects.filter(on_day(today), user=user).values("forum"))
        if scope.is_officer:
            seen |= Q(officer=user) | Q(area__in=Beat.objects.on(today).filter(user=user).values("area"))
        return self.filter(seen | in_subtrees("unit__path", scope.whole_paths))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Forum(models.Model):
    """One FKPM: an independent forum of residents with its own head on paper, meeting at its BKPM."""

    class Form(models.TextChoices):
        WILAYAH = "WILAYAH", _("residential area")
        KAWASAN = "KAWASAN", _("zone")
        PRANATA_ADAT = "PRANATA_ADAT", _("customary institution")

    class Status(models.TextChoices):
        AKTIF = "AKTIF", _("active")
        KURANG_AKTIF = "KURANG_AKTIF", _("little active")
        VAKUM = "VAKUM", _("dormant")
        BUBAR = "BUBAR", _("dissolved")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="forums", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="forums", verbose_name=_("village"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="forums_served", verbose_name=_("Polmas officer"))
    name = models.CharField(_("name"), max_length=120)
    form = models.CharField(_("form"), max_length=12, choices=Form, default=Form.WILAYAH)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.AKTIF)
    bkpm = models.CharField(_("BKPM (meeting place)"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    term_starts_on = models.DateField(_("term from"), null=True, blank=True)
    term_ends_on = models.DateField(_("term until"), null=True, blank=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = "FKPM"
        verbose_name_plural = "FKPM"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="forum_once_in_area", violation_error_message=_("This village already has a forum of that name.")),
            models.CheckConstraint(condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=models.F("term_starts_on")), name="forum_term_ends_after_start", violation_error_message=_("The term ends before it begins.")),
        ]

    def __str__(self):
        return self.name

    def active_members(self):
        return self.members.filter(on_day(self.unit.today()))

    def member_of(self, user):
        """The user's own membership valid today, or None."""
        return self.active_members().filter(user=user).first()

    def may_write_minutes(self, user) -> bool:
        """Chair, secretary and the Polmas officer keep the minutes."""
        member = self.member_of(user)
        return user.pk == self.officer_id or (member is not None and member.position in Member.BOARD)


class MemberQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Member(models.Model):
    """One person in one office of a forum for a span of days; with an account where the person wants to read along."""

    BOARD = (Position.KETUA, Position.WAKIL_KETUA, Position.SEKRETARIS, Position.WAKIL_SEKRETARIS)

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="members", verbose_name="FKPM")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=20, choices=Position, default=Position.ANGGOTA)
    element = models.CharField(_("stands for"), max_length=12, choices=Element, default=Element.MASYARAKAT)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="member_ends_after_start", violation_error_message=_("The last day lies before the first.")),
            models.UniqueConstraint(fields=["forum"], condition=Q(position="KETUA", ends_on__isnull=True), name="forum_one_chair", violation_error_message=_("The forum already has a chair; end that term first.")),
        ]

    def __str__(self):
        return self.name

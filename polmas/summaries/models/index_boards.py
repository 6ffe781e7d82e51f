"""The boards of stakeholders that score the security index: bodies of their own at a kecamatan or a Polres, never an FKPM."""

import uuid

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models import Member
from mapping.models import Area
from mapping.models.areas import Level
from polmas.people.models import Unit
from polmas.people.scope import INDEX_FIGURES, INDEX_KEEPERS, INDEX_READERS, in_subtrees, on_day

SCORED_LEVELS = (Level.KECAMATAN, Level.KABKOTA)


class Stakeholder(models.TextChoices):
    """The parts of society and government that sit on a board (seed 004, item 6)."""

    FORKOPIMCAM = "FORKOPIMCAM", "Forkopimcam"
    FORKOPIMDA = "FORKOPIMDA", "Forkopimda"
    AKADEMISI = "AKADEMISI", _("academics")
    FKUB = "FKUB", "FKUB"
    USAHA = "USAHA", _("business")
    TOKOH = "TOKOH", _("community figures")
    PEREMPUAN = "PEREMPUAN", _("women")
    PEMUDA = "PEMUDA", _("youth")
    MEDIA = "MEDIA", _("media")
    LAINNYA = "LAINNYA", _("other")


class IndexBoardQuerySet(models.QuerySet):
    def for_user(self, user):
        """Boards of the units that one reads or whose figures one reads, and the own ones of a member with an account."""
        return self._read_as(user, INDEX_FIGURES)

    def reasons_for(self, user):
        """Boards of which one also reads who scored what and why, and the root causes."""
        return self._read_as(user, INDEX_READERS)

    def _read_as(self, user, roles):
        own = IndexMember.objects.seats_of(user, timezone.localdate()).values("board")
        return self.filter(in_subtrees("unit__path", user.scope.paths_as(roles)) | Q(pk__in=own))

    def kept_by(self, user):
        return self.filter(in_subtrees("unit__path", user.scope.paths_as(INDEX_KEEPERS)))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexBoard(models.Model):
    """One board (dewan pemangku kepentingan) of a kecamatan or of the city or regency of a Polres, as the letter that founded it says."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=120)
    basis = models.CharField(_("founded by"), max_length=120, blank=True, help_text=_("Number and day of the letter that founded it."))
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = IndexBoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("board of stakeholders")
        verbose_name_plural = _("boards of stakeholders")
        ordering = ["area__code", "-is_active", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(is_active=True),
                name="index_board_once",
                violation_error_message=_("This area has an active board already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="index_board_named"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.area_id and self.area.level not in SCORED_LEVELS:
            raise ValidationError({"area": _("The index is that of a kecamatan, a city or a regency.")})
        if self.founded_on and self.founded_on > timezone.localdate():
            raise ValidationError({"founded_on": _("This day has not come yet.")})

    def may_be_kept_by(self, user) -> bool:
        return user.scope.holds(INDEX_KEEPERS, self.unit)

    def names_persons_to(self, user) -> bool:
        """Whether somebody reads who scored what and why; readers above the Polres see numbers alone."""
        return user.scope.holds(INDEX_READERS, self.unit) or self.member_of(user) is not None

    def member_of(self, user) -> "IndexMember | None":
        """As whom a user sits on the board today."""
        return self.members.seats_of(user, self.unit.today()).first()


class IndexMemberQuerySet(models.QuerySet):
    def seats_of(self, user, day):
        """The seats in which a person may score on a day. Whoever has come to an FKPM meanwhile has none: it stays out of politics."""
        return self.filter(on_day(day), user=user).exclude(Exists(Member.objects.filter(on_day(day), user=user)))

    def with_forums(self, day):
        """Each with whether their account has come to an FKPM since it was linked here, so that it scores no more."""
        return self.annotate(is_kept_out=Exists(Member.objects.filter(on_day(day), user=OuterRef("user"))))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexMember(models.Model):
    """One person on a board, with what they stand for. With an account they score by themselves and see their own board, nothing else."""

    board = models.ForeignKey(IndexBoard, models.CASCADE, related_name="members", verbose_name=_("board of stakeholders"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="index_memberships", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    stakeholder = models.CharField(_("stands for"), max_length=11, choices=Stakeholder)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    position = models.CharField(_("office on the board"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = IndexMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the board")
        verbose_name_plural = _("members of the board")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["user"], condition=Q(user__isnull=False), name="index_member_by_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "user"],
                condition=Q(ends_on__isnull=True),
                name="index_member_once",
                violation_error_message=_("This account sits on the board already."),
            ),
            models.CheckConstraint(condition=Q(stakeholder__in=Stakeholder.values) & ~Q(name=""), name="index_member_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="index_member_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.user_id and Member.objects.filter(on_day(timezone.localdate()), user=self.user_id).exists():
            raise ValidationError(_("This account belongs to a member of an FKPM, and an FKPM stays out of politics: somebody else must score."))

    def is_valid_on(self, day) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def may_go(self) -> bool:
        """Whether the row may be deleted: nothing was scored in this name."""
        return not self.scores.exists()

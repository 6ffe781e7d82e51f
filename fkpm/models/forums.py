"""Forums of partnership between police and residents (Perpol 1/2021)."""

import uuid

import pghistory
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from fkpm.models.advice import advice_on
from fkpm.models.foundings import Attempt
from fkpm.models.members import Member
from fkpm.models.terms import Endorsement, Endorser, FormerTerm
from mapping.models import Area, Beat, Place
from polmas.people.models import Unit
from polmas.people.scope import CASE_READERS, OFFICERS, OPERATORS, REVIEWERS, in_subtrees, on_day

# Who keeps the registers of forums for a unit: they add members and correct what a forum is called.
REGISTRARS = REVIEWERS | OPERATORS
# SQL for the unit of a row that belongs to a forum; a forum never passes to another unit.
UNIT_OF_FORUM = "(SELECT unit_id FROM fkpm_forum WHERE id = {row}.forum_id)"


def served_paths(scope) -> set[str]:
    """Paths of the units whose forums an officer may serve: the own unit and those above (a Pospol's officer serves the Polsek's forum)."""
    return {path[:end] for path in scope.paths_as(OFFICERS) for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}


class ForumQuerySet(models.QuerySet):
    def for_user(self, user):
        """Forums of which one is a member or the Polmas officer, of the areas held, and of the units read whole.

        A Polmas officer who has moved to another unit no longer serves the forum, even while it still names them.
        """
        scope = user.scope
        today = timezone.localdate()
        seen = Q(pk__in=Member.objects.filter(on_day(today), user=user).values("forum"))
        if scope.is_officer:
            seen |= Q(officer=user, unit__path__in=served_paths(scope)) | Q(area__in=Beat.objects.on(today).filter(user=user).values("area"))
        return self.filter(seen | in_subtrees("unit__path", scope.whole_paths))

    def settled_by(self, user):
        """Forums whose mediations one may read, for they name the parties: of their boards, of the officer who serves them, and of those who
        read the cases of their units (domain.md 2.7)."""
        scope = user.scope
        board = Member.objects.filter(on_day(timezone.localdate()), user=user, position__in=Member.BOARD)
        seen = Q(pk__in=board.values("forum")) | in_subtrees("unit__path", scope.paths_as(CASE_READERS))
        if scope.is_officer:
            seen |= Q(officer=user, unit__path__in=served_paths(scope))
        return self.filter(seen)

    def with_state(self):
        """Each forum with its next meeting and what is open and overdue, by subqueries: one statement for a whole list."""
        now, today = timezone.now(), timezone.localdate()
        open_actions = apps.get_model("fkpm", "ActionItem").objects.filter(forum=OuterRef("pk"), state="OPEN").order_by()
        counted = open_actions.values("forum").annotate(n=Count("pk"))
        coming = apps.get_model("fkpm", "Meeting").objects.filter(forum=OuterRef("pk"), starts_at__gte=now, cancelled_at=None).order_by("starts_at")
        return self.annotate(
            next_meeting_at=Subquery(coming.values("starts_at")[:1]),
            next_meeting_place=Subquery(coming.values("place")[:1]),
            open_count=Coalesce(Subquery(counted.values("n")), 0),
            overdue_count=Coalesce(Subquery(counted.filter(due_on__lt=today).values("n")), 0),
        )


class ZoneKind(models.TextChoices):
    """What a zone (kawasan) lives of (domain.md 2.6)."""

    PERDAGANGAN = "PERDAGANGAN", _("trade")
    PERKANTORAN = "PERKANTORAN", _("offices")
    INDUSTRI = "INDUSTRI", _("industry")
    PERGUDANGAN = "PERGUDANGAN", _("warehouses")
    PELABUHAN = "PELABUHAN", _("harbour")
    PENDIDIKAN = "PENDIDIKAN", _("education")
    LAIN = "LAIN", _("other")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Forum(Endorsement, Attempt):
    """One FKPM: an independent forum of residents with its own head on paper, meeting at its BKPM."""

    class Form(models.TextChoices):
        WILAYAH = "WILAYAH", _("residential area")
        KAWASAN = "KAWASAN", _("zone")
        PRANATA_ADAT = "PRANATA_ADAT", _("customary institution")

    class Status(models.TextChoices):
        RINTISAN = "RINTISAN", _("being founded")
        AKTIF = "AKTIF", _("active")
        KURANG_AKTIF = "KURANG_AKTIF", _("little active")
        VAKUM = "VAKUM", _("dormant")
        BUBAR = "BUBAR", _("dissolved")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="forums", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="forums", verbose_name=_("village"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="forums_served", verbose_name=_("Polmas officer")
    )
    name = models.CharField(_("name"), max_length=120)
    form = models.CharField(_("form"), max_length=12, choices=Form, default=Form.WILAYAH)
    zone_kind = models.CharField(_("kind of zone"), max_length=12, choices=ZoneKind, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="forums_beside", verbose_name=_("also covers"))
    coverage = models.CharField(_("neighbourhoods covered"), max_length=200, blank=True, help_text=_("RW or dusun in words: RW 03–07, Dusun Krajan."))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.AKTIF)
    bkpm = models.CharField(_("BKPM (meeting place)"), max_length=200, blank=True)
    bkpm_place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="forums", verbose_name=_("BKPM on the map"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    term_starts_on = models.DateField(_("term from"), null=True, blank=True)
    term_ends_on = models.DateField(_("term until"), null=True, blank=True)
    comment_days = models.PositiveSmallIntegerField(
        _("days for comments"), default=3, help_text=_("How long members may comment on minutes before they are adopted; silence is agreement.")
    )
    statutes = models.FileField(_("statutes (AD/ART)"), upload_to="statutes/%Y/%m/", blank=True)
    statutes_type = models.CharField(max_length=20, blank=True, editable=False)

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = "FKPM"
        verbose_name_plural = "FKPM"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(comment_days__lte=30), name="forum_comment_days", violation_error_message=_("Members may comment for at most 30 days.")
            ),
            models.UniqueConstraint(
                fields=["area", "name"], name="forum_once_in_area", violation_error_message=_("This village already has a forum of that name.")
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=models.F("term_starts_on")),
                name="forum_term_ends_after_start",
                violation_error_message=_("The term ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(zone_kind="") | Q(form="KAWASAN", zone_kind__in=ZoneKind.values),
                name="forum_zone_kind_of_zone",
                violation_error_message=_("Only a zone has a kind of zone."),
            ),
            models.CheckConstraint(
                condition=Q(endorsed_by="") | Q(endorsed_by__in=Endorser.values),
                name="forum_endorser_known",
                violation_error_message=_("Camat, Kapolsek, Lurah or Kades endorse a forum."),
            ),
            models.CheckConstraint(
                condition=Q(given_up_at__isnull=True, given_up_by__isnull=True, given_up_reason="")
                | (Q(given_up_at__isnull=False, given_up_by__isnull=False, status="RINTISAN") & ~Q(given_up_reason="")),
                name="forum_given_up_while_founded",
                violation_error_message=_("Only a founding is given up, by somebody and for a reason."),
            ),
        ]

    def __str__(self):
        return self.name

    def active_members(self):
        return self.members.filter(on_day(self.unit.today()))

    @cached_property
    def members_today(self) -> list[Member]:
        """Those valid today from the chair down, as one page reads them: asked for once, whoever wants to know who holds which office."""
        return list(self.active_members().by_office())

    @cached_property
    def term_today(self) -> FormerTerm:
        """The term that the board of today serves: one that is handed over already for a later day, else the forum's own (no stored row)."""
        today = self.unit.today()
        if self.term_starts_on and self.term_starts_on > today and (running := self.former_terms.filter(ends_on__gte=today).first()):
            return running
        paper = {field.name: getattr(self, field.name) for field in Endorsement._meta.fields}
        return FormerTerm(**paper | {"starts_on": self.term_starts_on, "ends_on": self.term_ends_on})

    def holds_office(self, user, offices) -> bool:
        return any(member.user_id == user.pk and member.position in offices for member in self.members_today)

    def member_of(self, user):
        """The user's own membership valid today, or None."""
        return self.active_members().filter(user=user).first()

    def is_served_by(self, user) -> bool:
        """Whether this is the forum's Polmas officer, still serving in its unit."""
        return user.pk == self.officer_id and self.unit.path in served_paths(user.scope)

    def officers_told(self) -> set[int]:
        """The Polmas officer as one of those who are told things, while they serve here."""
        return {self.officer_id} if self.officer_id and self.is_served_by(self.officer) else set()

    def is_on_board(self, user) -> bool:
        return self.holds_office(user, Member.BOARD)

    def may_write_minutes(self, user) -> bool:
        """Chair, secretary and the Polmas officer keep the minutes."""
        return self.is_served_by(user) or self.is_on_board(user)

    def is_registered_by(self, user) -> bool:
        """Kanit Binmas and operators of the unit, who also say which officer serves the forum."""
        return user.scope.holds(REGISTRARS, self.unit)

    def may_manage(self, user) -> bool:
        """Who changes the forum's own data and its list of members."""
        return self.is_registered_by(user) or self.may_write_minutes(user)

    def covered(self) -> str:
        """What the forum covers besides its village, or of it, in words."""
        return ", ".join(filter(None, [self.coverage, *(area.title for area in self.areas.all())]))

    @property
    def is_being_founded(self) -> bool:
        return self.status == self.Status.RINTISAN

    def advice(self) -> list[str]:
        """What the board lacks by Perpol 1/2021. It is shown to those who can mend it and refuses nothing."""
        return advice_on(self, list(self.active_members()))

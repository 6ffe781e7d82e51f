"""Forums of partnership between police and residents (Perpol 1/2021)."""

import uuid

import pghistory
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fkpm.models.members import Element, Member, Position
from mapping.models import Area, Beat
from polmas.people.models import Unit
from polmas.people.scope import OFFICERS, OPERATORS, REVIEWERS, in_subtrees, on_day

# Who keeps the registers of forums for a unit: they add members and correct what a forum is called.
REGISTRARS = REVIEWERS | OPERATORS
# Numbers that a forum should keep to; said as advice, never a reason to refuse (domain.md 4.5).
FEWEST_MEMBERS, MOST_MEMBERS = 10, 20


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

    def with_state(self):
        """Each forum with its next meeting and what is open and overdue, by subqueries: one statement for a whole list."""
        now, today = timezone.now(), timezone.localdate()
        open_actions = apps.get_model("fkpm", "ActionItem").objects.filter(forum=OuterRef("pk"), state="OPEN").order_by()
        counted = open_actions.values("forum").annotate(n=Count("pk"))
        coming = apps.get_model("fkpm", "Meeting").objects.filter(forum=OuterRef("pk"), starts_at__gte=now).order_by("starts_at")
        return self.annotate(
            next_meeting_at=Subquery(coming.values("starts_at")[:1]),
            next_meeting_place=Subquery(coming.values("place")[:1]),
            open_count=Coalesce(Subquery(counted.values("n")), 0),
            overdue_count=Coalesce(Subquery(counted.filter(due_on__lt=today).values("n")), 0),
        )


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
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
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="forums_served", verbose_name=_("Polmas officer")
    )
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
            models.UniqueConstraint(
                fields=["area", "name"], name="forum_once_in_area", violation_error_message=_("This village already has a forum of that name.")
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=models.F("term_starts_on")),
                name="forum_term_ends_after_start",
                violation_error_message=_("The term ends before it begins."),
            ),
        ]

    def __str__(self):
        return self.name

    def active_members(self):
        return self.members.filter(on_day(self.unit.today()))

    def member_of(self, user):
        """The user's own membership valid today, or None."""
        return self.active_members().filter(user=user).first()

    def is_served_by(self, user) -> bool:
        """Whether this is the forum's Polmas officer, still serving in its unit."""
        return user.pk == self.officer_id and self.unit.path in served_paths(user.scope)

    def is_on_board(self, user) -> bool:
        return self.active_members().filter(user=user, position__in=Member.BOARD).exists()

    def may_write_minutes(self, user) -> bool:
        """Chair, secretary and the Polmas officer keep the minutes."""
        return self.is_served_by(user) or self.is_on_board(user)

    def is_registered_by(self, user) -> bool:
        """Kanit Binmas and operators of the unit, who also say which officer serves the forum."""
        return user.scope.holds(REGISTRARS, self.unit)

    def may_manage(self, user) -> bool:
        """Who changes the forum's own data and its list of members."""
        return self.is_registered_by(user) or self.may_write_minutes(user)

    def advice(self) -> list[str]:
        """What the board lacks by Perpol 1/2021. It is shown to those who can mend it and refuses nothing."""
        members = list(self.active_members())
        return [
            text for text, is_due in (self._advice_on_numbers(members) + self._advice_on_elements({member.element for member in members})) if is_due
        ]

    def _advice_on_numbers(self, members):
        chairs = sum(member.position == Position.KETUA for member in members)
        return [
            (gettext("A forum should have at least %d members.") % FEWEST_MEMBERS, len(members) < FEWEST_MEMBERS),
            (gettext("A forum should have at most %d members.") % MOST_MEMBERS, len(members) > MOST_MEMBERS),
            (gettext("The forum has no chair."), chairs == 0),
            (gettext("The forum has more than one chair."), chairs > 1),
        ]

    def _advice_on_elements(self, elements):
        """Residents, local government and police in a village; owners and guards besides in a zone; an adat institution follows its own custom."""
        if self.form == self.Form.PRANATA_ADAT:
            return []
        advice = [
            (gettext("Nobody stands for the residents."), self.form == self.Form.WILAYAH and elements <= {Element.PEMERINTAH, Element.POLRI}),
            (gettext("Nobody stands for the local government."), Element.PEMERINTAH not in elements),
            (gettext("No Polmas officer belongs to the forum."), Element.POLRI not in elements and self.officer_id is None),
        ]
        if self.form == self.Form.KAWASAN:
            advice += [
                (gettext("Nobody stands for the businesses of the zone."), Element.USAHA not in elements),
                (gettext("Nobody stands for the security guards."), Element.SATPAM not in elements),
            ]
        return advice

"""Awards of a month (domain.md 4.6): proposed by the Kanit with reasons, decided by the Kapolsek or, for the Polres, the Kapolres."""

import datetime
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models import Forum
from polmas.people.heads import head_of
from polmas.people.models import Unit
from polmas.people.periods import Period, month_of
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, REVIEWERS, in_subtrees
from polmas.summaries.models.scores import OfficerScore
from polmas.summaries.models.seals import hash_of, short

LEADERS = LEADERS_POLSEK | LEADERS_POLRES
PROPOSERS = LEADERS | REVIEWERS | {"kasat_binmas"}
LETTER = "PIAGAM"  # what stands for the kind of letter in the number of a charter
DECIDED_STATES = ("DECIDED", "DECLINED")


class AwardCategory(models.TextChoices):
    """For what one is honoured (domain.md 4.6)."""

    BHABINKAMTIBMAS = "BHABINKAMTIBMAS", "Bhabinkamtibmas Award"
    PELAPOR = "PELAPOR", _("most active reporter")
    PROBLEM_SOLVING = "PROBLEM_SOLVING", _("best problem solver")
    FKPM = "FKPM", _("best FKPM")
    POS_KAMLING = "POS_KAMLING", _("best siskamling post")
    SINERGITAS = "SINERGITAS", _("synergy of the three pillars")
    INOVASI = "INOVASI", _("innovation")
    LOCAL_HERO = "LOCAL_HERO", "Local hero"


# Whom a category honours: an officer, a forum, or somebody of the community by name.
OF_OFFICERS = ("BHABINKAMTIBMAS", "PELAPOR", "PROBLEM_SOLVING", "SINERGITAS", "INOVASI")
OF_FORUMS = ("FKPM",)
OF_OTHERS = ("POS_KAMLING", "LOCAL_HERO")


class AwardQuerySet(models.QuerySet):
    def for_user(self, user):
        """Superiors: all of their units, and what was decided above for somebody of theirs. Who is honoured, and the members of a forum
        that is: what was decided."""
        paths = user.scope.command_paths
        forums = Q(forum__officer=user) if user.scope.posts else Q(forum__in=Forum.objects.for_user(user))
        decided = Q(officer=user) | in_subtrees("recipient_unit__path", paths) | forums
        return self.filter(in_subtrees("unit__path", paths) | (decided & Q(state=Award.State.DECIDED)))

    def standing(self):
        return self.exclude(state=Award.State.DECLINED)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Award(models.Model):
    """One award of one unit for one month: who is honoured for what, on which figures it rests, and what was decided, by whom and why."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("proposed")
        DECIDED = "DECIDED", _("decided")
        DECLINED = "DECLINED", _("declined")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    month = models.DateField(_("month"))
    category = models.CharField(_("category"), max_length=16, choices=AwardCategory)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("officer"))
    forum = models.ForeignKey(Forum, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name="FKPM")
    name = models.CharField(_("name"), max_length=120, blank=True)
    recipient_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    reason = models.TextField(_("reason"), max_length=2000)
    basis = models.JSONField(default=dict, editable=False, help_text=_("The figures on which the proposal rested."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    proposed_title = models.CharField(max_length=160, editable=False)
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    decided_title = models.CharField(max_length=160, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_note = models.TextField(_("reason of the decision"), max_length=1000, blank=True, editable=False)
    sequence = models.PositiveIntegerField(null=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    number = models.CharField(_("number"), max_length=80, blank=True, editable=False)
    signer = models.JSONField(default=dict, editable=False, help_text=_("Who headed the unit when it was decided."))

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-month", "unit__path", "category", "pk"]
        indexes = [models.Index(fields=["unit", "-month"])]
        triggers = [
            pgtrigger.Protect(name="decided_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state__in=DECIDED_STATES)),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="award_of_a_month"),
            models.CheckConstraint(
                condition=Q(category__in=OF_OFFICERS, officer__isnull=False, forum__isnull=True, name="")
                | Q(category__in=OF_FORUMS, officer__isnull=True, forum__isnull=False, name="")
                | (Q(category__in=OF_OTHERS, officer__isnull=True, forum__isnull=True) & ~Q(name="")),
                name="award_has_its_recipient",
                violation_error_message=_("Say who is honoured: an officer, a forum, or a name, as the category asks."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="award_says_why", violation_error_message=_("Say what for.")),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_by__isnull=True, decided_at__isnull=True, number="")
                | (Q(state="DECIDED", decided_by__isnull=False, decided_at__isnull=False, sequence__isnull=False, year__isnull=False) & ~Q(number=""))
                | (Q(state="DECLINED", decided_by__isnull=False, decided_at__isnull=False, number="") & ~Q(decision_note="")),
                name="award_decided_whole",
                violation_error_message=_("Say why the proposal is declined."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(officer__isnull=True) | ~Q(decided_by=models.F("officer")),
                name="award_not_by_oneself",
                violation_error_message=_("Nobody decides on the own award."),
            ),
            models.UniqueConstraint(
                fields=["unit", "month", "category"],
                condition=Q(state="DECIDED"),
                name="award_one_winner",
                violation_error_message=_("This award of the month is already decided."),
            ),
            models.UniqueConstraint(
                fields=["unit", "month", "category", "officer", "forum", "name"],
                condition=~Q(state="DECLINED"),
                nulls_distinct=False,
                name="award_proposed_once",
                violation_error_message=_("This is proposed already."),
            ),
            models.UniqueConstraint(fields=["unit", "year", "sequence"], name="award_number_once"),
        ]

    def __str__(self):
        return f"{self.get_category_display()} {self.month:%Y-%m}: {self.recipient}"

    @property
    def recipient(self) -> str:
        return self.officer.full_name if self.officer else self.forum.name if self.forum else self.name

    @property
    def span(self) -> Period:
        return month_of(self.month)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def code(self) -> str:
        """What the charter and the page to which its QR code leads have in common; other for whoever changes a word of either."""
        if self.state != self.State.DECIDED:
            return ""
        recipient = [self.officer_id, self.forum_id, self.name]
        return short(hash_of([str(self.uuid), self.number, self.category, self.month.isoformat(), recipient, self.reason]))

    def clean(self):
        if self.unit_id and self.month and self.month >= self.unit.today().replace(day=1):
            raise ValidationError({"month": _("A month is honoured once it is over.")})

    def may_be_decided_by(self, user) -> bool:
        """Who leads the very unit: the Kapolsek those of the Polsek, the Kapolres those of the Polres; nobody the own one."""
        leads = LEADERS_POLRES if self.unit.is_polres else LEADERS_POLSEK
        return self.is_open and self.unit.path in user.scope.paths_as(leads) and user.pk != self.officer_id

    @transaction.atomic
    def decide(self, by, note: str = ""):
        """Honours: gives the charter its number and freezes the scores of the unit's month, on which it rests."""
        self._settle(by, note)
        Unit.objects.select_for_update(no_key=True).get(pk=self.unit_id)  # numbers of one unit are given one after the other
        if Award.objects.filter(unit=self.unit, month=self.month, category=self.category, state=self.State.DECIDED).exists():
            raise ValidationError(_("This award of the month is already decided."))
        today = self.unit.today()
        last = Award.objects.filter(unit=self.unit, year=today.year).aggregate(last=Max("sequence"))["last"] or 0
        self.year, self.sequence = today.year, last + 1
        self.number = self.unit.number_of(self.unit.number_pattern, "B", LETTER, self.sequence, today)
        self.signer = head_of(self.unit, today)
        self.state = self.State.DECIDED
        self.save()
        OfficerScore.objects.of_month(self.month).in_unit(self.unit).freeze()

    @transaction.atomic
    def decline(self, by, note: str):
        self._settle(by, note)
        if not note.strip():
            raise ValidationError({"note": _("Say why the proposal is declined.")})
        self.state = self.State.DECLINED
        self.save()

    def _settle(self, by, note):
        """Whoever comes second is told: the row is read again under a lock."""
        state = Award.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=self.pk)
        if state != self.State.PROPOSED:
            raise ValidationError(_("Somebody has decided on this meanwhile; reload the page."))
        self.decided_by, self.decided_at, self.decision_note = by, timezone.now(), note
        leads = LEADERS_POLRES if self.unit.is_polres else LEADERS_POLSEK
        self.decided_title = title_in(by, self.unit, leads)


def title_in(user, unit: Unit, roles) -> str:
    """The post in which somebody acts at a unit."""
    return next((post.title for post in user.postings_today if post.role in roles and unit.path.startswith(post.unit.path)), user.full_name)


def may_propose(user, unit: Unit) -> bool:
    """Kanit Binmas and heads of a Polsek, Kasat Binmas and heads of a Polres, each for the very unit."""
    return unit.path in user.scope.paths_as(PROPOSERS)


def last_month(unit: Unit) -> datetime.date:
    """The last month that is over by the unit's calendar."""
    return (unit.today().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)

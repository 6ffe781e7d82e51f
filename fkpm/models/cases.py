"""Problems between people that an officer helps to settle (problem solving), with or without a forum."""

import uuid
from typing import Any

import pghistory
from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.eligibility import Answer, EligibilityRule, Question, Target
from fkpm.models.forums import Forum, served_paths
from fkpm.models.members import Member
from mapping.models import Area
from polmas.people.encryption import EncryptedCharField
from polmas.people.fields import CodeField
from polmas.people.models import Unit
from polmas.people.models.marks import marks_days
from polmas.people.scope import CASE_READERS, LEADERS_POLSEK, REVIEWERS, SPKT, in_subtrees, on_day

# Who may act on the cases of a unit beside the officer who follows them.
CASE_LEADERS = REVIEWERS | LEADERS_POLSEK
# Initials and nothing else: up to three letters together, or up to five with dots or spaces between.
INITIALS_ONLY = r"^\s*([A-Z]{1,3}\.?|[A-Z]([. ]{1,2}[A-Z]){1,4}\.?)\s*$"
ADULT = 18
# Categories that no list tells a word of: sexual crimes, violence in families, children (domain.md 2.7).
DISCREET_CATEGORIES = ("KEKERASAN_SEKSUAL", "KDRT_BERAT", "ANAK_PELAKU", "ANAK_KORBAN", "TPPO", "REMAJA")


class CaseQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the own reports or followed by oneself, of the units read whole, those that one mediates as a member of their forum's
        board, and those handed to one's counter or to oneself. Operators and other members see none (architecture.md 6a)."""
        scope = user.scope
        seen = in_subtrees("unit__path", scope.paths_as(CASE_READERS))
        if scope.is_officer:
            seen |= (Q(officer=user) | Q(keeper=user)) & Q(unit__path__in=served_paths(scope))
        # By the person, not by the term of office in which they were named: who stays on the next board goes on.
        forums = Member.objects.filter(on_day(timezone.localdate()), user=user).values("forum")
        mediated = CaseMediator.objects.filter(member__user=user, member__forum=F("case__forum"), case__forum__in=forums)
        seen |= Q(pk__in=mediated.values("case"))
        if scope.has("kanit_lain", *SPKT):
            seen |= Q(pk__in=apps.get_model("fkpm", "CaseReferral").objects.handed_to(user).values("case"))
        return self.filter(seen, is_standing=True)

    def working(self):
        """Those that still need somebody: in progress, or their agreement broken."""
        return self.filter(outcome__in=Case.WORKING)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Case(models.Model):
    """One problem between two parties, what came of it, and where it went. polmas never says that a case is closed, only that
    an agreement is recorded."""

    class Kind(models.TextChoices):
        SENGKETA = "SENGKETA", _("dispute")
        NON_SENGKETA = "NON_SENGKETA", _("no dispute")
        EKSEKUTIF = "EKSEKUTIF", _("handed to the government")

    class Method(models.TextChoices):
        KONSULTASI = "KONSULTASI", _("consultation")
        MEDIASI = "MEDIASI", _("mediation")
        NEGOSIASI = "NEGOSIASI", _("negotiation")
        FASILITASI = "FASILITASI", _("facilitation")
        MUSYAWARAH = "MUSYAWARAH", "musyawarah"

    class Venue(models.TextChoices):
        BKPM = "BKPM", "BKPM"
        BALAI_DESA = "BALAI_DESA", _("village hall")
        RUMAH = "RUMAH", _("at home")
        POLSEK = "POLSEK", "Polsek"

    class Outcome(models.TextChoices):
        DAMAI = "DAMAI", _("agreement recorded")
        TIDAK_SEPAKAT = "TIDAK_SEPAKAT", _("no agreement")
        DILIMPAHKAN = "DILIMPAHKAN", _("referred")
        PROSES = "PROSES", _("in progress")
        INGKAR = "INGKAR", _("agreement broken")
        PEMBINAAN = "PEMBINAAN", _("guidance with parents or school")

    WORKING = (Outcome.PROSES, Outcome.INGKAR)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("village"))
    officer = models.ForeignKey("people.User", models.PROTECT, related_name="cases", verbose_name=_("officer"))
    category = CodeField(_("category"), code_list="CASE_CATEGORY", blank=False)
    happened_on = models.DateField(_("day of the matter"))
    chronology = models.TextField(_("chronology"), max_length=5000, blank=True)
    grave = models.CharField(Question.GRAVE.label, max_length=5, choices=Answer, blank=True)
    child_crime = models.CharField(Question.CHILD_CRIME.label, max_length=5, choices=Answer, blank=True)
    unrest = models.CharField(Question.UNREST.label, max_length=5, choices=Answer, blank=True)
    refused_by = models.ForeignKey(
        EligibilityRule, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("not to be settled here by")
    )
    outcome = models.CharField(_("outcome of the case"), max_length=13, choices=Outcome)
    kind = models.CharField(_("kind of case"), max_length=12, choices=Kind, default=Kind.SENGKETA, blank=True)
    root_cause = models.TextField(_("root cause"), max_length=1000, blank=True)
    method = models.CharField(_("method"), max_length=10, choices=Method, blank=True)
    venue = models.CharField(_("where it was settled"), max_length=10, choices=Venue, blank=True)
    settlement = models.TextField(_("how it was settled"), max_length=3000, blank=True)
    referred_to = models.CharField(_("referred to"), max_length=120, blank=True)
    has_child = models.BooleanField(_("a child is concerned"), default=False)
    forum = models.ForeignKey(Forum, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="FKPM")
    keeper = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="cases_kept", verbose_name=_("followed by"))
    is_standing = models.BooleanField(default=True, editable=False, help_text=_("Not while its report waits to be confirmed, or was withdrawn."))
    taken_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-happened_on", "-pk"]
        triggers = [marks_days("{row}.unit_id", ["{row}.happened_on"], ["unit_id", "happened_on", "outcome", "is_standing"])]
        indexes = [
            models.Index(fields=["unit", "-happened_on"]),
            models.Index(fields=["area", "-happened_on"]),
            models.Index(fields=["keeper"], condition=Q(keeper__isnull=False), name="case_of_keeper"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["DAMAI", "TIDAK_SEPAKAT", "DILIMPAHKAN", "PROSES", "INGKAR", "PEMBINAAN"]), name="case_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(grave__in=["", *Answer.values], child_crime__in=["", *Answer.values], unrest__in=["", *Answer.values]),
                name="case_answers_known",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True) | Q(outcome="DILIMPAHKAN"),
                name="case_refused_is_referred",
                violation_error_message=_("What may not be settled here is handed over to a unit."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="DILIMPAHKAN") | ~Q(referred_to=""),
                name="case_referred_names_unit",
                violation_error_message=_("Name the unit that it is handed to."),
            ),
        ]

    def __str__(self):
        return f"{self.category} {self.happened_on}"

    @property
    def follower(self):
        """The officer who follows the case: whoever took it over, else whoever reported it."""
        return self.keeper or self.officer

    @property
    def is_open(self) -> bool:
        return self.outcome in (self.Outcome.PROSES, self.Outcome.INGKAR)

    @property
    def is_discreet(self) -> bool:
        """Whether lists and first pages name the category alone, without a word of the matter."""
        goes_to_ppa = self.refused_by is not None and self.refused_by.target == Target.PPA
        is_told = Answer.YA in (self.grave, self.child_crime) or self.has_child
        return is_told or goes_to_ppa or self.category in DISCREET_CATEGORIES

    @property
    def is_crime(self) -> bool:
        """Whether it is refused as a crime, so that there are no parties of a quarrel in it: then who is wronged is named first."""
        return self.refused_by is not None and self.refused_by.question != Question.UNREST

    def side_of(self, role: str) -> str:
        """What a side of the case is called."""
        return str((CRIME_SIDES if self.is_crime else {}).get(role) or PartyRole(role).label)

    def may_be_led_by(self, user) -> bool:
        """The officer who follows it, and Kanit and Kapolsek of the unit: they decide where it goes."""
        is_own = user.pk == (self.keeper_id or self.officer_id) and self.unit.path in served_paths(user.scope)
        return is_own or user.scope.holds(CASE_LEADERS, self.unit)

    def is_mediated_by(self, user) -> bool:
        if self.forum is None or self.forum.member_of(user) is None:
            return False
        return self.mediators.filter(member__user=user, member__forum=self.forum).exists()

    def may_be_worked_on_by(self, user) -> bool:
        """Who records sessions and agreements: besides those the mediating board of the forum."""
        return self.may_be_led_by(user) or self.is_mediated_by(user)


class PartyRole(models.TextChoices):
    PIHAK_1 = "PIHAK_1", _("first party")
    PIHAK_2 = "PIHAK_2", _("second party")
    SAKSI = "SAKSI", _("witness")
    PENENGAH = "PENENGAH", _("mediator")
    KELUARGA = "KELUARGA", _("family")


CRIME_SIDES: dict[str, Any] = {PartyRole.PIHAK_1: _("victim or who reported it"), PartyRole.PIHAK_2: _("suspect")}


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CaseParty(models.Model):
    """One person in a case, by name or by initials; of children initials alone."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties", verbose_name=_("case"))
    role = models.CharField(_("side"), max_length=8, choices=PartyRole)
    name = models.CharField(_("name or initials"), max_length=120)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    occupation = models.CharField(_("occupation"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)
    since_version = models.PositiveIntegerField(default=1, help_text=_("The version of the report that brought it."))

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="case_party_role_known"),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__gte=ADULT) | Q(name__regex=INITIALS_ONLY),
                name="case_child_by_initials",
                violation_error_message=_("Of children initials alone, such as B.S."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_child(self) -> bool:
        return self.age is not None and self.age < ADULT


class CaseMediator(models.Model):
    """A member of the case's forum who mediates, and therefore reads it: nobody else of the forum does (domain.md 2.7)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="mediators", verbose_name=_("case"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("member"))

    class Meta:
        verbose_name = _("mediator of a case")
        verbose_name_plural = _("mediators of cases")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="case_mediator_once")]

    def __str__(self):
        return self.member.name


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CaseSession(models.Model):
    """One time that the parties came together over a case: when, where, who, and what came of it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="sessions", verbose_name=_("case"))
    held_on = models.DateField(_("held on"))
    venue = models.CharField(_("place"), max_length=10, choices=Case.Venue, blank=True)
    attendees = models.CharField(_("who was there"), max_length=500)
    result = models.TextField(_("what came of it"), max_length=2000)
    next_on = models.DateField(_("next time"), null=True, blank=True)
    recorded_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gte=F("held_on")),
                name="case_session_next_is_later",
                violation_error_message=_("The next time lies before this one."),
            ),
        ]

    def __str__(self):
        return f"{self.held_on}"

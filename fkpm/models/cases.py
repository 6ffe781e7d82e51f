"""Problems between people that an officer helps to settle (problem solving), with or without a forum."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum
from mapping.models import Area
from polmas.people.encryption import EncryptedCharField
from polmas.people.fields import CodeField
from polmas.people.models import Unit
from polmas.people.scope import CASE_READERS, in_subtrees


class CaseQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the own reports, and of the units read whole; operators and members of forums see none (architecture.md 6a)."""
        return self.filter(Q(officer=user) | in_subtrees("unit__path", user.scope.paths_as(CASE_READERS)))


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
        DAMAI = "DAMAI", _("agreement reached")
        TIDAK_SEPAKAT = "TIDAK_SEPAKAT", _("no agreement")
        DILIMPAHKAN = "DILIMPAHKAN", _("referred")
        PROSES = "PROSES", _("in progress")
        INGKAR = "INGKAR", _("agreement broken")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("village"))
    officer = models.ForeignKey("people.User", models.PROTECT, related_name="cases", verbose_name=_("officer"))
    category = CodeField(_("category"), code_list="CASE_CATEGORY", blank=False)
    happened_on = models.DateField(_("day of the matter"))
    outcome = models.CharField(_("outcome of the case"), max_length=13, choices=Outcome)
    kind = models.CharField(_("kind of case"), max_length=12, choices=Kind, default=Kind.SENGKETA, blank=True)
    root_cause = models.TextField(_("root cause"), max_length=1000, blank=True)
    method = models.CharField(_("method"), max_length=10, choices=Method, blank=True)
    venue = models.CharField(_("where it was settled"), max_length=10, choices=Venue, blank=True)
    settlement = models.TextField(_("how it was settled"), max_length=3000, blank=True)
    referred_to = models.CharField(_("referred to"), max_length=120, blank=True)
    has_child = models.BooleanField(_("a child is concerned"), default=False)
    forum = models.ForeignKey(Forum, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="FKPM")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["unit", "-happened_on"]), models.Index(fields=["area", "-happened_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["DAMAI", "TIDAK_SEPAKAT", "DILIMPAHKAN", "PROSES", "INGKAR"]), name="case_outcome_known")
        ]

    def __str__(self):
        return f"{self.category} {self.happened_on}"


class PartyRole(models.TextChoices):
    PIHAK_1 = "PIHAK_1", _("first party")
    PIHAK_2 = "PIHAK_2", _("second party")
    SAKSI = "SAKSI", _("witness")
    PENENGAH = "PENENGAH", _("mediator")
    KELUARGA = "KELUARGA", _("family")


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
        constraints = [models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="case_party_role_known")]

    def __str__(self):
        return self.name

"""People who sign in."""

import functools

import pghistory
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.people.encryption import EncryptedCharField
from polmas.people.scope import Scope, in_subtrees

LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]


class Rank(models.TextChoices):
    """Ranks of Polri from low to high, Perkap 3/2016 (domain.md 3.1)."""

    BHARADA = "BHARADA", "Bharada"
    BHARATU = "BHARATU", "Bharatu"
    BHARAKA = "BHARAKA", "Bharaka"
    ABRIPDA = "ABRIPDA", "Abripda"
    ABRIPTU = "ABRIPTU", "Abriptu"
    ABRIP = "ABRIP", "Abrip"
    BRIPDA = "BRIPDA", "Bripda"
    BRIPTU = "BRIPTU", "Briptu"
    BRIGPOL = "BRIGPOL", "Brigpol"
    BRIPKA = "BRIPKA", "Bripka"
    AIPDA = "AIPDA", "Aipda"
    AIPTU = "AIPTU", "Aiptu"
    IPDA = "IPDA", "Ipda"
    IPTU = "IPTU", "Iptu"
    AKP = "AKP", "AKP"
    KOMPOL = "KOMPOL", "Kompol"
    AKBP = "AKBP", "AKBP"
    KOMBES = "KOMBES", "Kombes Pol"
    BRIGJEN = "BRIGJEN", "Brigjen Pol"
    IRJEN = "IRJEN", "Irjen Pol"
    KOMJEN = "KOMJEN", "Komjen Pol"
    JENDERAL = "JENDERAL", "Jenderal Pol"


class UserQuerySet(models.QuerySet):
    def for_user(self, user):
        """Colleagues that the user may see as persons: those with a posting in the units read whole, and oneself."""
        scope = user.scope
        if scope.is_admin:
            return self
        colleagues = self.model._default_manager.filter(in_subtrees("postings__unit__path", scope.whole_paths))
        return self.filter(models.Q(pk=user.pk) | models.Q(pk__in=colleagues.values("pk")))


class PersonManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # named for migrations, which the stubs do not know
    """Django's manager for accounts with our scoping."""


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["password", "last_login"])
class User(AbstractUser):
    """One person with an account: police by NRP (8 digits) or NIP (18), members of a forum by a name of their own."""

    # Django leaves a field out by None, which the stubs do not know.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(_("user name"), max_length=150, unique=True, error_messages={"unique": _("This user name is taken.")})
    name = models.CharField(_("name"), max_length=120)
    nrp = models.CharField(
        _("NRP or NIP"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^(\d{8}|\d{18})$", _("8 digits (NRP) or 18 digits (NIP)."))],
    )
    rank = models.CharField(_("rank"), max_length=10, choices=Rank, blank=True)
    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, blank=True, help_text=_("Empty: as the browser asks."))
    must_change_password = models.BooleanField(
        _("must choose a password"), default=False, help_text=_("Signed in with a one-time password; the first page asks for an own one.")
    )

    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()  # type: ignore[misc]  # another manager than the stubs expect

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nrp__isnull=True) | models.Q(nrp__regex=r"^(\d{8}|\d{18})$"),
                name="user_nrp_digits",
                violation_error_message=_("8 digits (NRP) or 18 digits (NIP)."),
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        """Rank and name, as people are addressed: Aipda Sutrisno."""
        return f"{self.get_rank_display()} {self.name}".strip()

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.name

    @functools.cached_property
    def scope(self) -> Scope:
        """What this person may see today. Cached on the instance, which lives as long as one request or task."""
        return Scope.of(self)

    @functools.cached_property
    def all_postings(self):
        """Every posting that this person ever held, with its unit, the newest first. Cached as `scope` is."""
        return self.postings.model.objects.of_person(self)

    @functools.cached_property
    def postings_today(self):
        """The postings valid now, newest first. A posting lasts through its last day wherever the unit stands: the country spans three hours."""
        now = timezone.now()
        return [posting for posting in self.all_postings if posting.is_valid_on(posting.unit.day_of(now))]

    @property
    def post(self):
        """The posting that stands under the name: the newest one valid today, or None."""
        return next(iter(self.postings_today), None)

"""Who serves where, in which role, from when to when."""

import datetime
import functools
import re

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from polmas.people.models.units import POLRES_KINDS, Unit, UnitKind
from polmas.people.scope import LEADERS_POLSEK, OFFICERS, REVIEWERS, SMALL_UNITS, in_subtrees
from polmas.people.statements import Statement, columns, made


class Role(models.TextChoices):
    """What a posting lets a person do (architecture.md 6a). Members of a forum hold no posting: their membership is their right."""

    BHABINKAMTIBMAS = "bhabinkamtibmas", "Bhabinkamtibmas"
    POLISI_RW = "polisi_rw", "Polisi RW"
    PETUGAS_POSPOL = "petugas_pospol", _("Pospol officer")
    KANIT_BINMAS = "kanit_binmas", "Kanit Binmas"
    KANIT_INTELKAM = "kanit_intelkam", "Kanit Intelkam"
    KANIT_LAIN = "kanit_lain", _("Kanit of another unit")
    KA_SPKT = "ka_spkt", "Ka SPKT"
    SPKT = "spkt", _("SPKT officer")
    KAPOLSEK = "kapolsek", "Kapolsek"
    WAKAPOLSEK = "wakapolsek", "Wakapolsek"
    OPERATOR_POLSEK = "operator_polsek", _("Operator of the Polsek")
    KASAT_BINMAS = "kasat_binmas", "Kasat Binmas"
    KASAT_INTELKAM = "kasat_intelkam", "Kasat Intelkam"
    SIPROPAM = "sipropam", "Sipropam"
    KAPOLRES = "kapolres", "Kapolres"
    WAKAPOLRES = "wakapolres", "Wakapolres"
    OPERATOR_POLRES = "operator_polres", _("Operator of the Polres")
    DIRBINMAS = "dirbinmas", "Dirbinmas"
    KAPOLDA = "kapolda", "Kapolda"
    PEMBACA_MABES = "pembaca_mabes", _("Reader at Mabes")
    ADMIN = "admin", _("Administrator")


BASE_KINDS = frozenset({UnitKind.POLSEK, UnitKind.SUBSEKTOR, UnitKind.POSPOL})
# Kinds of unit at which a role exists; roles that are not named exist at every kind.
ROLE_UNIT_KINDS: dict[str, frozenset[str]] = {
    **dict.fromkeys((Role.BHABINKAMTIBMAS, Role.POLISI_RW, Role.PETUGAS_POSPOL, Role.KANIT_BINMAS, Role.KANIT_INTELKAM), BASE_KINDS),
    **dict.fromkeys((Role.KAPOLSEK, Role.WAKAPOLSEK, Role.OPERATOR_POLSEK), BASE_KINDS),
    **dict.fromkeys((Role.KASAT_BINMAS, Role.KASAT_INTELKAM, Role.KAPOLRES, Role.WAKAPOLRES, Role.OPERATOR_POLRES), frozenset(POLRES_KINDS)),
    **dict.fromkeys((Role.KANIT_LAIN, Role.KA_SPKT, Role.SPKT), BASE_KINDS | frozenset(POLRES_KINDS)),
    **dict.fromkeys((Role.DIRBINMAS, Role.KAPOLDA), frozenset({UnitKind.POLDA})),
    Role.PEMBACA_MABES: frozenset({UnitKind.MABES}),
}

# Kapolsek, Operator Polres, Kapolda: a role that ends in a kind of unit, before whose name it would be said twice.
KIND_IN_ROLE = re.compile("pol(sek|res|da)$", re.IGNORECASE)


class PostingKind(models.TextChoices):
    """In what standing a post is held; what is printed before the title of the head. Plh. keeps the post of a head who is away for some
    days, Plt. a post that nobody holds, Ps. is put into it for a time; a.n. signs on the head's behalf."""

    TETAP = "TETAP", _("permanent")
    PLH = "PLH", "Plh."
    PLT = "PLT", "Plt."
    PS = "PS", "Ps."
    AN = "AN", "a.n."


@functools.cache
def _postings_of() -> Statement:
    tables = "people_posting posting JOIN people_unit unit ON unit.id = posting.unit_id"
    supervised = "EXISTS (SELECT FROM people_posting other WHERE other.supervisor_id = posting.user_id)"
    sql = f"SELECT {columns(Posting, 'posting')}, {columns(Unit, 'unit')}, {supervised} FROM {tables}"  # noqa: S608 - names of our own
    return Statement("postings_of", f"{sql} WHERE posting.user_id = %(user)s ORDER BY posting.starts_on DESC, posting.id", user="bigint")


class PostingQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """Postings that are valid on a day, its first and last day included."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)

    def of_person(self, user) -> list["Posting"]:
        """All of one person's postings with their units, the newest first: asked at every request, hence by a planned statement."""
        cut = len(Posting._meta.concrete_fields)
        postings = []
        for row in _postings_of().rows(user=user.pk):
            posting = made(Posting, row[:cut])
            posting.unit = made(Unit, row[cut:-1])
            posting.is_supervising = row[-1]  # whether others have this person as their supervisor
            postings.append(posting)
        return postings

    def for_user(self, user):
        scope = user.scope
        if scope.is_admin:
            return self
        return self.filter(models.Q(user=user) | in_subtrees("unit__path", scope.whole_paths))

    def officers(self):
        """Postings in the field."""
        return self.filter(role__in=OFFICERS)

    def reviewing(self, day: datetime.date):
        """Postings whose holders review the reports of their unit on that day."""
        small = models.Q(role__in=LEADERS_POLSEK, unit__kind__in=SMALL_UNITS)
        return self.on(day).filter(models.Q(role__in=REVIEWERS) | small, user__is_active=True)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Posting(models.Model):
    """One person in one role at one unit for a span of days, as the order (sprin) says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    kind = models.CharField(_("standing"), max_length=5, choices=PostingKind, default=PostingKind.TETAP)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty while it lasts."))
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supervisor"),
        help_text=_("Who reviews this officer's reports; empty: the Kanit Binmas of the unit, or the head of a pospol or subsektor."),
    )
    order_number = models.CharField(_("number of the order"), max_length=80, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="posting_role_known"),
            models.CheckConstraint(condition=models.Q(kind__in=PostingKind.values), name="posting_standing_known"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="posting_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True) | ~models.Q(supervisor=models.F("user")),
                name="posting_supervisor_is_another",
                violation_error_message=_("Nobody supervises themselves."),
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role", "starts_on"], name="posting_once", violation_error_message=_("This posting is already recorded.")
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "role"]),
            models.Index(fields=["user", "unit"], condition=models.Q(supervisor__isnull=False), name="posting_with_supervisor"),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """Role and unit as people say them. The kind of unit is said once, and as the unit's name has it: Kapolrestabes Semarang."""
        role, unit = str(self.get_role_display()), str(self.unit)
        named = KIND_IN_ROLE.search(role)
        if named and unit.startswith("Pol"):
            return role[: named.start() + 1] + unit[1:]
        return f"{role} {unit}"

    def clean(self):
        if self.unit_id and self.unit.kind not in ROLE_UNIT_KINDS.get(self.role, {self.unit.kind}):
            refusal = _("%(role)s is no post at %(unit)s.") % {"role": self.get_role_display(), "unit": self.unit}
            raise ValidationError({"role": refusal})
        if self.kind != PostingKind.TETAP and not self.order_number.strip():
            raise ValidationError({"order_number": _("Who stands in does so by an order: give its number.")})

    def is_valid_on(self, day: datetime.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

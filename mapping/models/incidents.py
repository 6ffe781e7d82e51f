"""Disturbances of order (gangguan kamtibmas), as SPKT enters them (domain.md 3.10)."""

import datetime
import functools
import operator
import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models.areas import Area
from mapping.models.beats import held_villages
from mapping.models.matters import Phase
from polmas.people.fields import CodeField
from polmas.people.models import Code, Unit
from polmas.people.models.marks import marks_days
from polmas.people.scope import DISCREET_READERS, INCIDENT_READERS, INCIDENT_WRITERS, LEADERS_POLRES, LEADERS_POLSEK, SPKT, in_subtrees

# Sexual crimes and what is done to children: exact point and narrative are for those who handle them; others learn the village's number.
DISCREET_KINDS = ("PERKOSA", "CABUL", "KDRT", "ANAK")
ASSIGNABLE = frozenset({"kanit_lain"})
ABOVE = LEADERS_POLRES | {"kapolda"}  # who leads one level above a unit with a counter
FLAGGERS = SPKT | LEADERS_POLSEK
MIDNIGHT_2000 = datetime.datetime(1999, 12, 31, 15, tzinfo=datetime.UTC)  # in the east, where the year began first: nothing is older

# Whatever of an incident a summary counts or tells: who built one before learns that the day changed.
COUNTED = ("unit_id", "day", "klass", "kind", "occurred_at", "cleared_on", "withdrawn_at")
TOLD = (*COUNTED, "area_id", "address", "narrative", "loss_rp", "phase")


class IncidentClass(models.TextChoices):
    """What a kind is counted as: the four classes of golongan I (crime), and golongan II, III and IV. Perkap 7/2009."""

    KONVENSIONAL = "KONVENSIONAL", _("conventional crime")
    TRANSNASIONAL = "TRANSNASIONAL", _("transnational crime")
    KEKAYAAN_NEGARA = "KEKAYAAN_NEGARA", _("crime against state property")
    KONTINJENSI = "KONTINJENSI", _("crime with contingency")
    PELANGGARAN = "PELANGGARAN", _("offence")
    GANGGUAN = "GANGGUAN", _("disturbance")
    BENCANA = "BENCANA", _("disaster")


CRIMES = (IncidentClass.KONVENSIONAL, IncidentClass.TRANSNASIONAL, IncidentClass.KEKAYAAN_NEGARA, IncidentClass.KONTINJENSI)


class Handling(models.TextChoices):
    """How far the case has come."""

    LIDIK = "LIDIK", _("inquiry (lidik)")
    SIDIK = "SIDIK", _("investigation (sidik)")
    P21 = "P21", "P21"
    RJ = "RJ", _("restorative justice")
    DIHENTIKAN = "DIHENTIKAN", _("discontinued")
    DILIMPAHKAN = "DILIMPAHKAN", _("handed over")


CLOSING = frozenset({Handling.P21, Handling.RJ, Handling.DIHENTIKAN, Handling.DILIMPAHKAN})  # crime clearance


class IncidentQuerySet(models.QuerySet):
    """Three questions: which rows somebody reads, of which of them the exact point, and what somebody may only count."""

    def for_user(self, user):
        """Rows that stand and that the person may know one by one: as readers of the unit, by assignment, or as whoever holds the village
        today. Discreet kinds only to those who handle them, and to whoever entered them."""
        return self.standing().filter(_readable(user))

    def pointed_for(self, user):
        """Rows whose exact point the person may see: what maps, tiles and exports of points start from."""
        known = self.for_user(user).filter(location__isnull=False)
        return known.filter(~Q(kind__in=DISCREET_KINDS) | _handled_by(user))

    def counted_for(self, user):
        """What may be counted, and nothing more: all of the units and villages, discreet kinds too."""
        scope = user.scope
        paths = scope.paths_as(INCIDENT_READERS) | scope.figure_paths
        return self.standing().filter(any_of([in_subtrees("unit__path", paths), *_held(user), *_assigned(user)]))

    def withdrawn_for(self, user):
        """What was taken back, for those who read the unit whole."""
        return self.filter(_in_units(user), withdrawn_at__isnull=False)

    def writable_for(self, user):
        """Rows that the person may correct, hand on or take back."""
        return self.for_user(user).filter(in_subtrees("unit__path", user.scope.paths_as(INCIDENT_WRITERS)))

    def worded(self, user, text: str):
        """By words of what the person reads: address and village; of the units read whole the narrative and the number of the report too."""
        inside = any_of([in_subtrees("unit__path", user.scope.paths_as(INCIDENT_READERS)), *_assigned(user)])
        found = self
        for word in text.replace("\0", "")[:120].split()[:6]:
            told = Q(narrative__icontains=word) | Q(no_lp__icontains=word) | Q(modus__icontains=word)
            found = found.filter(Q(address__icontains=word) | Q(area__name__icontains=word) | (told & inside))
        return found

    def standing(self):
        return self.filter(withdrawn_at__isnull=True)


def any_of(conditions) -> Q:
    return functools.reduce(operator.or_, conditions, Q(pk__in=[]))


def _readable(user) -> Q:
    return any_of([_in_units(user), *_assigned(user), *(held & ~Q(kind__in=DISCREET_KINDS) for held in _held(user))])


def _in_units(user) -> Q:
    scope = user.scope
    whole, discreet = scope.paths_as(INCIDENT_READERS), scope.paths_as(DISCREET_READERS)
    if whole == discreet:
        return in_subtrees("unit__path", whole)
    plain = ~Q(kind__in=DISCREET_KINDS) | Q(recorded_by=user)
    return in_subtrees("unit__path", discreet) | (in_subtrees("unit__path", whole) & plain)


def _handled_by(user) -> Q:
    return any_of([in_subtrees("unit__path", user.scope.paths_as(DISCREET_READERS)), *_assigned(user)])


def _assigned(user) -> list[Q]:
    """Kanit of other functions know what was handed to them."""
    return [Q(assigned_to=user)] if user.scope.roles & ASSIGNABLE else []


def _held(user) -> list[Q]:
    """The villages that an officer holds today."""
    if not user.scope.is_officer:
        return []
    return [Q(area__in=held_villages(user))]


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Incident(models.Model):
    """One disturbance as the Polsek's SPKT enters it: what kind, when, where, and what became of it. No person is named.

    It belongs to the Polsek that polices the village, whoever entered it. Who did it is no column: see `PerpetratorFlag`.
    """

    # What an officer who holds the village does not see of it.
    WITHHELD: ClassVar[tuple[str, ...]] = ("narrative", "modus", "no_lp", "evidence", "actions", "loss_rp", "reported_at")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="incidents", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="incidents", verbose_name=_("village"))
    location = models.PointField(pgettext_lazy("on the map", "position"), srid=4326, null=True, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    occurred_at = models.DateTimeField(_("time of the incident"))
    occurred_until = models.DateTimeField(_("at the latest"), null=True, blank=True, help_text=_("If only a span is known: until when."))
    day = models.DateField(_("day"), editable=False)  # the unit's calendar day of occurred_at
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    kind = CodeField(_("kind"), code_list="INCIDENT_KIND", blank=False)
    klass = models.CharField(_("class"), max_length=15, choices=IncidentClass, editable=False)  # as of filing
    scene = CodeField(_("kind of scene"), code_list="INCIDENT_SCENE")
    narrative = models.TextField(_("what happened"), max_length=4000)
    modus = models.TextField(_("modus operandi"), max_length=2000, blank=True)
    loss_rp = models.DecimalField(_("loss in rupiah"), max_digits=15, decimal_places=0, null=True, blank=True, validators=[MinValueValidator(0)])
    no_lp = models.CharField(_("number of the police report"), max_length=80, blank=True)
    phase = models.CharField(_("phase"), max_length=5, choices=Phase, blank=True)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    actions = models.TextField(_("what was done"), max_length=2000, blank=True)
    status = models.CharField(_("handling"), max_length=12, choices=Handling, blank=True)
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="incidents_assigned", verbose_name=_("handed to")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="incidents_recorded", verbose_name=_("entered by"))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    withdrawn_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-occurred_at", "-pk"]
        triggers = [marks_days("{row}.unit_id", ["{row}.day"], TOLD)]
        indexes = [
            # With what maps and counts ask of a unit's days, so that they need not open the rows.
            models.Index(
                fields=["unit", "day"],
                include=["klass", "kind", "cleared_on", "location", "id"],
                condition=Q(withdrawn_at__isnull=True),
                name="incident_counted",
            ),
            models.Index(fields=["area", "-occurred_at"], name="incident_of_area"),
            models.Index(fields=["assigned_to"], condition=Q(assigned_to__isnull=False), name="incident_assigned"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(klass__in=IncidentClass.values), name="incident_class_known"),
            models.CheckConstraint(condition=Q(phase__in=["", *Phase.values]), name="incident_phase_known"),
            models.CheckConstraint(condition=Q(status__in=["", *Handling.values]), name="incident_handling_known"),
            models.CheckConstraint(condition=Q(loss_rp__isnull=True) | Q(loss_rp__gte=0), name="incident_loss_positive"),
            models.CheckConstraint(
                condition=Q(occurred_until__isnull=True) | Q(occurred_until__gte=models.F("occurred_at")),
                name="incident_ends_after_start",
                violation_error_message=_("The latest time lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="incident_withdrawn_with_reason",
                violation_error_message=_("Say why it is taken back."),
            ),
            models.UniqueConstraint(
                fields=["unit", "no_lp"],
                condition=~Q(no_lp="") & Q(withdrawn_at__isnull=True),
                name="incident_once_per_report",
                violation_error_message=_("This number of a police report is entered already."),
            ),
        ]

    def __str__(self):
        return f"{self.kind_label}, {self.area}"

    @property
    def kind_label(self) -> str:
        return next((code.label for code in Code.objects.of("INCIDENT_KIND").filter(code=self.kind)), self.kind)

    @property
    def is_crime(self) -> bool:
        return self.klass in CRIMES

    @property
    def is_cleared(self) -> bool:
        return self.cleared_on is not None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_discreet(self) -> bool:
        return self.kind in DISCREET_KINDS

    def save(self, *args, **kwargs):
        self.day = self.unit.day_of(self.occurred_at)
        super().save(*args, **kwargs)

    def clean(self):
        now = timezone.now()
        latest = {"occurred_at": now, "occurred_until": now + datetime.timedelta(days=1), "reported_at": now}
        errors: dict[str, object] = {}
        for name, last in latest.items():
            moment = getattr(self, name)
            if moment and moment > last:
                errors[name] = _("This time has not come yet.")
            elif moment and moment < MIDNIGHT_2000:
                errors[name] = _("Nothing was recorded before the year 2000.")
        if self.cleared_on and self.unit_id and not errors and not self.unit.day_of(self.occurred_at) <= self.cleared_on <= self.unit.today():
            errors["cleared_on"] = _("Cleared on a day from that of the incident until today.")
        if self.narrative and not self.narrative.strip():
            errors["narrative"] = _("One sentence, please.")
        if errors:
            raise ValidationError(errors)

    def classify(self) -> None:
        """Puts it into the class that its kind has on the list of today; later changes of the list leave it there."""
        groups = Code.objects.of("INCIDENT_KIND", self.unit.today()).filter(code=self.kind).values_list("group", flat=True)
        self.klass = next((group for group in groups if group in IncidentClass.values), "")
        if not self.klass:
            raise ValidationError({"kind": _("This kind is not on the list, or has no class there.")})

    def may_be_read_whole_by(self, user) -> bool:
        """Whether somebody who may know of it reads the narrative, the number of the report and the rest that is withheld."""
        return user.scope.holds(INCIDENT_READERS, self.unit) or self.is_assigned_to(user)

    def may_see_point(self, user) -> bool:
        """Whether somebody who may know of it sees the exact point: `pointed_for`, of one row."""
        return not self.is_discreet or user.scope.holds(DISCREET_READERS, self.unit) or self.is_assigned_to(user)

    def is_assigned_to(self, user) -> bool:
        return bool(user.scope.roles & ASSIGNABLE) and self.assigned_to_id == user.pk

    def may_be_written_by(self, user) -> bool:
        return not self.is_withdrawn and user.scope.holds(INCIDENT_WRITERS, self.unit)

    def may_be_handled_by(self, user) -> bool:
        """Who says how far the case is: those who write, and whom it was handed to."""
        return self.may_be_written_by(user) or (self.is_assigned_to(user) and not self.is_withdrawn)

    def may_be_flagged_by(self, user) -> bool:
        """Who may tell the level above that a perpetrator serves the state."""
        return not self.is_withdrawn and user.scope.holds(FLAGGERS, self.unit)

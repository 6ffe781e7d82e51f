"""What an officer did: the part that all kinds of activity share, its states and its review."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models import Area, Beat
from patrol.models.marks import mark_days
from polmas.people.models import Unit
from polmas.people.scope import REVIEWERS, in_subtrees


class Kind(models.TextChoices):
    """Kinds of activity that have a form (domain.md 3.5). The others come one detail model, form and template at a time."""

    DDS = "DDS", "Sambang"


class State(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    VERIFIED = "verified", _("verified")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


COUNTED = (State.SUBMITTED, State.VERIFIED, State.ACCEPTED)
OPEN = (State.SUBMITTED, State.RETURNED)


class Field(models.TextChoices):
    """Fields of life that a matter touches: ipoleksosbudhankam, and safety (domain.md 3.7)."""

    IDEOLOGI = "IDEOLOGI", _("ideology")
    POLITIK = "POLITIK", _("politics")
    EKONOMI = "EKONOMI", _("economy")
    SOSIAL = "SOSIAL", _("social life")
    BUDAYA = "BUDAYA", _("culture")
    PERTAHANAN = "PERTAHANAN", _("defence")
    KEAMANAN = "KEAMANAN", _("security")
    KESELAMATAN = "KESELAMATAN", _("safety")
    LAINNYA = "LAINNYA", _("other")


class Phase(models.TextChoices):
    """When in the course of a disturbance the activity stands (UU 7/2012)."""

    PRA = "PRA", _("before: prevention")
    SAAT = "SAAT", _("during: stopping and rescue")
    PASCA = "PASCA", _("after: recovery")


class Situation(models.TextChoices):
    AMAN = "AMAN", _("safe and orderly")
    ATENSI = "ATENSI", _("needs attention")
    RAWAN = "RAWAN", _("vulnerable")
    KEJADIAN = "KEJADIAN", _("something happened")


class Flag(models.TextChoices):
    """What a reviewer should look at: a reason to ask, never one to refuse."""

    LATE = "LATE", _("sent late")
    OUTSIDE_AREA = "OUTSIDE_AREA", _("outside the own area")
    NO_POSITION = "NO_POSITION", _("without position")
    POOR_ACCURACY = "POOR_ACCURACY", _("position inaccurate")
    CLOCK_OFF = "CLOCK_OFF", _("phone's clock off")
    SAME_TEXT = "SAME_TEXT", _("same text as before")
    OTHER_VILLAGE = "OTHER_VILLAGE", _("household of another village")


class ReportQuerySet(models.QuerySet):
    def for_user(self, user):
        """Own reports, those of the areas held today (so that a successor knows the village), and of the units read whole."""
        scope = user.scope
        seen = in_subtrees("unit__path", scope.whole_paths)
        if scope.is_officer:
            held = Area.objects.filter(pk__in=Beat.objects.on(timezone.localdate()).filter(user=user).values("area"))
            villages = Area.objects.filter(Q(pk__in=held) | Q(children__in=held)).values("pk")
            seen |= Q(officer=user) | Q(area__in=villages)
        return self.filter(seen)

    def counted(self):
        """Reports that figures count: neither returned nor withdrawn."""
        return self.filter(state__in=COUNTED)

    def with_details(self):
        """With all that is shown of one report."""
        return self.select_related("officer", "unit", "area", "reviewed_by", "visit__household__area").prefetch_related("opinions", "photos")

    def to_review(self, user):
        """What waits for this reviewer, oldest first."""
        units = in_subtrees("unit__path", user.scope.paths_as(REVIEWERS))
        return self.filter(units, state=State.SUBMITTED).order_by("received_at", "pk")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Report(models.Model):
    """One activity of one officer. The phone chooses its uuid; place, unit and day are the server's finding; what the officer
    sent is kept per version as a hash, so that a retry years later is still recognised."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports", verbose_name=_("officer"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="reports", verbose_name=_("village"))
    day = models.DateField(_("day"), help_text=_("The calendar day of the activity in the unit's time zone."))
    occurred_at = models.DateTimeField(_("time"))
    ended_at = models.DateTimeField(_("end"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    clock_skew_s = models.IntegerField(_("phone's clock ahead, seconds"), default=0)
    location = models.PointField(pgettext_lazy("on the map", "position"), srid=4326, null=True, blank=True)
    accuracy_m = models.FloatField(_("accuracy, metres"), null=True, blank=True)
    distance_m = models.FloatField(_("distance to the own area, metres"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    narrative = models.TextField(_("what happened"), max_length=5000, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    follow_up = models.TextField(_("follow-up"), max_length=2000, blank=True)
    field = models.CharField(_("field"), max_length=12, choices=Field, blank=True)
    phase = models.CharField(_("phase"), max_length=5, choices=Phase, default=Phase.PRA)
    situation = models.CharField(_("situation"), max_length=8, choices=Situation, default=Situation.AMAN)
    participants = models.JSONField(_("with"), default=list, blank=True)
    photo_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text=_("Photos that the phone announced."))
    flags = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    schema = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    content_hashes = ArrayField(
        models.CharField(max_length=64), default=list, help_text=_("SHA-256 of each version as sent, the first version's first.")
    )
    review_note = models.TextField(_("note of the reviewer"), max_length=2000, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(_("why withdrawn"), max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "day"]),
            models.Index(fields=["officer", "-occurred_at"]),
            models.Index(fields=["area", "-occurred_at"]),
            models.Index(fields=["unit", "received_at"], condition=Q(state="submitted"), name="report_waiting_for_review"),
            GistIndex(fields=["location"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("occurred_at")),
                name="report_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(review_note=""),
                name="report_returned_with_note",
                violation_error_message=_("Say what is missing: a report is returned with a note."),
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="report_withdrawn_with_reason",
                violation_error_message=_("Say why the report is withdrawn."),
            ),
            models.CheckConstraint(condition=Q(content_hashes__len=models.F("version")), name="report_hash_per_version"),
            models.CheckConstraint(condition=Q(location__isnull=False) | Q(accuracy_m__isnull=True), name="report_accuracy_needs_position"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.day}"

    @property
    def is_open(self):
        """Whether its officer may still correct or withdraw it."""
        return self.state in OPEN

    @property
    def flag_labels(self):
        return [Flag(flag).label for flag in self.flags]

    @property
    def missing_photos(self) -> int:
        """How many photos the phone announced and has not sent yet."""
        return len(set(self.photo_ids) - {photo.uuid for photo in self.photos.all()})

    def mark(self):
        """Asks for a recount of the day that this report stands on; call inside the transaction that changed it."""
        mark_days([(self.unit_id, self.day)])

    def verify(self, by):
        self._review(State.VERIFIED, by, note="")

    def send_back(self, by, note: str):
        """Returns the report to its officer. The note is required: it says what is missing."""
        if not note.strip():
            raise ValidationError({"note": _("Say what is missing: a report is returned with a note.")})
        self._review(State.RETURNED, by, note)

    def withdraw(self, by, reason: str):
        """Takes the own report back before it is verified; it stays on record and is counted no longer."""
        if by.pk != self.officer_id:
            raise ValidationError(_("Only its officer may withdraw a report."))
        if not reason.strip():
            raise ValidationError({"reason": _("Say why the report is withdrawn.")})
        self._move(OPEN, _("This report can no longer be withdrawn."), state=State.WITHDRAWN, withdrawn_reason=reason)

    def may_be_reviewed_by(self, user) -> bool:
        return user.pk != self.officer_id and user.scope.holds(REVIEWERS, self.unit)

    def _review(self, state, by, note):
        if not self.may_be_reviewed_by(by):
            raise ValidationError(_("Only the Kanit Binmas of the unit reviews its reports, and nobody the own ones."))
        self._move(
            (State.SUBMITTED,),
            _("This report has already been reviewed or changed; reload the page."),
            state=state,
            review_note=note,
            reviewed_by=by,
            reviewed_at=timezone.now(),
        )

    def _move(self, allowed, refusal, **changes):
        """Changes the state if it is still one of those allowed: whoever comes second is told, nothing is overwritten."""
        with transaction.atomic():
            if not Report.objects.filter(pk=self.pk, version=self.version, state__in=allowed).update(**changes):
                raise ValidationError(refusal)
            for name, value in changes.items():
                setattr(self, name, value)
            self.mark()

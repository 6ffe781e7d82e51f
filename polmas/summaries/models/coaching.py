"""What superiors write about an officer's service, and when they sit together (domain.md 4.6: Sanksi/Pembinaan, SesiCoaching).

Read by the officer concerned and by the superiors in line where they serve now, and by nobody else: no colleague, no operator. What
was written follows an officer who moves; whoever wrote it goes on reading it, other superiors of the unit before do not.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from polmas.people.heads import HEADS
from polmas.people.models import Posting, Unit
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, SUPERIORS, in_subtrees

LEADERS = LEADERS_POLSEK | LEADERS_POLRES


def rank_of(posts: Iterable[tuple[str, str]], paths: Collection[str]) -> tuple[int, ...]:
    """The highest of these posts (role, path of the unit) in command of one of these units: a unit above stands over the unit, its head over
    the deputy, both over the Kanit. Below all others where none commands."""
    over = [(role, path) for role, path in posts if role in SUPERIORS and any(below.startswith(path) for below in paths)]
    return max(((-len(path), (role in LEADERS) + (role in HEADS)) for role, path in over), default=())


class ServiceQuerySet(models.QuerySet):
    author = ""  # the field that names who wrote

    def for_user(self, user):
        """What concerns oneself, what one wrote, and what was written about officers whom one commands."""
        return self.filter(Q(officer=user) | Q(**{self.author: user}) | self._commanded(user))

    def led_by(self, user):
        """What was written about officers whom one commands, oneself left out."""
        return self.filter(self._commanded(user)).exclude(officer=user)

    def _commanded(self, user) -> Q:
        """By the posts that they hold as officers today; of who holds none (any more) by the unit at which it was written."""
        paths, serving = user.scope.command_paths, Posting.objects.officers().on(timezone.localdate()).filter(user=OuterRef("officer"))
        return Q(Exists(serving.filter(in_subtrees("unit__path", paths)))) | (in_subtrees("unit__path", paths) & ~Q(Exists(serving)))


def ranks(row, user, author, day: datetime.date) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How high the user stands over the officer today, and how high whoever wrote stood over them on the day."""
    serving = Posting.objects.officers().on(timezone.localdate()).filter(user=row.officer_id).values_list("unit__path", flat=True)
    now = rank_of([(role, path) for role, path, _pk in user.scope.posts], [row.unit.path, *serving])
    then = Posting.objects.on(day).filter(user=author).values_list("role", "unit__path")
    return now, rank_of(then, [row.unit.path])


class NoteQuerySet(ServiceQuerySet):
    author = "written_by"

    def standing(self):
        return self.filter(withdrawn_at=None)

    def unread(self):
        return self.standing().filter(read_at=None)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ServiceNote(models.Model):
    """One note or reprimand of a superior to one officer. The officer confirms having read it, which is no consent, and may answer. It is
    never changed or deleted: what was wrong is withdrawn with a reason."""

    class Kind(models.TextChoices):
        CATATAN = "CATATAN", _("coaching note")
        LISAN = "LISAN", _("oral reprimand")
        TERTULIS = "TERTULIS", _("written reprimand")
        PEMBINAAN = "PEMBINAAN", pgettext_lazy("of an officer", "guidance")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_notes", verbose_name=_("officer"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.CATATAN)
    given_on = models.DateField(_("day"))
    text = models.TextField(_("what happened and why you write"), max_length=3000)
    expected = models.TextField(_("what is expected from now on"), max_length=1000, blank=True)
    expected_by = models.DateField(_("until"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    by_title = models.CharField(max_length=160, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(_("answer"), max_length=3000, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=500, blank=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on the service")
        verbose_name_plural = _("notes on the service")
        ordering = ["-given_on", "-pk"]
        indexes = [
            models.Index(fields=["officer", "-given_on"]),
            models.Index(fields=["unit", "-given_on"]),
            models.Index(fields=["written_at"], condition=Q(read_at=None, withdrawn_at=None), name="service_note_unread"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="words_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("unit", "officer", "kind", "given_on", "text", "expected", "expected_by", "written_by", "by_title"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["CATATAN", "LISAN", "TERTULIS", "PEMBINAAN"]), name="service_note_kind_known"),
            models.CheckConstraint(
                condition=~Q(officer=F("written_by")),
                name="service_note_about_another",
                violation_error_message=_("Nobody writes about the own service."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False, read_at__isnull=False)),
                name="service_note_answered_once_read",
                violation_error_message=_("Confirm first that you have read it."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="", withdrawn_by__isnull=True)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="service_note_withdrawn_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(expected_by__isnull=True) | Q(expected_by__gte=F("given_on")),
                name="service_note_expected_later",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.given_on}"

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None

    def clean(self):
        if self.unit_id and self.given_on and self.given_on > self.unit.today():
            raise ValidationError({"given_on": _("That day lies ahead.")})

    def may_be_withdrawn_by(self, user) -> bool:
        """Whoever wrote it, and superiors of today who stand higher than they did; never the officer concerned."""
        if not self.is_standing or user.pk == self.written_by_id:
            return self.is_standing
        if not ServiceNote.objects.led_by(user).filter(pk=self.pk).exists():
            return False
        now, then = ranks(self, user, self.written_by_id, self.unit.day_of(self.written_at))
        return now > then

    def read(self):
        """The officer has read it; the first time counts."""
        ServiceNote.objects.filter(pk=self.pk, read_at=None).update(read_at=timezone.now())

    def reply(self, text: str):
        """The officer's answer, once: it stands beside the note for good."""
        if not text.strip():
            raise ValidationError({"answer": _("Write a few words.")})
        changes = {"answer": text, "answered_at": timezone.now()}
        open_ones = ServiceNote.objects.standing().filter(pk=self.pk, read_at__isnull=False, answer="")
        if not open_ones.update(**changes):
            raise ValidationError(_("This cannot be answered any more; reload the page."))

    def withdraw(self, by, reason: str):
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it is withdrawn.")})
        changes = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_reason": reason}
        if not ServiceNote.objects.standing().filter(pk=self.pk).update(**changes):
            raise ValidationError(_("It is withdrawn already; reload the page."))


class SessionQuerySet(ServiceQuerySet):
    author = "coach"

    def ahead(self):
        return self.filter(state=CoachingSession.State.PLANNED)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CoachingSession(models.Model):
    """One time when a superior sits down with one officer: planned, then held with notes and a plan, or called off with a reason."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        HELD = "HELD", _("held")
        CANCELLED = "CANCELLED", _("called off")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="coaching_sessions", verbose_name=_("officer"))
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("coach"), editable=False)
    coach_title = models.CharField(max_length=160, editable=False)
    starts_at = models.DateTimeField(_("when"))
    topic = models.CharField(_("about"), max_length=200)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED, editable=False)
    notes = models.TextField(_("notes"), max_length=3000, blank=True)
    plan = models.TextField(_("plan"), max_length=2000, blank=True)
    follow_up_on = models.DateField(_("look again on"), null=True, blank=True)
    cancelled_reason = models.CharField(_("why called off"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    told_on = models.DateField(null=True, blank=True, editable=False)
    told_again_on = models.DateField(null=True, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("coaching session")
        verbose_name_plural = _("coaching sessions")
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["officer", "-starts_at"]),
            models.Index(fields=["unit", "-starts_at"]),
            models.Index(fields=["starts_at"], condition=Q(state="PLANNED"), name="coaching_session_ahead"),
            models.Index(fields=["follow_up_on"], condition=Q(state="HELD", told_again_on=None), name="coaching_session_again"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["PLANNED", "HELD", "CANCELLED"]), name="coaching_session_state_known"),
            models.CheckConstraint(
                condition=~Q(officer=F("coach")), name="coaching_session_with_another", violation_error_message=_("Nobody coaches themselves.")
            ),
            models.CheckConstraint(
                condition=~Q(state="HELD") | ~Q(notes=""),
                name="coaching_session_held_with_notes",
                violation_error_message=_("Write down what was talked about."),
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELLED") | ~Q(cancelled_reason=""),
                name="coaching_session_cancelled_with_reason",
                violation_error_message=_("Say why it is called off."),
            ),
        ]

    def __str__(self):
        return f"{self.topic} {self.day}"

    @property
    def day(self):
        return self.unit.day_of(self.starts_at)

    @property
    def is_ahead(self) -> bool:
        return self.state == self.State.PLANNED

    def may_be_led_by(self, user) -> bool:
        """The coach, superiors of today who stand higher than the coach did, and those who stand as high once the coach no longer commands the
        officer, who then reads on alone."""
        commanded = CoachingSession.objects.filter(pk=self.pk)
        if not commanded.led_by(user).exists():
            return False
        if user.pk == self.coach_id:
            return True
        now, then = ranks(self, user, self.coach_id, self.unit.day_of(self.created_at))
        return now > then or (now == then and not commanded.led_by(self.coach).exists())

    def hold(self, notes: str, plan: str, follow_up_on):
        """It took place: what was said and what follows. Written again, the words before stay in the history."""
        if self.starts_at > timezone.now():
            raise ValidationError(_("That time lies ahead. Set the session to when it was held."))
        if not notes.strip():
            raise ValidationError({"notes": _("Write down what was talked about.")})
        if follow_up_on and follow_up_on <= self.day:
            raise ValidationError({"follow_up_on": _("Choose a day after the session.")})
        changes = {"notes": notes, "plan": plan, "follow_up_on": follow_up_on, "state": self.State.HELD}
        if follow_up_on != self.follow_up_on:
            changes["told_again_on"] = None  # for another day one is reminded again
        if not CoachingSession.objects.filter(pk=self.pk).exclude(state=self.State.CANCELLED).update(**changes):
            raise ValidationError(_("This session was called off."))

    def call_off(self, reason: str):
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it is called off.")})
        changes = {"state": self.State.CANCELLED, "cancelled_reason": reason}
        if not CoachingSession.objects.ahead().filter(pk=self.pk).update(**changes):
            raise ValidationError(_("Only a session that lies ahead can be called off; reload the page."))

"""Minutes of a meeting, what members say on them, and addenda that correct them once they are locked."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fkpm.models.adoption import Adoptable
from fkpm.models.meetings import Meeting, hash_of, locked_with_minutes
from fkpm.models.words import words_kept
from polmas.people.models.marks import day_there, marks_days

UNIT_OF_MEETING = (
    "(SELECT forum.unit_id FROM fkpm_meeting meeting JOIN fkpm_forum forum ON forum.id = meeting.forum_id WHERE meeting.id = {row}.meeting_id)"
)
DAY_OF_MEETING = f"(SELECT {day_there('meeting.starts_at')} FROM fkpm_meeting meeting WHERE meeting.id = {{row}}.meeting_id)"  # noqa: S608 - constants
ONLY_TO_ADOPTED = """
IF NOT EXISTS (SELECT 1 FROM fkpm_minutes WHERE meeting_id = NEW.meeting_id AND state = 'ADOPTED') THEN
    RAISE EXCEPTION 'an addendum corrects adopted minutes only' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
WITH_ADDENDUM = """
IF EXISTS (SELECT 1 FROM fkpm_addendum WHERE id IN (OLD.addendum_id, NEW.addendum_id) AND state = 'ADOPTED') THEN
    RAISE EXCEPTION 'this addendum is adopted and locked';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def locked_when_adopted():
    operation = pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Protect(name="locked_when_adopted", operation=operation, condition=pgtrigger.Q(old__state="ADOPTED"))


def locked_with_addendum():
    """A trigger that refuses a change of an addendum's row once it is adopted."""
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Trigger(name="locked_with_addendum", when=pgtrigger.Before, operation=operation, func=WITH_ADDENDUM)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Minutes(Adoptable):
    """The minutes of one meeting. Once they are adopted, meeting, agenda, attendance and minutes are locked, and `content_hash`
    names exactly what was adopted."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes", primary_key=True)

    class Meta(Adoptable.Meta):
        abstract = False
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        triggers = [locked_when_adopted(), marks_days(UNIT_OF_MEETING, [DAY_OF_MEETING], ["state"])]

    def __str__(self):
        return str(self.meeting)

    def missing(self) -> list[str]:
        """What a draft still lacks before anybody can adopt it (domain.md 4.0); a draft may be saved without any of it."""
        meeting = self.meeting
        presence = meeting.presence()
        demands = [
            (gettext("the meeting was cancelled"), not meeting.is_cancelled),
            (gettext("the meeting has not been held yet"), meeting.has_begun),
            (gettext("who led the meeting"), meeting.led_by.strip()),
            (gettext("who or how many were present"), presence.present or presence.guests or meeting.has_attendance_photo),
            (gettext("what was discussed on at least one point"), any((item.discussion + item.decision).strip() for item in meeting.agenda.all())),
        ]
        return [text for text, is_there in demands if not is_there]

    @property
    def page(self) -> str:  # type: ignore[override]
        return self.meeting.page

    def text_hash(self) -> str:
        return self.meeting.text_hash()

    def seal(self) -> str:
        """With how many members the forum had that day: lists that are put right later change no quorum."""
        self.meeting.members_count = self.meeting.expected()
        self.meeting.save(update_fields=["members_count"])
        return self.meeting.content_hash()

    def content_put_out(self) -> dict:
        return self.meeting.content()

    def files_of_it(self):
        return [file for file in self.meeting.files.all() if file.addendum_id is None]


class AddendumQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(meeting__in=Meeting.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Addendum(Adoptable):
    """One correction of adopted minutes, numbered within them, adopted like them and printed with them."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="addenda", verbose_name=_("meeting"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("what is corrected"), max_length=5000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AddendumQuerySet.as_manager()

    class Meta(Adoptable.Meta):
        abstract = False
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["number"]
        triggers = [
            *words_kept("meeting_id", "meeting", "text", "number"),
            locked_when_adopted(),
            pgtrigger.Trigger(name="only_to_adopted", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=ONLY_TO_ADOPTED),
        ]
        constraints = [
            *Adoptable.Meta.constraints,
            models.UniqueConstraint(fields=["meeting", "number"], name="addendum_number_once"),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state="DRAFT"),
                name="addendum_one_draft",
                violation_error_message=_("There is a draft of an addendum already; adopt it first."),
            ),
        ]

    def __str__(self):
        return gettext("Addendum %d") % self.number

    @classmethod
    @transaction.atomic
    def begin(cls, meeting, text, by) -> "Addendum":
        """The next one of these minutes; the draft that there is already, if there is one, is left alone."""
        Minutes.objects.select_for_update().get(pk=meeting.pk)
        last = cls.objects.filter(meeting=meeting).aggregate(n=Max("number"))["n"] or 0
        return cls.objects.create(meeting=meeting, number=last + 1, text=text, written_by=by)

    @transaction.atomic
    def save_text(self, text: str, version: int) -> bool:
        """Stores the text over the version that its writer began from; False where another save or an adoption came in between."""
        stored = Addendum.objects.select_for_update(of=["self"]).get(pk=self.pk)
        if stored.version != version or stored.is_adopted:
            return False
        if stored.text != text:
            stored.text = text
            stored.take_over_edit()
        return True

    @property
    def page(self) -> str:  # type: ignore[override]
        return reverse("fkpm:addendum_detail", args=[self.pk])

    def missing(self) -> list[str]:
        return [] if self.text.strip() else [gettext("what is corrected")]

    def text_hash(self) -> str:
        """Names what it says and the minutes that it corrects."""
        said = {"meeting": str(self.meeting.uuid), "minutes": self.meeting.minutes.content_hash, "number": self.number, "text": self.text}
        return hash_of(said)

    def seal(self) -> str:
        return self.text_hash()

    def content_put_out(self) -> dict:
        return {"text": self.text}

    def files_of_it(self):
        return [file for file in self.meeting.files.all() if file.addendum_id == self.pk]


class CommentQuerySet(models.QuerySet):
    def for_user(self, user):
        seen = Meeting.objects.for_user(user)
        return self.filter(Q(minutes__meeting__in=seen) | Q(addendum__meeting__in=seen))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Comment(models.Model):
    """What one reader says on a draft, and what its writers made of it: answered, or taken over into the text."""

    class Outcome(models.TextChoices):
        OPEN = "OPEN", _("open")
        ANSWERED = "ANSWERED", _("answered")
        TAKEN_OVER = "TAKEN_OVER", _("taken over")

    minutes = models.ForeignKey(Minutes, models.CASCADE, null=True, blank=True, related_name="comments", verbose_name=_("minutes"))
    addendum = models.ForeignKey(Addendum, models.CASCADE, null=True, blank=True, related_name="comments", verbose_name=_("addendum"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("comment"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        triggers = [locked_with_minutes("minutes_id"), locked_with_addendum()]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=False, addendum__isnull=True) | Q(minutes__isnull=True, addendum__isnull=False),
                name="comment_on_one_text",
            ),
            models.CheckConstraint(
                condition=Q(outcome="OPEN", answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(outcome="ANSWERED", answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")
                | Q(outcome="TAKEN_OVER", answered_by__isnull=False, answered_at__isnull=False),
                name="comment_answered_whole",
                violation_error_message=_("Write an answer, or say that the comment was taken over."),
            ),
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN

    def close(self, by, answer: str, is_taken_over: bool) -> None:
        """Says what became of the comment."""
        self.outcome = self.Outcome.TAKEN_OVER if is_taken_over else self.Outcome.ANSWERED
        self.answer, self.answered_by, self.answered_at = answer, by, timezone.now()
        self.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])

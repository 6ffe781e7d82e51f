"""What somebody has to do by when."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import UNIT_OF_FORUM, Forum
from fkpm.models.meetings import Meeting, locked_with_minutes
from fkpm.models.members import Member
from fkpm.models.words import words_kept
from mapping.models import Partner
from polmas.people.models.marks import marks_days

# What the meeting agreed on, and adoption locks: state, day and note of doing it go on.
AGREED = ("forum", "meeting", "text", "owner", "officer", "partner", "owner_name", "due_on")
MOST_PHOTOS = 10


class ActionItemQuerySet(models.QuerySet):
    def for_user(self, user):
        """What meetings in sight gave somebody to do; of a mediation that one may not read, one's own."""
        own = Q(owner__user=user) | Q(officer=user)
        return self.filter(Q(meeting__in=Meeting.objects.for_user(user)) | own, forum__in=Forum.objects.for_user(user))

    def overdue(self, day):
        return self.filter(state=ActionItem.State.OPEN, due_on__lt=day)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ActionItem(models.Model):
    """One thing to do that a meeting gave to somebody: a member, the police officer, a partner, or somebody by name alone.
    Its state goes on after the minutes are locked."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        DONE = "DONE", _("done")
        CANCELLED = "CANCELLED", _("cancelled")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="actions", verbose_name="FKPM")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions", verbose_name=_("meeting"))
    text = models.CharField(_("what to do"), max_length=300)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("member"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="forum_actions", verbose_name=_("officer")
    )
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="forum_actions", verbose_name=_("partner"))
    owner_name = models.CharField(_("who does it"), max_length=120)
    due_on = models.DateField(_("by"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        triggers = [
            locked_with_minutes(name="locked_rows", operation=pgtrigger.Insert | pgtrigger.Delete),
            locked_with_minutes(name="locked_text", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*AGREED)),
            *words_kept("meeting_id", "meeting", "text", "owner_name"),
            marks_days(UNIT_OF_FORUM, ["{row}.due_on", "{row}.done_on"], ["forum_id", "due_on", "state", "done_on"]),
        ]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["forum", "due_on"], condition=Q(state="OPEN"), name="action_open_by_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DONE", done_on__isnull=False) | (~Q(state="DONE") & Q(done_on__isnull=True)), name="action_done_has_day"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, officer__isnull=True)
                | Q(owner__isnull=True, partner__isnull=True)
                | Q(officer__isnull=True, partner__isnull=True),
                name="action_one_owner",
                violation_error_message=_("One action has one owner."),
            ),
        ]

    def __str__(self):
        return self.text

    @staticmethod
    def marked(actions, user, may_write) -> list:
        """Actions of one forum as rows of a page, each with whether its form opens to the user, who may write the forum's minutes or not."""
        for action in (actions := list(actions)):
            action.is_changeable = may_write or action.is_given_to(user)
        return actions

    def content(self) -> dict:
        return {"text": self.text, "owner_name": self.owner_name, "due_on": self.due_on.isoformat()}

    def may_change(self, user) -> bool:
        """The board, the Polmas officer, and who is to do it."""
        return self.forum.may_write_minutes(user) or self.is_given_to(user)

    def is_given_to(self, user) -> bool:
        """Whether the user is the officer who is to do it, or the member, and still one."""
        if self.officer_id is not None:
            return self.officer_id == user.pk
        return self.owner is not None and self.owner.user_id == user.pk and self.forum.member_of(user) is not None

    def move_to(self, state, note, day) -> None:
        """Open, done (on that day) or cancelled, with what there is to say about it."""
        self.state, self.note = state, note
        self.done_on = day if state == self.State.DONE else None
        self.save(update_fields=["state", "note", "done_on"])

    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()


class ActionPhoto(models.Model):
    """A picture or paper that shows that something was done. None is taken away again."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    action = models.ForeignKey(ActionItem, models.CASCADE, related_name="photos", verbose_name=_("action item"))
    file = models.FileField(_("file"), upload_to="actions/%Y/%m/")
    type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="no_update", operation=pgtrigger.Update)]
        constraints = [models.UniqueConstraint(fields=["action", "sha256"], name="action_photo_once")]

    def __str__(self):
        return str(self.uuid)


class ActionReminder(models.Model):
    """One reminder that was sent: before the day or after it, once for each day on which an action was due."""

    class Kind(models.TextChoices):
        BEFORE = "BEFORE", _("due soon")
        AFTER = "AFTER", _("overdue")

    action = models.ForeignKey(ActionItem, models.CASCADE, related_name="reminders", verbose_name=_("action item"))
    kind = models.CharField(max_length=6, choices=Kind)
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["action", "kind", "due_on"], name="action_reminded_once")]

    def __str__(self):
        return f"{self.action_id} {self.kind}"

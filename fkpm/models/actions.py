"""What somebody has to do by when."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum
from fkpm.models.meetings import Meeting, locked_with_minutes
from fkpm.models.members import Member

# What the meeting agreed on, and adoption locks: state, day and note of doing it go on.
AGREED = ("forum", "meeting", "text", "owner", "owner_name", "due_on")


class ActionItemQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))

    def overdue(self, day):
        return self.filter(state=ActionItem.State.OPEN, due_on__lt=day)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ActionItem(models.Model):
    """One thing to do that a meeting gave to somebody: a member, or a partner by name. Its state goes on after the minutes are locked."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("open")
        DONE = "DONE", _("done")
        CANCELLED = "CANCELLED", _("cancelled")

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="actions", verbose_name="FKPM")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions", verbose_name=_("meeting"))
    text = models.CharField(_("what to do"), max_length=300)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("member"))
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
        ]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["forum", "due_on"], condition=Q(state="OPEN"), name="action_open_by_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DONE", done_on__isnull=False) | (~Q(state="DONE") & Q(done_on__isnull=True)), name="action_done_has_day"
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
        """The board, the Polmas officer, and the member who is to do it."""
        return self.forum.may_write_minutes(user) or self.is_given_to(user)

    def is_given_to(self, user) -> bool:
        """Whether the user is the member who is to do it, and still a member."""
        return self.owner is not None and self.owner.user_id == user.pk and self.owner.is_valid_on(self.forum.unit.today())

    def move_to(self, state, note, day) -> None:
        """Open, done (on that day) or cancelled, with what there is to say about it."""
        self.state, self.note = state, note
        self.done_on = day if state == self.State.DONE else None
        self.save(update_fields=["state", "note", "done_on"])

    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()

"""What somebody has to do by when."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum, Member
from fkpm.models.meetings import Meeting


class ActionItemQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))

    def overdue(self, day):
        return self.filter(state=ActionItem.State.OPEN, due_on__lt=day)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
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
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["forum", "due_on"], condition=Q(state="OPEN"), name="action_open_by_due")]
        constraints = [
            models.CheckConstraint(condition=Q(state="DONE", done_on__isnull=False) | (~Q(state="DONE") & Q(done_on__isnull=True)), name="action_done_has_day"),
        ]

    def __str__(self):
        return self.text

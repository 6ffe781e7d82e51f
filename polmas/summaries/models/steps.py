"""What happened to a summary, and of what people were reminded."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.summaries.models.seals import unless_approved
from polmas.summaries.models.summaries import Summary

NOTE_LENGTH = 1000


class SummaryStep(models.Model):
    """One step of a summary on its way up: built, written into, approved, sent, received, returned. Without a person the system did it.

    `title` is the post as it stood then; the note says what was written or why it came back.
    """

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="steps", verbose_name=_("summary"))
    state = models.CharField(_("state"), max_length=12, choices=Summary.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    title = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = _("step of a summary")
        verbose_name_plural = _("steps of summaries")
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            unless_approved("step_kept", pgtrigger.Delete, "OLD"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Summary.State.values), name="summary_step_state_known"),
            models.CheckConstraint(
                condition=~Q(state="DIKEMBALIKAN") | ~Q(note=""),
                name="summary_returned_with_note",
                violation_error_message=_("Say what is to be mended."),
            ),
        ]

    def __str__(self):
        return f"{self.state} {self.at:%Y-%m-%d %H:%M}"


class SummaryReminder(models.Model):
    """That the people of a unit were reminded of a summary: shortly before it was due, or once it was late. Each only once."""

    class Kind(models.TextChoices):
        BEFORE = "BEFORE", _("due soon")
        AFTER = "AFTER", _("late")

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="reminders", verbose_name=_("summary"))
    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder of a summary")
        verbose_name_plural = _("reminders of summaries")
        constraints = [
            models.UniqueConstraint(fields=["summary", "kind"], name="summary_reminded_once"),
            models.CheckConstraint(condition=Q(kind__in=["BEFORE", "AFTER"]), name="summary_reminder_kind_known"),
        ]

    def __str__(self):
        return f"{self.summary_id} {self.kind}"

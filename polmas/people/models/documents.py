"""Documents that a worker makes: minutes and summaries on paper."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """One rendered file of something that can be printed, by what it shows.

    `fingerprint` names the content (a hash, or a revision with its time of change): asked for again, the same file is
    served; once the content has changed another row is made. It carries no rights: who may open it is decided by the row
    that it prints, each time.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        READY = "READY", _("ready")
        FAILED = "FAILED", _("failed")

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64)
    details = models.JSONField(default=dict, help_text=_("What the task needs to know beside the row: the days of a book."))
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    file = models.FileField(upload_to="documents/%Y/%m/", blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "fingerprint", "language"], name="document_once"),
            models.CheckConstraint(condition=~models.Q(state="READY") | ~models.Q(file=""), name="document_ready_has_file"),
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id}"

"""Work that somebody asked for and a worker does: how far it is, and whether the worker was lost."""

import datetime
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Without a sign of life for this long a worker is taken for lost, and the job is queued again.
PATIENCE = datetime.timedelta(minutes=3)


class JobQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own alone."""
        return self.filter(requested_by=user)


class Job(models.Model):
    """One job of one person. It has a `state`; in those of RUNNING a worker has it or will have it."""

    RUNNING: ClassVar[frozenset[str]]
    state: str

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    requested_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(_("rows"), default=0)
    message = models.CharField(max_length=500, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-requested_at", "-pk"]

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def is_lost(self) -> bool:
        """Whether no worker has given a sign of life for long: stopped in the middle, or the queue emptied."""
        return self.is_running and self.done is None and self.touched_at < timezone.now() - PATIENCE

    @property
    def done(self) -> int | None:
        """How far the worker is, out of `total`; None where none is at work. Held in the cache: a transaction shows nothing until its end."""
        return cache.get(self._progress_key)

    def progress(self, done: int) -> None:
        cache.set(self._progress_key, done, PATIENCE.seconds)

    def forget_progress(self) -> None:
        cache.delete(self._progress_key)

    @property
    def _progress_key(self) -> str:
        return f"{self._meta.model_name}-{self.pk}"

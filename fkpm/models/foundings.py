"""Foundings that were begun and given up: the residents did not want it yet, or the people who carried it moved on (SKEP/433/VII/2006:
a forum is voluntary)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """That the founding of a forum was given up, by whom and why; empty while it goes on. What was recorded so far stays, and it can be
    taken up again where it was left."""

    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True, editable=False)
    given_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("given up by")
    )
    given_up_reason = models.CharField(_("why it is given up"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_given_up(self) -> bool:
        return self.given_up_at is not None

    def put_aside(self, by, reason: str) -> None:
        """Stores that the founding is given up."""
        self.given_up_at, self.given_up_by, self.given_up_reason = timezone.now(), by, reason
        self.save(update_fields=["given_up_at", "given_up_by", "given_up_reason"])

    def take_up(self) -> None:
        """Stores that it goes on; the history keeps who gave it up and why."""
        self.given_up_at, self.given_up_by, self.given_up_reason = None, None, ""
        self.save(update_fields=["given_up_at", "given_up_by", "given_up_reason"])

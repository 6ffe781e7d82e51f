"""What an officer adds to a report that is locked."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import LOCKED, Report


class Supplement(models.Model):
    """A sentence, and photographs if any, that the officer adds once the report is verified or accepted: the report itself stays as it was
    reviewed. Never changed and never taken away, by anybody. Its uuid is made with the form, so that a form sent twice adds it once."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    report = models.ForeignKey(Report, models.CASCADE, related_name="supplements")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("what is added"), max_length=2000)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("supplement")
        verbose_name_plural = _("supplements")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"), name="supplement_has_text", violation_error_message=_("Write what you want to add.")
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return self.text[:60]

    def clean(self):
        if self.author_id != self.report.officer_id or self.report.state not in LOCKED:
            raise ValidationError(_("Only its officer adds to a report, once it is verified or accepted."))

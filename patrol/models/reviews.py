"""What a reviewer does besides deciding: looking closer at a sample, by phone or on site (domain.md 1.9, 2.8)."""

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import Report


class FieldCheckQuerySet(models.QuerySet):
    def for_user(self, user):
        """Checks of reports that the user reviews, the own reports apart: nobody learns beforehand that they are looked into."""
        return self.filter(report__in=Report.objects.reviewed_by(user))

    def open(self):
        return self.filter(outcome="")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class FieldCheck(models.Model):
    """One report that a reviewer wants confirmed by those whom it names: by telephone, or by going there. Open until there is an outcome."""

    class Method(models.TextChoices):
        PHONE = "phone", _("by telephone")
        SITE = "site", _("on site")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        DIFFERS = "differs", _("differs")
        NOT_REACHED = "not_reached", _("nobody reached")

    report = models.ForeignKey(Report, models.CASCADE, related_name="checks")
    method = models.CharField(_("method"), max_length=8, choices=Method)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = FieldCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a report")
        verbose_name_plural = _("checks of reports")
        ordering = ["assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(outcome=""),
                name="check_open_once",
                violation_error_message=_("This report is already on the list of checks."),
            ),
            models.CheckConstraint(condition=Q(method__in=("phone", "site")), name="check_method_known"),
            models.CheckConstraint(
                condition=Q(outcome="", done_by__isnull=True, done_at__isnull=True)
                | Q(outcome__in=("confirmed", "differs", "not_reached"), done_by__isnull=False, done_at__isnull=False),
                name="check_done_with_outcome",
                violation_error_message=_("A check that is done has its outcome."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="differs") | ~Q(note=""),
                name="check_difference_is_said",
                violation_error_message=_("Say what differs."),
            ),
        ]

    def __str__(self):
        return f"{self.report} {self.get_method_display()}"

    def close(self, by, outcome: str, note: str):
        """Writes down what came of it. Whoever comes second is told, nothing is overwritten."""
        if outcome not in self.Outcome.values:
            raise ValidationError({"outcome": _("Choose the outcome.")})
        if outcome == self.Outcome.DIFFERS and not note.strip():
            raise ValidationError({"note": _("Say what differs.")})
        changes = {"outcome": outcome, "note": note, "done_by": by, "done_at": timezone.now()}
        if not FieldCheck.objects.filter(pk=self.pk, outcome="").update(**changes):
            raise ValidationError(_("Somebody has written down the outcome meanwhile; reload the page."))
        for name, value in changes.items():
            setattr(self, name, value)

"""A commander's word of thanks on a report."""

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import COUNTED, Report
from polmas.people.models import Notification
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, REVIEWERS, in_subtrees

THANKERS = REVIEWERS | LEADERS_POLSEK | LEADERS_POLRES | {"kasat_binmas"}


class ThanksQuerySet(models.QuerySet):
    def for_user(self, user):
        """Words on reports that one sees: the own ones, and those of the units read whole."""
        return self.filter(models.Q(report__officer=user) | in_subtrees("report__unit__path", user.scope.whole_paths))

    def unseen_by(self, officer):
        return self.filter(report__officer=officer, seen_at=None)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Thanks(models.Model):
    """One superior's thanks for one report, in a sentence. Its officer finds it on the first page until it was seen, and ever after
    with the report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="thanks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_title = models.CharField(max_length=160, help_text=_("The post in which the thanks were said."))
    text = models.TextField(_("word of thanks"), max_length=300)
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of thanks")
        verbose_name_plural = _("words of thanks")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "by"], name="thanks_once", violation_error_message=_("You have thanked for this report already.")
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="thanks_says_something"),
        ]

    def __str__(self):
        return self.text


def may_thank(user, report: Report) -> bool:
    """Superiors who read the unit; nobody for the own report, nor for one that was returned or withdrawn."""
    return user.pk != report.officer_id and report.state in COUNTED and user.scope.holds(THANKERS, report.unit)


def thank(report: Report, by, text: str) -> Thanks:
    """Notes the thanks and tells the officer. Said again by the same person, the first words stay."""
    if not may_thank(by, report):
        raise ValidationError(_("Superiors of the unit thank for its reports, and nobody for the own ones."))
    if not text.strip():
        raise ValidationError({"text": _("Write a few words.")})
    post = next(post for post in by.postings_today if post.role in THANKERS and report.unit.path.startswith(post.unit.path))
    with transaction.atomic():
        thanks, is_new = Thanks.objects.get_or_create(report=report, by=by, defaults={"text": text, "by_title": post.title})
        if is_new:
            path = f"/kegiatan/{report.uuid}/"
            Notification.objects.tell(
                [report.officer_id], Notification.Kind.THANKS, path, by=post.title, what=report.get_kind_display(), day=report.day.isoformat()
            )
    return thanks

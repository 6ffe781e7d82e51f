"""The signed paper of a summary, as a scan."""

import uuid

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from polmas.people.scope import INDEX_FIGURES, SUPERIORS, in_subtrees
from polmas.people.uploads import JPEG, PDF, Cleaned, kept_once
from polmas.summaries.models.seals import NOTHING_TOLD
from polmas.summaries.models.summaries import Summary

MOST_SCANS = 10


class SummaryScanQuerySet(models.QuerySet):
    def for_user(self, user):
        """Of the summaries whose unit's rows the user reads: a signed paper names officers. Where LI, proposed awards or the security index
        may stand on it, for their readers alone: nobody knows which edition was printed and signed."""

        def read_by(paths):
            return in_subtrees("summary__unit__path", paths)

        scope = user.scope
        return self.filter(
            read_by(scope.whole_paths),
            read_by(scope.information_paths) | Q(summary__annex__content=NOTHING_TOLD),
            read_by(scope.paths_as(SUPERIORS)) | Q(summary__figures__awards__isnull=True) | Q(summary__figures__awards__rows=[]),
            read_by(scope.paths_as(INDEX_FIGURES)) | Q(summary__figures__index__isnull=True) | Q(summary__figures__index=[]),
        )


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class SummaryScan(models.Model):
    """A scan or photo of the paper that was signed and stamped, attached to the approved summary that was printed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    summary = models.ForeignKey(Summary, models.PROTECT, related_name="scans", verbose_name=_("summary"))
    file = models.FileField(_("signed paper"), upload_to="summaries/%Y/%m/")
    type = models.CharField(max_length=20, choices=[(PDF, "PDF"), (JPEG, "JPEG")])
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(auto_now_add=True)

    objects = SummaryScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed paper of a summary")
        verbose_name_plural = _("signed papers of summaries")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["summary", "sha256"], name="summary_scan_once")]

    def __str__(self):
        return f"{self.summary_id} {self.added_at:%Y-%m-%d}"

    @classmethod
    def attach(cls, summary: Summary, paper: Cleaned, by) -> "SummaryScan":
        """Keeps the paper with its summary; the same one twice is one."""
        if not summary.is_approved:
            raise ValidationError(_("Only an approved summary has a signed paper."))
        if summary.scans.count() >= MOST_SCANS:
            raise ValidationError(_("A summary has at most %(n)d signed papers."), params={"n": MOST_SCANS})
        return kept_once(summary.scans, paper, by)

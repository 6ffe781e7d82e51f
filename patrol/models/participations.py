"""Who of the colleagues took part in a report that another officer filed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import Report


class Participation(models.Model):
    """One officer who is credited for a report of a colleague: named in it by the user name, and posted at its unit on its day.

    It stays one report, and one event in every count of a unit; the officer's own numbers, targets and cluster have it, too. The
    rows follow from `Report.participants`, whose history tells what was named before.
    """

    report = models.ForeignKey(Report, models.CASCADE, db_index=False, related_name="participations", verbose_name=_("report"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="participations", verbose_name=_("officer"))

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        indexes = [models.Index(fields=["officer", "report"])]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "officer"], name="participation_once", violation_error_message=_("This colleague is credited already.")
            ),
        ]

    def __str__(self):
        return f"{self.officer} · {self.report}"

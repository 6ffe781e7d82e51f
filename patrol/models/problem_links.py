"""What a problem was known from, and what was done about it: reports, voices of residents, and laporan informasi."""

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models import Problem
from patrol.models.informations import Information
from patrol.models.reports import COUNTED, Report


class LinkRole(models.TextChoices):
    SOURCE = "SOURCE", _("source")
    ACTION = "ACTION", _("measure taken")


class ProblemLinkQuerySet(models.QuerySet):
    def for_user(self, user):
        """Links of problems that the user reads, to what the user may read too: for others a link to an LI does not exist."""
        in_sight = Q(report__in=Report.objects.for_user(user)) | Q(information__in=Information.objects.for_user(user))
        return self.filter(in_sight, problem__in=Problem.objects.for_user(user))

    def counting(self):
        """Without reports that were returned, withdrawn or never confirmed."""
        return self.filter(Q(report__isnull=True) | Q(report__state__in=COUNTED))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ProblemLink(models.Model):
    """One report, one thing that a resident said in it, or one LI: that a problem was known from, or what was done about it."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="links", verbose_name=_("problem"))
    role = models.CharField(_("role"), max_length=6, choices=LinkRole)
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="problem_links", verbose_name=_("report"))
    opinion = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Which of its opinions, the first being 1."))
    information = models.ForeignKey(Information, models.CASCADE, null=True, blank=True, related_name="problem_links", verbose_name=_("LI"))
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("linked by"))
    linked_at = models.DateTimeField(auto_now_add=True)

    objects = ProblemLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a problem")
        verbose_name_plural = _("links of problems")
        ordering = ["-linked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=LinkRole.values), name="problem_link_role_known"),
            models.CheckConstraint(
                condition=Q(report__isnull=False, information__isnull=True) | Q(report__isnull=True, information__isnull=False, opinion__isnull=True),
                name="problem_link_to_one_thing",
            ),
            models.UniqueConstraint(
                fields=["problem", "report", "opinion"], condition=Q(report__isnull=False), nulls_distinct=False, name="problem_link_report_once"
            ),
            models.UniqueConstraint(fields=["problem", "information"], condition=Q(information__isnull=False), name="problem_link_information_once"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.problem}"

    @property
    def day(self):
        """When it happened."""
        return self.report.day if self.report else self.information.day if self.information else None

    @property
    def quote(self) -> str:
        """What the resident said, where the link is to one voice of a report."""
        if self.report is None or self.opinion is None:
            return ""
        opinions = list(self.report.opinions.all())
        return opinions[self.opinion - 1].text if self.opinion <= len(opinions) else ""


def link(problem: Problem, by, role: str, *, report: Report | None = None, opinion: int | None = None, information=None) -> ProblemLink:
    """Links once: a second time gives the link that stands. Raises ValidationError where there is no such opinion."""
    if opinion is not None and (report is None or not 1 <= opinion <= report.opinions.count()):
        raise ValidationError(_("The report holds no such voice."))
    made, _is_new = ProblemLink.objects.get_or_create(
        problem=problem, report=report, opinion=opinion, information=information, defaults={"role": role, "linked_by": by}
    )
    return made

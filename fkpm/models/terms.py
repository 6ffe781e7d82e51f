"""Terms of office (masa bakti): who endorsed a board, with which paper, for how long."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Endorser(models.TextChoices):
    """Who endorses and installs a board (domain.md 2.6)."""

    CAMAT = "CAMAT", "Camat"
    KAPOLSEK = "KAPOLSEK", "Kapolsek"
    LURAH = "LURAH", "Lurah"
    KADES = "KADES", _("village head (Kades)")


class Endorsement(models.Model):
    """The paper by which a board holds office, and from when to when."""

    endorsed_by = models.CharField(_("endorsed by"), max_length=8, choices=Endorser, blank=True)
    endorsement_number = models.CharField(_("number of the endorsement"), max_length=80, blank=True)
    endorsed_on = models.DateField(_("endorsed on"), null=True, blank=True)

    class Meta:
        abstract = True


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class FormerTerm(Endorsement):
    """A term that is over. Its board are the members of those days; the term that runs stands with the forum itself."""

    forum = models.ForeignKey("fkpm.Forum", models.CASCADE, related_name="former_terms", verbose_name="FKPM")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("former term")
        verbose_name_plural = _("former terms")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "starts_on"], name="former_term_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="former_term_ends_after_start",
                violation_error_message=_("The term ends before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on:%Y}–{self.ends_on:%Y}"

    def board(self):
        """Who held an office on the last day of the term."""
        return self.forum.members.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=self.ends_on), starts_on__lte=self.ends_on).by_office()

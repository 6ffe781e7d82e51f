"""Periodic summaries: what a unit reports upwards for a day, week or month."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit
from polmas.people.scope import in_subtrees


class PeriodKind(models.TextChoices):
    """Kinds of summary by Perkap 7/2009. The monthly one is built first."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")


class SummaryQuerySet(models.QuerySet):
    def for_user(self, user):
        """Summaries of the units whose figures the user reads. Readers above the Polres see approved ones only."""
        scope = user.scope
        whole = in_subtrees("unit__path", scope.whole_paths)
        figures = in_subtrees("unit__path", scope.figure_paths)
        return self.filter(whole | (figures & Q(state__in=Summary.APPROVED_STATES)))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Summary(models.Model):
    """One unit's summary of one period in one revision. A draft is rebuilt from the rows; an approved one is frozen."""

    class State(models.TextChoices):
        """States of domain.md 5.7; sending and receiving follow approval."""

        OTOMATIS = "OTOMATIS", _("drafted by the system")
        DISUNTING = "DISUNTING", _("edited")
        DISAHKAN = "DISAHKAN", _("approved")
        DIKIRIM = "DIKIRIM", _("sent")
        DITERIMA = "DITERIMA", _("received")
        DIKEMBALIKAN = "DIKEMBALIKAN", _("returned")

    APPROVED_STATES = (State.DISAHKAN, State.DIKIRIM, State.DITERIMA)
    DRAFT_STATES = (State.OTOMATIS, State.DISUNTING)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="summaries", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=PeriodKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OTOMATIS)
    number = models.CharField(_("number"), max_length=80, blank=True)
    figures = models.JSONField(_("figures"), default=dict)
    analysis = models.TextField(_("analysis"), max_length=10000, blank=True)
    plan = models.TextField(_("plan for the next period"), max_length=10000, blank=True)
    rule_version = models.CharField(max_length=20)
    built_at = models.DateTimeField(_("built at"))
    counted_to = models.BigIntegerField(default=0, help_text=_("Highest number of a report that was counted."))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    signer = models.JSONField(default=dict, blank=True, help_text=_("Title, name, rank and NRP as they stand under the paper."))
    content_hash = models.CharField(max_length=64, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        ordering = ["-starts_on", "unit__path", "-revision"]
        triggers = [
            # Figures and text stay as they were signed. Only the state goes on: sent, received, returned.
            pgtrigger.Protect(
                name="frozen_when_approved",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.approved_at IS NOT NULL AND (OLD.figures, OLD.analysis, OLD.plan, OLD.number, OLD.signer, OLD.content_hash, OLD.unit_id, OLD.period, OLD.starts_on, OLD.ends_on, OLD.revision, OLD.approved_by_id, OLD.approved_at)"
                    " IS DISTINCT FROM (NEW.figures, NEW.analysis, NEW.plan, NEW.number, NEW.signer, NEW.content_hash, NEW.unit_id, NEW.period, NEW.starts_on, NEW.ends_on, NEW.revision, NEW.approved_by_id, NEW.approved_at)"
                ),
            ),
            pgtrigger.Protect(name="kept_when_approved", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__approved_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "starts_on", "revision"], name="summary_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="summary_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["OTOMATIS", "DISUNTING"], approved_at__isnull=True) | Q(state__in=["DISAHKAN", "DIKIRIM", "DITERIMA", "DIKEMBALIKAN"], approved_at__isnull=False),
                name="summary_approved_or_draft",
            ),
        ]

    def __str__(self):
        return f"{self.get_period_display()} {self.unit} {self.starts_on}"

    @property
    def is_draft(self):
        return self.state in self.DRAFT_STATES

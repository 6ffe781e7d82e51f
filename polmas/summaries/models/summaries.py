"""Periodic summaries: what a unit reports upwards for a day, week or month."""

import contextlib
import hashlib
import json
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Posting, Unit
from polmas.people.models.postings import PostingKind
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, REVIEWERS, in_subtrees

# What stands in a number for each kind of summary (Perkap 7/2009; classification and pattern: domain.md 5.7).
DOCUMENT_NAMES = {"daily": ("R", "LHGK"), "weekly": ("B", "LMGK"), "monthly": ("B", "LBGK")}
DEPUTIES = frozenset({"wakapolsek", "wakapolres"})


def hash_of(content) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


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


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
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
                    "OLD.approved_at IS NOT NULL AND (OLD.figures, OLD.analysis, OLD.plan, OLD.number, OLD.signer, "
                    "OLD.content_hash, OLD.unit_id, OLD.period, OLD.starts_on, OLD.ends_on, OLD.revision, OLD.approved_by_id, "
                    "OLD.approved_at)"
                    " IS DISTINCT FROM (NEW.figures, NEW.analysis, NEW.plan, NEW.number, NEW.signer, NEW.content_hash, "
                    "NEW.unit_id, NEW.period, NEW.starts_on, NEW.ends_on, NEW.revision, NEW.approved_by_id, NEW.approved_at)"
                ),
            ),
            pgtrigger.Protect(name="kept_when_approved", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__approved_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "starts_on", "revision"], name="summary_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="summary_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["OTOMATIS", "DISUNTING"], approved_at__isnull=True)
                | Q(state__in=["DISAHKAN", "DIKIRIM", "DITERIMA", "DIKEMBALIKAN"], approved_at__isnull=False),
                name="summary_approved_or_draft",
            ),
        ]

    def __str__(self):
        return f"{self.get_period_display()} {self.unit} {self.starts_on}"

    @property
    def span(self):
        """The period in words: Oktober 2026; 16 November 2026."""
        return date_format(self.starts_on, "F Y" if self.period == PeriodKind.MONTHLY else "j F Y")

    @property
    def title(self):
        names = {
            PeriodKind.DAILY: _("Daily report %(span)s"),
            PeriodKind.WEEKLY: _("Weekly report %(span)s"),
            PeriodKind.MONTHLY: _("Monthly report %(span)s"),
        }
        return names[PeriodKind(self.period)] % {"span": self.span}

    @property
    def is_draft(self):
        return self.state in self.DRAFT_STATES

    @property
    def is_approved(self):
        return self.approved_at is not None

    @property
    def is_running(self):
        """Whether its period is not over yet where the unit stands."""
        return self.ends_on >= self.unit.today()

    @property
    def text_hash(self):
        """Names the text as somebody saw it, so that nobody saves over another's words unread."""
        return hash_of([self.analysis, self.plan])[:16]

    @property
    def short_hash(self):
        return f"{self.content_hash[:4]}-{self.content_hash[4:8]}" if self.content_hash else ""

    def may_be_edited_by(self, user) -> bool:
        """Kanit and Kapolsek write into the Polsek's summary, Kasat Binmas and Kapolres into that of the Polres."""
        writers = LEADERS_POLRES | {"kasat_binmas"} if self.unit.is_polres else LEADERS_POLSEK | REVIEWERS
        return self.is_draft and self.unit.path in user.scope.paths_as(writers)

    def may_be_approved_by(self, user) -> bool:
        """The head of this very unit, or who stands in by a posting, once the period is over."""
        return self.is_draft and not self.is_running and self.unit.path in user.scope.paths_as(self._heads)

    def edit(self, by, analysis: str, plan: str, seen: str):
        """Writes analysis and plan into a draft. `seen` is the text_hash that the writer started from."""
        with self._locked():
            if not self.may_be_edited_by(by):
                raise ValidationError(_("This summary can no longer be edited."))
            if seen != self.text_hash:
                raise ValidationError(_("Somebody else changed the text meanwhile. Their words stand below; yours are still in the form."))
            self.analysis, self.plan, self.state = analysis, plan, self.State.DISUNTING
            self.save(update_fields=["analysis", "plan", "state"])

    def approve(self, by, seen: str):
        """Signs and freezes the summary. `seen` is the draft_hash of what the signer read: a rebuilt draft is read again first."""
        with self._locked():
            if not self.may_be_approved_by(by):
                raise ValidationError(_("This summary can't be approved, or no longer."))
            if seen != self.draft_hash:
                raise ValidationError(_("The figures or the text changed since you opened the page. Please read again and approve then."))
            self.approved_by, self.approved_at, self.state = by, timezone.now(), self.State.DISAHKAN
            self.number = self.next_number(Unit.objects.select_for_update().get(pk=self.unit_id))
            self.signer = self._signer_for(by)
            self.content_hash = hash_of(self._content())
            self.save()

    @property
    def draft_hash(self):
        """Names what a reader of the draft saw: figures and text."""
        return hash_of([self.figures, self.analysis, self.plan])[:16]

    @property
    def _heads(self):
        return LEADERS_POLRES if self.unit.is_polres else LEADERS_POLSEK

    @contextlib.contextmanager
    def _locked(self):
        """This row as it stands now, held until the change is saved; fields that were read before are read anew."""
        with transaction.atomic():
            Summary.objects.select_for_update().get(pk=self.pk)
            self.refresh_from_db()
            yield

    def _content(self):
        return {
            "unit": self.unit.code,
            "period": self.period,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "revision": self.revision,
            "number": self.number,
            "figures": self.figures,
            "analysis": self.analysis,
            "plan": self.plan,
            "signer": self.signer,
        }

    def next_number(self, unit: Unit) -> str:
        """The number by the unit's pattern. A later revision keeps the first one's; the running number counts papers of a year.
        Who is about to give it holds a lock on the unit; who only names it beforehand needs none."""
        approved = Summary.objects.filter(unit=unit, period=self.period, approved_at__isnull=False)
        if first := approved.filter(starts_on=self.starts_on).order_by("revision").first():
            return first.number
        grade, name = DOCUMENT_NAMES[self.period]
        n = approved.filter(starts_on__year=self.starts_on.year).values("starts_on").distinct().count() + 1
        return unit.number_of(unit.number_pattern, grade, name, n, self.starts_on)

    def _signer_for(self, user):
        """Who signs, as it stands under the paper: standing, title, name, rank and NRP."""
        today = self.unit.today()
        posting = Posting.objects.on(today).filter(user=user, unit=self.unit, role__in=self._heads).order_by("-starts_on", "pk")[0]
        title = self.unit.head_title or f"{'KAPOLRES' if self.unit.is_polres else 'KAPOLSEK'} {self.unit.name.split(' ', 1)[-1].upper()}"
        by_order = posting.role in DEPUTIES and posting.kind == PostingKind.TETAP
        kind = PostingKind.AN if by_order else PostingKind(posting.kind)
        return {
            "prefix": "" if kind == PostingKind.TETAP else str(kind.label),
            "title": title,
            "own_title": posting.get_role_display().upper() if kind == PostingKind.AN else "",
            "order": posting.order_number if kind != PostingKind.TETAP else "",
            "name": user.name,
            "rank": str(user.get_rank_display()).upper(),
            "nrp": user.nrp or "",
            "city": self.unit.city,
            "on": today.isoformat(),
        }

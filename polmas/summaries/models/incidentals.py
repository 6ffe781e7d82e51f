"""Laporan insidentil: what a unit reports upwards at once (domain.md 5.8)."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models import Incident, Problem
from polmas.people.models import Posting, Unit
from polmas.people.scope import DISCREET_READERS, INTELLIGENCE, LEADERS_POLRES, LEADERS_POLSEK, READ_WHOLE, REVIEWERS, SPKT, in_subtrees
from polmas.summaries.models import authority
from polmas.summaries.models.seals import hash_of, short

# Kanit, SPKT and heads tell at once; at a Polres its Kasat.
WRITERS = LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS | SPKT | INTELLIGENCE | {"kanit_lain", "kasat_binmas"}
RECEIVERS = LEADERS_POLRES | SPKT | {"kasat_binmas"}
DOCUMENT_NAME = ("R", "LAPIN")
# The headings of the paper in their order.
HEADINGS = ("what", "who", "place", "when", "why", "how", "actions", "victims", "loss", "developments")


class IncidentalReportQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the units read whole, and for SPKT and Kanit of the own unit; discreet ones only for those who handle such things, and
        what came of a confidential problem for its readers; what one wrote oneself while one still writes for that unit. They name people:
        who reads figures alone sees none."""
        scope = user.scope
        read = in_subtrees("unit__path", scope.paths_as(READ_WHOLE)) | Q(unit__path__in=scope.paths_as(WRITERS))
        received = Q(unit__in=Unit.objects.none())
        for path in scope.paths_as(SPKT):
            received |= Q(unit__path__startswith=path)
        trusted = in_subtrees("unit__path", scope.paths_as(DISCREET_READERS))
        told = Q(problem=None) | Q(problem__is_confidential=False) | Q(problem__in=Problem.objects.for_user(user))
        return self.filter(((read | received) & (Q(is_discreet=False) | trusted) & told) | Q(written_by=user, unit__path__in=scope.paths_as(WRITERS)))

    def to_be_received_by(self, user):
        """Of these, those that wait for the user: of the units next below the ones that the user receives for."""
        return self.filter(received_at=None, unit__in=Unit.objects.next_below(user.scope.paths_as(RECEIVERS)))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IncidentalReport(models.Model):
    """One report of something that can't wait for the daily one, or a numbered supplement to it. Sent as it is written, and then frozen."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"), editable=False)
    main = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supplements", editable=False)
    supplement = models.PositiveSmallIntegerField(_("supplement"), default=0, editable=False)
    number = models.CharField(_("number"), max_length=80, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("incident"), editable=False)
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("problem"), editable=False)
    is_discreet = models.BooleanField(
        _("discreet"), default=False, help_text=_("Sexual crimes, violence in families, children: only for leaders, Kanit Binmas and SPKT.")
    )
    title = models.CharField(_("subject"), max_length=150)
    occurred_at = models.DateTimeField(_("when it happened"))
    what = models.TextField(pgettext_lazy("incidental report", "what"), max_length=2000)
    who = models.TextField(pgettext_lazy("incidental report", "who"), max_length=2000, blank=True)
    place = models.TextField(pgettext_lazy("incidental report", "where"), max_length=500)
    when = models.TextField(_("when, in words"), max_length=500, blank=True)
    why = models.TextField(pgettext_lazy("incidental report", "why"), max_length=2000, blank=True)
    how = models.TextField(pgettext_lazy("incidental report", "how"), max_length=4000, blank=True)
    actions = models.TextField(_("what was done"), max_length=4000, blank=True)
    victims = models.TextField(_("victims"), max_length=1000, blank=True)
    loss = models.TextField(pgettext_lazy("incidental report", "loss"), max_length=500, blank=True)
    developments = models.TextField(_("developments"), max_length=4000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)
    signer = models.JSONField(default=dict, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True, editable=False)

    objects = IncidentalReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("incidental report")
        verbose_name_plural = _("incidental reports")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "-sent_at"], name="incidental_of_unit"),
            models.Index(fields=["unit"], condition=Q(received_at__isnull=True), name="incidental_not_received"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_when_sent",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.number, OLD.title, OLD.what, OLD.who, OLD.place, OLD.when, OLD.why, OLD.how, OLD.actions, OLD.victims, OLD.loss, "
                    "OLD.developments, OLD.sent_at, OLD.content_hash, OLD.unit_id, OLD.signer, OLD.occurred_at, OLD.is_discreet, OLD.main_id, "
                    "OLD.supplement, OLD.incident_id, OLD.problem_id, OLD.written_by_id) IS DISTINCT FROM "
                    "ROW(NEW.number, NEW.title, NEW.what, NEW.who, NEW.place, NEW.when, NEW.why, NEW.how, NEW.actions, NEW.victims, NEW.loss, "
                    "NEW.developments, NEW.sent_at, NEW.content_hash, NEW.unit_id, NEW.signer, NEW.occurred_at, NEW.is_discreet, NEW.main_id, "
                    "NEW.supplement, NEW.incident_id, NEW.problem_id, NEW.written_by_id)"
                ),
            ),
            pgtrigger.Protect(name="kept_when_sent", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(fields=["main", "supplement"], name="incidental_supplement_once"),
            models.CheckConstraint(
                condition=Q(main__isnull=True, supplement=0) | Q(main__isnull=False, supplement__gt=0), name="incidental_supplement_numbered"
            ),
            models.CheckConstraint(
                condition=Q(received_by__isnull=True, received_at__isnull=True) | Q(received_by__isnull=False, received_at__isnull=False),
                name="incidental_received_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(main=F("pk")), name="incidental_supplements_another"),
        ]

    def __str__(self):
        return self.title

    @property
    def name(self):
        return _("Supplement %(n)s to %(number)s") % {"n": self.supplement, "number": self.number} if self.supplement else self.number

    @property
    def short_hash(self) -> str:
        return short(self.content_hash)

    @property
    def first(self) -> "IncidentalReport":
        """The report itself, of a supplement the one that it belongs to."""
        return self.main or self

    def clean(self):
        if self.occurred_at and self.occurred_at > timezone.now():
            raise ValidationError({"occurred_at": _("This lies in the future.")})

    def headings(self) -> list[tuple[str, str]]:
        """Heading and text, in the order of the paper, empty ones left out."""
        rows = ((self._meta.get_field(name).verbose_name, getattr(self, name)) for name in HEADINGS)  # type: ignore[union-attr]
        return [(str(label), text) for label, text in rows if text]

    @transaction.atomic
    def send(self, by):
        """Writes it down with its number and whoever stands under it. The unit's row is held meanwhile: numbers are given one by one."""
        unit = Unit.objects.select_for_update().get(pk=self.unit_id)
        posting = writing_posting(by, unit)
        if posting is None:
            raise ValidationError(_("This report is not yours to write."))
        if self.main:
            self.supplement = (IncidentalReport.objects.filter(main=self.main).aggregate(last=Max("supplement"))["last"] or 0) + 1
            self.number = self.main.number
            self.is_discreet = self.is_discreet or self.main.is_discreet
        else:
            self.number = _next_number(unit)
        self.written_by, self.sent_at = by, timezone.now()
        self.signer = authority.signature_of(unit, posting, as_keeper=posting.role not in authority.heads_of(unit))
        told = [getattr(self, name) for name in HEADINGS]
        self.content_hash = hash_of([unit.code, self.number, self.supplement, self.title, told, self.occurred_at.isoformat(), self.signer])
        self.full_clean(exclude=["main", "unit"])
        self.save(force_insert=True)

    def may_be_received_by(self, user) -> bool:
        return self.received_at is None and self.unit.path[: -Unit.steplen] in user.scope.paths_as(RECEIVERS)

    def may_be_supplemented_by(self, user) -> bool:
        return writing_posting(user, self.unit) is not None

    def receive(self, by):
        with transaction.atomic():
            row = IncidentalReport.objects.select_for_update().get(pk=self.pk)
            if not row.may_be_received_by(by):
                raise ValidationError(_("This report can't be received, or was received already."))
            row.received_by, row.received_at = by, timezone.now()
            row.save(update_fields=["received_by", "received_at"])


def writing_posting(user, unit: Unit) -> Posting | None:
    """The posting by which the user writes such reports for a unit."""
    if unit.path not in user.scope.paths_as(WRITERS):
        return None
    postings = Posting.objects.on(unit.today()).filter(user=user, unit=unit, role__in=WRITERS).select_related("user")
    return min(postings, key=lambda posting: posting.role not in authority.heads_of(unit), default=None)


def _next_number(unit: Unit) -> str:
    today = unit.today()
    given = IncidentalReport.objects.filter(unit=unit, main=None, sent_at__year=today.year).count()
    return unit.number_of(unit.number_pattern, *DOCUMENT_NAME, given + 1, today)

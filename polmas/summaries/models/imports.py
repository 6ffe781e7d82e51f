"""Files that operators load: parsed by a worker, looked at, then applied as a whole."""

import datetime

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from polmas.summaries.models.jobs import Job

KEPT = datetime.timedelta(days=30)


class ImportKind(models.TextChoices):
    PEOPLE = "PEOPLE", _("People with postings and areas")
    HOUSEHOLDS = "HOUSEHOLDS", _("Households")
    CONTACTS = "CONTACTS", "Tokoh"
    POSTS = "POSTS", _("Posts")
    GROUPS = "GROUPS", _("Swakarsa groups")
    PARTNERS = "PARTNERS", _("Partners")
    POTENTIALS = "POTENTIALS", _("Potentials")
    INCIDENTS = "INCIDENTS", _("Incidents")
    FORUMS = "FORUMS", _("Forums with their boards")
    EARLIER = "EARLIER", _("Totals of earlier months")
    AREAS = "AREAS", _("Boundaries of areas")
    UNITS = "UNITS", _("Units")


# Tables with a template, whose rows are counted; boundaries and units come as they are published.
SHEETS = frozenset(set(ImportKind) - {ImportKind.AREAS, ImportKind.UNITS})


class ImportJob(Job):
    """One file that somebody loads, seen by that person alone: it holds names and phones.

    The file itself is deleted once it is applied; counts, and the rows that were refused, stay 30 days.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting for its turn")
        CHECKING = "CHECKING", _("being checked")
        CHECKED = "CHECKED", _("checked, not applied yet")
        QUEUED = "QUEUED", _("waiting to be applied")
        APPLYING = "APPLYING", _("being applied")
        DONE = "DONE", _("applied")
        FAILED = "FAILED", _("refused as a whole")

    # What a worker takes up, and as what it then goes on.
    STEPS = {State.WAITING: State.CHECKING, State.QUEUED: State.APPLYING}
    RUNNING = frozenset({State.WAITING, State.CHECKING, State.QUEUED, State.APPLYING})

    kind = models.CharField(_("kind"), max_length=10, choices=ImportKind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    filename = models.CharField(_("file"), max_length=120)
    options = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True, help_text=_("How many rows or things had which outcome."))
    lines = models.JSONField(default=dict, blank=True, help_text=_("By outcome, the first of them in words."))
    errors = models.JSONField(default=list, blank=True, help_text=_("Rows that are not taken: number, cells, and what is wrong in which column."))
    # Accounts that this file made and whose one-time passwords nobody has taken yet.
    newcomers = models.JSONField(default=list, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["requested_by", "-requested_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ImportKind.values) & Q(state__in=["WAITING", "CHECKING", "CHECKED", "QUEUED", "APPLYING", "DONE", "FAILED"]),
                name="import_kind_and_state_known",
            ),
            models.CheckConstraint(condition=Q(state__in=["DONE", "FAILED"]) | ~Q(file=""), name="import_has_file_until_done"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.filename}"

    @property
    def is_sheet(self) -> bool:
        return self.kind in SHEETS

    @property
    def has_changes(self) -> bool:
        return bool(self.counts.get("new") or self.counts.get("changed"))


class AreaChange(models.Model):
    """What a file of boundaries does to one area: its outline before and after, no finer than a page's map shows, and how far it moves."""

    class Outcome(models.TextChoices):
        ADDED = "ADDED", _("added")
        CHANGED = "CHANGED", _("changed")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="changes", verbose_name=_("import"))
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=120)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    shared = models.FloatField(_("share of both outlines that is common to them"), null=True)
    moved_m = models.FloatField(_("metres moved on average"), null=True)
    farthest_m = models.FloatField(_("metres moved at most"), null=True)
    before = models.GeometryField(srid=4326, null=True, spatial_index=False)
    after = models.GeometryField(srid=4326, spatial_index=False)

    class Meta:
        verbose_name = _("change of an area")
        verbose_name_plural = _("changes of areas")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["job", "code"], name="area_change_once")]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def shared_percent(self) -> int | None:
        """Never a hundred for what differs."""
        return None if self.shared is None else int(self.shared * 100)

"""Layers of the map, and long lists, that people take along as files."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.summaries.models.jobs import Job

KEPT = datetime.timedelta(days=7)  # the file; that somebody took it stays on record


# Layers as their files are called.
FILE_NAMES = {
    "visits": "kegiatan",
    "problems": "masalah",
    "incidents": "gangguan",
    "potentials": "potensi",
    "posts": "pos",
    "people": "tokoh",
    "groups": "kelompok",
    "communities": "komunitas",
    "areas": "wilayah",
}
ACTIVITIES = "activities"  # no layer of the map: the list of activities, whole


class ExportFormat(models.TextChoices):
    GEOJSON = "geojson", "GeoJSON"
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"
    SHAPEFILE = "zip", "Shapefile (ZIP)"


class ExportJob(Job):
    """One file of one layer, as narrowed by the days, kinds and part of the map that were asked for, or of the list of activities as its
    address narrows it; as far as its reader sees it.

    The file goes after a week. The row says for good who took what, and when.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting for its turn")
        WRITING = "WRITING", _("being written")
        DONE = "DONE", _("ready")
        FAILED = "FAILED", _("not written")
        GONE = "GONE", _("deleted after a week")

    RUNNING = frozenset({State.WAITING, State.WRITING})

    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    layer = models.CharField(_("layer"), max_length=20)
    form = models.CharField(_("format"), max_length=7, choices=ExportFormat)
    options = models.JSONField(default=dict, blank=True, help_text=_("Days, kinds, part of the map and language that were asked for."))
    file = models.FileField(upload_to="exports/%Y/%m/", blank=True)
    downloads = models.PositiveIntegerField(_("times downloaded"), default=0)
    downloaded_at = models.DateTimeField(_("last downloaded at"), null=True)

    class Meta(Job.Meta):
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [models.Index(fields=["requested_by", "-requested_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "WRITING", "DONE", "FAILED", "GONE"]) & Q(form__in=ExportFormat.values),
                name="export_state_and_format_known",
            ),
            models.CheckConstraint(condition=~Q(state="DONE") | ~Q(file=""), name="export_done_has_file"),
        ]

    def __str__(self):
        return f"{self.layer}.{self.form}"

    @property
    def filename(self) -> str:
        name = "kegiatan" if self.layer == ACTIVITIES else f"peta-{FILE_NAMES[self.layer]}"
        return f"{name}-{timezone.localtime(self.requested_at):%Y%m%d-%H%M}.{self.form}"

    @property
    def has_file(self) -> bool:
        return bool(self.file) and self.file.storage.exists(str(self.file.name))

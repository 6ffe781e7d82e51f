"""Photographs of a report."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import Report
from patrol.models.supplements import Supplement


class Photo(models.Model):
    """One photograph of one report, turned the right way up, without EXIF. Never public: a view with the report's own rights serves it."""

    uuid = models.UUIDField(unique=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    supplement = models.ForeignKey(Supplement, models.CASCADE, null=True, blank=True, related_name="photos")
    sha256 = models.CharField(max_length=64, db_index=True, help_text=_("Of the bytes as the phone sent them."))
    fingerprint = models.BigIntegerField(
        null=True, blank=True, help_text=_("64 bits that hardly change when the picture is cut smaller or darker; none of a plain surface.")
    )
    image = models.ImageField(upload_to="photos/%Y/%m/", width_field="width", height_field="height")
    thumbnail = models.ImageField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True, help_text=_("By the camera's clock, as its EXIF says."))
    location = models.PointField(srid=4326, null=True, help_text=_("By the camera's GPS, as its EXIF says."))
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["pk"]

    def __str__(self):
        return str(self.uuid)

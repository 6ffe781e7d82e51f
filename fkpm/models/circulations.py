"""Each time that a draft was shown to the members for comment, with what it said then."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.minutes import Addendum, Minutes


class Circulation(models.Model):
    """One time that the draft of minutes or of an addendum was put out. Silence is agreement with this text (domain.md 4.5), so it is kept:
    where the text says something else when it is adopted, readers are told."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, null=True, blank=True, related_name="circulations", verbose_name=_("minutes"))
    addendum = models.ForeignKey(Addendum, models.CASCADE, null=True, blank=True, related_name="circulations", verbose_name=_("addendum"))
    version = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)
    content = models.JSONField()
    put_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("put out by"))
    put_out_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("time for comments")
        verbose_name_plural = _("times for comments")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="no_update", operation=pgtrigger.Update)]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=False, addendum__isnull=True) | Q(minutes__isnull=True, addendum__isnull=False),
                name="circulation_of_one_text",
            ),
        ]

    def __str__(self):
        return f"{self.minutes_id or self.addendum_id} v{self.version}"

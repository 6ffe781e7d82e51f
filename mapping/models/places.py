"""Posts of the neighbourhood watch, and communities of interest."""

import pghistory
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.beats import Beat
from mapping.models.registers import RegisterEntry, RegisterQuerySet
from polmas.people.fields import CodeField
from polmas.people.models.absences import KEEPERS
from polmas.people.scope import OFFICERS, SMALL_UNITS


class PlaceQuerySet(RegisterQuerySet):
    def for_check_in(self, user):
        """Posts in use of the own Polsek, whoever holds the village: where an officer may mark a point of a patrol, and know no more of
        them than their names."""
        paths = {posting.unit.polsek_path for posting in user.postings_today if posting.role in OFFICERS}
        near = Q(unit__path__in=paths)
        for path in paths:
            near |= Q(unit__kind__in=SMALL_UNITS, unit__path__startswith=path)
        return self.active().filter(near)

    def active(self):
        return self.filter(closed_on__isnull=True)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Place(RegisterEntry):
    """One place that officers come back to: a post of the siskamling, a PKJR post, a pospol. Its QR code carries the uuid."""

    kind = CodeField(_("kind"), code_list="PLACE_KIND", default="POS_KAMLING")
    name = models.CharField(_("name"), max_length=120)
    head = models.CharField(_("head of the post"), max_length=120, blank=True)
    schedule = models.TextField(_("roster"), max_length=1000, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, help_text=_("Empty while it is in use."))

    objects = PlaceQuerySet.as_manager()  # type: ignore[misc]  # a wider manager than the register's

    class Meta(RegisterEntry.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]

    @property
    def is_active(self) -> bool:
        """Whether phones offer it."""
        return self.closed_on is None

    def is_of_polsek_of(self, unit) -> bool:
        """Whether an officer of that unit may mark a point of a patrol here."""
        return self.unit.polsek_path == unit.polsek_path

    def may_be_kept_by(self, user) -> bool:
        """Kanit Binmas and operator of the unit, and whoever holds the village today."""
        if user.scope.holds(KEEPERS, self.unit):
            return True
        held = Beat.objects.on(self.unit.today()).filter(Q(area=self.area_id) | Q(area__parent=self.area_id), user=user)
        return user.scope.is_officer and held.exists()

    def close(self):
        """Out of use from today: no longer offered on phones, kept for what was reported there."""
        self.closed_on = self.unit.today()
        self.save(update_fields=["closed_on", "updated_at"])

    def reopen(self):
        self.closed_on = None
        self.save(update_fields=["closed_on", "updated_at"])


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Community(RegisterEntry):
    """One community of interest, hobby, trade or faith that meets in a village, whatever the village's borders (seed 001 no 5)."""

    SENT = ("name", "basis", "rw", "rt", "landmark")

    name = models.CharField(_("name"), max_length=120)
    basis = CodeField(_("what joins them"), code_list="COMMUNITY_BASIS")
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    member_count = models.PositiveIntegerField(_("members"), null=True, blank=True)

    class Meta(RegisterEntry.Meta):
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]

"""Posts of the neighbourhood watch, and communities of interest."""

import pghistory
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.areas import Area
from mapping.models.registers import KeptEntry, RegisterEntry, RegisterQuerySet, kept
from polmas.people.fields import CodeField
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

    def close(self):
        """Out of use from today: no longer offered on phones, kept for what was reported there."""
        self.closed_on = self.unit.today()
        self.save(update_fields=["closed_on", "updated_at"])

    def reopen(self):
        self.closed_on = None
        self.save(update_fields=["closed_on", "updated_at"])


class Weekday(models.IntegerChoices):
    """Days as ISO 8601 counts them: the week begins on Monday."""

    SENIN = 1, _("Monday")
    SELASA = 2, _("Tuesday")
    RABU = 3, _("Wednesday")
    KAMIS = 4, _("Thursday")
    JUMAT = 5, _("Friday")
    SABTU = 6, _("Saturday")
    MINGGU = 7, _("Sunday")


class Shift(models.TextChoices):
    """When of the day a post is guarded."""

    MALAM = "MALAM", _("night")
    PAGI = "PAGI", _("morning")
    SIANG = "SIANG", _("afternoon")


class PostShiftQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(post__in=Place.objects.for_user(user))


@kept
class PostShift(models.Model):
    """Who stands guard at a post on one weekday in one shift: a line of the roster that hangs there."""

    post = models.ForeignKey(Place, models.CASCADE, related_name="shifts", verbose_name=_("post"))
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    shift = models.CharField(_("shift"), max_length=5, choices=Shift, default=Shift.MALAM)
    names = models.CharField(_("who stands guard"), max_length=400)

    objects = PostShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a roster")
        verbose_name_plural = _("lines of rosters")
        ordering = ["weekday", "shift"]
        constraints = [
            models.UniqueConstraint(fields=["post", "weekday", "shift"], name="post_shift_once"),
            models.CheckConstraint(condition=Q(weekday__in=Weekday.values) & Q(shift__in=Shift.values), name="post_shift_known"),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()}: {self.names}"


class PoliceFunction(models.TextChoices):
    """Which function of the police looks after a community (domain.md 4.1)."""

    BINMAS = "BINMAS", "Binmas"
    LANTAS = "LANTAS", "Lantas"
    RESKRIM = "RESKRIM", "Reskrim"
    INTELKAM = "INTELKAM", "Intelkam"
    SAMAPTA = "SAMAPTA", "Samapta"


@kept
class Community(KeptEntry):
    """One community of interest, hobby, trade or faith, whatever the borders of villages (seed 001 no 5). It is met in its home village;
    `areas` are others in which its members live."""

    SENT = ("name", "basis", "rw", "rt", "landmark")

    name = models.CharField(_("name"), max_length=120)
    basis = CodeField(_("what joins them"), code_list="COMMUNITY_BASIS")
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    member_count = models.PositiveIntegerField(_("members"), null=True, blank=True)
    function = models.CharField(_("looked after by"), max_length=8, choices=PoliceFunction, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    online_url = models.URLField(_("address on the internet"), max_length=200, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="communities", verbose_name=_("members also live in"))

    class Meta(KeptEntry.Meta):
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]
        constraints = [
            *KeptEntry.Meta.constraints,
            models.CheckConstraint(condition=Q(function="") | Q(function__in=PoliceFunction.values), name="community_function_known"),
        ]

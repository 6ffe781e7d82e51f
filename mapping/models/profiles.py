"""The monografi of a village: what it is like, year by year."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models.areas import Area
from mapping.models.beats import Beat

EARLIEST, LATEST = 1945, 2100


class AreaKind(models.TextChoices):
    """What an area mostly consists of; several may hold at once."""

    PEMUKIMAN = "PEMUKIMAN", _("housing")
    PERKANTORAN = "PERKANTORAN", _("offices")
    INDUSTRI = "INDUSTRI", _("industry")
    KAMPUS = "KAMPUS", _("campus")
    BISNIS = "BISNIS", pgettext_lazy("kind of area", "business")
    PERTOKOAN = "PERTOKOAN", _("shops")


class AreaProfileQuerySet(models.QuerySet):
    def for_user(self, user):
        """Figures and customs of a village are public, like its name: every police user reads them, nobody else."""
        return self if user.scope.is_police else self.none()


def keeps_profile(user, area: Area) -> bool:
    """Whether somebody writes the profile of an area: who keeps the area, and whoever holds it, or what lies round it, today."""
    around = [*area.ancestor_codes, area.code]
    return area.may_be_kept_by(user) or Beat.objects.on(timezone.localdate()).filter(user=user, area__code__in=around).exists()


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class AreaProfile(models.Model):
    """What one area was like in one year. It counts people and tells customs; of religion and descent it holds nothing."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="profiles", verbose_name=_("area"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)])
    people = models.PositiveIntegerField(_("residents"), null=True, blank=True, validators=[MaxValueValidator(300_000_000)])
    households = models.PositiveIntegerField(_("households"), null=True, blank=True, validators=[MaxValueValidator(100_000_000)])
    male = models.PositiveIntegerField(_("men and boys"), null=True, blank=True, validators=[MaxValueValidator(300_000_000)])
    female = models.PositiveIntegerField(_("women and girls"), null=True, blank=True, validators=[MaxValueValidator(300_000_000)])
    kinds = ArrayField(models.CharField(max_length=12, choices=AreaKind), verbose_name=_("kind of area"), default=list, blank=True)
    geography = models.TextField(_("geography"), max_length=4000, blank=True)
    livelihood = models.TextField(_("livelihood"), max_length=4000, blank=True)
    culture = models.TextField(_("culture"), max_length=4000, blank=True)
    local_wisdom = models.TextField(_("kearifan lokal"), max_length=4000, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("written by"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = AreaProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile of an area")
        verbose_name_plural = _("profiles of areas")
        ordering = ["area__code", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year"],
                name="profile_once_a_year",
                violation_error_message=_("There is a profile of this year already: edit that one."),
            ),
            models.CheckConstraint(condition=Q(year__gte=EARLIEST, year__lte=LATEST), name="profile_year_sensible"),
            models.CheckConstraint(condition=Q(kinds__contained_by=AreaKind.values), name="profile_kinds_known"),
            models.CheckConstraint(
                condition=Q(people=None) | Q(male=None) | Q(female=None) | Q(people=F("male") + F("female")),
                name="profile_people_add_up",
                violation_error_message=_("Men and women together are not the number of residents."),
            ),
        ]

    @property
    def sexes(self) -> int | None:
        """Men and women together, where both were counted."""
        return None if self.male is None or self.female is None else self.male + self.female

    def __str__(self):
        return f"{self.area} {self.year}"

    @property
    def kind_labels(self) -> list[str]:
        return [str(AreaKind(kind).label) for kind in self.kinds]

    def may_be_kept_by(self, user) -> bool:
        return keeps_profile(user, self.area)

    @transaction.atomic
    def keep(self, by) -> None:
        """Saves what somebody wrote; the area then shows the figures of its newest year."""
        self.updated_by = by
        self.save()
        self.tell_area()

    @transaction.atomic
    def drop(self) -> None:
        self.delete()
        self.tell_area()

    def tell_area(self) -> None:
        counted = AreaProfile.objects.filter(area=self.area_id).exclude(people=None, households=None)
        newest = counted.order_by("-year").first()
        figures = (newest.people, newest.households, newest.year) if newest else (None, None, None)
        Area.objects.filter(pk=self.area_id).update(population=figures[0], households=figures[1], figures_year=figures[2])


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CalendarEntry(models.Model):
    """What happens in an area on certain days of its year: merti desa, the market, a haul. From its profile, for who plans a presence."""

    profile = models.ForeignKey(AreaProfile, models.CASCADE, related_name="calendar", verbose_name=_("profile of an area"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    name = models.CharField(_("activity"), max_length=160)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("entry of a calendar")
        verbose_name_plural = _("entries of calendars")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="calendar_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return self.name

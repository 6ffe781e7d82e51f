"""What a forum means to do in a year, and how far it came (ProgramKerjaFKPM, domain.md 4.5)."""

import uuid

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fkpm.models.actions import ActionItem
from fkpm.models.forums import Forum
from fkpm.models.meetings import Meeting

FIRST_YEAR, LAST_YEAR = 2005, 2099  # FKPM exist since SKEP/737/X/2005


class ProgrammeItemQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))

    def in_force(self):
        """Those that were not given up."""
        return self.exclude(state=ProgrammeItem.State.BATAL)

    def progress(self) -> dict:
        """How many, how many done, and what they cost, of those not given up; percent is the mean of what each has reached."""
        told = self.in_force().aggregate(
            n=models.Count("pk"),
            done=models.Count("pk", filter=Q(state=ProgrammeItem.State.SELESAI)),
            budget=Sum("budget"),
            percent=models.Avg("percent"),
        )
        return {**told, "percent": None if told["percent"] is None else round(told["percent"])}

    def copy_into(self, year: int) -> int:
        """The same activities for another year, as planned anew; what stands there already stays as it is. Returns how many are new."""
        before = ProgrammeItem.objects.filter(year=year).count()
        fresh = [
            ProgrammeItem(
                **{name: getattr(item, name) for name in ("activity", "target", "starts_month", "ends_month", "budget", "source")},
                forum_id=item.forum_id,
                year=year,
            )
            for item in self.in_force().order_by("pk")
        ]
        ProgrammeItem.objects.bulk_create(fresh, ignore_conflicts=True)
        return ProgrammeItem.objects.filter(year=year).count() - before


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ProgrammeItem(models.Model):
    """One activity of a forum's programme of a year: what for, when, from which money, and how far it is."""

    class State(models.TextChoices):
        RENCANA = "RENCANA", pgettext_lazy("programme", "planned")
        BERJALAN = "BERJALAN", pgettext_lazy("programme", "under way")
        SELESAI = "SELESAI", pgettext_lazy("programme", "done")
        BATAL = "BATAL", pgettext_lazy("programme", "given up")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="programme", verbose_name="FKPM")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)])
    activity = models.CharField(_("activity"), max_length=200)
    target = models.CharField(_("what it is to bring, and for whom"), max_length=200, blank=True)
    starts_month = models.PositiveSmallIntegerField(_("from month"), choices=list(MONTHS.items()), null=True, blank=True)
    ends_month = models.PositiveSmallIntegerField(_("to month"), choices=list(MONTHS.items()), null=True, blank=True)
    budget = models.DecimalField(_("budget in rupiah"), max_digits=12, decimal_places=0, null=True, blank=True, validators=[MinValueValidator(0)])
    source = models.CharField(_("source of the money"), max_length=120, blank=True)
    state = models.CharField(pgettext_lazy("programme", "state"), max_length=8, choices=State, default=State.RENCANA)
    percent = models.PositiveSmallIntegerField(_("reached, in percent"), default=0, validators=[MaxValueValidator(100)])
    note = models.TextField(_("what came of it"), max_length=1000, blank=True)
    meetings = models.ManyToManyField(Meeting, related_name="+", blank=True, verbose_name=_("meetings"))
    actions = models.ManyToManyField(ActionItem, related_name="+", blank=True, verbose_name=_("action items"))

    objects = ProgrammeItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity of the programme")
        verbose_name_plural = _("work programme")
        ordering = [F("starts_month").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "year", "activity"],
                name="programme_activity_once",
                violation_error_message=_("The programme of this year already has an activity of that name."),
            ),
            models.CheckConstraint(condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="programme_year_real"),
            models.CheckConstraint(
                condition=(Q(starts_month__isnull=True) | Q(starts_month__range=(1, 12)))
                & (Q(ends_month__isnull=True) | Q(starts_month__isnull=False, ends_month__gte=F("starts_month"), ends_month__lte=12)),
                name="programme_months_in_order",
                violation_error_message=_("The last month lies before the first, or the first is missing."),
            ),
            models.CheckConstraint(condition=Q(budget__isnull=True) | Q(budget__gte=0), name="programme_budget_positive"),
            models.CheckConstraint(
                condition=Q(state="SELESAI", percent=100)
                | Q(state="RENCANA", percent=0)
                | Q(state="BERJALAN", percent__lt=100)
                | Q(state="BATAL", percent__lte=100),
                name="programme_percent_fits_state",
                violation_error_message=_("Planned is 0 percent, done is 100 percent, under way lies between them."),
            ),
        ]

    def __str__(self):
        return self.activity

    @property
    def months(self) -> str:
        """When in the year: Maret, or Maret–Mei."""
        if self.starts_month is None:
            return ""
        first = str(MONTHS[self.starts_month])
        last = str(MONTHS[self.ends_month or self.starts_month])
        return first if first == last else f"{first}–{last}"

    def is_late_on(self, day) -> bool:
        """Whether its last month is over and it is not done."""
        over = (self.year, self.ends_month or self.starts_month or 12) < (day.year, day.month)
        return over and self.state in (self.State.RENCANA, self.State.BERJALAN)

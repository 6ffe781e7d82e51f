"""Giat tematik: campaigns that an operator defines, and the reports that officers attach to them."""

import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal

import pghistory
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Max, Min, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patrol.models.reports import COUNTED, Report
from polmas.people.models import Unit
from polmas.people.scope import OFFICERS, OPERATORS, READ_WHOLE, in_subtrees

KEEPERS = OPERATORS
ASKED = ["name", "tag", "starts_on", "ends_on", "target"]  # what may be changed
MOST_FIELDS = 3
MOST_NUMBER = 999_999_999
MOST_TARGET = 1_000_000
LONGEST = datetime.timedelta(days=366)
LATE = datetime.timedelta(days=21)  # how long after its last day a form still offers it for reports of its days

BELONGS = _("Reports belong to it: end it instead.")

# A number keeps the meaning under which it was written down, also one that a correction took away: the history tells of it.
FIELD_IN_USE = """
IF EXISTS (SELECT 1 FROM patrol_campaignentry WHERE campaign_id = OLD.campaign_id AND numbers[OLD.position] IS NOT NULL)
OR EXISTS (SELECT 1 FROM patrol_campaignentryevent WHERE campaign_id = OLD.campaign_id AND numbers[OLD.position] IS NOT NULL) THEN
    RAISE EXCEPTION 'reports hold numbers of this field already';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def paths_above(paths: Iterable[str]) -> set[str]:
    """The paths of these units and of all above them."""
    return {path[:end] for path in paths for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}


def today_of(user) -> datetime.date:
    return user.post.unit.today() if user.post else timezone.localdate()


class CampaignState(models.TextChoices):
    """Where a campaign stands on a day."""

    RUNNING = "running", pgettext_lazy("of a campaign", "running")
    COMING = "coming", pgettext_lazy("of a campaign", "to come")
    ENDED = "ended", pgettext_lazy("of a campaign", "ended")


class CampaignQuerySet(models.QuerySet):
    def for_user(self, user):
        """Whoever reads a unit whole sees those of it, of units below, and of units above that hold for it too. An officer sees those
        of the own unit and those above that run or ended lately, and those to which own reports belong."""
        scope = user.scope
        whole = scope.paths_as(READ_WHOLE)
        seen = in_subtrees("unit__path", whole) | Q(unit__path__in=paths_above(whole))
        if scope.is_officer:
            own = CampaignEntry.objects.filter(report__officer=user).values("campaign")
            seen |= Q(unit__path__in=paths_above(scope.paths_as(OFFICERS))) & offered_on(today_of(user)) | Q(pk__in=own)
        return self.filter(seen)

    def kept_by(self, user):
        """Those that the user may change: of the units where they are operator, and below."""
        return self.filter(in_subtrees("unit__path", user.scope.paths_as(KEEPERS)))

    def in_state(self, state: str, day: datetime.date):
        return self.filter(STATES[CampaignState(state)](day))


def running_on(day: datetime.date) -> Q:
    return Q(starts_on__lte=day, ends_on__gte=day, ended_at=None)


def offered_on(day: datetime.date) -> Q:
    """What a report written on this day may belong to: yesterday's from paper also to what ended yesterday."""
    return Q(starts_on__lte=day, ends_on__gte=day - LATE)


STATES = {
    CampaignState.RUNNING: running_on,
    CampaignState.COMING: lambda day: Q(starts_on__gt=day, ended_at=None),
    CampaignState.ENDED: lambda day: Q(ends_on__lt=day) | Q(ended_at__isnull=False),
}


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Campaign(models.Model):
    """One giat tematik: what the officers of a unit and of all below it are to do within a time, beside or as part of their daily work.

    Any report may be attached to it. The target is a number of activities for the unit as a whole; up to three numbers are asked for
    with each (25 trees planted). Ended before its last day, it stays open for reports of the days until then that phones still hold.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=120)
    tag = models.CharField(_("tag"), max_length=24, help_text=_("A word or two: what officers tap in the form."))
    target = models.PositiveIntegerField(
        _("target"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TARGET)],
        help_text=_("Activities of all together."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("set by"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, blank=True, related_name="+")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "giat tematik"
        verbose_name_plural = "giat tematik"
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["unit", "-starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__lte=Cast(F("starts_on") + LONGEST, models.DateField())),
                name="campaign_lasts_a_year",
                violation_error_message=_("A giat tematik lasts a year at most."),
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"\S") & Q(tag__regex=r"\S"), name="campaign_has_name", violation_error_message=_("Write a name and a tag.")
            ),
            models.CheckConstraint(condition=Q(target=None) | Q(target__range=(1, MOST_TARGET)), name="campaign_target_believable"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), name="campaign_ended_by"
            ),
            models.UniqueConstraint(
                fields=["unit", "name", "starts_on"],
                name="campaign_once",
                violation_error_message=_("This unit has a giat tematik of this name that begins on this day already."),
            ),
        ]

    # Set by the list for its page: what the reader may count, and whether that is all.
    count: int
    is_whole: bool

    def __str__(self):
        return self.name

    @property
    def state(self) -> CampaignState:
        today = self.unit.today()
        if self.ended_at or self.ends_on < today:
            return CampaignState.ENDED
        return CampaignState.COMING if self.starts_on > today else CampaignState.RUNNING

    @property
    def is_stopped(self) -> bool:
        """Ended by hand, for good."""
        return self.ended_at is not None

    def is_kept_by(self, user) -> bool:
        return user.scope.holds(KEEPERS, self.unit)

    def takes(self, unit: Unit, day: datetime.date) -> bool:
        """Whether a report of this unit and day may be attached, also long after."""
        return unit.path.startswith(self.unit.path) and self.starts_on <= day <= self.ends_on

    def days_named(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day of the reports attached."""
        days = self.entries.aggregate(first=Min("report__day"), last=Max("report__day"))
        return days["first"], days["last"]

    def positions_in_use(self) -> set[int]:
        """Positions of the fields of which reports hold numbers, or held some until a correction: these stay as they are."""
        counts = {str(n): models.Count(f"numbers__{n - 1}") for n in positions()}
        held = [entries.aggregate(**counts) for entries in (self.entries, self.past_entries)]
        return {n for n in positions() if any(found[str(n)] for found in held)}

    @property
    def past_entries(self):
        """What reports said of it before they were corrected."""
        return apps.get_model("patrol", "CampaignEntryEvent").objects.filter(campaign=self.pk)

    def store(self, wanted: dict[int, tuple[str, str]]) -> None:
        """Saves it with its fields, each (label, measure) by position. A field that changes becomes another one, so that a number from a phone
        which knows the old one never counts for the new."""
        with transaction.atomic():
            self._save_words_and_days()
            stored = {field.position: field for field in self.fields.all()}
            said = {position: (field.label, field.measure) for position, field in stored.items()}
            changed = [position for position in positions() if said.get(position) != wanted.get(position)]
            if self.positions_in_use() & set(changed):
                raise ValidationError(_("Reports hold numbers of this field already: it stays as it is."))
            self.fields.filter(position__in=changed).delete()
            new = [CampaignField(campaign=self, position=n, label=wanted[n][0], measure=wanted[n][1]) for n in changed if n in wanted]
            CampaignField.objects.bulk_create(new)

    def _save_words_and_days(self) -> None:
        """What somebody else did meanwhile stays: who ended it ended it for good."""
        if self.pk:
            stored = Campaign.objects.select_for_update().filter(pk=self.pk).first()
            if stored is None or stored.is_stopped:
                raise ValidationError(_("It has been ended already."))
        self.save(update_fields=ASKED if self.pk else None)

    def end(self, by) -> None:
        """From now on nobody is asked any more; today is its last day."""
        today = self.unit.today()
        if self.starts_on > today:
            raise ValidationError(_("It has not begun yet: delete it, or give it other days."))
        last = min(self.ends_on, today)
        if not Campaign.objects.filter(pk=self.pk, ended_at=None).update(ends_on=last, ended_at=timezone.now(), ended_by=by):
            raise ValidationError(_("It has been ended already."))

    def remove(self) -> None:
        """Deletes what no report was ever attached to; the history keeps it."""
        try:
            with transaction.atomic():
                for row in Campaign.objects.select_for_update().filter(pk=self.pk):
                    if row.entries.exists() or row.past_entries.exists():
                        raise ValidationError(BELONGS)
                    row.delete()
        except (models.ProtectedError, IntegrityError) as error:  # a report came at this very moment
            raise ValidationError(BELONGS) from error


def positions() -> range:
    return range(1, MOST_FIELDS + 1)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CampaignField(models.Model):
    """One number that a campaign asks for: what is counted (trees planted) and in what (pohon). Phones name it by its uuid."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False, related_name="fields")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("what is counted"), max_length=60)
    measure = models.CharField(pgettext_lazy("of a number", "in"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("number of a giat tematik")
        verbose_name_plural = _("numbers of a giat tematik")
        ordering = ["campaign", "position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="campaign_field_once"),
            models.CheckConstraint(condition=Q(position__range=(1, MOST_FIELDS)), name="campaign_field_three_at_most"),
            models.CheckConstraint(condition=Q(label__regex=r"\S"), name="campaign_field_named"),
        ]
        triggers = [
            pgtrigger.Trigger(name="keeps_its_meaning", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Delete, func=FIELD_IN_USE)
        ]

    def __str__(self):
        return self.label

    def say(self, number: Decimal) -> str:
        """25 pohon; without a measure the number alone."""
        return f"{plain(number)} {self.measure}".strip()


def plain(number: Decimal) -> str:
    """12,5 and 1.250: as the reader's language writes it, without zeros at the end."""
    places = 0 if number == number.to_integral_value() else 1 if number * 10 == (number * 10).to_integral_value() else 2
    return number_format(number, places, use_l10n=True, force_grouping=True)


class CampaignEntryQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the reports of units that the user reads whole; of an officer the own ones."""
        seen = in_subtrees("report__unit__path", user.scope.whole_paths)
        if user.scope.is_officer:
            seen |= Q(report__officer=user)
        return self.filter(seen)

    def counted(self):
        """Of reports neither returned nor withdrawn."""
        return self.filter(report__state__in=COUNTED)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CampaignEntry(models.Model):
    """That a report belongs to a campaign, with the numbers it brings, by the positions of the campaign's fields. A correction that says
    otherwise takes it away and brings another."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="campaign_entry", primary_key=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="entries", verbose_name="giat tematik")
    numbers = ArrayField(models.DecimalField(max_digits=11, decimal_places=2, null=True), size=MOST_FIELDS, verbose_name=_("numbers"))
    since_version = models.PositiveIntegerField(default=1, help_text=_("The version of the report that brought it."))

    objects = CampaignEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "giat tematik"
        verbose_name_plural = "giat tematik"
        constraints = [
            models.CheckConstraint(condition=Q(numbers__len=MOST_FIELDS), name="campaign_entry_a_number_per_field"),
            models.CheckConstraint(
                condition=Func(F("numbers"), template="0 <= ALL(%(expressions)s)", output_field=models.BooleanField())
                & Func(F("numbers"), template=f"{MOST_NUMBER} >= ALL(%(expressions)s)", output_field=models.BooleanField()),
                name="campaign_entry_believable",
            ),
        ]

    def __str__(self):
        return f"{self.campaign_id} {self.report_id}"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What is counted, and how many, of each number that was given."""
        found = [(field, self.numbers[field.position - 1]) for field in self.campaign.fields.all()]
        return [(field.label, field.say(number)) for field, number in found if number is not None]

"""The tree of police units and what each unit decides for itself."""

import datetime
import re
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from polmas.people.scope import SMALL_UNITS, in_subtrees


class UnitKind(models.TextChoices):
    """Kinds of unit, domain.md 3.2."""

    MABES = "MABES", "Mabes Polri"
    POLDA = "POLDA", "Polda"
    POLRES = "POLRES", "Polres"
    POLRESTA = "POLRESTA", "Polresta"
    POLRESTABES = "POLRESTABES", "Polrestabes"
    POLRESMETRO = "POLRESMETRO", "Polres Metro"
    POLSEK = "POLSEK", "Polsek"
    SUBSEKTOR = "SUBSEKTOR", "Polsubsektor"
    POSPOL = "POSPOL", "Pos Polisi"


LETTERHEAD_LINES = 3
MOST_SHIFTS, LONGEST_SHIFT = 6, 30
# What a number pattern may hold between braces; short and long forms mean the same.
NUMBER_WORDS = frozenset({"klas", "jenis", "n", "bulan", "bln", "tahun", "thn", "satuan", "kka", "x"})
# What a unit's pattern of the text for WhatsApp may hold between braces.
TEXT_WORDS = ("kepada", "dari", "petugas", "jenis", "hari", "jam", "tempat", "uraian", "hasil", "tindak_lanjut", "situasi")
LONGEST_NUMBER = 80
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
POLRES_KINDS = (UnitKind.POLRES, UnitKind.POLRESTA, UnitKind.POLRESTABES, UnitKind.POLRESMETRO)


class Zone(models.TextChoices):
    """The three time zones of Indonesia; the value is the IANA name, the label what people say."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"

    @classmethod
    def clocks(cls, moment: datetime.datetime) -> str:
        """What all three clocks say, for somebody of whom nobody knows where they are: 13.14 WIB / 14.14 WITA / 15.14 WIT."""
        return " / ".join(f"{moment.astimezone(ZoneInfo(zone.value)):%H.%M} {zone.label}" for zone in cls)


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class UnitQuerySet(MP_NodeQuerySet):
    def for_user(self, user):
        """Units that the user may know: the own ones, all below them, and those above as a way up."""
        scope = user.scope
        if scope.is_admin:
            return self
        paths = scope.paths
        above = {path[:end] for path in paths for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}
        return self.filter(in_subtrees("path", paths) | models.Q(path__in=above))

    def below(self, unit):
        """The unit and everything under it."""
        return self.filter(path__startswith=unit.path)

    def polsek(self):
        return self.filter(kind=UnitKind.POLSEK)

    def polres(self):
        return self.filter(kind__in=POLRES_KINDS)

    def next_below(self, paths: Collection[str]):
        """The units that stand directly below one of these."""
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(path__startswith=path, depth=len(path) // Unit.steplen + 1)
        return self.filter(condition)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]  # treebeard has no types
    """The tree in its order, with our questions."""

    def get_queryset(self):
        return UnitQuerySet(self.model, using=self._db).order_by("path")


PLACED = """
INSERT INTO people_treechange (unit_id, before, after) VALUES (NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.path ELSE '' END, NEW.path);
RETURN NULL;
"""


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["numchild"])
class Unit(MP_Node):
    """One police unit, from Mabes down to a Pospol. Its code is what lists and commands name it by (POLSEK-BANYUMANIK)."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    time_zone = models.CharField(_("time zone"), max_length=20, choices=Zone, default=Zone.WIB)
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    city = models.CharField(_("place of signing"), max_length=60, blank=True, help_text=_("Stands before the date of a letter."))
    letterhead = models.TextField(_("letterhead"), blank=True, help_text=_("At most three lines, as printed at the head of a letter."))
    head_title = models.CharField(_("title of the head"), max_length=60, blank=True, help_text=_("As under a signature, e.g. KAPOLSEK BANYUMANIK."))
    short_name = models.CharField(_("short name in numbers"), max_length=40, blank=True, help_text=_("As in the number of a letter, e.g. Sek Bmk."))
    number_pattern = models.CharField(_("number pattern"), max_length=80, default="{klas}/{jenis}/{n}/{bulan}/{tahun}/{satuan}")
    information_pattern = models.CharField(_("number pattern of LI"), max_length=80, default="{klas}/{jenis}-{n}/{bulan}/{tahun}/{satuan}")
    agreement_pattern = models.CharField(
        _("number pattern of agreements"),
        max_length=80,
        default="KB/{n}/{bln}/{thn}/FKPM-{x}",
        help_text=_("{x}: the name of the forum or unit."),
    )
    report_text = models.TextField(
        _("text for WhatsApp"), max_length=2000, blank=True, help_text=_("With words between braces, such as {hasil}. Empty: the usual text.")
    )
    archive_code = models.CharField(_("archive code"), max_length=20, blank=True)
    accept_after_days = models.PositiveSmallIntegerField(_("days until a report is accepted by itself"), default=3)
    late_after_hours = models.PositiveSmallIntegerField(_("hours until a report counts as late"), default=24)
    sample_percent = models.PositiveSmallIntegerField(
        _("percent of reports drawn for review at random"), default=5, validators=[MaxValueValidator(100)]
    )
    month_due_day = models.PositiveSmallIntegerField(
        _("day of the month on which the monthly summary is due"), default=2, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    day_due_at = models.TimeField(_("hour at which the daily summary is due"), default=datetime.time(8))
    week_due_day = models.PositiveSmallIntegerField(_("day on which the weekly summary is due"), choices=Weekday, default=Weekday.MONDAY)
    week_due_at = models.TimeField(_("hour at which the weekly summary is due"), default=datetime.time(10))
    releases_daily = models.BooleanField(
        _("the daily summary goes by itself"), default=True, help_text=_("At its due time, if nobody approved it before. The paper says so.")
    )
    sends_at_once = models.BooleanField(
        _("send summaries once they are approved"), default=False, help_text=_("Otherwise somebody sends them to the unit above by hand.")
    )
    piket_shifts = models.TextField(
        _("shifts of piket"), default="Pagi\nSiang\nMalam", max_length=200, help_text=_("One a line, such as Pagi 07.00–15.00; six at most.")
    )
    visit_every_days = models.PositiveSmallIntegerField(
        _("days until the next visit is due"), default=180, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    hides_ranking = models.BooleanField(
        _("officers are not ranked"),
        default=False,
        help_text=_("Superiors read each officer's score, in the order of the names and without places."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    node_order_by = ["name"]
    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        triggers = [
            pgtrigger.Trigger(name="placed", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.UpdateOf("path"), func=PLACED),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.CheckConstraint(condition=models.Q(time_zone__in=Zone.values), name="unit_zone_known"),
            models.CheckConstraint(condition=models.Q(week_due_day__in=Weekday.values), name="unit_week_due_day_known"),
            models.CheckConstraint(
                condition=models.Q(sample_percent__lte=100), name="unit_sample_percent", violation_error_message=_("A percentage is 100 at most.")
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        errors: dict[str, Any] = {}
        if len(self.letterhead.splitlines()) > LETTERHEAD_LINES:
            errors["letterhead"] = _("A letterhead has three lines at most.")
        for name in ("number_pattern", "information_pattern", "agreement_pattern"):
            pattern = getattr(self, name)
            if unknown := set(re.findall(r"\{([^}]*)\}", pattern)) - NUMBER_WORDS:
                errors[name] = _("Unknown in a number: %(words)s") % {"words": ", ".join(sorted(unknown))}
            elif "{n}" not in pattern:
                errors[name] = _("The running number {n} is missing.")
        if unknown := set(re.findall(r"\{([^}]*)\}", self.report_text)) - set(TEXT_WORDS):
            errors["report_text"] = _("Unknown in a text: %(words)s") % {"words": ", ".join(sorted(unknown))}
        if not 0 < len(self.shift_names) <= MOST_SHIFTS or any(len(name) > LONGEST_SHIFT for name in self.shift_names):
            errors["piket_shifts"] = _("One to six shifts, each of at most 30 characters.")
        if errors:
            raise ValidationError(errors)

    @property
    def shift_names(self) -> list[str]:
        """The shifts of a day in their order, each once."""
        return list(dict.fromkeys(name for line in self.piket_shifts.splitlines() if (name := " ".join(line.split()))))

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    @property
    def zone_label(self):
        return Zone(self.time_zone).label

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The calendar day of a moment where this unit stands."""
        return moment.astimezone(self.zone).date()

    def today(self) -> datetime.date:
        return self.day_of(timezone.now())

    @property
    def is_polres(self):
        return self.kind in POLRES_KINDS

    @property
    def polsek_path(self) -> str:
        """The path of the Polsek to which a pospol or subsektor belongs; of every other unit its own."""
        return self.path[: -self.steplen] if self.kind in SMALL_UNITS else self.path

    @property
    def letterhead_lines(self):
        return self.letterhead.splitlines()[:LETTERHEAD_LINES]

    @property
    def paper_head(self) -> list[str]:
        """The letterhead, or else the name alone."""
        return self.letterhead_lines or [self.name.upper()]

    def number_of(self, pattern: str, grade: str, name: str, n: int, day: datetime.date) -> str:
        """The number of a letter: classification letter, kind of letter, running number and day put into one of the unit's patterns."""
        words = {
            "klas": grade,
            "jenis": name,
            "n": str(n),
            "bulan": ROMAN[day.month - 1],
            "bln": ROMAN[day.month - 1],
            "tahun": str(day.year),
            "thn": str(day.year),
            "satuan": self.short_name or self.name,
            "kka": self.archive_code,
        }
        return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), pattern)[:LONGEST_NUMBER]


class TreeChange(models.Model):
    """A unit that came into the tree or has another place in it, by whatever way: written by the database itself, taken away by who has
    brought up to date what is kept for whole branches. `before` is empty for a new unit."""

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    before = models.CharField(max_length=255)
    after = models.CharField(max_length=255)

    def __str__(self):
        return f"{self.before} {self.after}"


def common_path(paths: Collection[str]) -> str:
    """The path of the unit under which all of these lie, or that they all are."""
    lowest, highest = min(paths), max(paths)
    ends = [end for end in range(Unit.steplen, len(lowest) + 1, Unit.steplen) if highest.startswith(lowest[:end])]
    return lowest[: ends[-1]] if ends else ""

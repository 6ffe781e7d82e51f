"""Why a report is flagged, said in a sentence with its metres and minutes."""

import dataclasses
import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patrol.checks import RAPID_REPORTS, similar_photos, similar_texts
from patrol.findings import OUTSIDE_REASONS
from patrol.models import Photo, Report
from patrol.models.reports import Flag
from polmas.people.models import Code
from polmas.people.templatetags.polmas import decimal

ICONS = {
    Flag.LATE: "clock-exclamation",
    Flag.OUTSIDE_AREA: "map-pin-exclamation",
    Flag.NO_POSITION: "map-pin-off",
    Flag.POOR_ACCURACY: "current-location",
    Flag.CLOCK_OFF: "device-mobile",
    Flag.SAME_TEXT: "copy",
    Flag.OTHER_VILLAGE: "map-pins",
    Flag.AWAY_FROM_POST: "map-pin-exclamation",
    Flag.CAMPAIGN: "flag",
    Flag.SAME_PHOTO: "photo",
    Flag.RAPID: "history",
    Flag.ALWAYS: "eye",
    Flag.SAMPLE: "dice",
}
PAIRS_SHOWN = 3


@dataclasses.dataclass(frozen=True)
class Reason:
    """One flag as a reviewer reads it; `same` is the other report of a repeated text, `pairs` are photos beside the earlier ones."""

    icon: str
    label: str
    text: str
    same: Report | None = None
    pairs: tuple[tuple[Photo, Photo], ...] = ()


def reasons_for(report: Report, user) -> list[Reason]:
    """The reasons as this reviewer may know them."""
    return [reason_for(report, Flag(flag), user) for flag in report.flags]


def reason_for(report, flag, user) -> Reason:
    icon, label = ICONS[flag], str(flag.label)
    if flag == Flag.SAME_TEXT:
        other, alike = same_text(report, user)
        return Reason(icon, label, of_same_text(alike if other else None), other)
    if flag == Flag.SAME_PHOTO:
        pairs = same_photos(report, user)
        return Reason(icon, label, of_same_photos(pairs), pairs=pairs)
    return Reason(icon, label, TEXTS[flag](report))


def late(report):
    words = {"hours": report.unit.late_after_hours}
    if report.saved_at:
        delay = span(report.saved_at - report.occurred_at)
        return _("It was saved on the phone %(delay)s after the activity; the unit allows %(hours)s hours.") % {"delay": delay, **words}
    delay = span(report.received_at - report.occurred_at)
    return _("It came %(delay)s after the activity; the unit allows %(hours)s hours.") % {"delay": delay, **words}


def outside(report):
    """Where it was, and what the officer said about it when filing."""
    code = Code.objects.of(OUTSIDE_REASONS).filter(code=report.outside_reason).first() if report.outside_reason else None
    said = _("The officer's reason: %(reason)s.") % {"reason": code.label if code else report.outside_reason} if report.outside_reason else ""
    return f"{_distance(report)} {said}".strip()


def _distance(report):
    if report.distance_m:
        return _("The position lies %(distance)s from the nearest area that the officer held on that day.") % {"distance": metres(report.distance_m)}
    return _("The officer did not hold %(village)s on that day.") % {"village": report.area.title}


def without_position(report):
    return _("The phone had no position; the officer chose the village.")


def inaccurate(report):
    return _("The position is only sure within %(radius)s.") % {"radius": metres(report.accuracy_m)}


def clock_off(report):
    off = span(datetime.timedelta(seconds=abs(report.clock_skew_s)))
    if report.clock_skew_s > 0:
        return _("The phone's clock was %(off)s ahead; the times are corrected.") % {"off": off}
    return _("The phone's clock was %(off)s behind; the times are corrected.") % {"off": off}


def rapid(report):
    return _("It is one of %(n)s or more reports that the officer made within one minute.") % {"n": RAPID_REPORTS}


def always(report):
    return _("Reports of this kind are always looked at.")


def sampled(report):
    return _("Drawn at random: %(percent)s of 100 reports are looked at, whatever they say.") % {"percent": report.unit.sample_percent}


def of_same_text(alike: float | None) -> str:
    if alike is None:
        return _("An earlier report of this officer says nearly the same.")
    if alike >= 1:
        return _("An earlier report of this officer says the very same:")
    return _("%(percent)s alike to an earlier report of this officer:") % {"percent": f"{int(alike * 100)} %"}


def of_same_photos(pairs) -> str:
    if pairs and all(mine.sha256 == earlier.sha256 for mine, earlier in pairs):
        return _("The very same picture came with an earlier report.")
    return _("Nearly the same picture came with an earlier report. Left this report, right the earlier one.")


def of_other_village(report):
    """Both villages by name: either the position or the choice of the household was a slip, or the visit was met elsewhere."""
    places = {"home": report.visit.household.area.title, "village": report.area.title}
    return _("The household belongs to %(home)s, the report counts for %(village)s.") % places


def away_from_post(report):
    """The farthest of the posts that the report names."""
    named = [*report.checkpoints.all()] + ([report.watch] if hasattr(report, "watch") else [])
    farthest = max(named, key=lambda one: one.post_distance_m or 0)
    told = {"distance": metres(farthest.post_distance_m or 0), "post": farthest.post or ""}
    return _("The position lies %(distance)s from the post %(post)s.") % told


def without_campaign(report):
    """The report holds what counted; what the phone had named beside it did not run on that day, or asks for other numbers by now."""
    return _("The phone named a giat tematik or a number of it that did not hold for this unit on that day. It is not counted; the report is.")


TEXTS = {
    Flag.LATE: late,
    Flag.OUTSIDE_AREA: outside,
    Flag.NO_POSITION: without_position,
    Flag.POOR_ACCURACY: inaccurate,
    Flag.CLOCK_OFF: clock_off,
    Flag.OTHER_VILLAGE: of_other_village,
    Flag.AWAY_FROM_POST: away_from_post,
    Flag.CAMPAIGN: without_campaign,
    Flag.RAPID: rapid,
    Flag.ALWAYS: always,
    Flag.SAMPLE: sampled,
}


def same_text(report, user) -> tuple[Report | None, float]:
    """The other report of the officer that is most alike, of those that the user sees, and how much: 1 for the very same text."""
    alike = {other: likeness for _report, other, likeness in similar_texts([report.pk])}
    seen = Report.objects.for_user(user).filter(pk__in=alike)
    other = max(seen, key=lambda one: (alike[one.pk], one.occurred_at), default=None)
    return other, alike[other.pk] if other else 0


def same_photos(report, user) -> tuple[tuple[Photo, Photo], ...]:
    """Photos of the report, each beside the first earlier one that is alike and that the user sees."""
    found = similar_photos([report.pk])
    photos = {photo.pk: photo for photo in Photo.objects.filter(pk__in={pk for row in found for pk in row[1:3]}).select_related("report")}
    seen = set(Report.objects.for_user(user).filter(pk__in={photo.report_id for photo in photos.values()}).values_list("pk", flat=True))
    earlier: dict[int, int] = {}
    for _report, mine, other, _is_same in sorted(found, key=lambda row: (not row[3], row[2])):
        if photos[other].report_id in seen:
            earlier.setdefault(mine, other)
    return tuple((photos[mine], photos[other]) for mine, other in sorted(earlier.items()))[:PAIRS_SHOWN]


def metres(distance: float) -> str:
    """1,2 km from a kilometre on, 350 m below."""
    return f"{decimal(distance / 1000, 1)} km" if distance >= 1000 else f"{decimal(distance, 0)} m"


def span(time: datetime.timedelta) -> str:
    """A span in its largest unit, or its two largest where a day is passed: 42 minutes, 5 hours, 2 days 3 hours."""
    minutes = int(time.total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{_days(days)} {_hours(hours)}" if hours else _days(days)
    return _hours(hours) if hours else ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _days(n):
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def _hours(n):
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}

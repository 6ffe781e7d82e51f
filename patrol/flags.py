"""Why a report is flagged, said in a sentence with its metres and minutes."""

import dataclasses
import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patrol.findings import SAME_TEXT_DAYS, since_day
from patrol.models import Report
from patrol.models.reports import Flag
from polmas.people.templatetags.polmas import decimal

ICONS = {
    Flag.LATE: "clock-exclamation",
    Flag.OUTSIDE_AREA: "map-pin-exclamation",
    Flag.NO_POSITION: "map-pin-off",
    Flag.POOR_ACCURACY: "current-location",
    Flag.CLOCK_OFF: "device-mobile",
    Flag.SAME_TEXT: "copy",
    Flag.OTHER_VILLAGE: "map-pins",
}


@dataclasses.dataclass(frozen=True)
class Reason:
    """One flag as a reviewer reads it; `same` is the other report of a repeated sentence."""

    icon: str
    label: str
    text: str
    same: Report | None = None


def reasons_for(report: Report, user) -> list[Reason]:
    """The reasons as this reviewer may know them."""
    return [reason_for(report, Flag(flag), user) for flag in report.flags]


def reason_for(report, flag, user) -> Reason:
    same = same_text(report, user) if flag == Flag.SAME_TEXT else None
    return Reason(ICONS[flag], str(flag.label), TEXTS[flag](report), same)


def late(report):
    delay = span(report.received_at - report.occurred_at)
    return _("It came %(delay)s after the activity; the unit allows %(hours)s hours.") % {"delay": delay, "hours": report.unit.late_after_hours}


def outside(report):
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


def same(report):
    return _("The same sentence stands in another report of this officer.")


def of_other_village(report):
    """Both villages by name: either the position or the choice of the household was a slip, or the visit was met elsewhere."""
    places = {"home": report.visit.household.area.title, "village": report.area.title}
    return _("The household belongs to %(home)s, the report counts for %(village)s.") % places


TEXTS = {
    Flag.LATE: late,
    Flag.OUTSIDE_AREA: outside,
    Flag.NO_POSITION: without_position,
    Flag.POOR_ACCURACY: inaccurate,
    Flag.CLOCK_OFF: clock_off,
    Flag.SAME_TEXT: same,
    Flag.OTHER_VILLAGE: of_other_village,
}


def same_text(report, user) -> Report | None:
    """The latest other report of the officer with the same sentence, of those that the user sees."""
    since = since_day(report.day - datetime.timedelta(days=SAME_TEXT_DAYS))
    others = Report.objects.for_user(user).filter(since, officer=report.officer_id, result=report.result).exclude(pk=report.pk)
    return others.order_by("-occurred_at").first()


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

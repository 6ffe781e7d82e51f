"""What templates say in one word: dates in the unit's hour, numbers with a decimal comma, icons."""

import datetime
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html

from polmas.people import encryption, periods
from polmas.people.models.units import Zone

register = template.Library()


@register.simple_tag
def icon(name, label=""):
    """An icon of the sprite (static/img/icons.svg, built from Tabler's outline set); hidden from screen readers unless labelled."""
    href = f"{static('dist/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


def _zone(unit_or_zone):
    return ZoneInfo(getattr(unit_or_zone, "time_zone", unit_or_zone) or Zone.WIB)


@register.filter
def moment(value, unit=""):
    """A moment as officers write it: 22 Nov 2026 13.14 WIB, in the unit's time zone."""
    if not value:
        return ""
    zone = _zone(unit)
    return f"{date_format(value.astimezone(zone), 'j M Y H.i')} {Zone(zone.key).label}"


@register.filter
def clock(value, unit=""):
    """The time of day alone: 13.14."""
    return date_format(value.astimezone(_zone(unit)), "H.i") if value else ""


@register.filter
def day(value, unit=""):
    """A day in full: Minggu, 22 November 2026. Takes a date, or a moment with its unit."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = value.astimezone(_zone(unit)).date()
    return date_format(value, "l, j F Y")


@register.filter
def short_day(value):
    """A day in short: 22 Nov 2026."""
    return date_format(value, "j M Y") if value else ""


@register.filter
def date_on(moment, unit):
    """The day of a moment by the unit's calendar, as it stands beside the place of signing: 2 November 2026."""
    return date_format(unit.day_of(moment), "j F Y")


@register.filter
def decimal(value, places=2):
    """A number with the decimals asked for, in the language's own marks: 3,81 in Indonesian."""
    return "" if value is None else number_format(periods.half_up(value, int(places)), places)


@register.filter
def rupiah(amount):
    """An amount as people write it: Rp 1.500.000, −Rp 20.000."""
    return "" if amount is None else f"{'−' if amount < 0 else ''}Rp {number_format(abs(amount), 0)}"


@register.filter
def signed(number, places=0):
    """A difference with its sign: +56, −3,81."""
    return periods.signed(number, int(places))


@register.filter
def days_since(value):
    """Whole days from a date until today."""
    return (timezone.localdate() - value).days if value else ""


@register.filter
def get(mapping, key):
    """The value of a key in a mapping, which templates cannot ask for by a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def masked(phone):
    """A phone number without its middle: 0812-****-1234."""
    return encryption.masked(phone or "")

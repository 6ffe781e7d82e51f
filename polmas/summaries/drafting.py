"""The sentences that the system drafts from a summary's figures: what rose, what fell, where and when.

They are stored with the figures, in every language, so that a frozen paper keeps the words that were approved.
"""

import datetime

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patrol.models import Field, Kind
from polmas.people.periods import percent_of_change, signed

URGENT = ("TINGGI", "DARURAT")


def in_all_languages(figures: dict) -> dict[str, list[str]]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = sentences(figures)
    return texts


def sentences(figures: dict) -> list[str]:
    """The draft in the language in use; a part without figures has no sentence."""
    parts = (_overall, _kinds, _places, _busiest_day, _officers, _opinions, _forums, _below)
    return [sentence for part in parts if (sentence := part(figures))]


def _change(before, now):
    """How a count moved, in words: naik dari 3 menjadi 5 (+66,67 %)."""
    percent = percent_of_change(before, now)
    if now == before:
        return _("stayed at %(now)s") % {"now": number_format(now)}
    numbers = {"before": number_format(before), "now": number_format(now)}
    words = _("rose from %(before)s to %(now)s") % numbers if now > before else _("fell from %(before)s to %(now)s") % numbers
    return words if percent is None else f"{words} ({signed(percent, 2)} %)"


def _overall(figures):
    total = figures["activities"]["total"]
    if not total["now"] and not total["before"]:
        return _("No activity was recorded in this period.")
    sentence = _("Activities %(change)s against the period before.") % {"change": _change(total["before"], total["now"])}
    if total["last_year"]:
        sentence += " " + _("A year ago there were %(count)s.") % {"count": number_format(total["last_year"])}
    return sentence


def _kinds(figures):
    """The kind that rose most and the one that fell most; with a single kind the first sentence has said it."""
    rows = figures["activities"]["kinds"]
    if len(rows) < 2:
        return ""
    moved = sorted((row for row in rows if row["now"] != row["before"]), key=lambda row: row["now"] - row["before"])
    named = {row["key"]: row for row in (moved[:1] + moved[-1:])}
    return " ".join(_("%(kind)s %(change)s.") % {"kind": Kind(key).label, "change": _change(row["before"], row["now"])} for key, row in named.items())


def _places(figures):
    rows = [row for row in figures["areas"] if row["now"]]
    if not rows:
        return ""
    most = max(rows, key=lambda row: row["now"])
    sentence = _("Most took place in %(area)s (%(count)s).") % {"area": most["name"], "count": number_format(most["now"])}
    if empty := [row["name"] for row in figures["areas"] if not row["now"]]:
        sentence += " " + _("No activity was recorded in %(areas)s.") % {"areas": listed(empty)}
    return sentence


def _busiest_day(figures):
    days = figures["activities"]["days"]
    if len(days) < 2 or not any(days):
        return ""
    busiest = datetime.date.fromisoformat(figures["period"]["start"]) + datetime.timedelta(days=days.index(max(days)))
    return _("The busiest day was %(day)s with %(count)s activities.") % {"day": date_format(busiest, "l, j F"), "count": number_format(max(days))}


def _officers(figures):
    general = figures["general"]
    if not general["officers"]:
        return ""
    return _("%(reporting)s of %(officers)s officers reported.") % {"reporting": general["officers_reporting"], "officers": general["officers"]}


def _opinions(figures):
    rows = figures["opinions"]
    total = sum(row["total"] for row in rows)
    if not total:
        return ""
    urgent = sum(row["urgencies"].get(urgency, 0) for row in rows for urgency in URGENT)
    field = Field(rows[0]["field"]).label if rows[0]["field"] else _("without a field")
    sentence = ngettext("%(count)s voice of residents was recorded", "%(count)s voices of residents were recorded", total) % {
        "count": number_format(total)
    }
    sentence += ", " + _("most on %(field)s") % {"field": field}
    return f"{sentence}; " + _("%(count)s of high urgency.") % {"count": number_format(urgent)}


def _forums(figures):
    forums = figures["forums"]
    if not forums["forums"]:
        return ""
    sentence = _("Forums: %(forums)s; meetings held: %(meetings)s; minutes adopted: %(adopted)s.") % forums
    return sentence + (" " + _("Action items overdue: %(overdue)s.") % forums if forums["overdue"] else "")


def _below(figures):
    missing = [row["name"] for row in figures["units"] if row["state"] == "MISSING"]
    drafts = [row["name"] for row in figures["units"] if row["state"] in ("OTOMATIS", "DISUNTING", "DIKEMBALIKAN")]
    parts = []
    if missing:
        parts.append(_("Not yet received: %(units)s.") % {"units": listed(missing)})
    if drafts:
        parts.append(_("Not yet approved: %(units)s.") % {"units": listed(drafts)})
    return " ".join(parts)


def listed(names: list[str]) -> str:
    """Names as one phrase: Pedalangan, Padangsari and Sumurboto."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}

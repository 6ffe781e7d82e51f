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
from polmas.summaries import situation
from polmas.summaries.wording import change_of, listed, listed_or_counted, most_of, without_before

URGENT = ("TINGGI", "DARURAT")


def in_all_languages(figures: dict) -> dict[str, list[str]]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = sentences(figures)
    return texts


def sentences(figures: dict) -> list[str]:
    """The draft in the language in use; a part without figures has no sentence."""
    return [sentence for part in (_situation, *ACTIVITIES, _opinions, _forums, _below) if (sentence := part(figures))]


def _situation(figures):
    """Of disturbances what a first paragraph needs; part B says the rest."""
    return " ".join(situation.in_short(figures["incidents"]))


def _overall(figures):
    total = figures["activities"]["total"]
    if not total["now"] and not total["before"]:
        return _("No activity was recorded in this period.")
    if unknown := without_before(figures):
        sentence = _("Activities: %(now)s.") % {"now": number_format(total["now"])}
        sentence += " " + _("They can't be compared: %(count)s of %(all)s units have no number of the period before.") % {
            "count": len(unknown), "all": len(figures["units"])
        }  # fmt: skip
    else:
        sentence = _("Activities %(change)s against the period before.") % {"change": change_of(total["before"], total["now"])}
    if total["last_year"]:
        sentence += " " + _("A year ago there were %(count)s.") % {"count": number_format(total["last_year"])}
    return sentence


def _kinds(figures):
    """The kind that rose most and the one that fell most; with a single kind the first sentence has said it, and without a whole period
    before there is nothing to say."""
    rows = figures["activities"]["kinds"]
    if len(rows) < 2 or without_before(figures):
        return ""
    moved = sorted((row for row in rows if row["now"] != row["before"]), key=lambda row: row["now"] - row["before"])
    named = {row["key"]: row for row in (moved[:1] + moved[-1:])}
    return " ".join(
        _("%(kind)s %(change)s.") % {"kind": Kind(key).label, "change": change_of(row["before"], row["now"])} for key, row in named.items()
    )


def _places(figures):
    rows = [row for row in figures["areas"] if row["now"]]
    if not rows:
        return ""
    sentence = ""
    if most := most_of(rows, "now"):
        count = number_format(most[0]["now"]) if len(most) == 1 else _("%(count)s each") % {"count": number_format(most[0]["now"])}
        sentence = _("Most took place in %(area)s (%(count)s).") % {"area": listed([row["name"] for row in most]), "count": count}
    if empty := [row["name"] for row in figures["areas"] if not row["now"]]:
        sentence += " " + _("No activity was recorded in %(areas)s.") % {"areas": listed(empty)}
    return sentence.strip()


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
    told = {"reporting": general["officers_reporting"], "officers": general["officers"]}
    return _("%(reporting)s of %(officers)s officers reported.") % {key: number_format(number) for key, number in told.items()}


def _opinions(figures):
    rows = figures["opinions"]
    total = sum(row["total"] for row in rows)
    if not total:
        return ""
    urgent = sum(row["urgencies"].get(urgency, 0) for row in rows for urgency in URGENT)
    fields = [str(Field(row["field"]).label if row["field"] else _("without a field")) for row in most_of(rows, "total")]
    sentence = ngettext("%(count)s voice of residents was recorded", "%(count)s voices of residents were recorded", total) % {
        "count": number_format(total)
    }
    if fields:
        sentence += ", " + _("most on %(field)s") % {"field": listed(fields)}
    return f"{sentence}; " + _("%(count)s of high urgency.") % {"count": number_format(urgent)}


def _forums(figures):
    forums = figures["forums"]
    if not forums["forums"]:
        return ""
    told = {key: number_format(forums[key]) for key in ("forums", "meetings", "adopted", "overdue")}
    sentence = _("Forums: %(forums)s; meetings held: %(meetings)s; minutes adopted: %(adopted)s.") % told
    return sentence + (" " + _("Action items overdue: %(overdue)s.") % told if forums["overdue"] else "")


def _below(figures):
    missing = [row["name"] for row in figures["units"] if row["state"] == "MISSING"]
    drafts = [row["name"] for row in figures["units"] if row["state"] in ("OTOMATIS", "DISUNTING", "DIKEMBALIKAN")]
    parts = []
    if missing:
        parts.append(_("Not yet received: %(units)s.") % {"units": listed_or_counted(missing, len(figures["units"]))})
    if drafts:
        parts.append(_("Not yet approved: %(units)s.") % {"units": listed_or_counted(drafts, len(figures["units"]))})
    return " ".join(parts)


ACTIVITIES = (_overall, _kinds, _places, _busiest_day, _officers)  # part D

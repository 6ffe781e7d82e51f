"""A proposal for the text of each part, which people replace by their own words; never more than the figures say.

Stored with the figures in every language, so that a frozen paper keeps the words that were approved.
"""

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from patrol.models import Kind
from polmas.summaries import drafting, situation
from polmas.summaries.wording import label_of, listed, time_of

MOST_KINDS = 4  # kinds of activity that a sentence names


def drafts_in_all_languages(figures: dict) -> dict[str, dict]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = drafts(figures)
    return texts


def drafts(figures: dict) -> dict:
    """By part; C by field."""
    return {
        "B": situation.in_full(figures["incidents"]),
        "C": {row["field"]: _field(row) for row in figures["fields"]},
        "D": " ".join(sentence for part in drafting.ACTIVITIES if (sentence := part(figures))),
        "E": _forums(figures["forums"]),
        "G": _conflicts(figures["conflicts"]),
        "analysis": _analysis(figures),
        "prediction": _prediction(figures["incidents"]),
        "steps": _steps(figures),
        "recommendation": _recommendation(figures),
        "plan": _plan(figures),
    }


def _field(row):
    told = {key: number_format(row[key]) for key in ("new", "solved", "open", "brink", "voices", "urgent")}
    parts = []
    if row["new"] or row["solved"] or row["open"]:
        parts.append(_("Problems: %(new)s new, %(solved)s solved, %(open)s open.") % told)
    if row["brink"]:
        parts.append(_("Of the open ones %(brink)s are graded AG or GN.") % told)
    if row["voices"]:
        parts.append(_("Voices of residents: %(voices)s, of these %(urgent)s of high urgency.") % told)
    return " ".join(parts)


def _forums(forums):
    if not forums["forums"] and not forums["cases"]:
        return ""
    told = {key: number_format(value) for key, value in forums.items() if key != "before"}
    parts = [_("Forums: %(forums)s; meetings held: %(meetings)s; minutes adopted: %(adopted)s.") % told]
    if forums["cases"]:
        parts.append(_("Problem solving: %(cases)s taken up, %(settled)s settled by agreement, %(handed_over)s handed over.") % told)
    if forums["agreements"]:
        parts.append(_("Agreements signed: %(agreements)s.") % told)
    if forums["overdue"]:
        parts.append(_("Action items overdue: %(overdue)s.") % told)
    return " ".join(parts)


def _conflicts(conflicts):
    grades = {row["key"]: row for row in conflicts["grades"]}
    if not any(row["open"] or row["new"] or row["solved"] for row in grades.values()):
        return _("No problem is recorded.")
    told = {key.lower(): number_format(row["open"]) for key, row in grades.items()}
    told |= {key: number_format(sum(row[key] for row in grades.values())) for key in ("new", "solved")}
    return _("Open problems: %(gn)s GN, %(ag)s AG, %(pg)s PG. New in the period: %(new)s; solved: %(solved)s.") % told


def _analysis(figures):
    return " ".join([*situation.in_short(figures["incidents"]), _conflicts(figures["conflicts"])])


def _prediction(incidents):
    """Where the period's own numbers point; without a pattern no prediction."""
    if situation.is_unknown(incidents):
        return ""
    parts = []
    if peak := situation.peak_of(incidents):
        day, band, _number = peak
        parts.append(_("If the pattern of this period goes on, %(time)s stays the time with most disturbances.") % {"time": time_of(day, band)})
    _fell, rose = situation.moved(incidents)
    if rose:
        parts.append(_("%(kind)s, which rose most, needs watching.") % {"kind": label_of(rose)})
    return " ".join(parts)


def _steps(figures):
    """What was done, by the kinds with most."""
    rows = sorted((row for row in figures["activities"]["kinds"] if row["now"]), key=lambda row: -row["now"])[:MOST_KINDS]
    if not rows:
        return ""
    named = [f"{Kind(row['key']).label} {number_format(row['now'])}" for row in rows]
    return _("Carried out: %(kinds)s.") % {"kinds": listed(named)}


def _recommendation(figures):
    incidents, parts = figures["incidents"], []
    if not situation.is_unknown(incidents):
        if situation.place(incidents) and (peak := situation.peak_of(incidents)):
            told = {"place": incidents["places"][0]["name"], "time": time_of(*peak[:2])}
            parts.append(_("Dialogue patrols in %(place)s, above all on %(time)s.") % told)
        if situation.not_filled_in(incidents):
            parts.append(_("SPKT states “isi” or “nihil” for every day."))
    return " ".join(parts)


def _plan(figures):
    parts = []
    if empty := [row["name"] for row in figures["areas"] if not row["now"]]:
        parts.append(_("Visit the villages without activity: %(areas)s.") % {"areas": listed(empty)})
    if overdue := figures["forums"]["overdue"]:
        parts.append(_("Have the overdue action items of forums done: %(overdue)s.") % {"overdue": number_format(overdue)})
    if working := figures["forums"]["working"]:
        parts.append(_("Go on with problem solving in progress: %(working)s.") % {"working": number_format(working)})
    brink = sum(row["open"] for row in figures["conflicts"]["grades"] if row["key"] in ("AG", "GN"))
    if brink:
        parts.append(_("Handle the open problems graded AG or GN: %(brink)s.") % {"brink": number_format(brink)})
    return " ".join(parts)

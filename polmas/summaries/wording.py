"""Words that drafted sentences share."""

from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from polmas.people.periods import percent_of_change, signed
from polmas.summaries.contents.incidents import band_of


def change_of(before: int | None, now: int) -> str:
    """How a count moved, in words: naik dari 3 menjadi 5 (+66,67 %). Where nothing is known of before, the number alone."""
    if before is None:
        return _("stands at %(now)s") % {"now": number_format(now)}
    if now == before:
        return _("stayed at %(now)s") % {"now": number_format(now)}
    numbers = {"before": number_format(before), "now": number_format(now)}
    words = _("rose from %(before)s to %(now)s") % numbers if now > before else _("fell from %(before)s to %(now)s") % numbers
    percent = percent_of_change(before, now)
    return words if percent is None else f"{words} ({signed(percent, 2)} %)"


def listed(names: list[str]) -> str:
    """Names as one phrase: Pedalangan, Padangsari and Sumurboto."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


MOST_TIED = 3  # of more that have the same number none stands out


def most_of(rows: list[dict], key: str) -> list[dict]:
    """The rows with the highest number; none where so many have it that it tells nothing."""
    highest = max((row[key] for row in rows), default=0)
    found = [row for row in rows if row[key] == highest]
    return found if highest and len(found) <= MOST_TIED else []


MOST_NAMED = 8  # so many names are read in a sentence; of more their number is, and a table has the names


def listed_or_counted(names: list[str], number: int) -> str:
    """The names of units, or how many of all they are."""
    if len(names) <= MOST_NAMED:
        return listed(names)
    return _("%(count)s of %(all)s units") % {"count": number_format(len(names)), "all": number_format(number)}


LACKING = 0.1  # more than this share of units without a number, and a sum is not compared


def without_before(figures: dict) -> list[str]:
    """Units below that count something now and have no number of the period before, as where they just began with the application; none
    where they are so few that a quiet month explains it. A total that the unit above took from its own paper holds them all."""
    if any(row["subject"] == "ACTIVITY" and row["span"] == "before" for row in figures.get("differing_totals", [])):
        return []
    names = [row["name"] for row in figures["units"] if row["now"] and not row["before"]]
    return names if len(names) > LACKING * len(figures["units"]) else []


def label_of(row: dict) -> str:
    """What a kind of incident was called when the paper was made, in the language of the moment."""
    return row["label"].get(get_language() or "", row["label"]["id"])


def time_of(weekday: int, band: int) -> str:
    """Saturday 20.00–23.59; 1 is Monday."""
    return f"{WEEKDAYS[weekday - 1]} {band_of(band)[1]}"

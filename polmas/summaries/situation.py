"""Sentences about disturbances, from part B of a summary's figures: what rose, what fell, where and when."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mapping.models import Harm
from polmas.summaries.wording import change_of, label_of, listed, most_of, time_of

A_PATTERN = 3  # so many at one time or place are said to be more than chance puts there; fewer are not named


FILLED = 0.9  # share of days that must be filled in on both sides before sentences compare them


def is_comparable(incidents: dict) -> bool:
    """Whether both periods are filled in well enough to say what rose and fell; an imported month counts as filled in."""
    days = incidents["days"]
    return all(is_filled_in(**{name: days[span][name] for name in ("stated", "of")}) for span in ("now", "before"))


def is_filled_in(stated: int, of: int) -> bool:
    return stated >= FILLED * of


def is_unknown(incidents: dict | None) -> bool:
    """Whether nobody filled anything in: not the same as nothing happened."""
    return incidents is None or incidents["total"]["now"] is None


def in_short(incidents: dict | None) -> list[str]:
    """For the first paragraph of the paper."""
    if incidents is None or is_unknown(incidents):
        return [_("The incident data have not been filled in.")]
    return [sentence for part in (_total, _moved, _peak) if (sentence := part(incidents))]


def in_full(incidents: dict | None) -> str:
    """The paragraph of part B."""
    if incidents is None or is_unknown(incidents):
        return _("The incident data have not been filled in.")
    parts = (_total, _moved, _peak, place, _clearance, _harm, not_filled_in)
    return " ".join(sentence for part in parts if (sentence := part(incidents)))


def _total(incidents):
    total = incidents["total"]
    if not total["now"] and not total["before"]:
        return _("No disturbance was recorded.")
    if not is_comparable(incidents):
        days = incidents["days"]["before"]
        told = {key: number_format(days[key]) for key in ("stated", "of")}
        sentence = _("Disturbances recorded: %(now)s.") % {"now": number_format(total["now"])}
        if days["stated"] < FILLED * days["of"]:
            sentence += " " + _("The period before is filled in for %(stated)s of %(of)s days: it can't be compared.") % told
        return sentence
    sentence = _("Disturbances %(change)s.") % {"change": change_of(total["before"], total["now"])}
    if total["last_year"]:
        sentence += " " + _("A year ago there were %(count)s.") % {"count": number_format(total["last_year"])}
    return sentence


def moved(incidents) -> tuple[dict | None, dict | None]:
    """The kinds that fell and rose most; none where the period before is not filled in."""
    if not is_comparable(incidents) or any(row["before"] is None for row in incidents["kinds"]):
        return None, None
    rows = sorted(incidents["kinds"], key=lambda row: (row["now"] - row["before"], row["now"], row["key"]))
    fell = rows[0] if rows and rows[0]["now"] < rows[0]["before"] else None
    rose = rows[-1] if rows and rows[-1]["now"] > rows[-1]["before"] else None
    return fell, rose


def _moved(incidents):
    fell, rose = moved(incidents)
    parts = []
    if fell:
        parts.append(_("The largest fall was in %(kind)s (%(before)s to %(now)s).") % _numbers(fell))
    if rose:
        parts.append(_("The largest rise was in %(kind)s (%(before)s to %(now)s)%(where)s.") % {**_numbers(rose), "where": _where(rose)})
    return " ".join(parts)


def _numbers(row):
    return {"kind": label_of(row), "before": number_format(row["before"]), "now": number_format(row["now"])}


def _where(row):
    peak = row["peak"]
    if not peak or peak["place_count"] < 2:
        return ""
    return ", " + _("%(count)s of them in %(place)s") % {"count": number_format(peak["place_count"]), "place": peak["place"]}


def peak_of(incidents) -> tuple[int, int, int] | None:
    """Weekday from 1, band of four hours and count of the cell with most; none where no cell stands out."""
    cells = [(number, -day, -band) for day, row in enumerate(incidents["matrix"], 1) for band, number in enumerate(row)]
    number, day, band = max(cells)
    return (-day, -band, number) if number >= A_PATTERN else None


def _peak(incidents):
    if not (peak := peak_of(incidents)):
        return ""
    day, band, number = peak
    return _("Most happened on %(time)s (%(count)s).") % {"time": time_of(day, band), "count": number_format(number)}


def place(incidents) -> str:
    first = most_of(incidents["places"], "now")
    if not first or first[0]["now"] < A_PATTERN:
        return ""
    count = number_format(first[0]["now"])
    told = {"place": listed([row["name"] for row in first]), "count": count if len(first) == 1 else _("%(count)s each") % {"count": count}}
    return _("The place with most was %(place)s (%(count)s).") % told


def _clearance(incidents):
    crimes, rates = incidents["crimes"], incidents["rates"]
    if not crimes["now"]:
        return ""
    told = {
        "cleared": number_format(crimes["cleared"]),
        "crimes": number_format(crimes["now"]),
        "percent": number_format(Decimal(rates["clearance"]), 2),
    }
    return _("Of %(crimes)s crimes %(cleared)s are cleared (%(percent)s %%).") % told


def _harm(incidents):
    sums = {harm: sum(row["number"] for row in incidents["victims"] if row["harm"] == harm) for harm in Harm.values}
    words = [f"{number_format(number)} {Harm(harm).label}" for harm, number in sums.items() if number]
    parts = [_("Victims: %(victims)s.") % {"victims": ", ".join(words)}] if words else []
    if loss := incidents["losses"]["now"]:
        parts.append(_("Loss: Rp %(loss)s.") % {"loss": number_format(loss, force_grouping=True)})
    return " ".join(parts)


def not_filled_in(incidents) -> str:
    """For how many of the days nobody stated that the list is complete."""
    days = incidents["days"]["now"]
    if days["stated"] >= days["of"]:
        return ""
    missing = {"missing": number_format(days["of"] - days["stated"]), "days": number_format(days["of"])}
    return _("Incident data not filled in: %(missing)s of %(days)s days.") % missing

"""Part B on paper."""

import datetime
from decimal import Decimal

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mapping.models import Harm, IncidentClass
from mapping.models.incidents import CRIMES
from polmas.summaries import situation
from polmas.summaries.contents.incidents import BANDS, SPANS, band_of
from polmas.summaries.layout.blocks import GROUP, SHARE, SUM, TEXT, TOTAL, Block, Column, Items, Row, Table, Terms, Text
from polmas.summaries.layout.columns import compared, differing_totals, total_label
from polmas.summaries.models import PeriodKind
from polmas.summaries.wording import label_of

MOST_PLACES = 10


def blocks(figures: dict, text: str) -> list[Block]:
    told = figures.get("incidents")
    if told is None:
        return [Text(_("The incident data have not been filled in."), is_notice=True)]
    units = units_table(figures)
    if situation.is_unknown(told):
        return [Text(_("The incident data have not been filled in."), is_notice=True), *_written(text, told), *units]
    parts: list[Block] = [*_unfilled(told), *_differing(figures), Text(text, is_typed=True), _bulletin(figures, told), _rates(figures, told)]
    if told["total"]["now"]:
        parts += [*([] if _is_one_day(figures) else [_hours(told)]), *_places(figures, told), *_victims(told)]
    return [*parts, *_outstanding(told), *units]


def _written(text, told) -> list[Block]:
    return [Text(text, is_typed=True)] if text and text != situation.in_full(told) else []


def _unfilled(told) -> list[Block]:
    """Says for how many days nothing was stated, in both periods: numbers of such days are no zeros."""
    sentences = []
    if sentence := situation.not_filled_in(told):
        sentences.append(sentence)
    before = told["days"]["before"]
    if "before" in told.get("imported", []):
        sentences.append(_("The numbers of the period before were imported from the unit's own papers."))
    if before["stated"] < before["of"]:
        numbers = {"missing": number_format(before["of"] - before["stated"]), "days": number_format(before["of"])}
        sentences.append(_("Incident data of the period before not filled in: %(missing)s of %(days)s days.") % numbers)
    return [Text(" ".join(sentences), is_notice=True)] if sentences else []


def _differing(figures) -> list[Block]:
    text = differing_totals(figures, "INCIDENT")
    return [Text(text, is_notice=True)] if text else []


def _compared(figures, first: str, with_last_year: bool = False) -> list[Column]:
    """The numbers of days that were not filled in are no zeros: from them nothing rose or fell."""
    return compared(figures, first, with_last_year, with_change=situation.is_comparable(figures["incidents"]))


def _bulletin(figures, told) -> Table:
    columns = [
        *_compared(figures, _("Class and kind"), with_last_year=told["total"]["last_year"] is not None),
        Column("cleared", _("Cleared")),
        Column("clearance", _("Share cleared"), SHARE, ("cleared", "now")),
    ]
    rows = []
    for klass in told["classes"]:
        kinds = [row for row in told["kinds"] if row["class"] == klass["key"]]
        if kinds or any(klass[span] for span in SPANS):
            rows.append(Row({**klass, "label": _class_label(klass["key"])}, GROUP))
            rows += [Row({**row, "label": label_of(row)}) for row in kinds]
    rows.append(Row({**told["total"], "label": total_label()}, TOTAL))
    return Table(_("Disturbances by class and kind"), columns, rows, is_watched=True, is_folded=True)


# Golongan I has four classes of crime, told apart by a number of their own (Perkap 7/2009).
GOLONGAN = {IncidentClass.PELANGGARAN: "II", IncidentClass.GANGGUAN: "III", IncidentClass.BENCANA: "IV"}


def _class_label(key: str) -> str:
    klass = IncidentClass(key)
    numeral = f"I.{CRIMES.index(klass) + 1}" if klass in CRIMES else f"{GOLONGAN[klass]}."
    return f"{numeral} {capfirst(klass.label)}"


def _is_one_day(figures) -> bool:
    """One day has no weekdays to compare and too few cases for a clock."""
    return figures["period"]["kind"] == PeriodKind.DAILY


def _rates(figures, told) -> Terms:
    crimes, rates = told["crimes"], told["rates"]
    rows = [
        (_("Crime total (CT)"), number_format(crimes["now"])),
        (_("Crime clearance (CC)"), f"{number_format(crimes['cleared'])}{_percent_in_brackets(rates['clearance'])}"),
        (_("In the period before"), f"{number_format(crimes['cleared_before'])}{_percent_in_brackets(rates['clearance_before'])}"),
    ]
    if told["total"]["before"] is None or crimes["cleared_before"] is None:
        rows.pop()  # nobody knows how many were cleared
    if rates["risk"] is not None:
        rows.append((_("Crimes per 100,000 residents"), number_format(Decimal(rates["risk"]), 2)))
    if rates["clock"] is not None and not _is_one_day(figures):
        rows.append((_("Crime clock: one crime every"), clock(rates["clock"])))
    losses = told["losses"]
    rows.append((_("Loss of property"), f"Rp {number_format(losses['now'], force_grouping=True)}"))
    return Terms(rows, _("Rates"))


def _percent_in_brackets(percent) -> str:
    return "" if percent is None else f" ({number_format(Decimal(percent), 2)}\u00a0%)"


def clock(seconds: int) -> str:
    """Hours, minutes and seconds as Polri prints a crime clock: 00.06'51" (domain.md 3.10)."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}.{minutes % 60:02}'{rest:02}\""


def _hours(told) -> Table:
    bands = [Column(f"band{number}", band_of(number)[1].replace("–", "– ")) for number in range(BANDS)]
    keys = tuple(column.key for column in bands)
    columns = [Column("label", _("Day"), TEXT), *bands, Column("all", total_label(), SUM, keys)]
    rows = [Row({"label": str(WEEKDAYS[day]), **dict(zip(keys, counts, strict=True))}) for day, counts in enumerate(told["matrix"])]
    sums = [sum(counts) for counts in zip(*told["matrix"], strict=True)]
    return Table(_("Vulnerable hours"), columns, [*rows, Row({"label": total_label(), **dict(zip(keys, sums, strict=True))}, TOTAL)])


def _places(figures, told) -> list[Block]:
    found = [row for row in told["places"] if row["now"]]
    most = found[:MOST_PLACES]
    known = told["total"]["before"] is not None
    rows = [Row({"label": row["name"], "now": row["now"], "before": row["before"] if known else None}) for row in most]
    note = _cut(len(most), len(found), sum(row["now"] for row in most), told["total"]["now"])
    return [Table(_("Vulnerable places"), _compared(figures, _("Village")), rows, note, is_watched=True)] if rows else []


def _cut(shown: int, known: int, counted: int, total: int) -> str:
    """Says of a list that it was cut, and how much of the total stands in it."""
    if shown == known and counted == total:
        return ""
    numbers = {"shown": shown, "known": known, "counted": counted, "total": total}
    return _("%(shown)s of %(known)s villages; %(counted)s of %(total)s disturbances.") % {
        key: number_format(number, force_grouping=True) for key, number in numbers.items()
    }


def _victims(told) -> list[Block]:
    if not told["victims"]:
        return []
    columns = [
        Column("label", _("Victims"), TEXT),
        Column("L", _("Men and boys")),
        Column("P", _("Women and girls")),
        Column("all", total_label(), SUM, ("L", "P")),
        Column("children", _("of these children")),
    ]
    rows = [Row({"label": str(capfirst(Harm(harm).label)), **_of_harm(told["victims"], harm)}) for harm in Harm.values]
    sums = {key: sum(value for row in rows if isinstance(value := row.cells[key], int)) for key in ("L", "P", "children")}
    return [Table(_("Victims"), columns, [*rows, Row({"label": total_label(), **sums}, TOTAL)])]


def _of_harm(victims, harm) -> dict[str, int]:
    rows = [row for row in victims if row["harm"] == harm]
    by_sex = {sex: sum(row["number"] for row in rows if row["sex"] == sex) for sex in ("L", "P")}
    return {**by_sex, "children": sum(row["number"] for row in rows if row["is_child"])}


def _outstanding(told) -> list[Block]:
    """The narrative list; who reads figures alone learns kind, day and village."""
    items = [(_heading(row), row.get("narrative", "")) for row in sorted(told["outstanding"], key=lambda row: row["at"])]
    return [Items(_("Incidents that stand out"), items)] if items else []


def _heading(row) -> str:
    at = datetime.datetime.fromisoformat(row["at"])
    harmed = ", ".join(f"{number} {Harm(harm).label}" for harm, number in row["victims"].items() if number)
    loss = f"Rp {number_format(row['loss'], force_grouping=True)}" if row["loss"] else ""
    place = " · ".join(word for word in (row.get("unit", ""), row["village"], row.get("address", "")) if word)
    return " · ".join(word for word in (label_of(row), date_format(at, "j F Y H.i"), place, harmed, loss) if word)


def units_table(figures) -> list[Block]:
    """By unit below: how many, against the period before, and for how many days its SPKT filled anything in."""
    known = [row for row in figures["units"] if row.get("incidents")]
    if not known:
        return []
    days = Column("days", _("Days filled in"), TEXT)
    rows = [Row({"label": row["name"], "days": _days(row["incidents"]), **_numbers(row["incidents"])}) for row in known]
    first, *rest = compared(figures, _("Unit"))
    return [Table(_("Disturbances by unit"), [first, days, *rest], rows, is_watched=True)]


def _days(told) -> str:
    return "-" if told["of"] is None else "/".join(number_format(told[key], force_grouping=True) for key in ("stated", "of"))


def _numbers(told) -> dict:
    return {"before": told["before"], "now": told["now"]}

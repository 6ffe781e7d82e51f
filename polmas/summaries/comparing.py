"""Two states of one summary: whether their counts differ, and side by side what their papers say otherwise."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from polmas.summaries.layout.blocks import DIFFERENCE, NOTHING, PERCENT, SHARE, Block, Items, Section, Table, Terms, Text, written
from polmas.summaries.models import Summary, TextPart

# The parts of the paper whose figures are counted from rows of the period, by the letter under which each stands.
PARTS = {
    "incidents": "B",
    "fields": "C",
    "activities": "D",
    "areas": "D",
    "officers": "D",
    "opinions": "D",
    "forums": "E",
    "conflicts": "G",
    "units": "D",
}
# What moves on once the period is over, or is only called otherwise: how far papers, problems and people are today, names, and what follows
# from other figures. It tells no state of the period from another.
PASSING = frozenset(
    {
        *("label", "name", "peak", "status", "phase", "weight", "of", "imported"),
        *("open", "brink", "working", "forums", "phases", "standing", "standing_of"),
        *("areas", "target", "targets", "cluster", "state", "revision", "officers", "officers_reporting"),
    }
)


def changed_parts(older: dict, newer: dict) -> list[str]:
    """Letters of the parts whose counts differ, in the order of the paper. A part that the older figures did not have is not compared."""
    names = [name for name in PARTS if older.get(name) is not None and newer.get(name) is not None]
    return sorted({PARTS[name] for name in names if _counted(name, older) != _counted(name, _as_known(name, older, newer))})


def _as_known(name, older, newer):
    """The newer figures as far as the older ones had such numbers."""
    return {name: {key: newer[name][key] for key in older[name] if key in newer[name]}} if isinstance(older[name], dict) else newer


def _counted(name, figures):
    told = figures[name]
    if name == "officers":
        return {row["username"]: row["kinds"] for row in told if row["total"]}
    if name == "areas":
        return {row["code"]: (row["before"], row["now"]) for row in told if row["before"] or row["now"]}
    return _lasting(told)


def _lasting(value):
    if isinstance(value, dict):
        return {key: _lasting(below) for key, below in value.items() if key not in PASSING}
    return [_lasting(below) for below in value] if isinstance(value, list) else value


FOLLOWING = (DIFFERENCE, PERCENT, SHARE)  # columns that say nothing which their neighbours do not
# The figures without which a part stands on an older paper as a remark alone.
NEEDED = {"B": "incidents", "C": "fields", "G": "conflicts"}


def lacking_parts(older: dict, newer: dict) -> list[str]:
    """Letters of parts that the older paper, set in an older shape, did not have."""
    return [letter for letter, name in NEEDED.items() if older.get(name) is None and newer.get(name) is not None]


def differences(older: Sequence[Section], newer: Sequence[Section], lacking: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What the tables of two papers say otherwise, part by part in the order of the paper, as rows (what, before, now). A part or, where
    parts lack, a row that only the newer shape has is no difference."""
    before = {section.letter: section for section in older}
    groups = []
    for section in newer:
        if section.letter in lacking or section.letter not in before:
            continue
        pairs = _paired(_cells(before[section.letter]), _cells(section), is_whole=not lacking)
        tables = [{"title": title, "rows": rows} for title, rows in pairs.items() if rows]
        if tables:
            groups.append({"letter": section.letter, "title": f"{section.letter}. {section.title}", "tables": tables})
    return groups


def _paired(older: dict, newer: dict, is_whole: bool) -> dict[str, list[dict]]:
    """By table the cells that differ; what only one paper has stands beside a dash unless it says nothing itself."""
    found: dict[str, list[dict]] = {}
    for place in {**newer, **older}:
        before, now = older.get(place, NOTHING), newer.get(place, NOTHING)
        if before == now or {before, now} == {NOTHING, "0"} or (place not in older and not is_whole):
            continue
        title, row, _nth, column = place
        found.setdefault(title, []).append({"label": " · ".join(word for word in (row, column) if word), "before": before, "now": now})
    return found


def _cells(section: Section) -> dict[tuple[str, str, int, str], str]:
    """What stands in the tables of a part, by title, row, how often such a row stood there before, and column."""
    told: dict[tuple[str, str, int, str], str] = {}
    for block in section.blocks:
        for title, row, column, text in _cells_of(block):
            nth = next(number for number in itertools.count() if (title, row, number, column) not in told)
            told[title, row, nth, column] = text
    return told


def _cells_of(block: Block) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(block, Table):
        label, *columns = (column for column in block.columns if column.key not in UNCOMPARED)
        for row in block.rows:
            name = written(label.kind, block.value(label, row))
            for column in columns:
                if column.kind not in FOLLOWING:
                    yield block.title, name, str(column.label), written(column.kind, block.value(column, row))
    elif isinstance(block, Terms):
        for term, value in block.rows:
            yield block.title, term, "", value
    elif isinstance(block, Items):
        for name, told in block.items:
            yield block.title, name, "", told or _("mentioned")
    elif isinstance(block, Text) and block.is_notice:
        yield "", _("Remark"), "", block.text


UNCOMPARED = {"rank"}  # a place in a ranking follows from the numbers; it is no name of a row either


def text_differences(older: Summary, newer: Summary) -> list[dict[str, str]]:
    """Texts that are not the same, by part."""
    pairs = [(part, older.texts.get(part, ""), newer.texts.get(part, "")) for part in TextPart]
    return [{"label": str(part.label), "before": before or _("(empty)"), "now": now or _("(empty)")} for part, before, now in pairs if before != now]

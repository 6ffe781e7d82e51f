"""Score sheets of a quarter of the security index that a secretary collected on paper, as one table."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from polmas.summaries.imports import sheets
from polmas.summaries.imports.sheets import Column, Row
from polmas.summaries.models import IndexPeriod, IndexScore

MOST_ROWS = 1000
LONGEST = 1000
NOTES = (
    gettext_lazy("One row is the score of one member for one indicator. Members without an account only: the others score by themselves."),
    gettext_lazy("A row that is there already is written over. No score is ever deleted by a file."),
)


def columns_of(period: IndexPeriod) -> list[Column]:
    codes = tuple((weight.indicator.code, weight.indicator.code) for weight in period.scheme.weights.select_related("indicator"))
    return [
        Column("Anggota", "member", gettext_lazy("Name as on the list of the board."), True, ("Dr. Ratna Dewi",)),
        Column("Indikator", "code", gettext_lazy("Code of the indicator."), True, ("I1",), choices=codes),
        Column("Nilai", "value", gettext_lazy("A whole number from 1 to 5."), True, ("4",)),
        Column("Alasan", "reason", gettext_lazy("One or two sentences."), True, ("Tidak ada konflik sejak dua tahun.",)),
        Column("Data", "facts", gettext_lazy("Numbers or events that anybody can look up."), examples=("Rekap triwulan III",)),
    ]


@dataclasses.dataclass
class Compared:
    """What a table would do: rows with their score and whether that is new, changed or unchanged; the refused keep their reasons."""

    rows: list[Row]
    taken: list[tuple[Row, IndexScore, str]]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.errors]

    def counts(self) -> dict[str, int]:
        found = [outcome for _row, _score, outcome in self.taken]
        return {name: found.count(name) for name in ("new", "changed", "unchanged")} | {"error": len(self.refused)}

    def kept(self) -> list[list[Any]]:
        """As the page carries it to the next step: cells alone."""
        return [[row.number, row.cells] for row, _score, outcome in self.taken if outcome != "unchanged"]


def read(file, period: IndexPeriod) -> list[Row]:
    """Raises ValidationError where the file as a whole cannot be taken."""
    return sheets.read(file, columns_of(period))[: MOST_ROWS + 1]


def compare(period: IndexPeriod, rows: list[Row]) -> Compared:
    """Decides what becomes of each row; writes nothing."""
    members: dict[str, list] = {}
    for member in period.scorers().filter(user=None):
        members.setdefault(member.name.casefold(), []).append(member)
    indicators = {weight.indicator.code: weight.indicator for weight in period.scheme.weights.select_related("indicator")}
    stored = {(score.member_id, score.indicator_id): score for score in period.scores.all()}
    seen: dict[tuple, int] = {}
    taken = []
    for row in rows:
        found = members.get(row.cells.get("member", "").casefold(), [])
        indicator = indicators.get(row.cells.get("code", "").upper())
        _check(row, found, indicator)
        if row.errors:
            continue
        key = (found[0].pk, indicator.pk)  # type: ignore[union-attr] # checked just above
        if key in seen:
            row.refuse("Indikator", _("This is in row %(number)d already.") % {"number": seen[key]})
            continue
        seen[key] = row.number
        taken.append((row, *_placed(row, stored.get(key) or IndexScore(period=period, member=found[0], indicator=indicator))))
    return Compared(rows, taken)


def _check(row, found, indicator) -> None:
    if row.cells.get("member") and len(found) != 1:
        row.refuse("Anggota", _("Several members have this name.") if found else _("Nobody of this name sits on the board without an account."))
    if row.cells.get("code") and indicator is None:
        row.refuse("Indikator", _("This quarter has no such indicator."))
    if row.cells.get("value") and row.cells["value"] not in ("1", "2", "3", "4", "5"):
        row.refuse("Nilai", _("A score lies between 1 and 5."))
    for title, name in (("Alasan", "reason"), ("Data", "facts")):
        if len(row.cells.get(name, "")) > LONGEST:
            row.refuse(title, _("At most %(most)d characters.") % {"most": LONGEST})


def _placed(row, score) -> tuple[IndexScore, str]:
    said = {"value": int(row.cells["value"]), "reason": row.cells["reason"], "facts": row.cells.get("facts") or score.facts}
    is_new = score.pk is None
    changes = {name: value for name, value in said.items() if getattr(score, name) != value}
    for name, value in changes.items():
        setattr(score, name, value)
    return score, "new" if is_new else "changed" if changes else "unchanged"


def write(compared: Compared, by) -> int:
    """Writes new and changed scores. Runs in the caller's transaction; the quarter is held by it."""
    written = 0
    for _row, score, outcome in compared.taken:
        if outcome != "unchanged":
            score.recorded_by = by
            score.save()
            written += 1
    return written

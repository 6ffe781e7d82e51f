"""Proposals of awards on paper, within part D."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from polmas.summaries.layout.blocks import TEXT, Block, Column, Row, Table, Text
from polmas.summaries.models import Award, AwardCategory


def blocks(figures: dict) -> list[Block]:
    """Only the monthly paper has them. Who may not know the names learns the number."""
    told = figures.get("awards")
    if told is None:
        return []
    title = _("Proposed awards")
    if not told["rows"]:
        return [Text(_number(told), title)]
    keys = (("label", _("Award")), ("recipient", _("Recipient")), ("reason", _("Reason")), ("state", _("Decision")))
    rows = [Row(_row(row)) for row in told["rows"]]
    cut = len(rows) < told["number"] and _("The first %(n)s are written here.") % {"n": len(rows)}
    note = " ".join(filter(None, (_number(told), cut)))
    return [Table(title, [Column(key, label, TEXT) for key, label in keys], rows, note)]


def _number(told) -> str:
    if not told["number"]:
        return _("Nobody is proposed.")
    numbers = {"n": told["number"], "decided": told["decided"]}
    return ngettext("%(n)s proposal, %(decided)s decided.", "%(n)s proposals, %(decided)s decided.", told["number"]) % numbers


def _row(row) -> dict:
    decision = str(capfirst(Award.State(row["state"]).label))
    return {
        "label": str(capfirst(AwardCategory(row["category"]).label)),
        "recipient": f"{row['recipient']} ({row['unit']})",
        "reason": row["reason"],
        "state": f"{decision}, {row['number']}" if row["number"] else decision,
    }

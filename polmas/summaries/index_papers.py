"""A quarter of the security index on paper and as a table: numbers, spread, root causes and steps; no name of a scorer."""

import hashlib
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from polmas.people import documents
from polmas.people.heads import head_of
from polmas.people.models import Document
from polmas.summaries import index_results, radars
from polmas.summaries.models import IndexPeriod

KIND = "security-index"
# Raised when the layout changes, so that files of an older layout are not served any more.
LAYOUT = 1
SHOWN_QUARTERS = 6


def document_of(period: IndexPeriod, with_texts: bool) -> Document:
    """The PDF of exactly what the quarter says now; readers of figures alone get one without root causes and steps."""
    result = index_results.result_of(period)
    lines = [(line.indicator.code, str(line.value), line.spread, line.agreed and line.agreed.note) for part in result.fields for line in part.lines]
    steps = [(step.pk, step.root_cause, step.step, step.owner, step.due_on, step.state, step.note) for step in period.steps.all()]
    earlier = [(other.pk, other.total) for other in index_results.before(period, SHOWN_QUARTERS)]
    shown = (LAYOUT, period.state, lines, steps, earlier, with_texts, head_of(period.unit, period.unit.today()))
    fingerprint = hashlib.sha256(repr(shown).encode()).hexdigest()
    return documents.document_for(KIND, period.pk, fingerprint, "summaries.render_index", {"with_texts": with_texts})


@translation.override(documents.LANGUAGE)
def paper(period: IndexPeriod, details: dict) -> dict[str, Any]:
    """What the template prints, in the language of the letter."""
    result = index_results.result_of(period)
    quarters = index_results.before(period, SHOWN_QUARTERS)
    briefs = index_results.briefs_of(quarters)
    values = [part.index.value for part in result.fields]
    earlier = briefs[quarters[-2].pk].by_field if len(quarters) > 1 else {}
    names = [capfirst(part.label) for part in result.fields]
    before = [earlier[part.field].value if part.field in earlier else None for part in result.fields]
    with_texts = bool(details.get("with_texts"))
    return {
        "period": period,
        "unit": period.unit,
        "result": result,
        "radar": radars.radar_of(names, values, before),
        "earlier": quarters[-2] if len(quarters) > 1 else None,
        "trend": [{"period": other, "total": briefs[other.pk].total} for other in quarters],
        "with_texts": with_texts,
        "steps": period.steps.select_related("indicator") if with_texts else [],
        "scorers": period.scores.counted().order_by().values("member").distinct().count(),
        "today": period.unit.today(),
        "head": head_of(period.unit, period.unit.today()),
    }


def headings() -> list[str]:
    names = (_("Field"), _("Code"), _("Indicator"), _("Source"), _("Weight in the field (%)"), _("Scorers"), _("Lowest"), _("Highest"))
    return [*names, _("Mean"), _("Median"), _("Standard deviation"), _("Agreed value"), _("Value that counts"), _("Band")]


def rows_of(result) -> list[list]:
    """A line for each indicator, below each field its index, and the total at the end."""
    rows: list[list] = []
    for part in result.fields:
        rows += [_row(part, line) for line in part.lines]
        rows.append(_sum(capfirst(part.label), part.weight, part.index))
    return [*rows, _sum(_("Total"), 100, result.total)]


def _row(part, line) -> list:
    indicator, spread = line.indicator, line.spread
    told = (spread.n, spread.lowest, spread.highest, spread.shown_mean, spread.median, spread.deviation) if spread else (0, *[None] * 5)
    band = str(capfirst(line.band.label)) if line.band else None
    named = [str(capfirst(part.label)), indicator.code, indicator.text, str(indicator.get_source_display()), line.weight]
    return [*named, *told, line.agreed and line.agreed.value, line.value, band]


def _sum(name, weight, index) -> list:
    counted = _("%(scored)d of %(total)d scored") % {"scored": index.scored, "total": index.total}
    return [str(name), None, counted, None, weight, *[None] * 7, index.value, str(capfirst(index.band.label)) if index.band else None]

"""A summary as paper: what the page, the PDF and the API show of it."""

import datetime

from django.utils import translation
from django.utils.formats import date_format

from patrol.models import Field, Kind
from polmas.people import documents
from polmas.people.models import Document
from polmas.summaries.models import PeriodKind, Summary
from polmas.summaries.models.summaries import hash_of
from polmas.summaries.periods import Change
from polmas.summaries.targets import Cluster

NO_PERSONS = "summary-figures"  # the kind of document for readers of figures alone


def figures_for(summary: Summary, with_persons: bool) -> dict:
    """The figures as a reader may see them: officers are named only to those who read the unit's reports."""
    return summary.figures if with_persons else {**summary.figures, "officers": []}


def document_of(summary: Summary, with_persons: bool) -> Document:
    """The PDF of exactly this content."""
    content = summary.content_hash or hash_of(
        {
            "figures": summary.figures,
            "analysis": summary.analysis,
            "plan": summary.plan,
            "state": summary.state,
            "built": summary.built_at.isoformat(),
        }
    )
    return documents.document_for("summary" if with_persons else NO_PERSONS, summary.pk, content, "summaries.render_summary")


def filename(summary: Summary) -> str:
    return f"rekap-{summary.unit.code.lower()}-{summary.starts_on}-r{summary.revision}.pdf"


def column_head(kind: str, start: datetime.date) -> str:
    """How a period heads a column, short enough for a phone: Okt 2026; from 16 Nov."""
    return date_format(start, "M Y" if kind == PeriodKind.MONTHLY else "j M")


def paper(summary: Summary, with_persons: bool) -> dict:
    """Everything that the templates of a summary print."""
    figures = figures_for(summary, with_persons)
    activities, period = figures["activities"], figures["period"]
    total = activities["total"]
    return {
        "summary": summary,
        "unit": summary.unit,
        "figures": figures,
        "span": summary.span,
        "head": column_head(summary.period, summary.starts_on),
        "head_before": column_head(summary.period, datetime.date.fromisoformat(period["previous_start"])),
        "sentences": figures["text"].get(translation.get_language(), figures["text"]["id"]),
        "kinds": [(Kind(row["key"]).label, Change(row["before"], row["now"])) for row in activities["kinds"]],
        "total": Change(total["before"], total["now"]),
        "last_year": Change(total["last_year"], total["now"]),
        "areas": [(row, Change(row["before"], row["now"])) for row in figures["areas"]],
        "officers": [{**row, "cluster_label": Cluster(row["cluster"]).label if row["cluster"] else ""} for row in figures["officers"]],
        "opinions": [(Field(row["field"]).label if row["field"] else "–", row) for row in figures["opinions"]],
        "units": [_unit_line(row) for row in figures["units"]],
    }


def _unit_line(row):
    change = None if row["now"] is None else Change(row["before"], row["now"])
    label = Summary.State(row["state"]).label if row["state"] in Summary.State.values else ""
    return {**row, "change": change, "state_label": label, "is_approved": row["state"] in Summary.APPROVED_STATES}

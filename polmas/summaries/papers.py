"""A summary as paper: what the page, the PDF and the API show of it."""

import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patrol.models import Field, Kind, OpinionUrgency
from polmas.people import documents
from polmas.people.models import Document
from polmas.people.periods import Change
from polmas.summaries.drafting import listed
from polmas.summaries.models import PeriodKind, Summary
from polmas.summaries.models.summaries import hash_of
from polmas.summaries.models.targets import kind_label
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


@translation.override(documents.LANGUAGE)
def paper(summary: Summary, with_persons: bool) -> dict:
    """Everything that the templates of a summary print, in the language of the letter and not of its reader."""
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
        "sentences": figures["text"][documents.LANGUAGE],
        "kinds": [(Kind(row["key"]).label, Change(row["before"], row["now"])) for row in activities["kinds"]],
        "total": Change(total["before"], total["now"]),
        "last_year": Change(total["last_year"], total["now"]),
        "areas": [(row, Change(row["before"], row["now"])) for row in figures["areas"]],
        "officers": [_officer_line(row) for row in figures["officers"]],
        "opinions": [(Field(row["field"]).label if row["field"] else "–", row, without_urgency(row)) for row in figures["opinions"]],
        "units": [_unit_line(row) for row in figures["units"]],
    }


def _officer_line(row):
    """An officer's row with the cluster in words, and kind by kind what was done of what was expected; older papers have no targets."""
    targets, kinds = row.get("targets", {}), row["kinds"]
    parts = [f"{kind_label(kind)} {kinds.get(kind, 0)}/{targets[kind]}" for kind in targets if kind in Kind.values]
    return {**row, "cluster_label": Cluster(row["cluster"]).label if row["cluster"] else "", "by_kind": " · ".join(parts)}


def without_urgency(row) -> int:
    """Voices whose urgency nobody filled in: what the columns of the table lack to its total."""
    return row["total"] - sum(row["urgencies"].get(urgency, 0) for urgency in OpinionUrgency.values)


def _unit_line(row):
    change = None if row["now"] is None else Change(row["before"], row["now"])
    label = Summary.State(row["state"]).label if row["state"] in Summary.State.values else ""
    return {**row, "change": change, "state_label": label, "is_approved": row["state"] in Summary.APPROVED_STATES}


def approval(summary: Summary) -> dict:
    """What who is about to sign should know: the number it will get, Polsek that it lacks, and older papers left unsigned."""
    lacking = [row["name"] for row in summary.figures["units"] if row["state"] not in Summary.APPROVED_STATES]
    older = [date_format(start, "F Y" if summary.period == PeriodKind.MONTHLY else "j F Y") for start in unsigned_before(summary)]
    notes = []
    if lacking:
        notes.append(_("Missing or not approved: %(units)s.") % {"units": listed(lacking)})
    if older:
        notes.append(_("Still without approval: %(periods)s.") % {"periods": listed(older)})
    return {"number": summary.next_number(summary.unit), "notes": notes}


def unsigned_before(summary: Summary) -> list[datetime.date]:
    """First days of earlier periods of which the unit has a draft and nothing approved."""
    earlier = Summary.objects.filter(unit=summary.unit, period=summary.period, starts_on__lt=summary.starts_on).order_by("starts_on")
    states = list(earlier.values_list("starts_on", "approved_at"))
    signed = {start for start, approved_at in states if approved_at}
    return sorted({start for start, _approved_at in states} - signed)

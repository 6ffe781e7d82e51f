"""A summary set in sections: the parts A to J of domain.md 5.7, each with its tables and its text."""

from typing import Any

from django.utils.translation import gettext as _

from polmas.summaries.layout import activities, awards, drawing, incidents, others, security_index
from polmas.summaries.layout.blocks import Section
from polmas.summaries.models import Summary

__all__ = ["Section", "of_officers", "sections"]


def sections(summary: Summary, figures: dict, texts: dict, annex: dict | None, reader: Any) -> list[Section]:
    """All parts. `figures` and `annex` are what the reader may see; `texts`: by part, what people wrote or else the proposal; `reader`: what
    else may stand there for its reader (papers.Reader)."""
    return [
        Section("A", _("General"), activities.general(summary, figures)),
        Section("B", _("Security situation"), incidents.blocks(figures, texts.get("B", ""))),
        Section(
            "C", _("Fields of life (ipoleksosbudhankam)"), [*others.fields(figures, texts, annex), *security_index.blocks(figures, reader.with_index)]
        ),
        *of_officers(figures, texts),
        Section("F", _("Complaints"), others.complaints(texts.get("F", ""))),
        Section("G", _("Potential conflicts and PG, AG, GN that stand out"), others.conflicts(figures, texts.get("G", ""))),
        Section("H", _("Analysis, prediction, steps and recommendation"), others.conclusions(texts)),
        Section("I", others.of_next(summary.period), others.plan(texts)),
        Section("J", _("Photos and map"), drawing.blocks(summary, figures, reader.with_persons)),
    ]


def of_officers(figures: dict, texts: dict) -> list[Section]:
    """Parts D and E, which alone make the Laporan Bhabinkamtibmas."""
    return [
        Section("D", _("Binmas activities"), [*activities.blocks(figures, texts.get("D", "")), *awards.blocks(figures)]),
        Section("E", "FKPM", others.forums(figures, texts.get("E", ""))),
    ]

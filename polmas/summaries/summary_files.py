"""The files of a summary beside its PDF: workbook, editable letter, and the Laporan Bhabinkamtibmas of the Kanit Binmas."""

import io

from django.utils import timezone, translation

from polmas.people import documents
from polmas.people.models import Document
from polmas.people.templatetags.polmas import date_on
from polmas.summaries import layout, papers
from polmas.summaries.models import Summary, authority
from polmas.summaries.models.seals import hash_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The kinds of the Laporan Bhabinkamtibmas by whether persons stand in it.
OFFICERS = {"officers": True, "officers-figures": False}


@translation.override(documents.LANGUAGE)
def xlsx_of(summary: Summary, reader: papers.Reader) -> io.BytesIO:
    from polmas.summaries.workbook import workbook  # imported where used: writing tables takes memory

    return workbook(papers.paper(summary, reader))


@translation.override(documents.LANGUAGE)
def docx_of(summary: Summary, reader: papers.Reader, size: str = "A4") -> io.BytesIO:
    from polmas.summaries.letter import letter  # imported where used: writing letters takes memory

    return letter(papers.paper(summary, reader), papers.address_of(summary), size)


def officers_document(summary: Summary, with_persons: bool, size: str) -> Document:
    """The Laporan Bhabinkamtibmas: parts D and E alone, for the Kanit Binmas to sign."""
    kind = next(kind for kind, persons in OFFICERS.items() if persons == with_persons)
    keeper = keeper_of(summary)
    content = {"figures": summary.figures, "texts": summary.texts, "number": summary.number, "keeper": keeper, "size": size}
    return documents.document_for(kind, summary.pk, hash_of(content), "summaries.render_officers", {"size": size, "keeper": keeper})


def keeper_of(summary: Summary) -> dict:
    """Who keeps the paper of the unit: as it was approved, of a draft today's."""
    return summary.signer["keeper"] if "keeper" in summary.signer else authority.keeper_of(summary.unit)


@translation.override(documents.LANGUAGE)
def officers_paper(summary: Summary, with_persons: bool, details: dict) -> dict:
    told = papers.paper(summary, papers.Reader(with_persons))
    return {
        **told,
        "title": "LAPORAN BHABINKAMTIBMAS",
        "sections": layout.of_officers(told["figures"], papers.texts_of(summary)),
        "keeper": details["keeper"],
        "size": details["size"],
        "signed_on": date_on(summary.approved_at or timezone.now(), summary.unit),
    }

"""A quarter of the index to take along: PDF by a worker, table at once. Only once it is scored."""

import logging

from django.http import Http404
from django.utils.translation import gettext as _

from polmas.people import documents, sheets
from polmas.summaries import index_papers, index_results
from polmas.summaries.views.index import period_of

log = logging.getLogger("polmas.summaries")


def _scored(request, uuid):
    period = period_of(request, uuid)
    if period.is_open:
        raise Http404
    return period


def _name(period) -> str:
    return f"indeks-keamanan-{period.area.name.lower().replace(' ', '-').replace('/', '-')}-{period.year}-{period.quarter}"


def index_pdf(request, uuid):
    period = _scored(request, uuid)
    document = index_papers.document_of(period, with_texts=period.board.names_persons_to(request.user))
    return documents.serve(request, document, f"{_name(period)}.pdf")


def index_export(request, uuid):
    """XLSX, or CSV by `bentuk`. Who took what is logged."""
    period = _scored(request, uuid)
    log.info("export of the security index %s by user %s", period.pk, request.user.pk)
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    rows = index_papers.rows_of(index_results.result_of(period))
    return sheets.sent(form, _name(period), _("Security index"), index_papers.headings(), rows)

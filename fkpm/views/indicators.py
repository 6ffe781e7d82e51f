"""Whether a forum works: its indicators beside those of the year before, the rows behind each, and the report of a year."""

from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from fkpm import indicators
from fkpm.accounts_on_paper import digest_of, report_on_paper
from fkpm.views.cash import year_asked
from fkpm.views.forums import forum_of
from polmas.people.documents import LANGUAGE, document_for, serve


def indicator_list(request, uuid):
    forum = forum_of(request, uuid)
    year = year_asked(request, forum)
    context = {"forum": forum, "year": year, "readings": indicators.readings(forum, year), "this_year": forum.unit.today().year}
    return render(request, "fkpm/indicator_list.html", context)


def indicator_detail(request, uuid, key):
    """The rows that make one number. Of cases there are none here: only their number is for the forum's readers."""
    forum = forum_of(request, uuid)
    year = year_asked(request, forum)
    indicator = next((sign for sign in indicators.INDICATORS if sign.key == key and sign.has_rows), None)
    if indicator is None:
        raise Http404
    context = {"forum": forum, "year": year, "indicator": indicator, "rows": indicators.rows_of(forum, year, key)}
    return render(request, "fkpm/indicator_detail.html", context)


def report_pdf(request, uuid):
    """The report of a year under the forum's own head."""
    forum = forum_of(request, uuid)
    year = year_asked(request, forum)
    with translation.override(LANGUAGE):
        shown = render_to_string("fkpm/report_print.html", report_on_paper(forum, year))
    document = document_for("forum_report", forum.pk, digest_of(forum, shown), "fkpm.render_account", {"year": year})
    return serve(request, document, f"Laporan tahunan {forum} {year}.pdf".replace("/", "-"))

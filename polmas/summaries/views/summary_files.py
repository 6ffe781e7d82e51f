"""Files of a summary: workbook, letter, Laporan Bhabinkamtibmas, scans of the signed paper, and which photos go on it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from polmas.people import documents
from polmas.people.periods import Period
from polmas.people.uploads import PaperField, served
from polmas.summaries import papers, summary_files
from polmas.summaries.access import names_persons
from polmas.summaries.contents.groups import Group
from polmas.summaries.contents.photos import MOST, candidates, told
from polmas.summaries.models import SummaryScan
from polmas.summaries.views.summaries import one

MOST_OFFERED = 24


@require_safe
def summary_xlsx(request, uuid):
    summary = one(request, uuid)
    file = summary_files.xlsx_of(summary, papers.reader_of(request.user, summary))
    return FileResponse(file, as_attachment=True, filename=papers.filename(summary, "xlsx"), content_type=summary_files.XLSX)


@require_safe
def summary_docx(request, uuid):
    summary = one(request, uuid)
    file = summary_files.docx_of(summary, papers.reader_of(request.user, summary), size=papers.size_of(request.GET))
    return FileResponse(file, as_attachment=True, filename=papers.filename(summary, "docx"), content_type=summary_files.DOCX)


@require_safe
def summary_officers(request, uuid):
    """The Laporan Bhabinkamtibmas as PDF."""
    summary = one(request, uuid)
    size = papers.size_of(request.GET)
    document = summary_files.officers_document(summary, names_persons(request.user, summary.unit), size)
    return documents.serve(request, document, papers.filename(summary, size=size, name="bhabinkamtibmas"))


class ScanForm(forms.Form):
    """The signed paper."""

    paper = PaperField(label=gettext_lazy("Signed paper"))


@require_http_methods(["GET", "HEAD", "POST"])
def scan_create(request, uuid):
    """Attaches the scan of the signed paper to the approved summary: who keeps the papers of the unit, and its operators."""
    summary = one(request, uuid)
    if not summary.is_approved or not summary.is_kept_by(request.user):
        raise Http404
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            SummaryScan.attach(summary, form.cleaned_data["paper"], request.user)
        except ValidationError as error:
            form.add_error("paper", error)
        else:
            messages.success(request, _("The signed paper is attached."))
            return redirect("summaries:summary_detail", summary.uuid)
    return render(request, "summaries/scan_form.html", {"summary": summary, "form": form})


@require_safe
def scan_detail(request, uuid):
    scan = get_object_or_404(SummaryScan.objects.for_user(request.user).select_related("summary__unit"), uuid=uuid)
    return served(scan.file, papers.filename(scan.summary, "").rstrip("."), scan.type)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_photos(request, uuid):
    """Which photos of the period go on a draft."""
    summary = one(request, uuid)
    if not summary.is_draft or not summary.is_kept_by(request.user) or not names_persons(request.user, summary.unit):
        raise Http404
    on_it = {row["id"] for row in summary.figures.get("photos", [])}
    offered = _offered(summary, on_it)
    if request.method == "POST":
        chosen = [photo for photo in offered if str(photo.uuid) in request.POST.getlist("foto")]
        if len(chosen) <= MOST:
            return _choose(request, summary, [told(photo) for photo in chosen])
        messages.error(request, _("At most %(n)d photos.") % {"n": MOST})
        known = {str(photo.uuid) for photo in chosen}
    else:
        known = on_it
    rows = [(photo, told(photo), str(photo.uuid) in known) for photo in offered]
    return render(request, "summaries/summary_photos.html", {"summary": summary, "rows": rows, "most": MOST})


def _offered(summary, on_it: set[str]) -> list:
    """Photos of the period, the newest first, and always those that are on the draft."""
    rows = candidates(Group.of(summary.unit), Period(summary.starts_on, summary.ends_on))
    newest = list(rows[:MOST_OFFERED])
    return [*newest, *rows.filter(uuid__in=on_it).exclude(pk__in=[photo.pk for photo in newest])]


def _choose(request, summary, photos):
    try:
        summary.choose_photos(request.user, photos)
    except ValidationError as error:  # signed meanwhile
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The photos are chosen."))
    return redirect("summaries:summary_detail", summary.uuid)

"""Reports on paper, in books, as text for WhatsApp and for copying into BOS."""

import datetime
import hashlib
import logging

from django.contrib import messages
from django.forms import formset_factory
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from patrol import books, bos, papers, texts
from patrol.access import officers_read_by, own_reports, reader
from patrol.kinds import BY_SLUG, ENTRIES, KINDS
from patrol.lists import one_in_detail
from patrol.models import BosField, BosMark, Report
from patrol.paper_forms import BookForm, BosFieldForm, DayForm
from polmas.people.documents import document_for, serve
from polmas.people.scope import OPERATORS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
log = logging.getLogger("polmas.patrol")


def report_for(request, uuid) -> Report:
    return one_in_detail(Report.objects.for_user(reader(request)), uuid)


def report_pdf(request, uuid):
    """The laporan kegiatan of one report; with the names of parties only for those who read them."""
    report = report_for(request, uuid)
    document = document_for(papers.kind_of_paper(report, request.user), report.pk, papers.fingerprint_of(report), "patrol.render_report")
    return serve(request, document, f"laporan-{KINDS[report.kind].slug}-{report.day:%Y-%m-%d}-{str(report.uuid)[:8]}.pdf")


def book_list(request):
    """Which book, of which days."""
    reader(request)
    return render(request, "patrol/book_list.html", {"books": books.BOOKS.values()})


def book_detail(request, slug):
    """One book of a period, on the page, as PDF or as a workbook."""
    user, book = reader(request), book_of(slug)
    form = BookForm(request.GET or None, officers=officers_read_by(user).order_by("name"), today=today_of(user))
    if not form.is_valid():
        return render(request, "patrol/book_detail.html", {"book": book, "form": form, "lines": None})
    officer, start, end = officer_of(user, form), form.cleaned_data["dari"], form.cleaned_data["sampai"]
    lines = books.lines_of(book, user, books.reports_of(book, user, officer, start, end))
    if form.cleaned_data["bentuk"] == "pdf":
        details = books.details_of(book, officer, start, end)
        content = hashlib.sha256(repr((details, lines)).encode()).hexdigest()
        document = document_for("book", user.pk, content, "patrol.render_book", details)
        return serve(request, document, f"{slug}-{start}-{end}.pdf")
    if form.cleaned_data["bentuk"] == "xlsx":
        log.info("book %s of %s to %s taken by user %s", slug, start, end, user.pk)
        return FileResponse(books.sheet_of(book, lines), as_attachment=True, filename=f"{slug}-{start}-{end}.xlsx", content_type=XLSX)
    labels = [column.label for column in book.columns]
    shown = [list(zip(labels, line, strict=True)) for line in lines]
    is_cut = len(lines) == books.MOST_ROWS
    return render(request, "patrol/book_detail.html", {"book": book, "form": form, "lines": shown, "is_cut": is_cut, "most": books.MOST_ROWS})


def book_of(slug) -> books.Book:
    if slug not in books.BOOKS:
        raise Http404
    return books.BOOKS[slug]


def officer_of(user, form):
    """The officer chosen; officers themselves see what they did, not what others did in their villages."""
    return form.cleaned_data.get("petugas") or (None if user.scope.whole_paths else user)


def today_of(user) -> datetime.date:
    return user.post.unit.today() if user.post else timezone.localdate()


def recap(request):
    """The text of a day, of an officer or of the whole Polsek, to copy or share."""
    user = reader(request)
    form = DayForm(request.GET or None)
    on = (form.cleaned_data.get("tanggal") if form.is_valid() else None) or today_of(user)
    is_whole = bool(user.scope.whole_paths)
    reports = Report.objects.for_user(user) if is_whole else own_reports(user)
    who = user.post.unit.name if is_whole else f"{user.post.get_role_display()} · {user.full_name}"
    text = texts.recap(reports, user.post.unit, on, who)
    return render(request, "patrol/recap.html", {"text": text, "form": DayForm(initial={"tanggal": on}), "on": on, "is_whole": is_whole})


def bos_detail(request, uuid):
    """The values of a report in the order of BOS, one tap to copy each; marked once it stands there."""
    report = report_for(request, uuid)
    may_mark = report.officer_id == request.user.pk or request.user.scope.holds(OPERATORS, report.unit)
    if not may_mark or not KINDS[report.kind].is_shared:
        raise Http404
    if request.method == "POST":
        if request.POST.get("aksi") == "batal":
            BosMark.objects.filter(report=report).delete()
        else:
            BosMark.objects.get_or_create(report=report, defaults={"by": request.user})
            messages.success(request, _("Marked: entered in BOS."))
        return redirect("patrol:bos_detail", uuid=uuid)
    mark = BosMark.objects.filter(report=report).select_related("by").first()
    return render(request, "patrol/bos_detail.html", {"report": report, "lines": bos.lines_of(report), "mark": mark})


def bos_setup(request, slug=None):
    """Which labels BOS shows for a kind, and which value goes into each: set by the unit's operator."""
    unit = unit_of_operator(request.user)
    if slug is None:
        return render(request, "patrol/bos_setup.html", {"entries": [entry for entry in ENTRIES if entry.is_shared]})
    if slug not in BY_SLUG or not BY_SLUG[slug].is_shared:
        raise Http404
    entry = BY_SLUG[slug]
    formset_class = formset_factory(BosFieldForm, extra=3, can_delete=True, max_num=40, absolute_max=40)
    rows = BosField.objects.filter(unit=unit, kind=entry.kind)
    initial = [{"label": row.label, "source": row.source} for row in rows]
    initial = initial or [{"label": str(bos.COMMON[name][0]), "source": name} for name in bos.USUAL]
    formset = formset_class(request.POST or None, initial=initial, form_kwargs={"sources": bos.sources_of(entry.kind)})
    if request.method == "POST" and formset.is_valid():
        rows.delete()
        kept = [form.cleaned_data for form in formset if form.cleaned_data.get("label") and not form.cleaned_data.get("DELETE")]
        BosField.objects.bulk_create(
            [BosField(unit=unit, kind=entry.kind, order=n, label=row["label"], source=row["source"]) for n, row in enumerate(kept, 1)]
        )
        messages.success(request, _("Saved."))
        return redirect("patrol:bos_setup")
    return render(request, "patrol/bos_setup_form.html", {"entry": entry, "formset": formset})


def unit_of_operator(user):
    """The unit whose operator this is; for everybody else there is nothing."""
    posts = [post for post in user.postings_today if post.role in OPERATORS]
    if not posts:
        raise Http404
    return posts[0].unit

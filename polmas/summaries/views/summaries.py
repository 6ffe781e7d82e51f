"""Periodic summaries: the list, one paper, its texts, its revisions side by side, its PDF."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from polmas.people import documents, sheets
from polmas.people.pages import page_of
from polmas.people.periods import Period
from polmas.summaries import contents, dashboards, framing, papers, queues, runs
from polmas.summaries.access import names_persons, reads_informations, reads_summaries, units_for_figures
from polmas.summaries.forms_summaries import MANY_UNITS, SummaryFilter, TextForm
from polmas.summaries.models import Summary, SummaryRun, SummaryScan, SummaryStep, authority
from polmas.summaries.models.due_times import KINDS_OF

PER_PAGE = 30
EXPORTED = 20_000


def in_sight(request):
    """Summaries in sight; whoever reads no figures and writes no part has no such pages."""
    if not reads_summaries(request.user):
        raise Http404
    return Summary.objects.for_user(request.user).select_related("unit")


def one(request, uuid):
    return get_object_or_404(in_sight(request), uuid=uuid)


def _asked(request):
    """The rows that the list's filters leave, with the form."""
    rows = in_sight(request).without_content()
    units = list(units_for_figures(request.user).filter(kind__in=KINDS_OF)[: MANY_UNITS + 1])
    form = SummaryFilter(request.GET, units=units)
    return form, form.narrowed(rows)


@require_safe
def summary_list(request):
    form, rows = _asked(request)
    page = page_of(rows, request.GET.get("page"), PER_PAGE)
    senders = queues.senders_to(request.user) if page.number == 1 and not form.has_changed() else []
    context = {
        "form": form,
        "page_obj": page,
        "is_narrowed": form.has_changed(),
        "waiting": queues.waiting_for(request.user),
        "incidentals": queues.incidentals_for(request.user),
        "missing": queues.missing_of(senders),
        "missing_earlier": queues.missing_earlier_of(senders),
    }
    return render(request, "summaries/summary_list.html", context)


@require_safe
def summary_export(request):
    """The list as filtered, as a table."""
    shape = request.GET.get("bentuk")
    if shape not in sheets.FORMATS:
        raise Http404
    _form, rows = _asked(request)
    with override(documents.LANGUAGE):
        moments = [_("Due"), _("Approved"), _("Sent")]
        heads = [_("Unit"), _("Summary"), _("From"), _("Until"), _("Revision"), _("State"), _("Number"), *moments, _("Late")]
        lines = [_export_line(summary) for summary in rows[:EXPORTED]]
        return sheets.sent(shape, "rekap", _("Summaries"), heads, lines)


def _export_line(summary):
    zone, known = summary.unit.zone, (summary.due_at, summary.approved_at, summary.sent_at)
    moments = [moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else "" for moment in known]
    named = [summary.unit.name, str(summary.title), summary.starts_on, summary.ends_on, summary.revision, str(summary.get_state_display())]
    return [*named, summary.number, *moments, _("yes") if summary.is_late else _("no")]


@require_safe
def summary_detail(request, uuid):
    summary = one(request, uuid)
    run = _run_of(summary) if summary.is_draft and summary.is_kept_by(request.user) else None
    if request.htmx:
        return _counting(request, summary, run)
    revisions = in_sight(request).filter(unit=summary.unit, period=summary.period, starts_on=summary.starts_on).exclude(pk=summary.pk)
    may_approve = summary.may_be_approved_by(request.user)
    keeps = summary.is_kept_by(request.user)
    paper = papers.paper(summary, papers.reader_of(request.user, summary))
    context = {
        **paper,
        "differing": framing.differing(paper["replaces"]) if paper["replaces"] else [],
        "informations": dashboards.informations(request.user, summary.unit, Period(summary.starts_on, summary.ends_on)),
        "run": run,
        "may_edit": summary.may_be_edited_by(request.user),
        "may_rebuild": summary.is_draft and keeps,
        "may_approve": may_approve,
        "signing": papers.approval(summary) if may_approve else None,
        "nobody_signs": authority.nobody_signs(summary.unit) if keeps and summary.is_draft and not summary.is_running else None,
        "may_send": summary.may_be_sent_by(request.user),
        "may_receive": summary.may_be_received_by(request.user),
        "revisions": revisions.without_content().order_by("-revision"),
        "steps": summary.steps.select_related("by"),
        "returned": _returned(summary),
        "scans": SummaryScan.objects.for_user(request.user).filter(summary=summary).select_related("added_by"),
        "may_attach": summary.is_approved and keeps,
        "may_choose_photos": summary.is_draft and keeps and names_persons(request.user, summary.unit),
    }
    return render(request, "summaries/summary_detail.html", context)


def _run_of(summary) -> SummaryRun | None:
    """The build that is asked for or under way, or that failed."""
    key = {"unit": summary.unit, "period": summary.period, "starts_on": summary.starts_on}
    return SummaryRun.objects.filter(**key, state__in=SummaryRun.OPEN).first()


def _counting(request, summary, run):
    """How far it is, for the page that asks again; once it is done, the page is loaded anew."""
    if run is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "summaries/_summary_counting.html", {"summary": summary, "run": run})


def _returned(summary):
    """Why the revision before this draft came back, if it did."""
    if summary.revision == 1 or not summary.is_draft:
        return None
    same = {"summary__unit": summary.unit, "summary__period": summary.period, "summary__starts_on": summary.starts_on}
    before = SummaryStep.objects.filter(**same, summary__revision=summary.revision - 1, state=Summary.State.DIKEMBALIKAN)
    return before.select_related("by").last()


@require_http_methods(["GET", "HEAD", "POST"])
def summary_update(request, uuid):
    summary = one(request, uuid)
    parts = summary.parts_for(request.user)
    if not parts:
        raise Http404
    secrets = contents.secrets_of(summary.unit, Period(summary.starts_on, summary.ends_on)) if reads_informations(request.user, summary.unit) else []
    form = TextForm(request.POST or None, summary=summary, parts=parts, secrets=secrets)
    stored = summary
    if request.method == "POST" and form.is_valid():
        try:
            summary.edit(request.user, form.texts, form.seen)
        except ValidationError as error:
            form.add_error(None, error)
            stored = Summary.objects.get(pk=summary.pk)
            form.show_theirs(stored)
        else:
            messages.success(request, _("The text is saved."))
            return redirect("summaries:summary_detail", summary.uuid)
    sentences = summary.figures["text"][documents.LANGUAGE]
    context = {
        "summary": summary,
        "form": form,
        "rows": form.rows(stored),
        "sentences": sentences,
        "parts_near_li": authority.PARTS_OF_INTELLIGENCE,
        "others": authority.writers_of_others(summary.unit, parts),
    }
    return render(request, "summaries/summary_form.html", context)


@require_POST
def summary_rebuild(request, uuid):
    """Asks for a draft to be counted anew, at the wish of who works on it; the unit above follows."""
    summary = one(request, uuid)
    if not summary.is_draft or not summary.is_kept_by(request.user):
        raise Http404
    runs.ask_for([(summary.unit_id, summary.period, summary.starts_on)], by=request.user)
    return redirect("summaries:summary_detail", summary.uuid)


@require_safe
def summary_compare(request, uuid, revision):
    """Two revisions of one summary side by side: every figure and text that their papers say otherwise."""
    summary = one(request, uuid)
    same = in_sight(request).filter(unit=summary.unit, period=summary.period, starts_on=summary.starts_on)
    other = get_object_or_404(same, revision=revision)
    older, newer = sorted((summary, other), key=lambda row: row.revision)
    reader = papers.reader_of(request.user, summary)
    context = {"summary": summary, "older": older, "newer": newer, **papers.compared(older, newer, reader)}
    return render(request, "summaries/summary_compare.html", context)


@require_safe
def summary_pdf(request, uuid):
    summary = one(request, uuid)
    size = papers.size_of(request.GET)
    document = papers.document_of(summary, papers.reader_of(request.user, summary), size=size)
    return documents.serve(request, document, papers.filename(summary, size=size))

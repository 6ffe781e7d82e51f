"""The score sheet of one member: one indicator after the other, kept as it is typed."""

from django.contrib import messages
from django.db import InternalError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mapping.models import Incident, Problem
from polmas.people.uploads import served
from polmas.summaries import index_results
from polmas.summaries.forms_index import MOST_EVIDENCE, IndexEvidenceForm, IndexScoreForm
from polmas.summaries.models import IndexEvidence, IndexField, IndexPeriod, IndexScore, Summary
from polmas.summaries.views.index import period_of, scorer_of

CONFLICT = 409


def sheet_of(period) -> list:
    """The indicators of a quarter in the order of the sheet."""
    return [weight.indicator for weight in period.scheme.weights.select_related("indicator").order_by("indicator__order", "indicator__code")]


TOO_LATE = gettext_lazy("The scoring of this quarter is over. What you typed was not saved.")


def _is_draft(request) -> bool:
    """Whether the page's script saves what is typed, and wants no page."""
    return request.headers.get("X-Draft") == "1"


def _too_late(request, period):
    if _is_draft(request):
        return HttpResponse(str(TOO_LATE), status=CONFLICT, content_type="text/plain; charset=utf-8")
    messages.warning(request, TOO_LATE if request.method == "POST" else _("The scoring of this quarter is over."))
    return redirect("summaries:index_detail", uuid=period.uuid)


def score_sheet(request, uuid):
    """All indicators with the own score, how many are done, and where to go on."""
    period = period_of(request, uuid)
    member = scorer_of(request, period)
    if not period.is_open:
        return _too_late(request, period)
    scores = {score.indicator_id: score for score in period.scores.filter(member=member)}
    rows = [{"indicator": indicator, "score": scores.get(indicator.pk)} for indicator in sheet_of(period)]
    undone = [row["indicator"] for row in rows if not (row["score"] and row["score"].is_counted)]
    context = {
        "period": period,
        "member": member,
        "suffix": _suffix(request, member),
        "groups": [(field.label, [row for row in rows if row["indicator"].field == field]) for field in IndexField],
        "done": len(rows) - len(undone),
        "total": len(rows),
        "next": undone[0] if undone else None,
    }
    return render(request, "summaries/index_sheet.html", context)


def _suffix(request, member) -> str:
    """What addresses of a sheet carry where a keeper writes in somebody's name."""
    return "" if member.user_id == request.user.pk else f"?anggota={member.pk}"


def score_update(request, uuid, code):
    """One indicator. A save by the script answers without a page; a save by button goes on to the next."""
    period = period_of(request, uuid)
    member = scorer_of(request, period)
    if not period.is_open:
        return _too_late(request, period)
    sheet = sheet_of(period)
    place = next((number for number, indicator in enumerate(sheet) if indicator.code == code), None)
    if place is None:
        raise Http404
    indicator = sheet[place]
    score = _score_for(request, period, member, indicator)
    is_draft = _is_draft(request)
    form = IndexScoreForm(request.POST or None, instance=score)
    evidence = IndexEvidenceForm(None if is_draft else request.POST or None, request.FILES or None, user=request.user, period=period)
    if request.method == "POST" and form.is_valid() and (is_draft or evidence.is_valid()):
        refusal = _kept(form, None if is_draft else evidence, request.user)
        if is_draft:
            return HttpResponse(refusal, status=CONFLICT if refusal else 204, content_type="text/plain; charset=utf-8")
        if not refusal:
            if not form.instance.is_counted and "more" not in request.POST:
                told = _("%(code)s does not count yet: it needs a score and a reason. It stands among the open ones of the sheet.")
                messages.warning(request, told % {"code": indicator.code})
            return redirect(_after(request, period, member, sheet, place))
        form.add_error(None, refusal)
    elif is_draft:
        return HttpResponse(_refused(form), status=400, content_type="text/plain; charset=utf-8")
    context = {
        "period": period,
        "member": member,
        "suffix": _suffix(request, member),
        "indicator": indicator,
        "form": form,
        "evidence_form": evidence,
        "evidence": shown_evidence(score.evidence.all(), request.user) if score.pk else [],
        "number": place + 1,
        "total": len(sheet),
        "percent": round(100 * place / len(sheet)),
        "previous": sheet[place - 1] if place else None,
        "is_last": place + 1 == len(sheet),
    }
    return render(request, "summaries/index_score.html", context)


def _refused(form) -> str:
    return " ".join(str(message) for messages_of_field in form.errors.values() for message in messages_of_field)


def _score_for(request, period, member, indicator) -> IndexScore:
    """The stored score, or an empty one; made at the first save, so that two saves at once write the same row."""
    asked = {"period": period, "member": member, "indicator": indicator}
    if request.method != "POST":
        return IndexScore.objects.filter(**asked).first() or IndexScore(**asked)
    try:
        with transaction.atomic():
            return IndexScore.objects.get_or_create(**asked, defaults={"recorded_by": request.user})[0]
    except InternalError:  # the scoring was ended a moment ago: the save below says so
        return IndexScore(**asked)


def _kept(form, evidence, user) -> str:
    """Stores score and evidence; gives the reason where the quarter has moved on meanwhile."""
    form.instance.recorded_by = user
    try:
        with transaction.atomic():
            score = form.save()
            rows = evidence.rows(score, user) if evidence else []
            if rows and score.evidence.count() + len(rows) > MOST_EVIDENCE:
                return _("At most %(most)d things can be added to a score.") % {"most": MOST_EVIDENCE}
            for row in rows:
                row.save()
    except InternalError:  # the database's own lock: the scoring was ended a moment ago
        return str(TOO_LATE)
    return ""


def _after(request, period, member, sheet, place) -> str:
    """Back to this indicator for more evidence, or on to the next; after the last to the sheet."""
    suffix = _suffix(request, member)
    if "more" in request.POST:
        messages.success(request, _("Saved."))
        return reverse("summaries:index_score_update", args=[period.uuid, sheet[place].code]) + suffix
    if "close" in request.POST or place + 1 == len(sheet):
        return reverse("summaries:index_score_sheet", args=[period.uuid]) + suffix
    return reverse("summaries:index_score_update", args=[period.uuid, sheet[place + 1].code]) + suffix


def shown_evidence(rows, user) -> list[dict]:
    """What a reader is told of each thing: its title and address where they may read it, else its kind."""
    rows = list(rows)
    readable = {
        "problem": Problem.objects.for_user(user).in_bulk([row.problem_id for row in rows if row.problem_id]),
        "incident": Incident.objects.for_user(user).in_bulk([row.incident_id for row in rows if row.incident_id]),
        "summary": Summary.objects.for_user(user).in_bulk([row.summary_id for row in rows if row.summary_id]),
    }
    return [_told(row, readable) for row in rows]


def _told(row, readable) -> dict:
    if row.file:
        address = reverse("summaries:index_evidence_file", args=[row.uuid])
        return {"row": row, "text": _("Paper or photo"), "url": address, "icon": "file-text"}
    kinds = {
        "problem": (_("Problem on the map"), "patrol:problem_detail", "alert-hexagon"),
        "incident": (_("Incident"), "mapping:incident_detail", "urgent"),
        "summary": (_("Summary with its figures"), "summaries:summary_detail", "report-analytics"),
    }
    name = next(name for name in kinds if getattr(row, f"{name}_id"))
    label, view, icon = kinds[name]
    found = readable[name].get(getattr(row, f"{name}_id"))
    return {"row": row, "text": f"{label}: {found}" if found else label, "url": reverse(view, args=[found.uuid]) if found else "", "icon": icon}


def evidence_of(request, uuid) -> IndexEvidence:
    """A thing of a quarter in sight: of an open one only the own; of a scored one for all who read its reasons."""
    found = IndexEvidence.objects.filter(period__in=IndexPeriod.objects.for_user(request.user), uuid=uuid)
    row = found.select_related("period__board__unit", "score__member").first()
    if row is None or not row.period.board.names_persons_to(request.user):
        raise Http404
    is_own = request.user.pk in (row.score.member.user_id, row.added_by_id)
    if row.period.is_open and not is_own:
        raise Http404
    return row


def evidence_file(request, uuid):
    row = evidence_of(request, uuid)
    if not row.file:
        raise Http404
    return served(row.file, f"bukti-{row.pk}", row.file_type)


@require_POST
def evidence_delete(request, uuid):
    """Takes a thing off the own sheet while it is open."""
    row = evidence_of(request, uuid)
    if not row.period.is_open or request.user.pk not in (row.score.member.user_id, row.added_by_id):
        raise Http404
    address = reverse("summaries:index_score_update", args=[row.period.uuid, row.score.indicator.code]) + _suffix(request, row.score.member)
    try:
        with transaction.atomic():
            row.delete()
    except InternalError:  # the database's own lock: the scoring was ended a moment ago
        return _too_late(request, row.period)
    messages.success(request, _("The evidence is taken away."))
    return redirect(address)


def indicator_detail(request, uuid, code):
    """Who gave which score for one indicator and why, once the scoring is over."""
    period = period_of(request, uuid)
    if period.is_open or not period.board.names_persons_to(request.user):
        raise Http404
    indicator = get_object_or_404(
        period.scheme.weights.select_related("indicator"), indicator__code=code if code.isascii() and code.isalnum() else ""
    ).indicator
    result = index_results.result_of(period)
    line = next(line for part in result.fields for line in part.lines if line.indicator == indicator)
    scores = list(period.scores.counted().filter(indicator=indicator).select_related("member").prefetch_related("evidence"))
    told = shown_evidence([row for score in scores for row in score.evidence.all()], request.user)
    rows = [{"score": score, "evidence": [item for item in told if item["row"].score_id == score.pk]} for score in scores]
    steps = period.steps.filter(indicator=indicator)
    return render(request, "summaries/index_indicator.html", {"period": period, "line": line, "indicator": indicator, "rows": rows, "steps": steps})

"""Incidental reports: the list, one with its supplements, writing one, receiving it, its PDF."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mapping.models import Incident, Problem
from polmas.people import documents
from polmas.people.models import Notification, Posting, User
from polmas.people.scope import READ_WHOLE
from polmas.summaries import telling
from polmas.summaries.forms_incidentals import IncidentalForm, from_incident, from_problem
from polmas.summaries.models import IncidentalReport, authority
from polmas.summaries.models.incidentals import RECEIVERS, WRITERS

PER_PAGE = 30
RECENT = datetime.timedelta(days=7)


def in_sight(request):
    """Reports in sight; who neither reads whole units nor writes such reports has no such pages."""
    if not request.user.scope.roles & (READ_WHOLE | WRITERS):
        raise Http404
    return IncidentalReport.objects.for_user(request.user).select_related("unit", "written_by", "received_by", "main")


def one(request, uuid):
    return get_object_or_404(in_sight(request), uuid=uuid)


def writing_unit(user):
    """The unit for which the user writes such reports; None for who doesn't."""
    posting = next((posting for posting in user.postings_today if posting.role in WRITERS), None)
    return posting.unit if posting else None


@require_safe
def incidental_list(request):
    rows = in_sight(request)
    text = request.GET.get("cari", "").replace("\0", " ")[:100]
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(unit__name__icontains=word))
    if request.GET.get("menunggu"):
        rows = rows.filter(received_at=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "text": text, "waits": bool(request.GET.get("menunggu")), "may_write": writing_unit(request.user) is not None}
    return render(request, "summaries/incidental_list.html", context)


@require_safe
def incidental_detail(request, uuid):
    report = one(request, uuid)
    family = in_sight(request).filter(Q(pk=report.first.pk) | Q(main=report.first)).order_by("supplement")
    context = {
        "report": report,
        "unit": report.unit,
        "family": [other for other in family if other.pk != report.pk],
        "may_receive": report.may_be_received_by(request.user),
        "may_supplement": report.may_be_supplemented_by(request.user),
    }
    return render(request, "summaries/incidental_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def incidental_create(request):
    """A new report, free or from an incident or a problem in sight."""
    unit = writing_unit(request.user)
    if unit is None:
        raise Http404
    report = IncidentalReport(unit=unit)
    with timezone.override(unit.zone):
        initial = _taken_from(request, report)
        form = IncidentalForm(request.POST or None, instance=report, initial=initial)
        if request.method == "POST" and form.is_valid() and _sent(form, request.user):
            messages.success(request, _("Sent to the unit above as %(number)s.") % {"number": report.number})
            return redirect("summaries:incidental_detail", report.uuid)
        since = timezone.now() - RECENT
        recent = Incident.objects.for_user(request.user).filter(unit__path__startswith=unit.path, occurred_at__gte=since, withdrawn_at=None)
        context = {"form": form, "unit": unit, "incidents": recent.select_related("area").order_by("-occurred_at")[:10], "report": report}
        return render(request, "summaries/incidental_form.html", context)


def _taken_from(request, report) -> dict:
    """The incident or problem that the address names becomes the report's; what it tells begins the form."""
    if key := request.GET.get("gangguan"):
        report.incident = _named(Incident.objects.for_user(request.user).filter(withdrawn_at=None).select_related("area", "unit"), key)
        if not report.incident.may_be_read_whole_by(request.user):
            raise Http404
        report.is_discreet = report.incident.is_discreet
        return from_incident(report.incident)
    if key := request.GET.get("masalah"):
        report.problem = _named(Problem.objects.for_user(request.user).select_related("area"), key)
        report.is_discreet = report.problem.is_confidential
        return from_problem(report.problem)
    return {}


def _named(rows, key):
    try:
        return rows.get(uuid=key)
    except (rows.model.DoesNotExist, ValidationError) as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def incidental_supplement(request, uuid):
    """What became known since: a numbered supplement that begins with what is known."""
    main = one(request, uuid).first
    if not main.may_be_supplemented_by(request.user):
        raise Http404
    report = IncidentalReport(unit=main.unit, main=main, incident=main.incident, problem=main.problem, is_discreet=main.is_discreet)
    with timezone.override(main.unit.zone):
        known = {name: getattr(main, name) for name in ("title", "occurred_at", "what", "who", "place", "when")}
        form = IncidentalForm(request.POST or None, instance=report, initial=known)
        if request.method == "POST" and form.is_valid() and _sent(form, request.user):
            messages.success(request, _("Sent to the unit above as %(number)s.") % {"number": report.name})
            return redirect("summaries:incidental_detail", report.uuid)
        return render(request, "summaries/incidental_form.html", {"form": form, "unit": main.unit, "main": main, "report": report})


def _sent(form, by) -> bool:
    report = form.save(commit=False)
    try:
        with transaction.atomic():
            report.send(by)
            tell(report)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def tell(report) -> None:
    """The unit above and the own head are told at once."""
    above = authority.unit_above(report.unit)
    people = set(telling.holders(report.unit, authority.heads_of(report.unit)))
    if above:
        people |= set(Posting.objects.on(above.today()).filter(unit=above, role__in=RECEIVERS).values_list("user", flat=True))
    path = reverse("summaries:incidental_detail", args=[report.uuid])
    readers = {one.pk for one in User.objects.filter(pk__in=people) if IncidentalReport.objects.for_user(one).filter(pk=report.pk).exists()}
    subject = {} if report.is_discreet else {"subject": report.title}
    Notification.objects.tell(readers - {report.written_by_id}, Notification.Kind.INCIDENTAL, path, by=report.unit.name, **subject)


@require_POST
def incidental_receive(request, uuid):
    report = one(request, uuid)
    if not report.may_be_received_by(request.user):
        raise Http404
    try:
        report.receive(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Received from %(unit)s.") % {"unit": report.unit})
    return redirect("summaries:incidental_detail", report.uuid)


@require_safe
def incidental_pdf(request, uuid):
    report = one(request, uuid)
    document = documents.document_for("incidental", report.pk, report.content_hash, "summaries.render_incidental")
    return documents.serve(request, document, f"insidentil-{report.unit.code.lower()}-{report.pk}.pdf")

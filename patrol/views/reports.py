"""What was done: the list, one report, and taking it back."""

import logging
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fkpm.models import Case
from mapping.models import Area
from mapping.problems import WRITERS
from patrol import exports
from patrol.access import officers_read_by, own_reports, reader
from patrol.checking import checks_of
from patrol.filters import JoinedPageFilter, ReportPageFilter
from patrol.flags import reasons_for
from patrol.history import history_of
from patrol.lists import one_in_detail, slice_of
from patrol.maps import map_of
from patrol.models import Photo, ProblemLink, Report
from patrol.models.reports import COUNTED, Kind
from patrol.models.thanks import may_thank
from patrol.texts import short_text
from patrol.views.raising import raise_address
from patrol.wording import Wording
from polmas.people.models import User
from polmas.people.scope import OFFICERS, READ_WHOLE

# What rows of lists name a report by.
SUBJECTS = ("visit__household", "visit__business", "visit__contact", "visit__community", "watch__post", "problemsolving__case__refused_by")

log = logging.getLogger("polmas.patrol")


def report_list(request):
    """Activities by day, the newest first. Officers see their own; with `cakupan=wilayah` all of the areas they hold. Whoever serves in
    the field no longer is led to what still waits for their answer."""
    if not request.user.scope.has(*OFFICERS, *READ_WHOLE) and (waiting := Report.objects.to_confirm(request.user).first()):
        return redirect("patrol:report_detail", uuid=waiting.uuid)
    user = reader(request)
    is_own = shows_own(request)
    reports = own_reports(user) if is_own else Report.objects.for_user(user)
    narrowed = filtered(request, reports, is_own)
    page = slice_of(listed(narrowed.qs), request.GET.get("sebelum", ""))
    context = {"filter": narrowed, "page": page, "is_own": is_own, "is_officer": user.scope.is_officer, "shows_officer": not is_own}
    if is_own or not user.scope.is_officer:
        context |= {"to_confirm": to_confirm(user)}
    if is_own:
        context |= joined_beside(request, user)
    return render(request, "patrol/report_list.html", context)


def to_confirm(user, most: int = 10) -> list:
    """What others recorded in the own name and waits for an answer, the oldest first, each with the `total` of all."""
    # Hardly anybody has any: planning all that a row shows would take longer than finding that out.
    keys = list(Report.objects.to_confirm(user).values_list("pk", flat=True))
    return list(listed(Report.objects.to_confirm(user).filter(pk__in=keys[:most])).annotate(total=Value(len(keys))))


def joined_beside(request, user) -> dict:
    """How many activities of colleagues with the own part in them belong to what was asked for, and where they stand: they are in the
    same numbers. A search looks only into what is shown."""
    asked = {name: request.GET[name] for name in ("jenis", "status", "dari", "sampai") if request.GET.get(name)}
    beside = JoinedPageFilter(asked, Report.objects.joined_by(user), request=request)
    if request.GET.get("q", "").strip() or request.GET.get("wilayah") or not beside.is_valid():
        return {}
    return {"joined": beside.qs.order_by().count(), "joined_path": f"{reverse('patrol:joined_list')}?{urlencode(asked)}"}


def report_export(request):
    """The list as the reader narrowed it, as CSV. Who took what is logged. What cannot be taken so leads back to the list, which says why;
    what takes long is left to a worker."""
    narrowed = narrowed_list(request)
    if not narrowed.is_valid():
        return back_to_list(request)
    if narrowed.qs[exports.MAX_ROWS :].exists():
        return redirect(f"{reverse('summaries:activity_file')}?{request.GET.urlencode()}")
    log.info("export of reports by user %s: %s", request.user.pk, sorted(name for name, value in request.GET.items() if value))
    file = exports.written(narrowed.qs.order_by("-occurred_at", "-pk"))
    return FileResponse(file, as_attachment=True, filename=f"kegiatan-{timezone.localdate():%Y%m%d}.csv", content_type="text/csv; charset=utf-8")


def narrowed_list(request) -> ReportPageFilter:
    """What the list holds for its reader, as its address narrows it."""
    user, is_own = reader(request), shows_own(request)
    return filtered(request, own_reports(user) if is_own else Report.objects.for_user(user), is_own)


def back_to_list(request):
    return redirect(list_address(request))


def list_address(request) -> str:
    """The list as the reader narrowed it."""
    return f"{reverse('patrol:report_list')}?{request.GET.urlencode()}"


def shows_own(request) -> bool:
    """Whether the list holds the own reports alone: an officer's, unless a village or the areas were asked for."""
    scope = request.user.scope
    if not scope.is_officer or scope.whole_paths:
        return False
    return request.GET.get("cakupan", "wilayah" if request.GET.get("wilayah") else "saya") != "wilayah"


def filtered(request, reports, is_own):
    user = request.user
    villages = Area.objects.mine(user, timezone.localdate()).villages()
    officers = User.objects.none() if is_own else officers_read_by(user)
    return ReportPageFilter(request.GET, reports, request=request, villages=villages, officers=officers)


def listed(reports):
    """With all that a row of the list shows. Photos are counted for the rows of the page alone: a join would group all before the cut."""
    photos = Photo.objects.filter(report=OuterRef("pk")).order_by().values("report").annotate(number=Count("pk")).values("number")
    counted = Coalesce(Subquery(photos, output_field=IntegerField()), 0)
    return reports.select_related("officer", "unit", "area", "recorded_by", *SUBJECTS).annotate(photo_count=counted)


def report_detail(request, uuid):
    """One report with all that is known of it, and what may be done with it."""
    report = report_of_page(request.user, uuid)
    is_mine = report.officer_id == request.user.pk
    may_review = report.may_be_reviewed_by(request.user)
    context = {
        **shown(report, request.user),
        "history": history_of(report, request.user),
        **thanks_of(report, request.user),
        "is_mine": is_mine,
        "may_change": report.may_be_changed_by(request.user),
        "may_withdraw": report.may_be_withdrawn_by(request.user),
        "may_review": may_review,
        "reasons": reasons_for(report, request.user) if may_review else [],
        "short_text": short_text(report),
        "supplements": report.supplements.select_related("author").prefetch_related("photos"),
        **(checks_of(report) if may_review else {}),
        **problems_of(report, request.user),
        "case": case_of(report, request.user),
    }
    return render(request, "patrol/report_detail.html", context)


def problems_of(report, user) -> dict:
    """The problems that the report is linked to, and whether the reader may link it or make a problem of it."""
    links = ProblemLink.objects.for_user(user).filter(report=report).select_related("problem")
    return {"problem_links": links, "may_link": report.state in COUNTED and user.scope.has(*WRITERS)}


def case_of(report, user) -> Case | None:
    """The case that a report of problem solving brought, where the reader may open it."""
    return Case.objects.for_user(user).filter(uuid=report.uuid).first() if report.kind == Kind.PS else None


def report_of_page(user, uuid) -> Report:
    """A report in sight, or one that waits for the user's own answer: nobody else can give that, so it stays within reach after a move."""
    in_sight = Report.objects.for_user(user)
    if not user.scope.is_officer and (waiting := Report.objects.to_confirm(user).filter(uuid=uuid)).exists():
        in_sight = waiting
    return one_in_detail(in_sight, uuid)


def thanks_of(report, user) -> dict:
    """The words of thanks, and whether the reader may add some."""
    said = list(report.thanks.all())
    return {"thanks": said, "may_thank": may_thank(user, report) and not any(row.by_id == user.pk for row in said)}


def shown(report, user) -> dict:
    """What pages of one report show of it."""
    words = Wording(report)
    return {
        "report": report,
        "entry": words.entry,
        "facts": words.of_detail(report),
        "parts": words.of_parts(report, user),
        "map": map_of(report),
        "raise_to": raise_address(report, user),
    }


def report_withdraw(request, uuid):
    """Takes an own report back, or one recorded for an officer, with a reason."""
    report = get_object_or_404(Report.objects.for_user(request.user).to_withdraw(request.user).select_related("unit"), uuid=uuid)
    if request.method == "POST":
        try:
            report.withdraw(request.user, request.POST.get("reason", "").replace("\0", "")[:500])
            messages.success(request, _("The report is withdrawn. It stays on record and counts no longer."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("patrol:report_detail", uuid=uuid)

"""The reviewer's queue: look, verify or return, on to the next."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patrol.access import reviewer
from patrol.checking import checks_of
from patrol.flags import reasons_for
from patrol.lists import one_in_detail
from patrol.models import FieldCheck, Report, State
from patrol.models.reports import UNDO_WITHIN, Part
from patrol.queue import Queue
from patrol.views.reports import listed, shown

OPENED, UNDO = "review_opened", "review_undo"  # of the session
MOST_OPENED = 200  # reports that the session remembers as looked at


def review_list(request):
    """What waits, oldest first, narrowed by the address; several without a flag are verified in one go."""
    user = reviewer(request)
    queue = Queue(user, request.GET)
    rows, following = queue.page(listed(queue.reports), request.GET.get("sesudah", ""))
    opened = request.session.get(OPENED, {})
    for report in rows:
        report.may_be_picked = is_pickable(report, opened)
        report.review_path = reverse("patrol:review_detail", args=[report.uuid]) + queue.address
    context = {
        "queue": queue,
        "reports": rows,
        "following": following,
        "choices": queue.choices(),
        "undo": undo_of(request),
        "checks": FieldCheck.objects.for_user(user).open().count(),
        "pickable": sum(report.may_be_picked for report in rows),
    }
    return render(request, "patrol/review_list.html", context)


def is_pickable(report, opened) -> bool:
    """Without a flag, or looked at as it stands: what wants eyes is not waved through."""
    return not report.flags or opened.get(str(report.uuid)) == report.version


def review_verify(request):
    """Verifies the reports that were ticked, each in the version that was shown."""
    user = reviewer(request)
    address = reverse("patrol:review_list") + Queue(user, request.GET).address
    if request.method == "POST":
        opened = request.session.get(OPENED, {})
        wanted = Report.objects.filter(uuid__in=(versions := versions_of(request.POST.getlist("report"))))
        unseen = [report.uuid for report in wanted.only("uuid", "version", "flags") if not is_pickable(report, opened)]
        done = Report.objects.verify_all(user, {key: version for key, version in versions.items() if key not in unseen})
        remember_undo(request, done)
        if left := len(versions) - len(done):
            text = ngettext(
                "%(n)s report was left: it changed meanwhile, or wants to be opened first.",
                "%(n)s reports were left: they changed meanwhile, or want to be opened first.",
                left,
            )
            messages.warning(request, text % {"n": left})
    return redirect(address)


def versions_of(ticked: list[str]) -> dict[uuid.UUID, int]:
    """What the ticked boxes say, as uuid:version; whatever says something else is left out."""
    versions = {}
    for value in ticked[:MOST_OPENED]:
        key, _colon, version = value.partition(":")
        try:
            versions[uuid.UUID(key)] = int(version[:9])
        except ValueError:
            continue
    return versions


def review_undo(request):
    """Takes back what was verified a moment ago."""
    user = reviewer(request)
    undo = request.session.pop(UNDO, None)
    if request.method != "POST" or not undo:
        return redirect("patrol:review_list")
    reports = list(Report.objects.reviewed_by(user).filter(uuid__in=undo["reports"]))
    try:
        for report in reports:
            report.unverify(user)
        messages.success(
            request, ngettext("Taken back: %(n)s report waits again.", "Taken back: %(n)s reports wait again.", len(reports)) % {"n": len(reports)}
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:review_detail", uuid=reports[0].uuid) if len(reports) == 1 else redirect("patrol:review_list")


def remember_undo(request, reports) -> None:
    if reports:
        request.session[UNDO] = {"reports": [str(report.uuid) for report in reports], "at": timezone.now().isoformat()}


def undo_of(request) -> int:
    """How many reports were verified so shortly ago that it may be taken back."""
    undo = request.session.get(UNDO)
    at = undo and parse_datetime(undo["at"])
    if not at or timezone.now() - at > UNDO_WITHIN:
        return 0
    return len(undo["reports"])


def review_detail(request, uuid):
    """One report to decide on. Whoever comes second is told; the decision holds for the version that was seen."""
    user = reviewer(request)
    report = report_for(user, uuid)
    queue = Queue(user, request.GET)
    if request.method == "POST":
        if decide(request, report):
            following = queue.next_after(report)
            address = reverse("patrol:review_detail", args=[following]) if following else reverse("patrol:review_list")
            return redirect(address + queue.address)
        report = report_for(user, uuid)  # as it stands by now
    remember_opened(request, report)
    context = {
        **shown(report, user),
        "reasons": reasons_for(report, user),
        "is_waiting": report.state == State.SUBMITTED,
        "queue": queue,
        "next": queue.next_after(report),
        "note": request.POST.get("note", ""),
        "note_parts": Part.choices,
        "chosen_parts": request.POST.getlist("part"),
        "undo": undo_of(request),
        "supplements": report.supplements.select_related("author").prefetch_related("photos"),
        **checks_of(report),
    }
    return render(request, "patrol/review_detail.html", context)


def remember_opened(request, report) -> None:
    opened = request.session.get(OPENED, {})
    if opened.get(str(report.uuid)) != report.version:
        latest = list(opened.items())[1 - MOST_OPENED :]
        request.session[OPENED] = {**dict(latest), str(report.uuid): report.version}


def report_for(user, uuid) -> Report:
    report = one_in_detail(Report.objects.for_user(user), uuid)
    if not report.may_be_reviewed_by(user):
        raise Http404
    return report


def decide(request, report) -> bool:
    """Whether the report was verified or returned; if not, the page says why and keeps the note."""
    note = request.POST.get("note", "").replace("\0", "")[:2000]
    if request.POST.get("version") != str(report.version):
        messages.error(request, _("The officer has corrected this report meanwhile. Please look at it again."))
        return False
    try:
        if request.POST.get("action") == "verify":
            report.verify(request.user)
            remember_undo(request, [report])
        elif request.POST.get("action") == "return":
            report.send_back(request.user, note, request.POST.getlist("part"))
            messages.success(request, _("Returned to its officer."))
        else:
            return False
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True

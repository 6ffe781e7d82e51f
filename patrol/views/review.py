"""The Kanit's queue: look, verify or return, on to the next."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from patrol.access import reviewer
from patrol.flags import reasons_for
from patrol.models import Report, State
from patrol.views.reports import listed, shown

SHOWN = 50  # the oldest; the others come up as these are done


def review_list(request):
    """What waits, oldest first; `tanda=1` leaves those that carry a flag."""
    user = reviewer(request)
    waiting = Report.objects.to_review(user).exclude(officer=user)
    counts = waiting.order_by().aggregate(all=Count("pk"), flagged=Count("pk", filter=~Q(flags=[])))
    is_flagged = request.GET.get("tanda") == "1"
    rows = waiting.exclude(flags=[]) if is_flagged else waiting
    context = {"reports": listed(rows)[:SHOWN], "counts": counts, "is_flagged": is_flagged, "shown": SHOWN}
    return render(request, "patrol/review_list.html", context)


def review_detail(request, uuid):
    """One report to decide on. Whoever comes second is told; the decision holds for the version that was seen."""
    user = reviewer(request)
    report = report_for(user, uuid)
    if request.method == "POST":
        if decide(request, report):
            following = next_after(user, report)
            return redirect("patrol:review_detail", uuid=following) if following else redirect("patrol:review_list")
        report = report_for(user, uuid)  # as it stands by now
    context = {
        **shown(report, user),
        "reasons": reasons_for(report, user),
        "is_waiting": report.state == State.SUBMITTED,
        "waiting": Report.objects.to_review(user).exclude(officer=user).count(),
        "next": next_after(user, report),
        "note": request.POST.get("note", ""),
    }
    return render(request, "patrol/review_detail.html", context)


def report_for(user, uuid) -> Report:
    report = get_object_or_404(Report.objects.for_user(user).with_details(), uuid=uuid)
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
            messages.success(request, _("Verified."))
        elif request.POST.get("action") == "return":
            report.send_back(request.user, note)
            messages.success(request, _("Returned to its officer."))
        else:
            return False
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True


def next_after(user, report):
    """The uuid of the next report that waits: the one after this in the queue, else the oldest."""
    queue = Report.objects.to_review(user).exclude(Q(officer=user) | Q(pk=report.pk))
    later = queue.filter(Q(received_at__gt=report.received_at) | Q(received_at=report.received_at, pk__gt=report.pk))
    return later.values_list("uuid", flat=True).first() or queue.values_list("uuid", flat=True).first()

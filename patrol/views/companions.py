"""Activities of colleagues in which one took part: the facts, and nothing that leads to a resident."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from patrol.companions import tells_all
from patrol.filters import JoinedPageFilter
from patrol.models import Report
from patrol.wording import participant_name

PER_PAGE = 40


def joined(request):
    """What an officer took part in."""
    if not request.user.scope.is_officer:
        raise Http404
    return Report.objects.joined_by(request.user).select_related("officer", "unit", "area")


def joined_list(request):
    """By day, the newest first."""
    narrowed = JoinedPageFilter(request.GET, joined(request), request=request)
    page = Paginator(narrowed.qs.order_by("-occurred_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "patrol/joined_list.html", {"filter": narrowed, "page_obj": page})


def joined_detail(request, uuid):
    """One of them."""
    report = get_object_or_404(joined(request), uuid=uuid)
    people = [participant_name(one) for one in report.participants]
    return render(request, "patrol/joined_detail.html", {"report": report, "tells_all": tells_all(report), "people": people})

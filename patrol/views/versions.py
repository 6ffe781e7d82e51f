"""Two versions of a report beside each other."""

from django.shortcuts import get_object_or_404, render

from patrol.models import Report
from patrol.versions import Versions


def report_versions(request, uuid):
    """Any two versions; without a choice the last two."""
    report = get_object_or_404(Report.objects.for_user(request.user).with_details(), uuid=uuid)
    versions = Versions(report, request.user)
    first, second = versions.pair(request.GET.get("dari", ""), request.GET.get("ke", ""))
    context = {"report": report, "choices": versions.choices(), "first": first, "second": second, "lines": versions.compare(first, second)}
    return render(request, "patrol/report_versions.html", context)

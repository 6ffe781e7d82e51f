"""Two versions of a report beside each other."""

from django.shortcuts import render

from patrol.lists import one_in_detail
from patrol.models import Report
from patrol.versions import Versions


def report_versions(request, uuid):
    """Any two versions; without a choice the last two."""
    report = one_in_detail(Report.objects.for_user(request.user), uuid)
    versions = Versions(report, request.user)
    first, second = versions.pair(request.GET.get("dari", ""), request.GET.get("ke", ""))
    context = {"report": report, "choices": versions.choices(), "first": first, "second": second, "lines": versions.compare(first, second)}
    return render(request, "patrol/report_versions.html", context)

"""Checks of a sample, by telephone or on site: what is open, marking a report, writing down what came of it."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patrol.access import reviewer
from patrol.models import FieldCheck, Report
from patrol.models.reports import COUNTED
from patrol.views.reports import SUBJECTS

DONE_SHOWN = 30
DRAWN_FROM_DAYS = 7
MOST_DRAWN = 10


def check_list(request):
    return listing(request)


def listing(request, typed=None):
    """What is still to be checked, the oldest first, and what was found out last; `typed` is what was refused of one outcome."""
    user = reviewer(request)
    subjects = [f"report__{subject}" for subject in SUBJECTS]
    checks = FieldCheck.objects.for_user(user).select_related("report__officer", "report__unit", "report__area", "assigned_by", "done_by", *subjects)
    done = checks.exclude(outcome="").order_by("-done_at")[:DONE_SHOWN]
    context = {
        "open": checks.open(),
        "done": done,
        "outcomes": FieldCheck.Outcome.choices,
        "methods": FieldCheck.Method.choices,
        "most": MOST_DRAWN,
        "typed": typed,
    }
    return render(request, "patrol/check_list.html", context)


def check_create(request, uuid):
    """Marks one report for a check. The report stays as it is; its officer is not told."""
    report = get_object_or_404(Report.objects.for_user(user := reviewer(request)).select_related("unit"), uuid=uuid)
    if not report.may_be_reviewed_by(user):
        raise Http404
    if request.method == "POST":
        method = request.POST.get("method")
        if method not in FieldCheck.Method.values:
            messages.error(request, _("Say how it is checked: by telephone or on site."))
        elif mark(report, method, user):
            messages.success(request, _("Marked for checking."))
        else:
            messages.error(request, _("This report is already on the list of checks."))
    return redirect("patrol:review_detail", uuid=uuid)


def mark(report, method, user) -> bool:
    """Whether it was not on the list yet."""
    try:
        with transaction.atomic():
            FieldCheck.objects.create(report=report, method=method, assigned_by=user)
    except IntegrityError:
        return False
    return True


def check_draw(request):
    """Draws some reports of the last days at random, of those that nobody has checked."""
    user = reviewer(request)
    if request.method == "POST":
        method = request.POST.get("method")
        number = request.POST.get("number", "")
        number = min(int(number), MOST_DRAWN) if number.isdecimal() and len(number) < 4 else 0
        if method in FieldCheck.Method.values and number:
            since = timezone.localdate() - datetime.timedelta(days=DRAWN_FROM_DAYS)
            drawn = Report.objects.reviewed_by(user).filter(day__gte=since, state__in=COUNTED, checks__isnull=True).order_by("?")[:number]
            marked = sum(mark(report, method, user) for report in drawn)
            messages.success(request, ngettext("%(n)s report drawn.", "%(n)s reports drawn.", marked) % {"n": marked})
        else:
            messages.error(request, _("Say how many, and how they are checked."))
    return redirect("patrol:check_list")


def check_close(request, pk):
    """Writes down the outcome of a check."""
    check = get_object_or_404(FieldCheck.objects.for_user(reviewer(request)), pk=pk)
    if request.method == "POST":
        try:
            check.close(request.user, request.POST.get("outcome", ""), request.POST.get("note", "").replace("\0", "")[:1000])
            messages.success(request, _("The outcome is recorded."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return listing(request, {"pk": check.pk, "outcome": request.POST.get("outcome"), "note": request.POST.get("note", "")})
    return redirect("patrol:check_list")

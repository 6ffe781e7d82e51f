"""An LI that Kanit Binmas raises from what an officer reported: what a resident said, or an early detection."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from patrol.information_forms import RaiseForm
from patrol.models import Information, Kind, Opinion, Report
from patrol.models.informations import may_raise


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def information_raise(request):
    """A new LI from the report that `asal` names and, with `pendapat`, from one of its opinions. It waits for its number at once."""
    report = _report_asked(request)
    opinion = _opinion_asked(request, report)
    if opinion is None and report.kind != Kind.DETEKSI_DINI:
        raise Http404
    form = RaiseForm(request.POST or None, initial=_begin(report, opinion), instance=Information(uuid=_key_asked(request)))
    if request.method == "POST" and form.is_valid():
        information = _raised(request, form, report)
        messages.success(request, _("The LI is written. Give it its number, or leave that to another Kanit."))
        return redirect("patrol:information_detail", uuid=information.uuid)
    number = int(request.GET["pendapat"]) if opinion else None
    before = Information.objects.for_user(request.user).filter(origin=report.uuid, origin_opinion=number)
    return render(request, "patrol/information_raise.html", {"form": form, "report": report, "opinion": opinion, "before": before})


def raise_address(report, user) -> str:
    """Where the reader raises an LI from this report: an officer from the own one, by the phone's form; Kanit Binmas from those of the unit."""
    if report.officer_id == user.pk:
        return f"{reverse('patrol:information_create')}?asal={report.uuid}" if user.scope.is_officer else ""
    return f"{reverse('patrol:information_raise')}?asal={report.uuid}" if may_raise(user, report) else ""


def _report_asked(request) -> Report:
    try:
        key = uuid.UUID(request.GET.get("asal", ""))
    except ValueError as error:
        raise Http404 from error
    report = get_object_or_404(Report.objects.for_user(request.user).select_related("unit", "area", "officer"), uuid=key)
    if not may_raise(request.user, report):
        raise Http404
    return report


def _opinion_asked(request, report) -> Opinion | None:
    """The opinion by its number in the report, the first being 1; None where none is asked for."""
    asked = request.GET.get("pendapat")
    if asked is None:
        return None
    opinions = list(report.opinions.all())
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    if not 1 <= number <= len(opinions):
        raise Http404
    return opinions[number - 1]


def _begin(report, opinion) -> dict:
    """What the report says already. No resident's name: facts and source are the author's to write."""
    if opinion:
        told = {"facts": opinion.text, "field": opinion.field or report.field, "urgency": opinion.urgency, "method": "LAPORAN_WARGA"}
    else:
        detection = report.detection
        told = {"facts": report.narrative, "field": report.field, "urgency": detection.urgency, "method": detection.method}
    return {**told, "key": uuid.uuid4()}


def _key_asked(request) -> uuid.UUID:
    """The id that the form was given when it was opened: sent twice, it is one LI."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@transaction.atomic
def _raised(request, form, report) -> Information:
    """The new LI, or the stored one where the form was sent twice, even at once."""
    information = form.save(commit=False)
    information.author, information.unit, information.area = request.user, report.unit, report.area
    information.day, information.obtained_at = report.day, report.occurred_at
    information.origin, information.origin_opinion = report.uuid, int(request.GET["pendapat"]) if "pendapat" in request.GET else None
    information.content_hashes = [form.digest]
    try:
        with transaction.atomic():
            information.save()
    except IntegrityError:
        return get_object_or_404(Information, uuid=information.uuid, author=request.user)
    information.announce()
    return information


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def information_revise(request, uuid):
    """The correction of an LI that one raised oneself, until it has its number."""
    mine = Information.objects.for_user(request.user).filter(author=request.user).select_related("unit", "area")
    information = get_object_or_404(mine, uuid=uuid)
    if not information.is_raised:
        raise Http404
    form = RaiseForm(request.POST or None, instance=information, initial={"key": uuid})
    if request.method == "POST" and form.is_valid():
        try:
            information.revise(request.user, form.told, form.digest)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved."))
        return redirect("patrol:information_detail", uuid=uuid)
    if not information.is_open:
        messages.info(request, _("This LI has its number and can no longer be corrected."))
        return redirect("patrol:information_detail", uuid=uuid)
    return render(request, "patrol/information_raise.html", {"form": form, "information": information})

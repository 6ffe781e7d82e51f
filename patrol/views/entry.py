"""The officer's pages on the phone: choose a kind, fill its form, see what waits to be sent.

The pages hold words and code lists, no report and no resident: those come from the phone's own store and from the API.
"""

import dataclasses

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrol.models import Field, Kind, OpinionFrequency, OpinionKind, OpinionUrgency, Phase, Report, Situation
from patrol.models.visits import PURPOSES
from polmas.people.models import Code


@dataclasses.dataclass(frozen=True)
class EntryForm:
    """One kind of report that has a form: its card on the first page."""

    kind: Kind
    url_name: str
    icon: str
    text: str | Promise


FORMS = (EntryForm(Kind.DDS, "patrol:report_create", "home-heart", _("A visit from house to house: who, the result, and what residents say.")),)
PARTICIPANT_KINDS = (("POLRI", _("Police colleague")), ("BABINSA", "Babinsa"), ("LINMAS", "Linmas"), ("LAINNYA", _("Other")))


def require_officer(user):
    """Only officers file reports; for everybody else these pages do not exist."""
    if not user.scope.is_officer:
        raise Http404


def form_context():
    """What the chips and lists of the form offer, and the base map where there is one."""
    return {
        "tiles_url": settings.MAP_TILES_URL,
        "tiles_attribution": settings.MAP_TILES_ATTRIBUTION,
        "purposes": Code.objects.of(PURPOSES, timezone.localdate()),
        "fields": Field.choices,
        "phases": Phase.choices,
        "situations": Situation.choices,
        "opinion_kinds": OpinionKind.choices,
        "urgencies": OpinionUrgency.choices,
        "frequencies": OpinionFrequency.choices,
        "participant_kinds": PARTICIPANT_KINDS,
    }


def report_choose(request):
    """The kinds of report, and the drafts on this phone."""
    require_officer(request.user)
    return render(request, "patrol/report_choose.html", {"forms": FORMS})


def report_create(request):
    """A new sambang."""
    require_officer(request.user)
    return render(request, "patrol/report_form.html", form_context())


def report_update(request, uuid):
    """The correction of an own report that is still open; a closed one says so on its own page."""
    report = get_object_or_404(Report.objects.for_user(request.user).filter(officer=request.user), uuid=uuid)
    if not report.is_open:
        messages.info(request, _("This report is closed and can no longer be corrected."))
        return redirect("patrol:report_detail", uuid=uuid)
    return render(request, "patrol/report_form.html", {**form_context(), "report": report})


def outbox_list(request):
    """What is saved on this phone and not yet on the server."""
    require_officer(request.user)
    return render(request, "patrol/outbox_list.html")

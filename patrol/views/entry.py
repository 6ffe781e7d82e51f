"""The officer's pages on the phone: choose a kind, fill its form, see what waits to be sent.

The pages hold words and code lists, no report and no resident: those come from the phone's own store and from the API.
"""

import itertools

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.answers import answer_form
from patrol.findings import IN_OWN_AREA, OUTSIDE_REASONS
from patrol.kinds import BY_SLUG, ENTRIES, KindEntry
from patrol.models import Field, OpinionFrequency, OpinionKind, OpinionUrgency, Phase, Report, Situation, State
from patrol.registers import REGISTERS
from polmas.people.models import Code

PARTICIPANT_KINDS = (("POLRI", _("Police colleague")), ("BABINSA", "Babinsa"), ("LINMAS", "Linmas"), ("LAINNYA", _("Other")))


def require_officer(user):
    """Only officers file reports; for everybody else these pages do not exist."""
    if not user.scope.is_officer:
        raise Http404


def entry_of(slug: str) -> KindEntry:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def form_context(entry: KindEntry):
    """What the chips and lists of the form offer, and the base map where there is one."""
    register = REGISTERS.get(entry.subject)
    return {
        "entry": entry,
        "form": entry.form(),
        "register": register,
        "register_codes": register.codes(timezone.localdate()) if register else [],
        "answers": answer_form(entry.register),
        "tiles_url": settings.MAP_TILES_URL,
        "tiles_attribution": settings.MAP_TILES_ATTRIBUTION,
        "fields": Field.choices,
        "phases": Phase.choices,
        "situations": Situation.choices,
        "opinion_kinds": OpinionKind.choices,
        "urgencies": OpinionUrgency.choices,
        "frequencies": OpinionFrequency.choices,
        "participant_kinds": PARTICIPANT_KINDS,
        "outside_reasons": Code.objects.of(OUTSIDE_REASONS, timezone.localdate()) if entry.kind in IN_OWN_AREA else [],
    }


def report_choose(request):
    """The kinds of report, and the drafts on this phone."""
    require_officer(request.user)
    return render(request, "patrol/report_choose.html", choice_context())


def choice_context():
    """All kinds, by their groups."""
    return {"groups": [(group, list(entries)) for group, entries in itertools.groupby(ENTRIES, key=lambda entry: entry.group)]}


def report_create(request, slug):
    """A new report of one kind."""
    require_officer(request.user)
    return render(request, "patrol/report_form.html", form_context(entry_of(slug)))


def report_update(request, slug, uuid):
    """The correction of an own report that is still open; a closed one says so on its own page."""
    entry = entry_of(slug)
    report = get_object_or_404(Report.objects.for_user(request.user).filter(officer=request.user, kind=entry.kind), uuid=uuid)
    if not report.is_open:
        messages.info(request, _("This report is closed and can no longer be corrected."))
        return redirect("patrol:report_detail", uuid=uuid)
    return render(
        request,
        "patrol/report_form.html",
        {**form_context(entry), "report": report, "noted": report.review_parts if report.state == State.RETURNED else []},
    )


def outbox_list(request):
    """What is saved on this phone and not yet on the server."""
    require_officer(request.user)
    return render(request, "patrol/outbox_list.html", outbox_context())


def outbox_context():
    """What a receipt is called: it holds nothing but its kind."""
    return {"kind_labels": {"LI": "Laporan Informasi", **{entry.kind.value: str(entry.kind.label) for entry in ENTRIES}}}

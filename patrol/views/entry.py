"""The officer's pages on the phone: choose a kind, fill its form, see what waits to be sent.

The pages hold words and code lists, no report and no resident: those come from the phone's own store and from the API.
"""

import itertools
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.answers import answer_form
from patrol.findings import IN_OWN_AREA, OUTSIDE_REASONS
from patrol.kinds import BY_SLUG, ENTRIES, KindEntry
from patrol.labels import PARTICIPANT_KINDS, words
from patrol.models import Field, Kind, OpinionFrequency, OpinionKind, OpinionUrgency, Phase, Report, Situation, State
from patrol.registers import REGISTERS
from patrol.views.behalf import day_of, whose
from polmas.people.models import Code
from polmas.people.scope import CASE_READERS, RECORDERS


def require_officer(user):
    """Only officers file reports; for everybody else these pages do not exist."""
    if not user.scope.is_officer:
        raise Http404


def require_sender(user):
    """Officers, and those who record in their name."""
    if not user.scope.is_recorder:
        require_officer(user)


def on_behalf(request) -> dict:
    """In whose name the form is filled, where it is not the own one, and of which day. It asks for nothing that registers lack: of what
    may still be refused none is kept there."""
    officer = whose(request)
    if officer is None:
        require_officer(request.user)
        return {}
    day = day_of(request)
    return {"officer": officer, "officer_day": day, "behalf_query": f"?{urlencode({'atas-nama': officer.username, 'hari': day})}", "answers": None}


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
    named = on_behalf(request)
    return render(request, "patrol/report_choose.html", {**(choice_for(request.user) if named else choice_context()), **named})


def choice_for(user):
    """The kinds that one records in an officer's name: names in cases are not for operators."""
    is_open = bool(user.scope.roles & RECORDERS & CASE_READERS)
    entries = [entry for entry in ENTRIES if entry.kind != Kind.PS or is_open]
    return {"groups": [(group, list(those)) for group, those in itertools.groupby(entries, key=lambda entry: entry.group)]}


def choice_context():
    """All kinds, by their groups."""
    return {"groups": [(group, list(entries)) for group, entries in itertools.groupby(ENTRIES, key=lambda entry: entry.group)]}


def report_create(request, slug):
    """A new report of one kind."""
    named = on_behalf(request)
    return render(request, "patrol/report_form.html", {**form_context(entry_of(slug)), **named})


def report_update(request, slug, uuid):
    """The correction of a report that is still open, or of one recorded for an officer who has not answered yet; a closed one says so on
    its own page."""
    entry = entry_of(slug)
    mine = Report.objects.for_user(request.user).sent_by(request.user).select_related("officer")
    report = get_object_or_404(mine.filter(kind=entry.kind), uuid=uuid)
    if not report.may_be_changed_by(request.user):
        messages.info(request, _("This report is closed and can no longer be corrected."))
        return redirect("patrol:report_detail", uuid=uuid)
    named = {"officer": report.officer, "officer_day": report.day, "answers": None} if report.is_proposed else {}
    return render(
        request,
        "patrol/report_form.html",
        {**form_context(entry), **named, "report": report, "noted": report.review_parts if report.state == State.RETURNED else []},
    )


def outbox_list(request):
    """What is saved on this phone and not yet on the server."""
    require_sender(request.user)
    return render(request, "patrol/outbox_list.html", outbox_context())


def outbox_context():
    """What a receipt is called, which holds nothing but its kind; and the words of whatever lies on the phone in full."""
    return {"words": words(), "kind_labels": {"LI": "Laporan Informasi", **{entry.kind.value: str(entry.kind.label) for entry in ENTRIES}}}

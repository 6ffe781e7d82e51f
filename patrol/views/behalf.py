"""Recording in an officer's name: whom for, what still waits for a confirmation, and the officer's answer."""

import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Beat
from patrol import behalf
from patrol.access import recorder
from patrol.filters import date_input
from patrol.models import Report, State
from patrol.views.reports import listed
from polmas.people.models import User

PER_PAGE = 40
EARLIEST = datetime.date(2000, 1, 1)
# The parts of the list by what became of the reports, as the address names them.
PARTS = {
    "menunggu": (gettext_lazy("Waiting for the officer"), Q(state=State.PROPOSED)),
    "ditarik": (gettext_lazy("Withdrawn"), Q(state=State.WITHDRAWN)),
    "dikonfirmasi": (gettext_lazy("Confirmed"), ~Q(state__in=[State.PROPOSED, State.WITHDRAWN])),
}


def day_of(request) -> datetime.date:
    """The day that the address names, not after today; today where it names none."""
    today = timezone.localdate()
    try:
        day = parse_date(request.GET.get("hari", "")[:10])
    except ValueError:
        day = None
    return day if day and EARLIEST <= day <= today else today


def whose(request) -> User | None:
    """The officer in whose name the form is to be filled; None where it is the own one."""
    username = request.GET.get("atas-nama", "")
    if not username:
        return None
    if "\0" in username:
        raise Http404
    return get_object_or_404(behalf.officers_for(recorder(request), day_of(request)), username=username)


class ChooseForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name or NRP"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    hari = forms.DateField(label=gettext_lazy("Day of the activity"), required=False, widget=date_input())


def behalf_choose(request):
    """Whom the report is recorded for: the officers who served in the own unit on that day."""
    user, day = recorder(request), day_of(request)
    form = ChooseForm({"q": request.GET.get("q", ""), "hari": request.GET.get("hari") or day})
    officers = behalf.officers_for(user, day).order_by("name", "pk")
    if form.is_valid() and (text := form.cleaned_data["q"].strip()):
        officers = officers.filter(Q(name__icontains=text) | Q(username__startswith=text))
    held = Beat.objects.on(day).select_related("area").order_by("area__code")
    page = Paginator(officers.prefetch_related(Prefetch("beats", held, to_attr="held")), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "day": day, "page_obj": page, "waiting": seen_by(user).filter(state=State.PROPOSED).count()}
    return render(request, "patrol/behalf_choose.html", context)


def seen_by(user):
    """What was recorded in officers' names in the units that the user reads."""
    return Report.objects.for_user(user).on_behalf()


def behalf_list(request):
    """What was recorded in officers' names: what still waits and since when, what was refused or taken back and why, what was
    confirmed."""
    user = recorder(request)
    part = request.GET.get("bagian") if request.GET.get("bagian") in PARTS else "menunggu"
    narrowed = seen_by(user)
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if text:
        narrowed = narrowed.filter(Q(officer__name__icontains=text) | Q(officer__username__startswith=text))
    counts = narrowed.order_by().aggregate(**{name: Count("pk", filter=condition) for name, (_label, condition) in PARTS.items()})
    reports = listed(narrowed.filter(PARTS[part][1])).order_by("received_at" if part == "menunggu" else "-received_at", "pk")
    context = {
        "parts": [(name, label, counts[name]) for name, (label, _condition) in PARTS.items()],
        "part": part,
        "q": text,
        "page_obj": Paginator(reports, PER_PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "patrol/behalf_list.html", context)


class AnswerForm(forms.Form):
    """One tap, or a word why not; of the version that was seen."""

    answer = forms.ChoiceField(choices=[("confirm", ""), ("refuse", "")])
    version = forms.IntegerField(min_value=1, max_value=32000)
    reason = forms.CharField(required=False, max_length=500, validators=[ProhibitNullCharactersValidator()])


def report_confirm(request, uuid):
    """The officer's answer to what somebody else recorded in the own name. Nobody else can give it, so it is taken after a move, too."""
    report = get_object_or_404(Report.objects.filter(officer=request.user).select_related("unit"), uuid=uuid)
    if request.method == "POST":
        answer(request, report)
    if report.is_proposed or request.user.scope.is_officer:
        return redirect("patrol:report_detail", uuid=uuid)
    is_done = not Report.objects.to_confirm(request.user).exists()
    return redirect("summaries:home" if is_done else "patrol:report_list")


def answer(request, report) -> None:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: this answer cannot be read. Try again."))
    elif form.cleaned_data["version"] != report.version:
        messages.error(request, _("This report has already been answered or changed; reload the page."))
    else:
        give(request, report, form.cleaned_data)


def give(request, report, said) -> None:
    try:
        if said["answer"] == "confirm":
            report.confirm(request.user)
            messages.success(request, _("Confirmed: it is your activity and counts."))
        else:
            report.refuse(request.user, said["reason"])
            messages.success(request, _("Noted: not your activity. Whoever recorded it is told; it does not count."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))

"""The calendar of absences: who is away, until when, and who stands in."""

import collections
import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mapping import substitution
from mapping.forms import AbsenceForm
from polmas.people.models import Absence, AbsenceKind, Unit, present_days
from polmas.people.models.absences import KEEPERS
from polmas.people.months import Month
from polmas.people.scope import OFFICERS, READ_WHOLE, in_subtrees

PER_PAGE = 50
# Above this many units, the filter offers none: the search finds the person.
MANY_UNITS = 60
NAMES_IN_A_DAY = 3


def reader(request):
    """The signed-in person, if they have a calendar at all: officers their own, and those who read a unit whole."""
    if not request.user.scope.has(*OFFICERS, *READ_WHOLE):
        raise Http404
    return request.user


def keeper(request):
    if not request.user.scope.has(*KEEPERS):
        raise Http404
    return request.user


def absence_list(request):
    """One month as a calendar, and below it the absences of that month, or of one of its days."""
    user = reader(request)
    today = user.post.unit.today()
    month = Month.asked(request.GET.get("bulan", ""), today)
    units = _units(user)
    absences = _filtered(Absence.objects.for_user(user), request.GET, units).select_related("user", "unit", "substitute")
    weeks = _calendar(month, absences.between(month.weeks[0][0], month.weeks[-1][-1]), today)
    chosen = _day(request.GET.get("hari", ""))
    listed = absences.on(chosen) if chosen else absences.between(month.first, month.last)
    page = Paginator(listed.order_by("starts_on", "user__name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    on_duty = present_days([absence.user_id for absence in page], month.first, month.last)
    for absence in page:
        absence.on_duty = on_duty[absence.user_id]
    context = {
        "month": month,
        "weeks": weeks,
        "today": today,
        "chosen": chosen,
        "page": page,
        "units": units,
        "kinds": AbsenceKind.choices,
        "asked": request.GET,
        "may_record": user.scope.has(*KEEPERS),
        "reads_units": user.scope.has(*READ_WHOLE),
    }
    return render(request, "mapping/absence_list.html", context)


def _units(user) -> list[Unit]:
    units = list(Unit.objects.filter(in_subtrees("path", user.scope.whole_paths))[: MANY_UNITS + 1])
    return [] if len(units) > MANY_UNITS else units


def _filtered(absences, asked, units):
    """By unit, kind, and words of a name or number."""
    unit = next((unit for unit in units if unit.code == asked.get("satuan")), None)
    if unit:
        absences = absences.filter(unit__path__startswith=unit.path)
    if asked.get("jenis") in AbsenceKind.values:
        absences = absences.filter(kind=asked["jenis"])
    for word in asked.get("q", "").replace("\x00", "")[:120].split():
        absences = absences.filter(Q(user__name__icontains=word) | Q(user__username__icontains=word))
    return absences


def _day(text) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _calendar(month, absences, today) -> list[list[dict]]:
    """The weeks of a month, each day with who is away on it."""
    away = collections.defaultdict(list)
    days = [day for week in month.weeks for day in week]
    for absence in absences:
        for day in days:
            if absence.is_on(day):
                away[day].append(absence)
    return [[_cell(day, away[day], month, today) for day in week] for week in month.weeks]


def _cell(day, absences, month, today) -> dict:
    return {
        "day": day,
        "count": len(absences),
        "shown": absences[:NAMES_IN_A_DAY],
        "more": max(0, len(absences) - NAMES_IN_A_DAY),
        "is_within": month.first <= day <= month.last,
        "is_today": day == today,
    }


def absence_create(request):
    user = keeper(request)
    today = user.post.unit.today()
    blank = Absence(recorded_by=user)
    form = AbsenceForm(request.POST or None, instance=blank, initial={"starts_on": today, "ends_on": today}, keeper=user)
    if request.method == "POST" and form.is_valid() and (absence := form.stored()):
        _tell(request, absence, _("The absence is recorded."))
        return redirect(_month_of(absence))
    return render(request, "mapping/absence_form.html", {"form": form})


def absence_update(request, pk):
    """Corrects an absence; the villages of the substitute follow. Who may not, reads it."""
    user = reader(request)
    absence = get_object_or_404(Absence.objects.for_user(user).select_related("user", "unit", "substitute", "recorded_by"), pk=pk)
    beats = absence.beats.select_related("area", "user").order_by("area__code", "starts_on")
    if not user.scope.holds(KEEPERS, absence.unit):
        if request.method == "POST":
            raise Http404
        return render(request, "mapping/absence_detail.html", {"absence": absence, "beats": beats})
    form = AbsenceForm(request.POST or None, instance=absence, keeper=user)
    if request.method == "POST" and form.is_valid() and (absence := form.stored()):
        _tell(request, absence, _("Saved."))
        return redirect(_month_of(absence))
    stored = Absence.objects.select_related("user", "unit").get(pk=pk)
    today = stored.unit.today()
    context = {"form": form, "absence": stored, "beats": beats, "may_end": stored.is_on(today) and stored.ends_on > today}
    return render(request, "mapping/absence_form.html", context)


def absence_end(request, pk):
    """Back on duty: today is the last day of the absence."""
    absence = _kept(request, pk)
    today = absence.unit.today()
    if absence.is_on(today):
        absence.ends_on = today
        substitution.keep(absence)
        messages.success(request, _("The absence ends today."))
    return redirect(_month_of(absence))


def absence_delete(request, pk):
    """An absence that never was: gone with what it opened; the history keeps both."""
    absence = _kept(request, pk)
    back = _month_of(absence)
    with transaction.atomic():
        absence.delete()
    messages.success(request, _("The absence is deleted."))
    return redirect(back)


def _kept(request, pk):
    user = keeper(request)
    absence = get_object_or_404(Absence.objects.for_user(user).select_related("unit", "user"), pk=pk)
    if request.method != "POST" or not user.scope.holds(KEEPERS, absence.unit):
        raise Http404
    return absence


def _month_of(absence) -> str:
    return f"{reverse('mapping:absence_list')}?bulan={Month.of(absence.starts_on)}"


def _tell(request, absence, text):
    """Done; and whom the absent person was to stand in for, who needs somebody else now."""
    messages.success(request, text)
    left = Absence.objects.filter(substitute=absence.user).between(absence.starts_on, absence.ends_on).select_related("user")
    for other in left:
        told = _("%(person)s was to stand in for %(other)s in that time: choose somebody else there.")
        messages.warning(request, told % {"person": absence.user, "other": other.user})

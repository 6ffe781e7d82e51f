"""The daily word of SPKT: isi or nihil, by unit and day, and the days that nobody spoke for."""

import collections
import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mapping import incidents
from mapping.models import DailyStatement, Incident
from polmas.people.models import Unit, UnitKind
from polmas.people.scope import INCIDENT_READERS, INCIDENT_WRITERS, in_subtrees

DAYS = 14
MOST_UNITS = 60


def units_read(user):
    """The active Polsek whose daily word somebody reads."""
    own = in_subtrees("path", user.scope.paths_as(INCIDENT_READERS))
    return Unit.objects.filter(own, kind=UnitKind.POLSEK, is_active=True)


def last_days(unit, number: int = DAYS) -> list[datetime.date]:
    """So many days up to today, the newest first."""
    return [unit.today() - datetime.timedelta(days=back) for back in range(number)]


def days_of(units, days) -> dict[int, list[dict]]:
    """By unit, each day with its word and the number of incidents; two statements whatever there is."""
    first, last = min(days), max(days)
    words = DailyStatement.objects.current().filter(unit__in=units, day__range=(first, last)).select_related("by")
    said = {(word.unit_id, word.day): word for word in words}
    rows = Incident.objects.standing().filter(unit__in=units, day__range=(first, last)).order_by()
    numbers = {(unit, day): number for unit, day, number in rows.values_list("unit", "day").annotate(Count("pk"))}
    found: dict[int, list[dict]] = collections.defaultdict(list)
    for unit in units:
        for day in days:
            key = (unit.pk, day)
            found[unit.pk].append({"day": day, "word": said.get(key), "count": numbers.get(key, 0)})
    return found


def own_unit(user) -> Unit | None:
    """The unit for which somebody speaks: where they serve as SPKT or operator."""
    path = min(user.scope.paths_as(INCIDENT_WRITERS), default=None)
    return Unit.objects.filter(path=path).first() if path else None


@require_safe
def statement_list(request):
    """The last two weeks of each unit in sight; who may speak for one does so here."""
    user = request.user
    if not user.scope.has(*INCIDENT_READERS):
        raise Http404
    units = list(units_read(user)[:MOST_UNITS])
    speaking = own_unit(user)
    if speaking and speaking not in units:
        units.insert(0, speaking)
    days = last_days(user.post.unit)
    found = days_of(units, days)
    lines = [{"unit": unit, "days": found[unit.pk], "missing": sum(not day["word"] for day in found[unit.pk][1:])} for unit in units]
    context = {
        "lines": lines,
        "days": days,
        "speaking": speaking,
        "own": found.get(speaking.pk) if speaking else None,
        "silent_today": [line["unit"] for line in lines if not line["days"][0]["word"]],
    }
    return render(request, "mapping/statement_list.html", context)


@require_POST
def statement_create(request):
    """Isi or nihil for one day of the own unit."""
    if not request.user.scope.has(*INCIDENT_WRITERS):
        raise Http404
    unit = get_object_or_404(Unit, pk=getattr(own_unit(request.user), "pk", None))
    try:
        day = datetime.date.fromisoformat(request.POST.get("hari", ""))
        statement = incidents.state(unit, day, request.POST.get("isi", ""), request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except ValueError:
        messages.error(request, _("This is no day."))
    else:
        messages.success(request, _("Stated: %(what)s") % {"what": statement.get_says_display()})
    back = request.POST.get("next", "")
    is_own = back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back) if is_own else redirect("mapping:statement_list")

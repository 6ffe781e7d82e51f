"""Dashboards: a Polsek by its officers and villages, every unit above by the units below it."""

from urllib.parse import urlencode

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping.models import Area
from polmas.people.models import UnitKind
from polmas.people.periods import CHOICES
from polmas.people.picker import address, picked
from polmas.summaries import dashboards
from polmas.summaries.access import names_persons, reads_figures_above, unit_for_figures
from polmas.summaries.bars import picture_of
from polmas.summaries.homes import shapes_of
from polmas.summaries.links import rows_link

BY_VILLAGE = (UnitKind.POLSEK, UnitKind.SUBSEKTOR, UnitKind.POSPOL)
LATEST = 6


@require_safe
def dashboard(request):
    unit = unit_for_figures(request.user, request.GET.get("satuan", ""))
    period, name, form = picked(request.GET, unit.today())
    query = address(unit, period, name)
    context = {
        "unit": unit,
        "period": period,
        "before": period.previous(),
        "includes_today": period.includes(unit.today()),
        "with_percent": period.may_be_compared_on(unit.today()),
        "choice": name,
        "choices": [(key, label, _address(unit, {"periode": key})) for key, (label, _span) in CHOICES.items()],
        "form": form,
        "counted_at": timezone.now(),
        "is_by_village": unit.kind in BY_VILLAGE,
        "above": _above(request.user, unit, query),
        "here": _address(unit, query),
        "shapes_url": f"{reverse('summaries:dashboard_shapes')}?{urlencode({'satuan': unit.code, **query})}",
        **_figures(request.user, unit, period, query),
    }
    return render(request, "summaries/dashboard_live.html" if request.htmx else "summaries/dashboard.html", context)


@require_safe
def dashboard_shapes(request):
    """The villages of a Polsek as shapes with their numbers: what its map draws."""
    unit = unit_for_figures(request.user, request.GET.get("satuan", ""))
    if unit.kind not in BY_VILLAGE:  # all villages of a Polda would be drawn at once, and no page asks for that
        raise Http404
    period, _name, _form = picked(request.GET, unit.today())
    with_rows = names_persons(request.user, unit)
    found = {place["code"]: place for place in dashboards.places(unit, period)}
    shapes = shapes_of(list(Area.objects.of_unit(unit).villages()), unit.today())
    return JsonResponse({"shapes": [{**shape, **_shown(found[shape["code"]], with_rows)} for shape in shapes]})


def _shown(place, with_rows):
    return {"count": place["count"], "heat": place["heat"], "link": place["link"] if with_rows else ""}


def _figures(user, unit, period, query) -> dict:
    with_persons = names_persons(user, unit)
    waiting, informations = dashboards.waiting_and_informations(user, unit, period)
    activity = dashboards.activity(unit, period)
    common = {
        "with_persons": with_persons,
        "all_link": rows_link(period, satuan=unit.code) if with_persons else "",
        "activity": activity,
        "informations": informations,
        "picture": picture_of(activity["days"]),
        "waiting": {
            **waiting,
            "age": dashboards.age_in_days(waiting["oldest"], unit),
            "link": rows_link(satuan=unit.code, status="submitted") if with_persons else "",
        },
        "overdue": dashboards.overdue(unit),
        "latest": dashboards.latest(unit, LATEST) if with_persons else [],
    }
    return common | (_polsek(unit, period, with_persons) if unit.kind in BY_VILLAGE else _above_polsek(unit, period, query))


def _polsek(unit, period, with_persons):
    lines = dashboards.officers(unit, period)
    silent = dashboards.silent(lines)
    return {
        "officers": lines if with_persons else [],
        "silent": silent if with_persons else [],
        "officer_count": len(lines),
        "reporting_count": len(lines) - len(silent),
        "target": sum(line["target"] for line in lines),
        "households": dashboards.households(unit, period),
        "places": dashboards.places(unit, period),
    }


def _above_polsek(unit, period, query):
    lines = dashboards.branches(unit, period)
    for line in lines:
        line["url"] = "" if line["is_itself"] else _address(line["unit"], query)
    return {"branches": lines, "officer_count": sum(line["officers"] for line in lines), "reporting_count": sum(line["reporting"] for line in lines)}


def _address(unit, query):
    return _address_of(unit.code, query)


def _address_of(code, query):
    return f"{reverse('summaries:dashboard')}?{urlencode({'satuan': code, **query})}"


def _above(user, unit, query):
    """The way up: the unit above, where its figures are in sight too."""
    return {"name": unit.above_name, "url": _address_of(unit.above_code, query)} if reads_figures_above(user, unit) else None

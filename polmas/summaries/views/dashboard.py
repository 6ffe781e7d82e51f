"""Dashboards: a Polsek by its officers and villages, every unit above by the units below it."""

import logging
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fkpm.models import Case
from mapping.models import Area
from polmas.people import documents, sheets
from polmas.people.models import UnitKind
from polmas.people.periods import CHOICES, Period, finished
from polmas.people.picker import address, picked
from polmas.people.scope import INCIDENT_READERS
from polmas.summaries import coverage, dashboard_papers, dashboard_sheets, dashboard_situation, dashboards, freshness
from polmas.summaries.access import names_persons, reads_figures_above, unit_for_figures
from polmas.summaries.bars import picture_of
from polmas.summaries.homes import shapes_of
from polmas.summaries.links import rows_link

BY_VILLAGE = (UnitKind.POLSEK, UnitKind.SUBSEKTOR, UnitKind.POSPOL)
LATEST, PER_PAGE = 6, 50
FORMS = ("xlsx", "csv", "pdf")
log = logging.getLogger(__name__)
FORUM_LINES = {
    "meetings": gettext_lazy("meetings held"),
    "adopted": gettext_lazy("minutes adopted"),
    "cases": gettext_lazy("problem solving"),
    "settled": gettext_lazy("agreement recorded"),
    "referred": gettext_lazy("referred"),
    "agreements": gettext_lazy("agreements signed"),
    "done": gettext_lazy("action items done"),
}
FORUM_ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "cases": ("fkpm:case_list", {}),
    "settled": ("fkpm:case_list", {"hasil": Case.Outcome.DAMAI}),
    "referred": ("fkpm:case_list", {"hasil": Case.Outcome.DILIMPAHKAN}),
    "agreements": ("fkpm:agreement_list", {"bertanda": "1"}),
    "done": ("fkpm:action_board", {"state": "selesai"}),
}
# What the numbers of a period stand beside: the word in the address, its label and the span.
COMPARISONS = {"": (gettext_lazy("the period before"), Period.previous), "tahun": (gettext_lazy("the same days a year ago"), Period.last_year)}


@require_safe
def dashboard(request):
    asked = asked_of(request)
    tag = freshness.tag_of(request.user, asked["unit"], asked["version"], asked["here"])

    def told(template):
        return render(request, template, {**asked, **_figures(request.user, asked), "tag": tag})

    if not request.htmx:
        return told("summaries/dashboard.html")
    return freshness.answered(request, tag, lambda: told("summaries/dashboard_live.html"))


@require_safe
def dashboard_export(request):
    """The same numbers for a spreadsheet, or on paper. Who took what is logged."""
    asked = asked_of(request)
    context = {**asked, **_figures(request.user, asked)}
    log.info("export of the dashboard of %s by user %s", context["unit"].code, request.user.pk)
    name = f"dasbor-{context['unit'].code.lower()}-{context['period'].start:%Y%m%d}-{context['period'].end:%Y%m%d}"
    if request.GET.get("bentuk") == "pdf":
        return documents.serve(request, dashboard_papers.document_of(context), f"{name}.pdf")
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    rows = dashboard_sheets.rows_of(context)
    return sheets.sent(form, name, _("Dashboard"), dashboard_sheets.headings(), rows, above=dashboard_sheets.titles(context))


def asked_of(request) -> dict:
    """The unit, the period and the one beside it, with the ways from here to others."""
    unit = unit_for_figures(request.user, request.GET.get("satuan", ""))
    period, name, form = picked(request.GET, unit.today())
    comparison = request.GET.get("banding") if request.GET.get("banding") in COMPARISONS else ""
    before = COMPARISONS[comparison][1](period)
    query = address(unit, period, name) | ({"banding": comparison} if comparison else {})
    return {
        "unit": unit,
        "period": period,
        "before": before,
        "comparison": comparison,
        "comparisons": [
            (label, _address(unit, address(unit, period, name) | ({"banding": key} if key else {})), key == comparison)
            for key, (label, _span) in COMPARISONS.items()
        ],
        "includes_today": period.includes(unit.today()),
        "with_percent": period.may_be_compared_on(unit.today()),
        "with_moves": finished(period, before, unit.today()) is not None,
        "choice": name,
        "choices": [
            (key, label, _address(unit, {"periode": key} | ({"banding": comparison} if comparison else {})))
            for key, (label, _span) in CHOICES.items()
        ],
        "form": form,
        "counted_at": timezone.now(),
        "is_by_village": unit.kind in BY_VILLAGE,
        "above": _above(request.user, unit, query),
        "here": _address(unit, query),
        "shapes_url": _part("dashboard_shapes", unit, query),
        "rows_url": _part("dashboard_rows", unit, query),
        "standouts_url": _part("dashboard_standouts", unit, query),
        "exports": [(name, _part("dashboard_export", unit, {**query, "bentuk": name})) for name in FORMS],
        "query": query,
        "version": freshness.version_of(request.user, unit),
    }


@require_safe
def dashboard_shapes(request):
    """The villages of a Polsek as shapes with their numbers: what its map draws."""
    unit = unit_for_figures(request.user, request.GET.get("satuan", ""))
    if unit.kind not in BY_VILLAGE:  # all villages of a Polda would be drawn at once, and no page asks for that
        raise Http404
    period, _name, _form = picked(request.GET, unit.today())
    with_rows = names_persons(request.user, unit)
    found = {place["code"]: place for place in dashboards.places(unit, period, dashboards.singly(unit, period))}
    shapes = shapes_of(list(Area.objects.of_unit(unit).villages()), unit.today())
    return JsonResponse({"shapes": [{**shape, **_shown(found[shape["code"]], with_rows)} for shape in shapes]})


def _shown(place, with_rows):
    return {"count": place["count"], "heat": place["heat"], "link": place["link"] if with_rows else ""}


def _figures(user, asked) -> dict:
    unit, period, before = asked["unit"], asked["period"], asked["before"]
    with_persons = names_persons(user, unit)
    waiting, informations, problems = dashboards.standing(user, unit, period)
    kept = keeping(asked)
    rows = kept("rows", lambda: dashboard_situation.read(unit, period, before))
    activity = dashboards.activity(unit, rows, period, before)
    has_before = asked["comparison"] != "tahun" or any(row.day and before.includes(row.day) for row in rows)
    situation = dashboard_situation.situation_of(unit, rows, period, before, problems)
    common = {
        "with_persons": with_persons,
        "is_without_before": not has_before,
        "with_percent": asked["with_percent"] and has_before,
        "with_moves": asked["with_moves"] and has_before,
        "all_link": rows_link(period, satuan=unit.code) if with_persons else "",
        "activity": activity,
        "informations": informations,
        "picture": picture_of(activity["days"]),
        "waiting": {
            **waiting,
            "age": dashboards.age_in_days(waiting["oldest"], unit),
            "link": rows_link(satuan=unit.code, status="submitted") if with_persons else "",
        },
        "overdue": kept("overdue", lambda: dashboards.overdue(unit)),
        "with_incident_percent": asked["with_percent"] and has_before and situation["is_comparable"],
        **_situation(user, unit, period, situation),
        "latest": dashboards.latest(unit, LATEST) if with_persons else [],
    }
    if unit.kind in BY_VILLAGE:
        return common | _polsek(unit, period, with_persons)
    return common | _above_polsek(unit, kept("branches", lambda: dashboards.branches(unit, period, before)), asked["query"])


def keeping(asked):
    """What is counted for a Polda or Mabes is kept while nothing changes: it is read from thousands of units, and by many."""
    unit, key = asked["unit"], (asked["unit"].pk, asked["unit"].today(), asked["period"], asked["before"])
    if dashboards.is_read_by_row(unit):
        return lambda _name, make: make()
    return lambda name, make: freshness.kept(asked["version"], (name, *key), make)


def _situation(user, unit, period, told):
    gaps = coverage.gaps_of(unit)
    days = {"satuan": unit.code, "dari": period.start.isoformat(), "sampai": period.end.isoformat()}
    with_persons = names_persons(user, unit)
    return {
        "situation": told,
        "forum_lines": [(label, told["forums"][name], _forum_link(name, days) if with_persons else "") for name, label in FORUM_LINES.items()],
        "problems_link": f"{reverse('mapping:problem_list')}?{urlencode({'satuan': unit.code, 'rahasia': 'tidak'})}" if with_persons else "",
        "incidents_link": f"{reverse('mapping:incident_list')}?{urlencode(days)}" if user.scope.holds(INCIDENT_READERS, unit) else "",
        "weekdays": [day.capitalize() for day in WEEKDAYS_ABBR.values()],
        "gaps": gaps,
        "gap_lines": [(label, gaps[name], _gap_link(unit, name)) for name, label in coverage.GAPS.items()],
    }


def _forum_link(name, days):
    """The rows behind a line of what forums did; of meetings and minutes each forum keeps a list of its own."""
    if name not in FORUM_ROWS:
        return ""
    view, more = FORUM_ROWS[name]
    return f"{reverse(view)}?{urlencode(days | more)}"


def _gap_link(unit, name):
    return f"{reverse('summaries:dashboard_gaps')}?{urlencode({'satuan': unit.code, 'tanpa': name})}"


@require_safe
def dashboard_gaps(request):
    """The villages of a unit that lack something, by name."""
    unit = unit_for_figures(request.user, request.GET.get("satuan", ""))
    name = request.GET.get("tanpa") if request.GET.get("tanpa") in coverage.GAPS else next(iter(coverage.GAPS))
    context = {
        "unit": unit,
        "label": coverage.GAPS[name],
        "choices": [(label, _gap_link(unit, key), key == name) for key, label in coverage.GAPS.items()],
        "page_obj": Paginator(coverage.villages_lacking(unit, name), PER_PAGE).get_page(request.GET.get("page")),
        "with_links": names_persons(request.user, unit),
        "back": _address(unit, {}),
    }
    return render(request, "summaries/dashboard_gaps.html", context)


def _polsek(unit, period, with_persons):
    counted = dashboards.singly(unit, period)
    lines = dashboards.officers(unit, period, counted)
    silent = dashboards.silent(lines)
    return {
        "officers": lines if with_persons else [],
        "silent": silent if with_persons else [],
        "officer_count": len(lines),
        "reporting_count": sum(line["has_filed"] for line in lines),
        "target": sum(line["target"] for line in lines),
        "households": dashboards.households(unit, period),
        "places": dashboards.places(unit, period, counted),
    }


def _above_polsek(unit, lines, query):
    waiting = {} if dashboards.is_read_by_row(unit) else {"waiting": {"count": sum(line["waiting"] for line in lines), "oldest": None, "link": ""}}
    return {
        "branches": units_below(lines, query),
        "lacking": lacking(lines),
        **waiting,
        "officer_count": sum(line["officers"] for line in lines),
        "reporting_count": sum(line["reporting"] for line in lines),
    }


def lacking(lines) -> list[dict]:
    """The units of which somebody has not reported, most such people first."""
    return sorted((line for line in lines if line["reporting"] < line["officers"]), key=lambda line: line["reporting"] - line["officers"])


def units_below(lines, query) -> list[dict]:
    """With the way down to each, except to the unit itself."""
    return [{**line, "url": "" if line["is_itself"] else _address(line["unit"], query)} for line in lines]


def _part(name, unit, query):
    return f"{reverse('summaries:' + name)}?{urlencode({'satuan': unit.code, **query})}"


def _address(unit, query):
    return _address_of(unit.code, query)


def _address_of(code, query):
    return f"{reverse('summaries:dashboard')}?{urlencode({'satuan': code, **query})}"


def _above(user, unit, query):
    """The way up: the unit above, where its figures are in sight too."""
    return {"name": unit.above_name, "url": _address_of(unit.above_code, query)} if reads_figures_above(user, unit) else None

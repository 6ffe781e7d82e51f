"""Parts of a dashboard on pages of their own: what stands out, which the dashboard fetches late; all officers or all units below."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from polmas.summaries import dashboards, standouts
from polmas.summaries.access import names_persons
from polmas.summaries.views.dashboard import asked_of, keeping, units_below

LONGEST_SEARCH = 80
# Orders of rows: the word in the address, what it is called, and what to sort by.
OFFICER_ORDERS = {
    "": (gettext_lazy("fewest reports first"), lambda line: (line["count"], line["person"].name)),
    "terbanyak": (gettext_lazy("most reports first"), lambda line: (-line["count"], line["person"].name)),
    "nama": (gettext_lazy("by name"), lambda line: line["person"].name),
    "terverifikasi": (gettext_lazy("least verified first"), lambda line: (line["verified"] is None, line["verified"] or 0)),
    "sinkron": (gettext_lazy("longest without sync first"), lambda line: -(line["unsynced_days"] or 0)),
}
UNIT_ORDERS = {
    "": (gettext_lazy("by name"), lambda line: line["unit"].name),
    "terbanyak": (gettext_lazy("most reports first"), lambda line: -line["change"].now),
    "tersedikit": (gettext_lazy("fewest reports first"), lambda line: line["change"].now),
    "turun": (gettext_lazy("largest fall first"), lambda line: (line["compared"] or line["change"]).difference),
    "belum": (gettext_lazy("most officers without a report first"), lambda line: line["reporting"] - line["officers"]),
    "tinjau": (gettext_lazy("most to be reviewed first"), lambda line: -line["waiting"]),
    "terlambat": (gettext_lazy("most FKPM overdue first"), lambda line: -line["late"]),
}


@require_safe
@cache_control(private=True, no_store=True)
def dashboard_standouts(request):
    """What an LI says stays in no browser."""
    asked = asked_of(request)
    template = "summaries/_standouts.html" if request.htmx else "summaries/dashboard_standouts.html"
    return render(request, template, {**asked, **standouts.of_unit(request.user, asked["unit"], asked["period"])})


@require_safe
def dashboard_rows(request):
    """All officers of a Polsek, or all units below another one: searched, and in the order asked for."""
    asked = asked_of(request)
    unit, with_persons = asked["unit"], names_persons(request.user, asked["unit"])
    if asked["is_by_village"] and not with_persons:
        raise Http404
    orders = OFFICER_ORDERS if asked["is_by_village"] else UNIT_ORDERS
    order = request.GET.get("urut") if request.GET.get("urut") in orders else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    lines = _officers(unit, asked["period"], text) if asked["is_by_village"] else _units(asked, text)
    lines.sort(key=orders[order][1])
    context = {
        **asked,
        "with_persons": with_persons,
        "lines": lines,
        "text": text,
        "order": order,
        "orders": [(key, label) for key, (label, _key) in orders.items()],
    }
    return render(request, "summaries/dashboard_rows.html", context)


def _officers(unit, period, text):
    lines = dashboards.officers(unit, period)
    return [line for line in lines if text.casefold() in f"{line['person'].full_name} {' '.join(line['areas'])}".casefold()]


def _units(asked, text):
    unit, period, before = asked["unit"], asked["period"], asked["before"]
    lines = keeping(asked)("branches", lambda: dashboards.branches(unit, period, before))
    return [line for line in units_below(lines, asked["query"]) if text.casefold() in line["unit"].name.casefold()]

"""Boundaries and units from a file, with a report of what became of it."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mapping.imports import load_areas
from polmas.people.imports import load_units
from polmas.people.models import Role
from polmas.summaries.forms_manage import AreaImportForm, UnitImportForm
from polmas.summaries.views.manage.desk import managing_desk_of

# What became of the lines of a file: attribute of the report, words, colour; and whether the lines themselves are shown.
OUTCOMES = (
    ("added", _("added"), "green", True),
    ("changed", _("changed"), "blue", True),
    ("unchanged", _("unchanged"), "grey", False),
    ("repaired", _("repaired"), "amber", True),
    ("vanished", _("not in the file, kept"), "amber", True),
    ("refused", _("refused"), "red", True),
)
LINES = 100


def import_create(request):
    """One page with two forms; the file is read at once, and the report stands above."""
    desk = managing_desk_of(request)
    kind = request.POST.get("kind")
    forms = {
        "areas": AreaImportForm(*(request.POST, request.FILES) if kind == "areas" else (), auto_id="areas_%s"),
        "units": UnitImportForm(*(request.POST, request.FILES) if kind == "units" else (), auto_id="units_%s"),
    }
    report = _load(desk, kind, forms[kind]) if kind in forms else None
    context = {
        "area_form": forms["areas"],
        "unit_form": forms["units"],
        "refused_form": forms.get(kind),
        "report": None if report is None else _summary(report),
    }
    return render(request, "summaries/manage/import_create.html", context)


def _load(desk, kind, form):
    """The report, or None where the form or the file as a whole was refused; the form says why."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        if kind == "areas":
            return load_areas(data["file"], source=data["source"], version=data["version"], within=_codes_within(desk))
        return load_units(data["file"], within=_top(desk))
    except ValidationError as error:
        form.add_error("file", error.messages)
        return None


def _codes_within(desk):
    """Codes below which an operator loads boundaries: the cities or regencies of a Polres, the kecamatan of a Polsek."""
    if desk.is_admin:
        return None
    parts = 2 if desk.user.scope.has(Role.OPERATOR_POLRES) else 3
    codes = {".".join(code.split(".")[:parts]) for code in desk.areas().filter(units__in=desk.managed_units()).values_list("code", flat=True)}
    if not codes:
        raise ValidationError(_("No areas are assigned to your unit yet. Ask an administrator to assign them first."))
    return codes


def _top(desk):
    """The unit below which an operator loads units."""
    return None if desk.is_admin else desk.managed_units().order_by("path").first()


def _summary(report):
    """What to show of each outcome that occurred."""
    found = [(label, colour, getattr(report, name, []), shown) for name, label, colour, shown in OUTCOMES]
    return [
        {"label": label, "colour": colour, "count": len(lines), "lines": lines[:LINES] if shown else [], "more": max(0, len(lines) - LINES)}
        for label, colour, lines, shown in found
        if lines
    ]

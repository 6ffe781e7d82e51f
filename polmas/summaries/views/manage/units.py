"""One unit: what stands on its letters, its limits and the villages it polices."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from patrol.recount import recount_due
from polmas.people.models import Unit
from polmas.summaries.forms_manage import UnitAreasForm, UnitForm, codes_of
from polmas.summaries.models.authority import named_by
from polmas.summaries.views.manage.desk import desk_of


def unit_update(request, pk):
    """Heads of units read it; operators change it."""
    desk = desk_of(request)
    unit = get_object_or_404(desk.units(), pk=pk)
    context = {"desk": desk, "unit": unit, "above": Unit.objects.get_parent(unit), "codes": codes_of(unit), "named_by": named_by(unit)}
    if not desk.manages_unit(unit):
        if request.method == "POST":
            raise Http404
        return render(request, "summaries/manage/unit_detail.html", context)
    saves_areas = "codes" in request.POST and desk.may_assign_areas
    form = UnitForm(request.POST if request.method == "POST" and not saves_areas else None, instance=unit)
    areas_form = UnitAreasForm(request.POST if saves_areas else None, desk=desk, unit=unit)
    if request.method == "POST" and _save(form, areas_form, unit, saves_areas):
        messages.success(request, _("Saved."))
        return redirect("summaries:unit_update", pk=pk)
    return render(request, "summaries/manage/unit_update.html", {**context, "form": form, "areas_form": areas_form})


def _save(form, areas_form, unit, saves_areas) -> bool:
    if saves_areas:
        if areas_form.is_valid():
            unit.areas.set(areas_form.cleaned_data["codes"])
        return areas_form.is_valid()
    if form.is_valid():
        form.save()
        if "visit_every_days" in form.changed_data:
            recount_due(unit)
    return form.is_valid()

"""Boundaries by source and version: which drawings an area has, how they differ, and from when one counts."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mapping import versions
from mapping.models import Area, AreaShape
from mapping.outlines import outlines
from polmas.summaries.forms_areas import ValidityForm
from polmas.summaries.views.manage.desk import managing_desk_of
from polmas.summaries.views.manage.imports import codes_within

PAGE = 50
MOST_COMPARED = 300  # areas of a source that a page compares while somebody waits


def _areas(request):
    """Areas that the desk answers for."""
    desk = managing_desk_of(request)
    try:
        within = codes_within(desk)
    except ValidationError as error:
        raise Http404 from error
    if within is None:
        return Area.objects.all()
    mine = Q(pk__in=[])
    for code in within:
        mine |= Q(code=code) | Q(code__startswith=f"{code}.")
    return Area.objects.filter(mine)


def _drawings(request):
    return AreaShape.objects.filter(area__in=_areas(request).order_by().values("pk")).select_related("area").defer("shape")


def area_versions(request, code):
    """Every drawing of one area, the one that counts today first."""
    area = get_object_or_404(_areas(request).by_code(code))
    shapes = area.shapes.defer("shape").order_by("-is_current", F("valid_to").desc(nulls_first=True), "-valid_from", "-loaded_at")
    return render(request, "summaries/manage/area_versions.html", {"area": area, "shapes": shapes})


def area_version(request, code, pk):
    """One drawing beside the one that counts; with the word from when it counts instead."""
    area = get_object_or_404(_areas(request).by_code(code))
    drawing = get_object_or_404(AreaShape.objects.defer("shape"), area=area, pk=pk)
    form = ValidityForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make_valid(request, AreaShape.objects.filter(pk=pk), form):
        return redirect("summaries:area_versions", code=area.code)
    change = next(iter(versions.compare(AreaShape.objects.filter(pk=pk)).changes))
    context = {"area": area, "drawing": drawing, "form": form, "change": change, "outlines": outlines(change.before, change.after)}
    return render(request, "summaries/manage/area_version.html", context)


def source_list(request):
    """The sources that drawings came from, each with its versions and how many of them count."""
    sources = (
        _drawings(request)
        .order_by()
        .values("source", "version")
        .annotate(total=Count("pk"), current=Count("pk", filter=Q(is_current=True, valid_to=None)), last=Max("loaded_at"))
        .order_by("source", "version")
    )
    return render(request, "summaries/manage/source_list.html", {"page": Paginator(sources, PAGE).get_page(request.GET.get("page"))})


def source_detail(request):
    """All drawings of one version that are kept aside, beside those that count; with the word from when they count instead."""
    asked = {name: request.GET.get(word, "").replace("\0", "")[:60] for name, word in (("source", "sumber"), ("version", "versi"))}
    drawings = _drawings(request).filter(**asked)
    aside = drawings.filter(is_current=False).order_by("area__code")
    number, total = aside.count(), drawings.count()
    if not total:
        raise Http404
    form = ValidityForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make_valid(request, aside, form):
        return redirect("summaries:source_list")
    found = versions.compare(AreaShape.objects.filter(pk__in=aside.values("pk"))) if 0 < number <= MOST_COMPARED else None
    pks = dict(aside.values_list("area__code", "pk")) if found else {}
    rows = sorted(((change, pks[change.code]) for change in found.changes), key=lambda row: -(row[0].farthest_m or 0)) if found else []
    context = {**asked, "form": form, "number": number, "total": total, "rows": rows, "divided": found.divided if found else []}
    return render(request, "summaries/manage/source_detail.html", context)


def _make_valid(request, drawings, form) -> bool:
    """Lets the drawings count and notes by whom; False with the reason at the form where none of them can."""
    made, refused = versions.make_valid(drawings, form.cleaned_data["valid_from"])
    if not made:
        form.add_error(None, "; ".join(line.reason for line in refused[:1]) or _("No drawing is kept aside here."))
        return False
    LogEntry.objects.log_actions(request.user.pk, [row.area for row in made], CHANGE, change_message="boundary")
    text = ngettext("%(n)d drawing counts now.", "%(n)d drawings count now.", len(made)) % {"n": len(made)}
    left = ngettext("%(n)d was left out.", "%(n)d were left out.", len(refused)) % {"n": len(refused)} if refused else ""
    messages.success(request, f"{text} {left}".strip())
    return True

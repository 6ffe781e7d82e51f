"""The map page: layers of a period on a map, and the same as a table for those who read it so."""

import datetime
from typing import Any

from django import forms
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.problems import WRITERS
from patrol.potential_pages import may_add
from polmas.people.models import Code
from polmas.people.periods import LONGEST, Period
from polmas.people.scope import INCIDENT_WRITERS
from polmas.summaries.maps.layers import LAYERS, Asked, Layer, Visits, require_map
from polmas.summaries.maps.outlines import areas_in_view, first_view
from polmas.summaries.views.map_api import ViewSerializer, earlier

SPANS = (7, 30, 90)
USUAL_SPAN = 30
MOST_ROWS = 200


class MapForm(forms.Form):
    """Which layers the map shows, of which days and kinds."""

    lapisan = forms.MultipleChoiceField(label=_("Layers"), required=False, choices=[(layer.name, layer.label) for layer in LAYERS.values()])
    dari = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    sampai = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, kinds: list[dict], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(kind["value"], kind["label"]) for group in kinds for kind in group["kinds"]]
        self.fields["jenis"] = forms.MultipleChoiceField(label=_("Kinds"), required=False, choices=choices)

    def clean(self):
        super().clean()
        asked = self._span(timezone.localdate())
        if asked.days < 1:
            self.add_error("sampai", _("The last day lies before the first."))
        elif asked.days > LONGEST:
            self.add_error("sampai", _("At most one year at once."))

    def period(self, today: datetime.date) -> Period:
        """The days asked for; the usual span up to today where they are missing or wrong."""
        return Period(earlier(today, USUAL_SPAN - 1), today) if {"dari", "sampai"} & self.errors.keys() else self._span(today)

    def _span(self, today):
        end = self.cleaned_data.get("sampai") or today
        return Period(self.cleaned_data.get("dari") or earlier(end, USUAL_SPAN - 1), end)

    def layers(self) -> list[Layer]:
        """Those chosen; what was done in the field where none is."""
        return [LAYERS[name] for name in LAYERS if name in self.cleaned_data.get("lapisan", ())] or [LAYERS[Visits.name]]

    def asked(self, today: datetime.date) -> Asked:
        period = self.period(today)
        kinds: dict[str, set[str]] = {}
        for value in self.cleaned_data.get("jenis", ()):
            name, _colon, kind = value.partition(":")
            kinds.setdefault(name, set()).add(kind)
        return Asked(period.start, period.end, {name: frozenset(some) for name, some in kinds.items()})


def map_page(request):
    """Layers on a map, with a table of villages below it."""
    require_map(request.user)
    today = timezone.localdate()
    kinds = kinds_of_layers()
    form = MapForm(request.GET, kinds=kinds)
    form.is_valid()
    asked, layers = form.asked(today), form.layers()
    counts = {"counted": layers, "villages": villages(request.user, layers, asked)}
    if request.htmx:
        return render(request, "summaries/_map_villages.html", counts)
    period = Period(asked.start, asked.end)
    extent = first_view(request.user)
    context = {
        "form": form,
        "period": period,
        "layers": [{"layer": layer, "is_on": layer in layers} for layer in LAYERS.values()],
        "kinds": kinds,
        "chosen": [f"{name}:{kind}" for name, some in asked.kinds.items() for kind in some],
        "spans": [
            {"days": days, "start": earlier(today, days - 1), "end": today, "is_chosen": period == Period(earlier(today, days - 1), today)}
            for days in SPANS
        ],
        "bounds": ",".join(f"{degree:.6f}" for degree in extent) if extent else "",
        "creates": creates(request.user),
        **counts,
    }
    return render(request, "summaries/map_page.html", context)


def creates(user) -> list[dict]:
    """What the person may add by a tap, or by drawing its area; the forms take the place from their address."""
    problem = reverse("patrol:problem_create")
    offers = (
        (user.scope.has(*WRITERS), problem, "alert-triangle", _("Problem in one place"), "point"),
        (user.scope.has(*WRITERS), problem, "polygon", _("Problem of an area"), "polygon"),
        (user.scope.has(*INCIDENT_WRITERS), reverse("mapping:incident_create"), "urgent", _("Incident"), "point"),
        (may_add(user), reverse("patrol:potential_create"), "building-community", _("Potential"), "point"),
    )
    return [{"url": url, "icon": icon, "label": label, "draw": draw} for is_allowed, url, icon, label, draw in offers if is_allowed]


def kinds_of_layers() -> list[dict]:
    """The kinds of each layer, for the choice beside the map; all code lists by one question."""
    lists: dict[str, list[Code]] = {}
    for code in Code.objects.filter(list__in=[name for layer in LAYERS.values() for name in layer.code_lists]):
        lists.setdefault(code.list, []).append(code)
    return [{"layer": layer, "kinds": kinds_of(layer, lists)} for layer in LAYERS.values()]


def kinds_of(layer: Layer, lists: dict[str, list[Code]]) -> list[dict]:
    codes = [code for name in layer.code_lists for code in lists.get(name, ())]
    return [{"value": f"{layer.name}:{code}", "label": label} for code, label in layer.kinds(codes)]


def villages(user, layers: list[Layer], asked: Asked) -> list[dict]:
    """How many things of each layer a village has, the most first, each number with the link to its rows."""
    rows: dict[str, dict[str, Any]] = {}
    for layer in layers:
        counts = layer.counted(user, asked).values_list("area__code", "area__name", "area__parent__name").annotate(count=Count("pk"))
        for code, name, around, count in counts.order_by("-count", "area__code")[:MOST_ROWS]:
            row = rows.setdefault(code, {"code": code, "name": name, "around": around, "counts": {}})
            row["counts"][layer.name] = count
    ordered = sorted(rows.values(), key=lambda row: (-sum(row["counts"].values()), row["code"]))[:MOST_ROWS]
    for row in ordered:
        row["cells"] = [
            {"label": layer.label, "count": row["counts"].get(layer.name, 0), "link": layer.list_url(asked, row["code"])} for layer in layers
        ]
    return ordered


def map_data(request):
    """Outlines of the areas in a view, as GeoJSON."""
    require_map(request.user)
    query = ViewSerializer(data=request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    return JsonResponse(areas_in_view(request.user, query.view()))

"""The map: areas and visits of a period, and the same as a table for those who read it so."""

import datetime

from django import forms
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.models import Kind
from polmas.people.periods import LONGEST, Period
from polmas.summaries.links import rows_link
from polmas.summaries.map_layers import areas_in_view, first_view, require_map, visits
from polmas.summaries.views.map_api import ViewSerializer, earlier

SPANS = (7, 30, 90)
USUAL_SPAN = 30
MOST_ROWS = 200


class MapForm(forms.Form):
    """Which visits the map shows."""

    dari = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sampai = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    jenis = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])

    def clean(self):
        super().clean()
        asked = self._asked(timezone.localdate())
        if asked.days < 1:
            self.add_error("sampai", _("The last day lies before the first."))
        elif asked.days > LONGEST:
            self.add_error("sampai", _("At most one year at once."))

    def period(self, today: datetime.date) -> Period:
        """The days asked for; the usual span up to today where they are missing or wrong."""
        return self._asked(today) if self.is_valid() else Period(earlier(today, USUAL_SPAN - 1), today)

    def _asked(self, today):
        end = self.cleaned_data.get("sampai") or today
        return Period(self.cleaned_data.get("dari") or earlier(end, USUAL_SPAN - 1), end)


def map_page(request):
    """Areas and visits on a map, with a table of villages below it."""
    require_map(request.user)
    today = timezone.localdate()
    form = MapForm(request.GET)
    form.is_valid()
    period, kind = form.period(today), form.cleaned_data.get("jenis", "")
    extent = first_view(request.user)
    context = {
        "form": form,
        "period": period,
        "kind": kind,
        "spans": [
            {"days": days, "start": earlier(today, days - 1), "end": today, "is_chosen": period == Period(earlier(today, days - 1), today)}
            for days in SPANS
        ],
        "bounds": ",".join(f"{degree:.6f}" for degree in extent) if extent else "",
        "villages": villages(request.user, period, kind),
    }
    return render(request, "summaries/map_page.html", context)


def villages(user, period, kind) -> list[dict]:
    """How many visits each village had, the most first, each number with the link to its rows."""
    counts = visits(user, period.start, period.end, kind).values("area__code", "area__name", "area__parent__name").annotate(count=Count("pk"))
    filters = {"jenis": kind} if kind else {}
    return [{**row, "link": rows_link(period, wilayah=row["area__code"], **filters)} for row in counts.order_by("-count", "area__code")[:MOST_ROWS]]


def map_data(request):
    """Outlines of the areas in a view, as GeoJSON."""
    require_map(request.user)
    query = ViewSerializer(data=request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    return JsonResponse(areas_in_view(request.user, query.view()))

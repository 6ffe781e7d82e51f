"""Builds of summaries: how far they are, what failed and why, and building again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from polmas.people.models import Unit
from polmas.people.pages import page_of
from polmas.summaries import building, runs
from polmas.summaries.due import reporting_units
from polmas.summaries.forms_manage import DayInput
from polmas.summaries.models import PeriodKind, SummaryRun
from polmas.summaries.models.due_times import KINDS_OF
from polmas.summaries.models.kinds import title_from
from polmas.summaries.views.manage.desk import desk_of

PAGE = 50
SHOWN_OF_A_KIND = 2
ALL = ("", gettext_lazy("All"))


class RunFilter(forms.Form):
    """Which builds are listed."""

    satuan = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=60)
    periode = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=[ALL, *PeriodKind.choices])
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ALL, *SummaryRun.State.choices])

    def narrowed(self, rows):
        data: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        for word in data.get("satuan", "").split():
            rows = rows.filter(Q(unit__name__icontains=word) | Q(unit__code__icontains=word))
        lookups = {"periode": "period", "status": "state"}
        return rows.filter(**{lookup: data[name] for name, lookup in lookups.items() if data.get(name)})


class BuildForm(forms.Form):
    """What is to be built again: a unit, or the unit with all below it, and a period by any of its days."""

    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=60, help_text=gettext_lazy("The unit's code, such as POLSEK-BANYUMANIK."))
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=PeriodKind.choices, initial=PeriodKind.MONTHLY)
    day = forms.DateField(label=gettext_lazy("Any day of it"), widget=DayInput())
    with_below = forms.BooleanField(label=gettext_lazy("with all units below"), required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = units

    def clean_unit(self) -> Unit:
        unit = self.units.filter(code=self.cleaned_data["unit"].strip(), kind__in=KINDS_OF).first()
        if unit is None:
            raise forms.ValidationError(_("There is no such unit that writes summaries."))
        return unit

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Please check the year."))
        return day

    def keys(self) -> list[runs.Key]:
        """Units and period, children before parents."""
        unit, kind = self.cleaned_data["unit"], self.cleaned_data["period"]
        below = reporting_units().filter(path__startswith=unit.path) if self.cleaned_data["with_below"] else [unit]
        start = building.period_of(kind, self.cleaned_data["day"]).start
        return [(one.pk, kind, start) for one in below if kind in KINDS_OF[one.kind]]


@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request):
    desk = desk_of(request)
    rows = SummaryRun.objects.for_user(request.user).select_related("unit", "asked_by")
    form = BuildForm(request.POST or None, units=desk.units())
    if request.method == "POST" and form.is_valid():
        number = len(keys := form.keys())
        if number:
            runs.ask_for(keys, by=request.user)
            named = {"n": number, "title": title_from(keys[0][1], keys[0][2]), "unit": form.cleaned_data["unit"]}
            words = ngettext("%(title)s of %(unit)s will be built.", "%(title)s of %(unit)s and units below will be built: %(n)s papers.", number)
            messages.success(request, words % named)
            return redirect("summaries:run_list")
        form.add_error("period", _("This unit writes no such summary."))
    asked = RunFilter(request.GET)
    page = page_of(asked.narrowed(rows), request.GET.get("page"), PAGE)
    told = spans(rows)
    context = {"page_obj": page, "filter": asked, "form": form, "spans": told, "is_narrowed": any(request.GET.values())}
    context["is_open"] = any(span["waiting"] or span["running"] for span in told)
    return render(request, "summaries/manage/run_list.html", context)


def spans(rows) -> list[dict]:
    """How far the newest two periods of each kind are: of how many units they are built, and how many failed."""
    states = {state.lower(): Count("pk", filter=Q(state=state)) for state in SummaryRun.State.values}
    asked = Q(pk__in=[])
    for kind in PeriodKind:
        starts = rows.filter(period=kind).order_by("-starts_on").values_list("starts_on", flat=True).distinct()
        asked |= Q(period=kind, starts_on__in=list(starts[:SHOWN_OF_A_KIND]))
    newest = rows.filter(asked).order_by().values("period", "starts_on").annotate(all=Count("pk"), **states).order_by("-starts_on", "period")
    return [{**span, "label": title_from(span["period"], span["starts_on"])} for span in newest]

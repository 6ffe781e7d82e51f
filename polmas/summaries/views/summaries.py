"""Periodic summaries: the list, one paper, its text, its approval and its PDF."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from polmas.people import documents
from polmas.people.models import UnitKind
from polmas.people.models.units import POLRES_KINDS
from polmas.people.periods import Period
from polmas.people.scope import READ_FIGURES
from polmas.summaries import building, dashboards, papers
from polmas.summaries.access import names_persons, units_for_figures
from polmas.summaries.due import month_before
from polmas.summaries.models import PeriodKind, Summary

PER_PAGE = 30


class SummaryFilter(forms.Form):
    """What the list shows: a unit by its code, a kind of period, a state and a month."""

    field_order = ("satuan", "periode", "status", "bulan")

    periode = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=[("", gettext_lazy("All")), *PeriodKind.choices])
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Summary.State.choices])
    bulan = forms.DateField(
        label=gettext_lazy("Month"), required=False, input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("All")), *((unit.code, unit.name) for unit in units)]
        self.fields["satuan"] = forms.ChoiceField(label=_("Unit"), required=False, choices=choices)
        self.order_fields(self.field_order)

    def narrowed(self, rows):
        """The rows that fit; a filter that is not understood shows its error and narrows nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        lookups = {"satuan": "unit__code", "periode": "period", "status": "state"}
        rows = rows.filter(**{lookup: data[name] for name, lookup in lookups.items() if data.get(name)})
        if month := data.get("bulan"):
            rows = rows.filter(starts_on__year=month.year, starts_on__month=month.month)
        return rows


class TextForm(forms.ModelForm):
    """What people write into a draft."""

    class Meta:
        model = Summary
        fields = ["analysis", "plan"]
        widgets = {"analysis": forms.Textarea(attrs={"rows": 10}), "plan": forms.Textarea(attrs={"rows": 8})}


def _summaries(request):
    """Summaries in sight; whoever reads no figures has no such pages."""
    if not request.user.scope.roles & READ_FIGURES:
        raise Http404
    return Summary.objects.for_user(request.user).select_related("unit")


def _one(request, uuid):
    return get_object_or_404(_summaries(request), uuid=uuid)


@require_safe
def summary_list(request):
    rows = _summaries(request).defer("figures", "analysis", "plan").order_by("-starts_on", "unit__path", "-revision")
    units = list(units_for_figures(request.user).filter(kind__in=[UnitKind.POLSEK, *POLRES_KINDS])[:200])
    form = SummaryFilter(request.GET, units=units)
    page = Paginator(form.narrowed(rows), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "summaries/summary_list.html", {"form": form, "page_obj": page, "missing": _missing(request.user, units)})


def _missing(user, units):
    """The Polsek below a Polres that have no approved summary of the last month yet, named with how far they are."""
    watched = [unit for unit in units if unit.kind == UnitKind.POLSEK and names_persons(user, unit)]
    if len(watched) < 2:
        return []
    month = month_before(watched[0].today())
    rows = (
        Summary.objects.filter(unit__in=watched, period=PeriodKind.MONTHLY, starts_on=month.start)
        .order_by("revision")
        .values_list("unit", "state", "approved_at")
    )
    newest = {unit: (state, approved_at) for unit, state, approved_at in rows}
    approved = {unit for unit, _state, approved_at in rows if approved_at}
    return [
        {"unit": unit, "month": month, "state_label": Summary.State(newest[unit.pk][0]).label if unit.pk in newest else ""}
        for unit in watched
        if unit.pk not in approved
    ]


@require_safe
def summary_detail(request, uuid):
    summary = _one(request, uuid)
    revisions = _summaries(request).filter(unit=summary.unit, period=summary.period, starts_on=summary.starts_on).exclude(pk=summary.pk)
    may_approve = summary.may_be_approved_by(request.user)
    context = {
        **papers.paper(summary, names_persons(request.user, summary.unit)),
        "informations": dashboards.informations(request.user, summary.unit, Period(summary.starts_on, summary.ends_on)),
        "may_edit": summary.may_be_edited_by(request.user),
        "may_approve": may_approve,
        "approval": papers.approval(summary) if may_approve else None,
        "revisions": revisions.defer("figures", "analysis", "plan").order_by("-revision"),
    }
    return render(request, "summaries/summary_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_update(request, uuid):
    summary = _one(request, uuid)
    if not summary.may_be_edited_by(request.user):
        raise Http404
    form = TextForm(request.POST or None, instance=summary)
    seen = request.POST.get("seen") or Summary.objects.get(pk=summary.pk).text_hash
    if request.method == "POST" and form.is_valid():
        try:
            Summary.objects.get(pk=summary.pk).edit(request.user, form.cleaned_data["analysis"], form.cleaned_data["plan"], seen)
        except ValidationError as error:
            form.add_error(None, error)
            seen = Summary.objects.get(pk=summary.pk).text_hash
        else:
            messages.success(request, _("The text is saved."))
            return redirect("summaries:summary_detail", summary.uuid)
    stored = Summary.objects.get(pk=summary.pk)
    return render(request, "summaries/summary_form.html", {"summary": summary, "form": form, "seen": seen, "stored": stored})


@require_POST
def summary_rebuild(request, uuid):
    """Counts a draft anew, at the wish of who works on it."""
    summary = _one(request, uuid)
    if not summary.may_be_edited_by(request.user):
        raise Http404
    building.build(summary.unit, summary.period, summary.starts_on)
    messages.success(request, _("The figures are counted anew."))
    return redirect("summaries:summary_detail", summary.uuid)


@require_POST
def summary_approve(request, uuid):
    summary = _one(request, uuid)
    if not summary.may_be_approved_by(request.user):
        raise Http404
    try:
        summary.approve(request.user, request.POST.get("seen", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("summaries:summary_detail", summary.uuid)
    if parent := building.parent_of(summary.unit):
        transaction.on_commit(lambda: building.ask_for(parent.pk, summary.period, summary.starts_on, countdown=building.GATHERING), robust=True)
    messages.success(request, _("Approved with the number %(number)s.") % {"number": summary.number})
    return redirect("summaries:summary_detail", summary.uuid)


@require_safe
def summary_pdf(request, uuid):
    summary = _one(request, uuid)
    document = papers.document_of(summary, names_persons(request.user, summary.unit))
    return documents.serve(request, document, papers.filename(summary))

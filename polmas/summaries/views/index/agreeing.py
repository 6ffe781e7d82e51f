"""What the board does with its scores: agree on values, look for root causes, and say who does what until when."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import InternalError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from polmas.summaries import index_results
from polmas.summaries.forms_index import AgreedForm, IndexStepForm, IndexStepStateForm
from polmas.summaries.models import IndexIndicator, IndexPeriod, IndexStep, IndexValue
from polmas.summaries.views.index import kept_period_of, reader, reads_reasons

PER_PAGE = 40
MOVED_ON = gettext_lazy("Somebody has moved this quarter on meanwhile. Look at it again.")


def agreed_update(request, uuid):
    """The agreed values of a scored quarter, all on one page beside their spread."""
    period = kept_period_of(request, uuid)
    if not period.is_scored:
        raise Http404
    result = index_results.result_of(period)
    lines = [line for part in result.fields for line in part.lines if line.spread or line.agreed]
    form = AgreedForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(period, form, request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The agreed values are saved."))
            return redirect("summaries:index_detail", uuid=uuid)
    return render(request, "summaries/index_agreed.html", {"period": period, "form": form})


@transaction.atomic
def _keep(period, form, user):
    period.hold(IndexPeriod.State.SCORED)
    for line, value, note in form.said():
        if line.agreed and value is None:
            line.agreed.delete()
        elif value is not None and (line.agreed is None or (line.agreed.value, line.agreed.note) != (value, note)):
            said = {"value": value, "note": note, "agreed_on": period.unit.today(), "recorded_by": user}
            IndexValue.objects.update_or_create(period=period, indicator=line.indicator, defaults=said)


def step_list(request):
    """What boards agreed to do, what is due first."""
    user = reader(request)
    if not reads_reasons(user):
        raise Http404
    asked = request.GET
    steps = IndexStep.objects.for_user(user).select_related("indicator", "period__area", "period__board__unit")
    state = asked.get("status") if asked.get("status") in (*IndexStep.State.values, "semua") else IndexStep.State.OPEN
    if state != "semua":
        steps = steps.filter(state=state)
    for word in asked.get("q", "").replace("\0", "")[:120].split()[:5]:
        steps = steps.filter(step__icontains=word)
    page = Paginator(steps, PER_PAGE).get_page(asked.get("page"))
    today = timezone.localdate()
    for step in page:
        step.is_overdue = step.is_overdue_on(today)
    context = {"page_obj": page, "asked": asked, "state": state, "states": IndexStep.State.choices}
    return render(request, "summaries/index_steps.html", context)


def step_create(request, uuid):
    period = kept_period_of(request, uuid)
    if period.is_closed:
        raise Http404
    form = IndexStepForm(request.POST or None, period=period, indicators=_indicators(period), initial={"indicator": request.GET.get("indikator")})
    return _step_form(request, period, form)


def step_update(request, uuid, pk):
    """The words of a step, while its quarter is not closed."""
    period = kept_period_of(request, uuid)
    step = get_object_or_404(period.steps, pk=pk)
    if period.is_closed:
        raise Http404
    form = IndexStepForm(request.POST or None, instance=step, period=period, indicators=_indicators(period))
    return _step_form(request, period, form, step)


def step_move(request, uuid, pk):
    """How far a step is."""
    period = kept_period_of(request, uuid)
    step = get_object_or_404(period.steps.select_related("indicator"), pk=pk)
    form = IndexStepStateForm(request.POST or None, initial={"state": step.state, "note": step.note})
    if request.method == "POST" and form.is_valid():
        step.move_to(form.cleaned_data["state"], form.cleaned_data["note"], period.unit.today())
        messages.success(request, _("Saved."))
        return redirect("summaries:index_detail", uuid=uuid)
    return render(request, "summaries/index_step_state.html", {"form": form, "period": period, "step": step})


@require_POST
def step_delete(request, uuid, pk):
    period = kept_period_of(request, uuid)
    step = get_object_or_404(period.steps, pk=pk)
    if period.is_closed:
        raise Http404
    try:
        with transaction.atomic():
            step.delete()
    except InternalError:  # the database's own lock: somebody has closed the quarter a moment ago
        messages.error(request, MOVED_ON)
    else:
        messages.success(request, _("The step is taken away."))
    return redirect("summaries:index_detail", uuid=uuid)


def _indicators(period):
    return IndexIndicator.objects.filter(weights__scheme=period.scheme_id)


def _step_form(request, period, form, step=None):
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except InternalError:  # the database's own lock: somebody has closed the quarter a moment ago
            form.add_error(None, MOVED_ON)
        else:
            messages.success(request, _("Saved."))
            return redirect("summaries:index_detail", uuid=period.uuid)
    return render(request, "summaries/index_step_form.html", {"form": form, "period": period, "step": step})

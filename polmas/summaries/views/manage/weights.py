"""Weights of the score: what holds for whom, set anew, changed from a month on, taken away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from polmas.summaries.forms_scores import WeightsForm
from polmas.summaries.models import ScoreWeights
from polmas.summaries.models.scores import SHORT
from polmas.summaries.views.manage.targets import setter, way_back

PAGE = 50


def weights_list(request):
    """Those that concern the own units; those of the past by `status=semua`."""
    user, today = setter(request), timezone.localdate()
    rows = ScoreWeights.objects.for_user(user).select_related("unit", "set_by").order_by("unit__path", "-starts_on", "pk")
    with_past = request.GET.get("status") == "semua"
    if not with_past:
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for weights in page:
        weights.may_set = weights.may_be_set_by(user) and (weights.ends_on is None or weights.ends_on >= today)
    context = {
        "page_obj": page,
        "short": {part.value: label for part, label in SHORT.items()},
        "with_past": with_past,
        "today": today,
        **way_back(user),
    }
    return render(request, "summaries/manage/weights_list.html", context)


def weights_create(request):
    user = setter(request)
    form = WeightsForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        first = {"unit": form.cleaned_data.get("unit"), "starts_on": form.cleaned_data["starts_on"], "set_by": user}
        try:
            with transaction.atomic():
                ScoreWeights.objects.create(**first, **form.by_part)
        except IntegrityError:
            form.add_error(None, _("For this unit weights already hold in that time. Change those."))
        else:
            messages.success(request, _("The weights are set."))
            return redirect("summaries:weights_list")
    return render(request, "summaries/manage/weights_form.html", {"form": form, "heading": _("New weights")})


def weights_update(request, pk):
    """Other weights from a month on."""
    weights = _settable(request, pk)
    form = WeightsForm(request.POST or None, user=request.user, weights=weights)
    if request.method == "POST" and form.is_valid():
        try:
            weights.change(form.by_part, form.cleaned_data["starts_on"], by=request.user)
        except IntegrityError:  # somebody changed them a moment ago
            form.add_error(None, _("For this unit weights already hold in that time. Change those."))
        else:
            messages.success(request, _("The weights are changed."))
            return redirect("summaries:weights_list")
    return render(request, "summaries/manage/weights_form.html", {"form": form, "heading": _("Change the weights"), "weights": weights})


@require_POST
def weights_delete(request, pk):
    weights = _settable(request, pk)
    weights.lift(timezone.localdate().replace(day=1))
    messages.success(request, _("The weights hold no longer."))
    return redirect("summaries:weights_list")


def _settable(request, pk) -> ScoreWeights:
    weights = get_object_or_404(ScoreWeights.objects.for_user(setter(request)).select_related("unit"), pk=pk)
    if not weights.may_be_set_by(request.user) or (weights.ends_on and weights.ends_on < timezone.localdate()):
        raise Http404
    return weights

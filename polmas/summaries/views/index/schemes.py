"""Indicators and weights: what holds, what held before, and the administrator's next scheme."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from polmas.people.scope import INDEX_FIGURES
from polmas.summaries.forms_index import SchemeForm, latest_quarters
from polmas.summaries.models import IndexBoard, IndexField, IndexIndicator, IndexScheme
from polmas.summaries.models.security_index import first_day_of


def scheme_list(request):
    """The scheme of today with its indicators; `mulai` shows another by its first day."""
    user = request.user
    if not (user.scope.is_admin or user.scope.has(*INDEX_FIGURES) or IndexBoard.objects.for_user(user).exists()):
        raise Http404
    schemes = list(IndexScheme.objects.select_related("made_by"))
    holding = IndexScheme.objects.on(timezone.localdate())
    asked = request.GET.get("mulai", "")
    shown = next((scheme for scheme in schemes if str(scheme.starts_on) == asked), holding)
    weights = list(shown.weights.select_related("indicator"))
    context = {
        "schemes": schemes,
        "shown": shown,
        "holding": holding,
        "groups": [(field.label, shown.weight_of(field), [weight for weight in weights if weight.indicator.field == field]) for field in IndexField],
        "retired": IndexIndicator.objects.exclude(pk__in=[weight.indicator_id for weight in weights]),
        "may_change": user.scope.is_admin,
    }
    return render(request, "summaries/index_schemes.html", context)


def scheme_create(request):
    """The next scheme, begun from the newest one."""
    if not request.user.scope.is_admin:
        raise Http404
    newest = IndexScheme.objects.latest("starts_on")
    weights = dict(newest.weights.values_list("indicator", "percent"))
    form = SchemeForm(request.POST or None, indicators=list(IndexIndicator.objects.all()), weights=weights, initial=_begun(newest))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.stored(request.user)
        except ValidationError as error:
            form.add_error(None, error)
        except IntegrityError:
            form.add_error(None, _("From this day on another scheme holds already."))
        else:
            messages.success(request, _("The scheme is written down. Quarters that begin from its day on count with it."))
            return redirect("summaries:index_scheme_list")
    return render(request, "summaries/index_scheme_form.html", {"form": form})


def _begun(newest) -> dict:
    """The percentages of the newest scheme, from the first day of the next quarter on."""
    year, quarter = latest_quarters(timezone.localdate())[0]
    shares = {column: getattr(newest, column) for column in IndexScheme.COLUMNS.values()}
    return {"starts_on": first_day_of(year + quarter // 4, quarter % 4 + 1), **shares}

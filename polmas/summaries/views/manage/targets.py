"""Targets: what holds for whom, set anew, changed from a day on, taken away; and the thresholds of the weekly cluster."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from polmas.people.models import Unit
from polmas.summaries.forms_targets import ClusterRuleForm, TargetChangeForm, TargetForm, settable_units
from polmas.summaries.managing import Desk
from polmas.summaries.models import ClusterRule, Target
from polmas.summaries.models.targets import SETTERS, target_kinds

PAGE = 50
STATES = ("", "nanti", "lewat", "semua")


def setter(request):
    """The signed-in person, if they settle targets anywhere."""
    if not (request.user.scope.is_admin or request.user.scope.has(*SETTERS)):
        raise Http404
    return request.user


def target_list(request):
    """The targets that concern the own units: those of the country, of units above, the own ones and those below."""
    user, today, asked = setter(request), timezone.localdate(), request.GET
    targets = Target.objects.for_user(user).select_related("unit", "set_by").order_by("kind", "unit__path", "role", "-starts_on", "pk")
    state = asked.get("status") if asked.get("status") in STATES else ""
    conditions = {
        "": Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today)),
        "nanti": Q(starts_on__gt=today),
        "lewat": Q(ends_on__lt=today),
    }
    targets = targets.filter(conditions.get(state, Q()))
    if asked.get("jenis") in dict(target_kinds()):
        targets = targets.filter(kind=asked["jenis"])
    for word in asked.get("q", "").replace("\0", "").split()[:5]:
        targets = targets.filter(unit__name__icontains=word)
    page = Paginator(targets, PAGE).get_page(asked.get("page"))
    for target in page:
        target.may_set = target.may_be_set_by(user) and (target.ends_on is None or target.ends_on >= today)
    context = {"page": page, "asked": asked, "state": state, "kinds": target_kinds(), **_rules(user), **way_back(user)}
    return render(request, "summaries/manage/target_list.html", context)


def way_back(user):
    """Whence one came: the management pages, or the officers' progress for those who have no such pages."""
    if Desk(user).may_look:
        return {"back": reverse("summaries:manage_home"), "back_label": _("Management")}
    return {"back": reverse("summaries:progress_list"), "back_label": _("Progress")}


def _rules(user):
    """The thresholds of the cluster that concern the own units, and the unit for which one may set them."""
    paths = sorted(user.scope.paths, key=len)
    top = settable_units(user).order_by("depth", "path").first()
    rules = ClusterRule.objects.holding_in(paths[0]).select_related("unit").order_by("unit__path") if paths else ClusterRule.objects.none()
    return {"rules": rules, "rule_unit": top, "may_set_country": user.scope.is_admin}


def target_create(request):
    user = setter(request)
    form = TargetForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:  # somebody set the same one a moment ago
            form.add_error(None, _("For this unit, role and kind a target already holds in that time. Change that one."))
        else:
            messages.success(request, _("The target is set."))
            return redirect("summaries:target_list")
    return render(request, "summaries/manage/target_form.html", {"form": form, "heading": _("New target")})


def target_update(request, pk):
    """Another amount from a day on."""
    target = _settable(request, pk)
    form = TargetChangeForm(request.POST or None, target=target)
    if request.method == "POST" and form.is_valid():
        target.change(**form.cleaned_data, by=request.user)
        messages.success(request, _("The target is changed."))
        return redirect("summaries:target_list")
    return render(request, "summaries/manage/target_form.html", {"form": form, "heading": _("Change the target"), "target": target})


@require_POST
def target_delete(request, pk):
    target = _settable(request, pk)
    target.lift(target.unit.today() if target.unit else timezone.localdate())
    messages.success(request, _("The target holds no longer."))
    return redirect("summaries:target_list")


def _settable(request, pk) -> Target:
    """A target that this person may change and that has not ended."""
    target = get_object_or_404(Target.objects.for_user(setter(request)).select_related("unit"), pk=pk)
    if not target.may_be_set_by(request.user) or (target.ends_on and target.ends_on < timezone.localdate()):
        raise Http404
    return target


def cluster_rule_update(request):
    """The thresholds of a unit (`satuan`); without one an administrator sets those of the country."""
    user = setter(request)
    unit = _rule_unit(user, request.GET.get("satuan", ""))
    rule = ClusterRule.objects.filter(unit=unit).first()
    if request.method == "POST" and "remove" in request.POST and unit:
        ClusterRule.objects.filter(unit=unit).delete()
        messages.success(request, _("The thresholds of the unit above hold again."))
        return redirect("summaries:target_list")
    form = ClusterRuleForm(request.POST or None, instance=rule or ClusterRule(unit=unit))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("summaries:target_list")
    return render(request, "summaries/manage/cluster_rule_form.html", {"form": form, "unit": unit, "is_own": bool(unit and rule)})


def _rule_unit(user, code) -> Unit | None:
    if user.scope.is_admin:
        return None
    units = settable_units(user)
    unit = units.filter(code=code.replace("\0", "?")).first() if code else units.order_by("depth", "path").first()
    if unit is None:
        raise Http404
    return unit

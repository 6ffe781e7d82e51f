"""Awards: the list, who comes into question, a proposal, the decision, and the charter."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fkpm.models import Forum
from polmas.people import documents
from polmas.people.months import Month
from polmas.summaries import awards
from polmas.summaries.forms_scores import AwardForm, DecisionForm, categories_of, units_to_honour_in
from polmas.summaries.models import Award, AwardCategory, OfficerScore
from polmas.summaries.models.awards import OF_FORUMS, last_month

PER_PAGE = 30


@require_safe
def award_list(request):
    """Those in sight: what waits for a decision first, then the newest."""
    user, asked = request.user, request.GET
    is_member = not user.scope.posts and Forum.objects.for_user(user).exists()
    if not (user.scope.is_officer or user.scope.command_paths or is_member):
        raise Http404
    first = Case(When(state=Award.State.PROPOSED, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Award.objects.for_user(user).select_related("unit", "officer", "forum", "recipient_unit")
    if asked.get("kategori") in AwardCategory.values:
        found = found.filter(category=asked["kategori"])
    if asked.get("status") in Award.State.values:
        found = found.filter(state=asked["status"])
    if asked.get("bulan"):
        found = found.filter(month=Month.asked(asked["bulan"], _today(user)).first)
    context = {
        "page_obj": Paginator(found.order_by(first, "-month", "unit__path", "category", "pk"), PER_PAGE).get_page(asked.get("page")),
        "asked": asked,
        "categories": AwardCategory.choices,
        "states": Award.State.choices,
        "may_propose": units_to_honour_in(user).exists(),
        "is_commander": bool(user.scope.command_paths),
        "is_narrowed": any(asked.get(name) for name in ("kategori", "status", "bulan")),
    }
    return render(request, "summaries/award_list.html", context)


def _today(user):
    post = user.post
    return post.unit.today() if post else timezone.localdate()


def _unit_asked(request):
    """The unit in whose name one proposes (`satuan`), else the first of the own ones."""
    units = list(units_to_honour_in(request.user))
    code = request.GET.get("satuan", "")
    unit = next((unit for unit in units if not code or unit.code == code), None)
    if unit is None:
        raise Http404
    return unit, units


@require_safe
def award_candidates(request):
    """Who comes into question for a month that is over, by the figures, with the reasons."""
    unit, units = _unit_asked(request)
    newest = last_month(unit)
    month = Month.asked(request.GET.get("bulan", ""), newest)
    if month.first > newest:
        month = Month.of(newest)
    found = awards.candidates(unit, month.first)
    standing = Award.objects.filter(unit=unit, month=month.first).standing().select_related("officer", "forum")
    context = {
        "unit": unit,
        "units": units,
        "month": month,
        "before": month.previous,
        "after": month.next if month.next.first <= newest else None,
        "groups": [(AwardCategory(category), some) for category, some in found.items()],
        "categories": [(value, label) for value, label in categories_of(unit) if value not in found],
        "standing": list(standing),
        "is_scored": OfficerScore.objects.of_month(month.first).in_unit(unit).exists(),
    }
    return render(request, "summaries/award_candidates.html", context)


def award_create(request):
    """A proposal of one category; who comes into question and why may be given by the address."""
    unit, _units = _unit_asked(request)
    category = request.GET.get("kategori", "")
    if category not in AwardCategory.values:
        return redirect("summaries:award_candidates")
    asked = {"month": Month.asked(request.GET.get("bulan", ""), last_month(unit)).first.isoformat()}
    for name, word in (("officer", "petugas"), ("forum", "fkpm"), ("reason", "alasan")):
        asked[name] = request.GET.get(word, "").replace("\0", "")
    form = AwardForm(request.POST or None, user=request.user, unit=unit, category=category, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                award = awards.propose(form.save(commit=False), request.user)
        except IntegrityError:  # proposed by somebody else a moment ago, or before
            form.add_error(None, _("This is proposed already."))
        else:
            messages.success(request, _("The award is proposed."))
            return redirect("summaries:award_detail", uuid=award.uuid)
    label = capfirst(AwardCategory(category).label)
    return render(request, "summaries/award_form.html", {"form": form, "unit": unit, "label": label, "month": asked["month"][:7]})


def _award(request, uuid) -> Award:
    found = Award.objects.for_user(request.user).select_related("unit", "officer", "forum__unit", "recipient_unit", "proposed_by", "decided_by")
    return get_object_or_404(found, uuid=uuid)


def award_detail(request, uuid):
    """One award with its reasons and figures; whoever leads the unit decides here."""
    award = _award(request, uuid)
    may_decide = award.may_be_decided_by(request.user)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        if not may_decide:
            raise Http404
        if form.is_valid() and _decided(request, award, form):
            return redirect("summaries:award_detail", uuid=award.uuid)
    reads_figures = any(award.unit.path.startswith(path) for path in request.user.scope.command_paths)
    shown = {"award": award, "form": form, "may_decide": may_decide, "reads_figures": reads_figures, "is_forum": award.category in OF_FORUMS}
    return render(request, "summaries/award_detail.html", shown)


def _decided(request, award, form) -> bool:
    try:
        if form.cleaned_data["decision"] == "ya":
            awards.decide(award, request.user, form.cleaned_data["note"])
            messages.success(request, _("The award is decided. Those who are honoured are told."))
        else:
            awards.decline(award, request.user, form.cleaned_data["note"])
            messages.success(request, _("The proposal is declined. Whoever proposed it is told."))
    except ValidationError as error:
        award.refresh_from_db()
        form.add_error(None, error.messages)
        return False
    return True


@require_safe
def award_pdf(request, uuid):
    """The charter; there is one only once the award is decided."""
    award = _award(request, uuid)
    if award.state != Award.State.DECIDED:
        raise Http404
    return documents.serve(request, awards.document_of(award), f"piagam-{award.year}-{award.sequence}.pdf")

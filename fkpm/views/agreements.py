"""Pages of agreements: the list, drawing one up, its paper, its signed scan, and whether it is observed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from fkpm import agreements, case_lists
from fkpm.forms_agreements import (
    AgreementForms,
    BreachForm,
    CancelForm,
    CheckForm,
    SignForm,
    blank_for_case,
    blank_for_forum,
    lines_of,
    successor_of,
)
from fkpm.minutes import OutdatedError
from fkpm.models import Agreement, AgreementCheck, Case, Forum
from fkpm.models.agreements import may_agree_for
from fkpm.printing_agreements import fingerprint_of
from fkpm.views.cases import case_of, works
from fkpm.views.forums import forum_of
from fkpm.views.meetings import number_of
from polmas.people import picker
from polmas.people.documents import document_for, serve
from polmas.people.uploads import served

ON_A_PAGE = 30
State = Agreement.State


def agreement_of(request, uuid, may=None) -> Agreement:
    found = Agreement.objects.for_user(request.user).select_related(
        "unit", "area", "forum__unit", "forum__area", "replaces", "signed_by", "drawn_up_by"
    )
    agreement = get_object_or_404(found.select_related("case__unit", "case__area", "case__officer", "case__keeper", "case__forum"), uuid=uuid)
    if may and not may(agreement):
        raise Http404
    return agreement


def writes(request):
    return lambda agreement: agreement.may_be_written_by(request.user)


@require_safe
def agreement_list(request):
    """All that one may read, what is due first. Of a forum (?fkpm=) with how many peaces it helped to make, without saying whose."""
    found = Agreement.objects.for_user(request.user).select_related("forum", "area")
    found = found.annotate(is_due=Exists(AgreementCheck.objects.due(timezone.localdate()).filter(agreement=OuterRef("pk"))))
    forum = _forum_asked(request)
    if forum:
        found = found.filter(forum=forum)
    page = Paginator(_narrowed(found, request.GET).order_by("-is_due", "-agreed_on", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "forum": forum,
        "peaces": _peaces(forum) if forum else None,
        "may_draw_up": forum is not None and may_agree_for(forum, request.user),
        "asked": request.GET,
        "kinds": Agreement.Kind.choices,
        "states": State.choices,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "jenis", "status", "pantau", "satuan", "dari")),
    }
    return render(request, "fkpm/agreement_list.html", context)


def _forum_asked(request) -> Forum | None:
    uuid = request.GET.get("fkpm", "")
    if not uuid:
        return None
    if not case_lists.is_uuid(uuid):
        raise Http404
    return forum_of(request, uuid)


def _narrowed(found, asked):
    for word in case_lists.text_of(asked, "q").split()[: case_lists.MOST_WORDS]:
        found = found.filter(Q(subject__icontains=word) | Q(number__icontains=word))
    found = picker.narrowed(found, asked, day="agreed_on")
    if asked.get("jenis") in Agreement.Kind.values:
        found = found.filter(kind=asked["jenis"])
    if asked.get("status") in State.values:
        found = found.filter(state=asked["status"])
    if asked.get("bertanda"):
        found = found.filter(signed_at__isnull=False)
    return found.filter(is_due=True) if asked.get("pantau") else found


def _peaces(forum) -> dict[str, int]:
    """What the forum may know of its cases: numbers, no names (domain.md 2.7)."""
    papers = Agreement.objects.filter(forum=forum, kind=Agreement.Kind.PERDAMAIAN)
    numbers = papers.aggregate(
        agreed=Count("pk", filter=Q(signed_at__isnull=False)),
        observed=Count("pk", filter=Q(state=State.DITAATI)),
        broken=Count("pk", filter=Q(state=State.DILANGGAR)),
    )
    return {"cases": Case.objects.filter(forum=forum, is_standing=True).count(), **numbers}


@require_safe
def agreement_detail(request, uuid):
    return _shown(request, agreement_of(request, uuid))


def _shown(request, agreement, status=200, **forms):
    user = request.user
    may_write, is_unsigned = agreement.may_be_written_by(user), agreement.state == State.UNSIGNED
    today, replaced_by = agreement.unit.today(), agreement.replaced_by
    checks = [row for row in agreement.checks.select_related("checked_by") if row.checked_on or agreement.state != State.DILANGGAR]
    due = agreement.checks.open().select_related("agreement").first()
    may_watch = agreement.may_be_watched_by(user)
    may_report = bool(may_watch and due and due.may_be_reported_on(today))
    context = {
        "agreement": agreement,
        "forum": agreement.forum,
        "checks": [{"row": check, "is_due": check.is_due_on(today) and due is not None} for check in checks],
        "due": due,
        "may_write": may_write and is_unsigned,
        "replaced_by": replaced_by,
        "may_succeed": may_write and agreement.is_in_force and replaced_by is None,
        "sign_form": forms.get("sign") or (SignForm() if may_write and is_unsigned else None),
        "cancel_form": forms.get("cancel") or (CancelForm() if may_write and is_unsigned else None),
        "check_form": (due and forms.get("check")) or (CheckForm() if may_report else None),
        "breach_form": forms.get("breach") or (BreachForm() if may_watch and agreement.is_in_force else None),
        "today": today,
    }
    return render(request, "fkpm/agreement_detail.html", context, status=status)


def agreement_create(request, uuid):
    """Draws up the peace between the parties of a case."""
    case = case_of(request, uuid, works(request))
    if not agreements.may_be_drawn_up(case):
        messages.error(request, _("No agreement can be drawn up in this case: see its eligibility, and whether one stands already."))
        return redirect("fkpm:case_detail", uuid=uuid)
    with override("id"):  # the paper speaks Indonesian, whoever draws it up
        label = case_lists.labels().get(case.category, case.category)
    return _writing(request, blank_for_case(case, label))


def forum_agreement_create(request, uuid):
    """Draws up an agreement of a forum, a local rule, or a MoU with a partner."""
    forum = forum_of(request, uuid)
    if not may_agree_for(forum, request.user):
        raise Http404
    return _writing(request, blank_for_forum(forum))


def agreement_update(request, uuid):
    """Corrects what is not signed yet."""
    agreement = agreement_of(request, uuid, lambda row: row.may_be_written_by(request.user) and row.state == State.UNSIGNED)
    return _writing(request, agreement)


def agreement_succeed(request, uuid):
    """Corrects a signed agreement by a new one that names it."""
    old = agreement_of(request, uuid, lambda row: row.may_be_written_by(request.user) and row.is_in_force and row.replaced_by is None)
    new = successor_of(old)
    forms = AgreementForms(new, request.POST or None)
    if request.method != "POST":
        forms.people.initial = lines_of(old)
    return _writing(request, new, forms)


def _writing(request, agreement, forms=None):
    forms = forms or AgreementForms(agreement, request.POST or None)
    version, status, conflict = agreement.version, 200, {}
    if request.method == "POST":
        version, status = number_of(request.POST.get("version", "")), 422
        try:
            if forms.is_valid() and (stored := forms.stored(request.user, version)):
                messages.success(request, _("%(number)s: print it, have it signed, then attach the signed paper.") % {"number": stored.number})
                return redirect("fkpm:agreement_detail", uuid=stored.uuid)
        except OutdatedError as error:
            version, status, conflict = error.version, 409, {"is_outdated": True, "differences": error.differences}
    context = {"forms": forms, "form": forms.paper, "agreement": agreement, "forum": agreement.forum, "case": agreement.case, "version": version}
    return render(request, "fkpm/agreement_form.html", context | conflict, status=status)


@require_POST
def agreement_sign(request, uuid):
    agreement = agreement_of(request, uuid, lambda row: row.may_be_written_by(request.user) and row.state == State.UNSIGNED)
    form = SignForm(request.POST, request.FILES)
    if form.is_valid() and form.stored(agreement, request.user, number_of(request.POST.get("version", ""))):
        messages.success(request, _("The agreement is recorded and locked. Its follow-ups are set."))
        return redirect("fkpm:agreement_detail", uuid=uuid)
    return _shown(request, agreement, 422, sign=form)


@require_POST
def agreement_cancel(request, uuid):
    agreement = agreement_of(request, uuid, lambda row: row.may_be_written_by(request.user) and row.state == State.UNSIGNED)
    form = CancelForm(request.POST)
    if form.is_valid() and form.stored(agreement):
        messages.success(request, _("Cancelled. The number stays taken, with your reason."))
        return redirect("fkpm:agreement_detail", uuid=uuid)
    return _shown(request, agreement, 422, cancel=form)


@require_POST
def check_update(request, uuid, pk):
    """Says whether an agreement is observed."""
    agreement = agreement_of(request, uuid, lambda row: row.may_be_watched_by(request.user))
    check = get_object_or_404(agreement.checks.select_related("agreement"), pk=pk)
    if not AgreementCheck.objects.open().filter(pk=check.pk).exists():
        messages.error(request, _("This was reported in the meantime. Look at it again."))
        return redirect("fkpm:agreement_detail", uuid=uuid)
    form = CheckForm(request.POST)
    if form.is_valid() and form.stored(check, request.user):
        messages.success(request, _("The follow-up is reported."))
        return redirect("fkpm:agreement_detail", uuid=uuid)
    return _shown(request, agreement_of(request, uuid), 422, check=form)


@require_POST
def agreement_break(request, uuid):
    """Says that an agreement is broken, on whatever day that is heard of."""
    agreement = agreement_of(request, uuid, lambda row: row.may_be_watched_by(request.user) and row.is_in_force)
    form = BreachForm(request.POST)
    if form.is_valid() and form.stored(agreement, request.user):
        messages.success(request, _("The breach is recorded. The case needs a next step."))
        return redirect("fkpm:agreement_detail", uuid=uuid)
    return _shown(request, agreement_of(request, uuid), 422, breach=form)


@require_safe
def agreement_pdf(request, uuid):
    agreement = agreement_of(request, uuid)
    document = document_for("agreement", agreement.pk, fingerprint_of(agreement), "fkpm.render_agreement")
    return serve(request, document, f"Kesepakatan {agreement.number}.pdf".replace("/", "-"))


@require_safe
def agreement_scan(request, uuid):
    """The signed paper, as it was attached."""
    agreement = agreement_of(request, uuid, lambda row: row.is_signed)
    return served(agreement.scan, f"Kesepakatan {agreement.number}".replace("/", "-"), agreement.scan_type)

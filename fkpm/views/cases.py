"""Pages of cases: the list, one case, and what is done in it. Names are for those who settle it, nobody else (domain.md 2.7)."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fkpm import agreements, eligibility, referrals
from fkpm import case_lists as lists
from fkpm.forms_cases import AnswerForm, AssessForm, CaseForm, HandOverForm, KeeperForm, MediateForm, SessionForm
from fkpm.minutes import OutdatedError
from fkpm.models import Agreement, Case, CaseReferral
from fkpm.models.cases import CASE_LEADERS
from fkpm.views.meetings import number_of
from mapping.models import Area
from polmas.people import sheets
from polmas.people.scope import CASE_READERS, OFFICERS, SPKT

log = logging.getLogger("polmas.fkpm")
ON_A_PAGE = 30
MAX_ROWS = 10_000


def concerned(request):
    """The signed-in person, if cases concern them at all: those who settle them, and those to whom they are handed."""
    user = request.user
    if not (user.scope.has(*CASE_READERS, *OFFICERS, *SPKT, "kanit_lain") or Case.objects.for_user(user).exists()):
        raise Http404
    return user


def case_of(request, uuid, may=None) -> Case:
    found = Case.objects.for_user(request.user).select_related("unit", "area", "officer", "keeper", "forum__unit", "refused_by")
    case = get_object_or_404(found, uuid=uuid)
    if may and not may(case):
        raise Http404
    return case


def leads(request):
    return lambda case: case.may_be_led_by(request.user)


def works(request):
    return lambda case: case.may_be_worked_on_by(request.user)


@require_safe
def case_list(request):
    user = concerned(request)
    mine = lists.with_due(Case.objects.for_user(user))
    found = lists.ordered(lists.narrowed(mine, request.GET)).select_related("area", "officer", "keeper", "refused_by")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    categories = lists.labels()
    for case in page:
        case.label = categories.get(case.category, case.category)
    context = {
        "page": page,
        "tiles": lists.tiles(mine),
        "categories": categories.items(),
        "villages": Area.objects.filter(pk__in=Case.objects.for_user(user).values("area")).order_by("name"),
        "asked": request.GET,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "kategori", "hasil", "wilayah", "pantau", "menunggu", "fkpm", "satuan", "dari")),
        "may_record": user.scope.is_officer,
    }
    return render(request, "fkpm/case_list.html", context)


@require_safe
def case_export(request):
    """The register as it is narrowed, for a spreadsheet. Who took what is logged."""
    user = concerned(request)
    found = lists.narrowed(lists.with_due(Case.objects.for_user(user)), request.GET).order_by("happened_on", "pk")
    log.info("export of cases by user %s: %s", user.pk, sorted(name for name, value in request.GET.items() if value))
    if found.count() > MAX_ROWS:
        messages.error(request, _("These are more than %(most)s rows. Narrow the list first.") % {"most": MAX_ROWS})
        return redirect(f"{reverse('fkpm:case_list')}?{request.GET.urlencode()}")
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    return sheets.sent(form, "perkara", _("Problem solving"), lists.headings(), lists.rows_of(found))


@require_safe
def case_detail(request, uuid):
    return shown(request, case_of(request, uuid))


def shown(request, case, status=200, differences=None, **forms):
    """The page of a case, with a form that was refused where there is one, and what differs where somebody else answered meanwhile."""
    user = request.user
    verdict = eligibility.verdict_on(case, case.unit.today())
    standing = case.referrals.standing().select_related("unit", "person", "sent_by", "answered_by").first()
    leading, working = case.may_be_led_by(user), case.may_be_worked_on_by(user)
    is_elsewhere = case.outcome == Case.Outcome.DILIMPAHKAN
    context = {
        "case": case,
        "differences": differences,
        "label": lists.labels().get(case.category, case.category),
        "parties": [(case.side_of(party.role), party) for party in case.parties.all()],
        "sessions": case.sessions.select_related("recorded_by"),
        "mediators": case.mediators.select_related("member"),
        "agreements": case.agreements.exclude(state=Agreement.State.BATAL).prefetch_related("checks"),
        "verdict": (case.refused_by and eligibility.Verdict(eligibility.REFUSED, case.refused_by)) or verdict,
        "referral": standing,
        "returned": case.referrals.filter(state=CaseReferral.State.RETURNED).select_related("unit", "answered_by").first(),
        "must_hand_over": is_elsewhere and standing is None,
        "may_lead": leading,
        "may_answer": bool(standing and standing.is_handed_to(user)),
        "may_take_back": bool(leading and standing and standing.state == CaseReferral.State.SENT and case.refused_by is None),
        "is_session_open": "pertemuan" in request.GET,
        "may_agree": working and agreements.may_be_drawn_up(case),
        "may_hand_over": leading and standing is None,
        "session_form": forms.get("session") or (SessionForm(initial={"held_on": case.unit.today()}) if working and not is_elsewhere else None),
        "assess_form": forms.get("assess") or (AssessForm(case=case) if leading else None),
        "mediate_form": forms.get("mediate") or (MediateForm(case=case) if leading and not is_elsewhere else None),
        "keeper_form": forms.get("keeper") or (KeeperForm(case=case) if user.scope.holds(CASE_LEADERS, case.unit) else None),
        "answer_form": forms.get("answer") or (AnswerForm(initial={"number": standing.number}) if standing and standing.is_handed_to(user) else None),
        "may_see_report": user.pk == case.officer_id or user.scope.holds(CASE_READERS, case.unit),
    }
    return render(request, "fkpm/case_detail.html", context, status=status)


def case_update(request, uuid):
    case = case_of(request, uuid, leads(request))
    form = CaseForm(request.POST or None, case=case)
    version, status, conflict = case.version, 200, {}
    if request.method == "POST":
        version, status = number_of(request.POST.get("version", "")), 422
        try:
            if form.is_valid() and form.stored(version):
                messages.success(request, _("Saved."))
                return redirect("fkpm:case_detail", uuid=uuid)
        except OutdatedError as error:
            version, status, conflict = error.version, 409, {"is_outdated": True, "differences": error.differences}
    context = {"form": form, "case": case, "label": lists.labels().get(case.category, case.category), "version": version, **conflict}
    return render(request, "fkpm/case_form.html", context, status=status)


@require_POST
def case_assess(request, uuid):
    case = case_of(request, uuid, leads(request))
    form = AssessForm(request.POST, case=case)
    try:
        if form.is_valid() and form.stored(number_of(request.POST.get("version", ""))):
            messages.success(request, _("The answers are stored. See below what follows from them."))
            return redirect("fkpm:case_detail", uuid=uuid)
    except OutdatedError as error:
        return shown(request, case_of(request, uuid), 409, assess=form, differences=error.differences)
    return shown(request, case_of(request, uuid), 422, assess=form)


@require_POST
def session_create(request, uuid):
    case = case_of(request, uuid, works(request))
    form = SessionForm(request.POST)
    if form.is_valid() and form.stored(case, request.user):
        messages.success(request, _("The session is recorded."))
        return redirect("fkpm:case_detail", uuid=uuid)
    return shown(request, case, 422, session=form)


@require_POST
def case_mediate(request, uuid):
    case = case_of(request, uuid, leads(request))
    form = MediateForm(request.POST, case=case)
    if form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("fkpm:case_detail", uuid=uuid)
    return shown(request, case_of(request, uuid), 422, mediate=form)


@require_POST
def case_keep(request, uuid):
    case = case_of(request, uuid, lambda case: request.user.scope.holds(CASE_LEADERS, case.unit))
    form = KeeperForm(request.POST, case=case)
    if form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("fkpm:case_detail", uuid=uuid)
    return shown(request, case_of(request, uuid), 422, keeper=form)


def referral_create(request, uuid):
    """Names the unit that a case is handed to."""
    case = case_of(request, uuid, lambda case: case.may_be_led_by(request.user) and not case.referrals.standing().exists())
    form = HandOverForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid() and form.stored(request.user):
        messages.success(request, _("The case is handed over. Its answer will stand here."))
        return redirect("fkpm:case_detail", uuid=uuid)
    return render(request, "fkpm/referral_form.html", {"form": form, "case": case, "label": lists.labels().get(case.category, case.category)})


ACTS = {
    "accept": lambda referral, by, said: referrals.accept(referral, by, said["number"]),
    "report": lambda referral, by, said: referrals.report(referral, by, said["result"], said["number"]),
    "return": lambda referral, by, said: referrals.give_back(referral, by, said["result"]),
}


@require_POST
def referral_answer(request, uuid):
    """The unit accepts the case, says what came of it, or gives it back with a reason."""
    case = case_of(request, uuid)
    referral = case.referrals.standing().select_related("unit").first()
    if referral is None or not referral.is_handed_to(request.user):
        raise Http404
    form, act = AnswerForm(request.POST), ACTS.get(request.POST.get("act", ""))
    if act and form.is_valid() and form.acted(lambda: act(referral, request.user, form.cleaned_data)):
        messages.success(request, _("Saved. The officer is told."))
        is_seen = Case.objects.for_user(request.user).filter(pk=case.pk).exists()
        return redirect("fkpm:case_detail", uuid=uuid) if is_seen else redirect("fkpm:case_list")
    return shown(request, case_of(request, uuid), 422, answer=form)


@require_POST
def referral_withdraw(request, uuid):
    """The officer takes back what no unit accepted yet."""
    case = case_of(request, uuid, lambda case: case.may_be_led_by(request.user) and case.refused_by is None)
    referral = case.referrals.waiting().first()
    if referral is None:
        raise Http404
    form = AnswerForm({})
    if form.acted(lambda: referrals.take_back(referral)):
        messages.success(request, _("Taken back. The case is in progress again."))
    return redirect("fkpm:case_detail", uuid=uuid)

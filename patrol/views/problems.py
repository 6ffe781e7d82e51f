"""One problem: recorded, worked on, linked to what it was known from and to what was done, solved."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping.fields import shape_asked
from mapping.forms_problems import ProblemForm, StepForm
from mapping.geometry import geojson
from mapping.models import Area, Problem, ProblemStatus, ProblemStep
from mapping.models.problems import point_in
from mapping.outlines import backdrop
from mapping.problems import in_sight, kept, kind_labels, reader, villages_kept, writer
from patrol.models import Kind, LinkRole, ProblemLink
from patrol.models.problem_links import link
from patrol.problem_work import MOST_INCIDENTS, SPANS, effects, incidents_near, links_of, origin_asked, problems_to_link, reports_to_link
from patrol.register_filters import page_number
from polmas.people.models import Code, User

MOST_FORMER = 5
MOST_OFFICERS = 100
PER_PAGE = 20


def problem_detail(request, uuid):
    """What, where, when, why there, who can help, what was done."""
    return detail_page(request, in_sight(request, uuid))


def detail_page(request, problem, form=None):
    user, kinds = request.user, kind_labels()
    links, near = links_of(problem, user), incidents_near(problem, user)
    labels = {"incidents": _("Incidents within 300 m"), "sources": _("Reports and voices about it")}
    others = list(problem.areas.order_by("name"))
    context = {
        "problem": problem,
        "kind": kinds.get(problem.kind, problem.kind),
        "today": timezone.localdate(),
        "others": others,
        "partners": problem.partners.order_by("name"),
        "steps": problem.steps.select_related("recorded_by"),
        **links,
        "effects": effects(problem, links, near, labels),
        "incidents": near[:MOST_INCIDENTS],
        "incident_kinds": {code.code: code.label for code in Code.objects.of("INCIDENT_KIND")},
        "former": Problem.objects.for_user(user).filter(pk=problem.recurs_id).first(),
        "recurrences": Problem.objects.for_user(user).filter(recurs=problem),
        "map": map_of(problem, others),
        "form": form or StepForm(),
        "may_keep": problem.may_be_kept_by(user),
        "may_work": problem.is_open and problem.may_be_worked_on_by(user),
        "may_close": problem.may_be_closed_by(user),
        "may_delete": may_delete(problem, user),
    }
    return render(request, "patrol/problem_detail.html", context)


def map_of(problem, others) -> dict | None:
    """Its villages and its place; None where neither is drawn."""
    areas = Area.objects.filter(pk__in=[problem.area_id, *(area.pk for area in others)])
    behind = backdrop(areas, timezone.localdate())
    if not behind and problem.shape is None:
        return None
    return {**(behind or {"areas": None, "extent": None}), "shape": geojson(problem.shape), "title": problem.title}


def may_delete(problem, user) -> bool:
    """What was recorded by mistake, before anything came of it."""
    return problem.status == ProblemStatus.TERPETAKAN and problem.may_be_kept_by(user) and not problem.steps.exists()


@require_http_methods(["GET", "HEAD", "POST"])
def problem_create(request):
    """A new problem; the address may name the place (`titik`, `bentuk`), and what it is known from (`laporan`, `pendapat`, `li`)."""
    user = writer(request)
    origin = origin_asked(request)
    form = ProblemForm(request.POST or None, initial=beginning(request, origin), user=user)
    former: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        former = [] if form.sent_before() else former_of(form.instance, user)
        answer = request.POST.get("berulang", "")
        if not former or answer:
            problem = stored_once(form, former, answer, origin)
            messages.success(request, _("The problem is recorded. Add what you know of its causes, and the first step."))
            return redirect("patrol:problem_detail", uuid=problem.uuid)
    return render(request, "patrol/problem_form.html", {"form": form, "origin": origin, "former": former, "kinds": kind_labels() if former else {}})


def beginning(request, origin) -> dict:
    """What a new form knows already: from the address, and from what the problem is known from."""
    told = origin.initial if origin else {}
    if shape := shape_asked(request.GET):
        told["shape"] = shape
    village = villages_kept(request.user).village_at(point_in(told.get("shape")), timezone.localdate())
    return told | ({"area": village.code} if village else {})


def former_of(problem, user) -> list[Problem]:
    return list(Problem.objects.for_user(user).recurring_with(problem).select_related("area", "unit", "responsible")[:MOST_FORMER])


def stored_once(form, former, answer, origin) -> Problem:
    """Stores the problem, unless the same form brought it before: a second click makes no second problem."""
    try:
        return form.sent_before() or stored(form, former, answer, origin)
    except IntegrityError:
        if problem := form.sent_before():  # both clicks at once
            return problem
        raise


@transaction.atomic
def stored(form, former, answer, origin) -> Problem:
    """Stores the problem with its origin; as the return of a former one where the answer names it."""
    returns = next((problem for problem in former if str(problem.uuid) == answer), None)
    if returns:
        form.instance.recurs, form.instance.status = returns, ProblemStatus.BERULANG
    problem = form.save()
    if origin:
        link(problem, form.user, LinkRole.SOURCE, report=origin.report, opinion=origin.opinion, information=origin.information)
    return problem


@require_http_methods(["GET", "HEAD", "POST"])
def problem_update(request, uuid):
    problem = kept(request, uuid)
    form = ProblemForm(request.POST or None, instance=problem, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("patrol:problem_detail", uuid=uuid)
    return render(request, "patrol/problem_form.html", {"form": form, "problem": Problem.objects.get(pk=problem.pk)})


@require_POST
def problem_delete(request, uuid):
    problem = kept(request, uuid)
    if not may_delete(problem, request.user):
        messages.error(request, _("Something came of this problem already: close it instead."))
        return redirect("patrol:problem_detail", uuid=uuid)
    problem.delete()
    messages.success(request, _("The problem is taken out of the list."))
    return redirect("mapping:problem_list")


def worked_on(request, uuid) -> Problem:
    problem = in_sight(request, uuid)
    if not problem.may_be_worked_on_by(request.user):
        raise Http404
    return problem


@require_POST
def step_create(request, uuid):
    problem = worked_on(request, uuid)
    form = StepForm(request.POST, instance=ProblemStep(problem=problem, recorded_by=request.user))
    if not form.is_valid():
        return detail_page(request, problem, form)
    try:
        problem.add_step(request.user, **form.cleaned_data)
        messages.success(request, _("The step is recorded."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:problem_detail", uuid=uuid)


@require_POST
def problem_close(request, uuid):
    """Solved, with what came of it; or, with `buka`, opened again with a reason."""
    problem = in_sight(request, uuid)
    if not problem.may_be_closed_by(request.user):
        raise Http404
    text = request.POST.get("teks", "").replace("\0", "")[:2000]
    try:
        if "buka" in request.POST:
            problem.reopen(request.user, text)
            messages.success(request, _("The problem is open again, as one that recurs."))
        else:
            problem.close(request.user, text)
            messages.success(request, _("The problem is solved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:problem_detail", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def link_create(request, uuid):
    """Links reports of the village to a problem: what was done about it, or what it was known from."""
    problem, user = worked_on(request, uuid), request.user
    if request.method == "POST":
        report = get_object_or_404(reports_to_link(problem, user, {}), uuid=uuid_of(request.POST.get("laporan")))
        link(problem, user, role_asked(request), report=report)
        messages.success(request, _("Linked."))
        return redirect(f"{reverse('patrol:problem_detail', args=[uuid])}#tautan")
    number = page_number(request.GET.get("page"))
    reports = reports_to_link(problem, user, request.GET)
    rows = list(reports[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    context = {
        "problem": problem,
        "reports": rows[:PER_PAGE],
        "number": number,
        "has_next": len(rows) > PER_PAGE,
        "asked": request.GET,
        "kinds": Kind.choices,
        "spans": SPANS,
        "officers": officers_of(reports_to_link(problem, user, {})),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "jenis", "petugas", "hari")),
    }
    return render(request, "patrol/problem_link.html", context)


def officers_of(reports) -> list:
    """Who wrote the reports from which somebody chooses."""
    return list(User.objects.filter(pk__in=reports.order_by().values("officer")).order_by("name")[:MOST_OFFICERS])


def role_asked(request) -> str:
    return LinkRole.SOURCE if request.POST.get("peran") == "sumber" else LinkRole.ACTION


def uuid_of(text) -> str:
    """An id as the form gave it; whatever is none finds nothing."""
    try:
        return str(UUID(text or ""))
    except ValueError as error:
        raise Http404 from error


@require_POST
def link_delete(request, uuid, pk):
    """Takes a link away; the report and the problem stay."""
    problem = worked_on(request, uuid)
    get_object_or_404(ProblemLink.objects.for_user(request.user), pk=pk, problem=problem).delete()
    messages.success(request, _("The link is taken away."))
    return redirect(f"{reverse('patrol:problem_detail', args=[uuid])}#tautan")


@require_http_methods(["GET", "HEAD", "POST"])
def problem_choose(request):
    """From a report, one voice in it, or an LI: which open problem of the village it belongs to."""
    user, origin = reader(request), origin_asked(request)
    if origin is None:
        raise Http404
    problems = problems_to_link(origin, user)
    if request.method == "POST":
        problem = get_object_or_404(problems, uuid=uuid_of(request.POST.get("masalah")))
        link(problem, user, role_asked(request), report=origin.report, opinion=origin.opinion, information=origin.information)
        messages.success(request, _("Linked."))
        return redirect(f"{reverse('patrol:problem_detail', args=[problem.uuid])}#tautan")
    context = {"origin": origin, "problems": problems[:50], "kinds": kind_labels(), "today": timezone.localdate(), "may_add": may_record(user)}
    return render(request, "patrol/problem_choose.html", context)


def may_record(user) -> bool:
    return villages_kept(user).exists()

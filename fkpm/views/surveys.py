"""Pages of the yearly survey: those of the forum, and the one on which everybody answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, ProtectedError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fkpm import surveying
from fkpm.accounts_on_paper import digest_of
from fkpm.forms_survey import AnswerForm, SurveyForm
from fkpm.models import Survey, SurveyAnswer, SurveyRemark
from fkpm.views.forums import forum_of
from fkpm.views.public import in_language_asked
from polmas.people.documents import document_for, serve
from polmas.people.qr import qr_of

# Says that this browser has answered; the same for everybody who has, so it tells nobody from anybody.
ANSWERED, DAYS_KEPT = "polmas_survei", 120


def survey_of(request, uuid) -> Survey:
    return get_object_or_404(Survey.objects.for_user(request.user).select_related("forum__unit", "forum__area"), uuid=uuid)


def kept_survey(request, uuid) -> Survey:
    """The survey, for the board and the Polmas officer."""
    survey = survey_of(request, uuid)
    if not survey.forum.may_write_minutes(request.user):
        raise Http404
    return survey


def survey_list(request, uuid):
    """The surveys of a forum, year by year."""
    forum = forum_of(request, uuid)
    surveys = list(forum.surveys.annotate(answered=Count("answers")))
    for survey in surveys:
        survey.forum = forum
    may_write = forum.may_write_minutes(request.user)
    return render(request, "fkpm/survey_list.html", {"forum": forum, "surveys": surveys, "may_write": may_write})


def survey_create(request, uuid):
    forum = forum_of(request, uuid)
    if not forum.may_write_minutes(request.user):
        raise Http404
    survey = Survey(forum=forum, created_by=request.user)
    form = SurveyForm(request.POST or None, instance=survey, initial={"opens_on": forum.unit.today()})
    if request.method == "POST" and form.is_valid() and _stored(form):
        messages.success(request, _("The survey is set. Hand out its link or hang up its code."))
        return redirect("fkpm:survey_detail", uuid=survey.uuid)
    return render(request, "fkpm/survey_form.html", {"form": form, "forum": forum})


def _stored(form) -> bool:
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error(None, _("This was recorded a moment ago by somebody else. Open the list again."))
        return False
    return True


def survey_update(request, uuid):
    """Changes the days of a survey that is not over."""
    survey = kept_survey(request, uuid)
    if survey.is_over:
        raise Http404
    form = SurveyForm(request.POST or None, instance=survey)
    if request.method == "POST" and form.is_valid() and _stored(form):
        messages.success(request, _("Saved."))
        return redirect("fkpm:survey_detail", uuid=uuid)
    return render(request, "fkpm/survey_form.html", {"form": form, "forum": survey.forum, "survey": survey})


@require_POST
def survey_close(request, uuid):
    """Ends a survey before its last day."""
    survey = kept_survey(request, uuid)
    try:
        survey.close()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The survey is over."))
    return redirect("fkpm:survey_detail", uuid=uuid)


@require_POST
def survey_delete(request, uuid):
    """Takes away a survey that nobody has answered."""
    survey = kept_survey(request, uuid)
    if survey.answers.exists():
        raise Http404
    try:
        with transaction.atomic():
            survey.delete()
    except ProtectedError:  # somebody answered between the question and the deed
        messages.error(request, _("Somebody has answered meanwhile: the survey stays."))
        return redirect("fkpm:survey_detail", uuid=uuid)
    messages.success(request, _("The survey is deleted."))
    return redirect("fkpm:survey_list", uuid=survey.forum.uuid)


def survey_detail(request, uuid):
    """While it is open its link and how many answered; once it is over, its results beside the year before, and what people wrote."""
    survey = survey_of(request, uuid)
    forum = survey.forum
    may_write = forum.may_write_minutes(request.user)
    results, before = survey.results(), surveying.previous_of(survey)
    old = before.results() if before else None
    remarks = survey.remarks.all() if survey.is_over else survey.remarks.none()
    context = {
        "survey": survey,
        "forum": forum,
        "may_write": may_write,
        "answered": survey.answers.count(),
        "results": results,
        "before": before if old else None,
        "lines": surveying.lines_of(results, old) if results else [],
        "groups": [(SurveyAnswer.Group(group).label, told) for group, told in results["groups"].items()] if results else [],
        "remarks": [remark for remark in remarks if remark.state == SurveyRemark.State.TAMPIL],
        "waiting": [remark for remark in remarks if remark.state == SurveyRemark.State.MENUNGGU] if may_write else [],
        "held": [remark for remark in remarks if remark.state == SurveyRemark.State.DITAHAN] if may_write else [],
    }
    if not survey.is_over:
        context |= {"address": surveying.address_of(survey), "qr": qr_of(surveying.address_of(survey))}
    return render(request, "fkpm/survey_detail.html", context)


@require_POST
def remark_update(request, pk):
    """Shows a sentence to the members, or holds it back."""
    remark = get_object_or_404(SurveyRemark.objects.for_user(request.user).select_related("survey__forum__unit"), pk=pk)
    if not (remark.survey.is_over and remark.survey.forum.may_write_minutes(request.user)):
        raise Http404
    state = request.POST.get("state")
    if state in (SurveyRemark.State.TAMPIL, SurveyRemark.State.DITAHAN):
        remark.look(request.user, state)
    return redirect(f"{reverse('fkpm:survey_detail', args=[remark.survey.uuid])}#masukan")


def survey_pdf(request, uuid):
    """The sheet with the QR code that hangs at the BKPM and the posts."""
    survey = survey_of(request, uuid)
    fingerprint = digest_of(survey.forum, "survey", survey.code, survey.closes_on, surveying.address_of(survey))
    document = document_for("forum_survey", survey.pk, fingerprint, "fkpm.render_account")
    return serve(request, document, f"Survei {survey}.pdf".replace("/", "-"))


@csrf_exempt  # a token would need a cookie of this one browser: `is_from_here` asks where the form came from instead
@login_not_required
@never_cache
@in_language_asked
def survey_answer(request, code):
    """Five questions for everybody who has the link. Nothing of who answers is kept."""
    survey = get_object_or_404(Survey.objects.select_related("forum__area", "forum__unit"), code=code)
    context = {"survey": survey, "forum": survey.forum, "language": get_language()}
    if not survey.is_open:
        return _told(request, "closed" if survey.is_over else "early", context)
    if request.method == "POST":
        return _taken(request, survey, context)
    if "terima" in request.GET or ("lagi" not in request.GET and request.COOKIES.get(ANSWERED) == code):
        return _told(request, "thanks", context)
    return _told(request, "form", {**context, "form": AnswerForm(instance=SurveyAnswer(survey=survey))})


def _told(request, state, context, status=200):
    response = render(request, "fkpm/survey_answer.html", {**context, "state": state}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _taken(request, survey, context):
    if not surveying.is_from_here(request):
        return _told(request, "foreign", context, status=403)
    form = AnswerForm(request.POST, instance=SurveyAnswer(survey=survey))
    if not form.is_valid():
        return _told(request, "form", {**context, "form": form})
    if not surveying.may_answer(request, survey):
        return _told(request, "many", context, status=429)
    surveying.take(form.instance, form.cleaned_data["remark"])
    response = redirect(f"{request.path}?terima=1&bahasa={context['language']}")
    seconds = DAYS_KEPT * 24 * 3600
    response.set_cookie(ANSWERED, survey.code, max_age=seconds, path=request.path, httponly=True, samesite="Lax", secure=request.is_secure())
    return response

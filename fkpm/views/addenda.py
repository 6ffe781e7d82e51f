"""Addenda: corrections of adopted minutes, adopted in the same way."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fkpm import circulating
from fkpm.forms_meetings import AddendumForm, CirculateForm, CommentForm, SignedPageForm
from fkpm.models import Addendum
from fkpm.views.comments import circulate, keep_comment
from fkpm.views.meetings import meeting_of, number_of
from fkpm.views.papers import adopt_paper, attach_signed


def addendum_of(request, pk) -> Addendum:
    rows = Addendum.objects.for_user(request.user).select_related("meeting__forum__unit", "meeting__minutes", "chair_adopted_by")
    rows = rows.select_related("secretary_adopted_by", "paper_confirmed_by", "written_by").prefetch_related("comments__author", "meeting__files")
    return get_object_or_404(rows, pk=pk)


def written_addendum(request, pk) -> Addendum:
    """A draft, for those who keep the minutes."""
    addendum = addendum_of(request, pk)
    if addendum.is_adopted or not addendum.forum.may_write_minutes(request.user):
        raise Http404
    return addendum


def addendum_create(request, uuid):
    """Begins the next one; where a draft waits already, that is opened."""
    meeting = meeting_of(request, uuid)
    if not meeting.is_adopted or not meeting.forum.may_write_minutes(request.user):
        raise Http404
    if draft := meeting.addenda.filter(state="DRAFT").first():
        return redirect("fkpm:addendum_update", pk=draft.pk)
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                addendum = Addendum.begin(meeting, form.cleaned_data["text"], request.user)
        except IntegrityError:
            form.add_error(None, _("There is a draft of an addendum already; adopt it first."))
        else:
            return redirect("fkpm:addendum_detail", pk=addendum.pk)
    return render(request, "fkpm/addendum_form.html", {"form": form, "meeting": meeting, "forum": meeting.forum})


def addendum_update(request, pk):
    """Changes the draft; whoever began from an older text is shown the stored one and nothing is overwritten."""
    addendum = written_addendum(request, pk)
    form = AddendumForm(request.POST or None, initial={"text": addendum.text})
    stored = None
    if request.method == "POST" and form.is_valid():
        if addendum.save_text(form.cleaned_data["text"], number_of(request.POST.get("version", ""))):
            messages.success(request, _("The draft is saved."))
            return redirect("fkpm:addendum_detail", pk=pk)
        addendum.refresh_from_db()
        stored = addendum.text
    context = {"form": form, "meeting": addendum.meeting, "forum": addendum.forum, "addendum": addendum, "stored": stored}
    return render(request, "fkpm/addendum_form.html", context, status=200 if stored is None else 409)


def addendum_detail(request, pk):
    """What it corrects, and what is still to be done before it counts."""
    addendum = addendum_of(request, pk)
    forum = addendum.forum
    context = {
        "addendum": addendum,
        "meeting": addendum.meeting,
        "forum": forum,
        "may_write": not addendum.is_adopted and forum.may_write_minutes(request.user),
        "may_comment": not addendum.is_adopted and addendum.meeting.may_comment(request.user),
        "may_upload": not addendum.is_adopted and forum.is_on_board(request.user),
        "may_confirm": addendum.may_confirm_paper(request.user),
        "office": addendum.office_of(request.user),
        "hindrances": [] if addendum.is_adopted else addendum.hindrances(),
        "changes": circulating.changes_since_put_out(addendum),
        "silent": circulating.silent_members(addendum) if addendum.is_open_for_comment else [],
        "comment_form": CommentForm(),
        "circulate_form": CirculateForm(initial={"days": forum.comment_days}),
        "paper_form": SignedPageForm(),
    }
    return render(request, "fkpm/addendum_detail.html", context)


@require_POST
def addendum_adopt(request, pk):
    """One of the two adopts it, the board uploads the signed page, or the officer confirms that page."""
    addendum = addendum_of(request, pk)
    if "upload" in request.POST and not addendum.is_adopted and addendum.forum.is_on_board(request.user):
        form = SignedPageForm(request.POST, request.FILES)
        if form.is_valid():
            attach_signed(request, addendum, form.cleaned_data["code"], form.cleaned_data["file"])
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif "paper" in request.POST and addendum.may_confirm_paper(request.user):
        adopt_paper(request, addendum)
    elif addendum.office_of(request.user):
        _adopt(request, addendum)
    else:
        raise Http404
    return redirect("fkpm:addendum_detail", pk=pk)


def _adopt(request, addendum):
    try:
        addendum.adopt(request.user, number_of(request.POST.get("version", "")))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    circulating.note_adoption(addendum, request.user)
    if addendum.is_adopted:
        messages.success(request, _("The addendum is adopted by both and locked."))
    else:
        messages.success(request, _("Adopted by you. The addendum is locked once the other one has adopted it too."))


@require_POST
def addendum_circulate(request, pk):
    circulate(request, written_addendum(request, pk))
    return redirect("fkpm:addendum_detail", pk=pk)


@require_POST
def addendum_comment(request, pk):
    addendum = addendum_of(request, pk)
    if addendum.is_adopted or not addendum.meeting.may_comment(request.user):
        raise Http404
    keep_comment(request, addendum=addendum)
    return redirect("fkpm:addendum_detail", pk=pk)

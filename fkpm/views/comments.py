"""What members say on minutes before these are adopted."""

import functools

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fkpm import circulating
from fkpm.forms_meetings import AnswerForm, CirculateForm, CommentForm
from fkpm.models import Comment
from fkpm.views.meetings import meeting_of


@require_POST
def minutes_circulate(request, uuid):
    """Shows the draft to the members for some days, or ends that time."""
    meeting = meeting_of(request, uuid)
    minutes = getattr(meeting, "minutes", None)
    if minutes is None or meeting.is_adopted or not meeting.has_begun or not meeting.forum.may_write_minutes(request.user):
        raise Http404
    circulate(request, minutes)
    return redirect("fkpm:meeting_detail", uuid=uuid)


def circulate(request, text) -> None:
    """The act itself, for minutes and addenda alike."""
    form = CirculateForm(request.POST)
    if "end" in request.POST:
        kept(request, functools.partial(circulating.end_comments, text), _("The time for comments is over."))
    elif not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif text.missing():
        messages.error(request, _("Still missing: %(what)s.") % {"what": ", ".join(text.missing())})
    else:
        act = functools.partial(circulating.put_out, text, request.user, form.cleaned_data["days"])
        kept(request, act, _("The members are asked for their comments."))


def kept(request, act, told) -> None:
    """Does it and says so, unless the text was adopted at the same moment."""
    try:
        with transaction.atomic():
            act()
    except (ValidationError, DatabaseError):
        messages.error(request, _("These minutes were adopted meanwhile and are locked. Nothing of yours was saved."))
    else:
        messages.success(request, told)


@require_POST
def comment_create(request, uuid):
    meeting = meeting_of(request, uuid)
    minutes = getattr(meeting, "minutes", None)
    if minutes is None or meeting.is_adopted or not meeting.has_begun or not meeting.may_comment(request.user):
        raise Http404
    keep_comment(request, minutes=minutes)
    return redirect(f"{meeting.page}#tanggapan")


def keep_comment(request, **text) -> None:
    """Stores the comment, unless what it is on was adopted at the same moment."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return
    act = functools.partial(Comment.objects.create, author=request.user, text=form.cleaned_data["text"], **text)
    kept(request, act, _("Your comment stands below the draft."))


@require_POST
def comment_answer(request, pk):
    """The writers answer, or say that the text has it now."""
    comment = get_object_or_404(Comment.objects.for_user(request.user).select_related("minutes__meeting__forum", "addendum__meeting__forum"), pk=pk)
    text = comment.minutes or comment.addendum
    if text.is_adopted or not text.forum.may_write_minutes(request.user):
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        act = functools.partial(comment.close, request.user, form.cleaned_data["answer"], form.cleaned_data["is_taken_over"])
        kept(request, act, _("Saved."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    if comment.addendum:
        return redirect("fkpm:addendum_detail", pk=comment.addendum_id)
    return redirect(f"{text.meeting.page}#tanggapan")

"""Pictures and papers of a meeting, and adoption by the page that was signed on paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fkpm import circulating
from fkpm.forms_meetings import FileForm
from fkpm.models import MeetingFile
from fkpm.views.meetings import meeting_of, number_of, written_meeting
from polmas.people.uploads import served


def file_create(request, uuid):
    """Adds a photo or paper, as long as the minutes are not adopted. The signed page comes from the board."""
    meeting = written_meeting(request, uuid)
    if meeting.is_adopted:
        raise Http404
    is_on_board = meeting.forum.is_on_board(request.user)
    kind = request.GET.get("jenis") if request.GET.get("jenis") in MeetingFile.Kind.values else "PHOTO"
    form = FileForm(request.POST or None, request.FILES or None, may_upload_signed=is_on_board, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        if attach(request, meeting, kind, form.cleaned_data["file"], meeting.minutes if kind == "SIGNED" else None):
            return redirect("fkpm:meeting_detail", uuid=uuid)
    return render(request, "fkpm/file_form.html", {"form": form, "meeting": meeting, "forum": meeting.forum})


def attach(request, meeting, kind, paper, of=None) -> bool:
    """Whether the file is kept; a half adoption before it falls, since it was of a text without the file."""
    try:
        with transaction.atomic():
            MeetingFile.attach(meeting, kind, paper, request.user, of)
            if of is None and meeting.minutes.is_half_adopted:
                meeting.minutes.take_over_edit()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    except DatabaseError:
        messages.error(request, _("These minutes were adopted meanwhile and are locked. Nothing of yours was saved."))
        return False
    messages.success(request, _("The file is kept."))
    return True


def file_detail(request, uuid):
    """The file itself, for whoever may read the meeting."""
    row = get_object_or_404(MeetingFile.objects.for_user(request.user), uuid=uuid)
    return served(row.file, row.name.rpartition(".")[0] or row.name, row.type)


@require_POST
def file_delete(request, uuid):
    row = get_object_or_404(MeetingFile.objects.for_user(request.user).select_related("meeting__forum", "meeting__minutes", "addendum"), uuid=uuid)
    text = row.addendum or getattr(row.meeting, "minutes", None)
    if not row.meeting.forum.may_write_minutes(request.user) or (text and text.is_adopted):
        raise Http404
    try:
        with transaction.atomic():
            row.remove()
            if row.addendum is None and text and text.is_half_adopted:
                text.take_over_edit()
    except DatabaseError as error:
        raise Http404 from error
    messages.success(request, _("The file is removed."))
    return redirect(row.meeting.page)


@require_POST
def paper_adopt(request, uuid):
    """The Polmas officer confirms the signed page of the minutes."""
    meeting = meeting_of(request, uuid)
    minutes = getattr(meeting, "minutes", None)
    if minutes is None or not minutes.may_confirm_paper(request.user):
        raise Http404
    adopt_paper(request, minutes)
    return redirect("fkpm:meeting_detail", uuid=uuid)


def adopt_paper(request, text) -> None:
    try:
        text.adopt_by_paper(request.user, number_of(request.POST.get("version", "")))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        circulating.tell_of_adoption(text, request.user)
        messages.success(request, _("Adopted by the signed page, and locked."))

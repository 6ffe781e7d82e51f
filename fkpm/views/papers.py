"""Pictures and papers of a meeting, and adoption by the page that was signed on paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
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
    if request.method == "POST" and form.is_valid() and _attach(request, meeting, form.cleaned_data):
        return redirect("fkpm:meeting_detail", uuid=uuid)
    return render(request, "fkpm/file_form.html", {"form": form, "meeting": meeting, "forum": meeting.forum})


def _attach(request, meeting, sent) -> bool:
    if sent["kind"] == MeetingFile.Kind.SIGNED:
        return attach_signed(request, meeting.minutes, sent["code"], sent["file"])
    return kept(request, lambda: MeetingFile.attach(meeting, sent["kind"], sent["file"], request.user))


def attach_signed(request, text, code, paper) -> bool:
    return kept(request, lambda: MeetingFile.attach_signed(text, code, paper, request.user))


def kept(request, act) -> bool:
    """Whether the file is kept; if not, the reason is said."""
    try:
        act()
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
    text = row.addendum or row.meeting.minutes
    if not row.meeting.forum.may_write_minutes(request.user) or text.is_adopted:
        raise Http404
    try:
        row.remove()
    except (ValidationError, DatabaseError) as error:
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

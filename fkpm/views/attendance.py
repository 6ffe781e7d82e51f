"""Who came: ticked or signed on the phone that goes round."""

import dataclasses

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from fkpm import attending
from fkpm.forms_meetings import SignatureForm
from fkpm.models import Attendance, Member
from fkpm.views.meetings import meeting_of, written_meeting
from polmas.people.uploads import JPEG, served


@dataclasses.dataclass(frozen=True)
class Line:
    """One person of the list, with the row that tells of them, if there is one."""

    key: str
    name: str
    office: str
    row: Attendance | None


def lines_of(meeting) -> list[Line]:
    """The members of that day, then those who stand on the list besides, guests included."""
    rows = list(meeting.attendances.all())
    of_member = {row.member_id: row for row in rows if row.member_id}
    members = [member for member in meeting.forum.members.by_office() if member.is_valid_on(meeting.day) or member.pk in of_member]
    lines = [Line(f"member-{member.pk}", member.name, member.get_position_display(), of_member.get(member.pk)) for member in members]
    return lines + [Line(f"row-{row.pk}", row.name, row.organisation, row) for row in rows if row.member_id is None]


def attendance_update(request, uuid):
    """The list that goes round: each person ticks or signs. Works without JavaScript, then by tick alone."""
    meeting = written_meeting(request, uuid)
    if meeting.is_adopted or not meeting.has_begun or meeting.is_cancelled:
        raise Http404
    if request.method == "POST":
        form = SignatureForm(request.POST)
        if form.is_valid():
            _keep(request, meeting, **form.cleaned_data)
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("fkpm:attendance_update", uuid=uuid)
    lines = lines_of(meeting)
    signed = sum(bool(line.row and line.row.signature) for line in lines)
    present = sum(bool(line.row and line.row.status in ("HADIR", "TAMU")) for line in lines)
    context = {"meeting": meeting, "forum": meeting.forum, "lines": lines, "signed": signed, "present": present}
    return render(request, "fkpm/attendance_form.html", context)


def _keep(request, meeting, person, act, drawing):
    kind, _dash, number = person.partition("-")
    if kind == "member":
        who: Member | Attendance = get_object_or_404(meeting.forum.members, pk=number)
    else:
        who = get_object_or_404(meeting.attendances, pk=number)
    try:
        attending.mark(meeting, who, act, drawing)
    except DatabaseError:
        messages.error(request, _("These minutes were adopted meanwhile and are locked. Nothing of yours was saved."))


def signature_detail(request, uuid, pk):
    """A signature, for whoever reads the minutes."""
    row = get_object_or_404(meeting_of(request, uuid).attendances.exclude(signature=""), pk=pk)
    return served(row.signature, f"tanda-tangan-{row.pk}", JPEG)

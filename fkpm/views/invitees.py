"""Asking people to a meeting: invitations, their answers, cancelling, the calendar entry."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fkpm import calendars, inviting
from fkpm.forms_meetings import CancelForm
from fkpm.models import Invitee
from fkpm.views.meetings import coming_meeting, meeting_of


@require_POST
def meeting_invite(request, uuid):
    """Asks all members of that day; asked again it asks those who joined since."""
    meeting = coming_meeting(request, uuid)
    asked = inviting.invite(meeting, request.user)
    messages.success(request, _("%d members are invited.") % asked if asked else _("All members are invited already."))
    unreached = sum(not inviting.is_reached(row.member) for row in meeting.invitees.select_related("member"))
    if asked and unreached:
        messages.info(
            request,
            ngettext("%d of them has neither account nor e-mail here.", "%d of them have neither account nor e-mail here.", unreached) % unreached,
        )
    return redirect("fkpm:meeting_detail", uuid=uuid)


@require_POST
def meeting_reply(request, uuid):
    """One tap of an invited member; the secretary enters what others told on the phone."""
    meeting = meeting_of(request, uuid)
    if meeting.has_begun or meeting.is_cancelled:
        raise Http404
    asked, answer = list(_answerable(request, meeting)), request.POST.get("answer")
    if not asked:
        raise Http404
    if answer in Invitee.Answer.values:
        for invitee in asked:  # one person may hold two offices
            invitee.reply(answer)
        messages.success(request, _("Thank you, your answer is noted."))
    return redirect(request.POST.get("next") if request.POST.get("next") == "/" else meeting.page)


def _answerable(request, meeting):
    named = request.POST.get("invitee", "")
    if named and meeting.forum.may_write_minutes(request.user):
        return meeting.invitees.filter(pk=int(named) if named.isdecimal() and len(named) < 18 else 0)
    return meeting.invitees.filter(member__user=request.user)


def meeting_cancel(request, uuid):
    """Asks why, then tells everybody who was invited."""
    meeting = coming_meeting(request, uuid)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        inviting.cancel(meeting, request.user, form.cleaned_data["reason"])
        messages.success(request, _("The meeting is cancelled."))
        return redirect("fkpm:meeting_detail", uuid=uuid)
    return render(request, "fkpm/meeting_cancel.html", {"form": form, "meeting": meeting, "forum": meeting.forum})


def meeting_calendar(request, uuid):
    """The meeting as an entry for one's own calendar."""
    meeting = meeting_of(request, uuid)
    response = HttpResponse(calendars.entry_of(meeting), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rapat-{meeting.day:%Y-%m-%d}.ics"'
    return response

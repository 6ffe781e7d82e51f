"""Pages of meetings and their minutes: planning, writing, reading, adopting, on paper."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from fkpm import circulating
from fkpm import meeting_lists as lists
from fkpm.circulating import changes_since_put_out
from fkpm.forms import MeetingPlanForm, MinutesForms
from fkpm.forms_meetings import CirculateForm, CommentForm
from fkpm.inviting import is_reached, tell_if_moved, text_for_people
from fkpm.minutes import (
    MOST_CARRIED,
    CancelledError,
    LockedError,
    OutdatedError,
    carry_over,
    draft_of,
    is_unwritten,
    last_writer,
    open_before,
    plan,
    save_draft,
)
from fkpm.models import ActionItem, Attendance, Meeting, Member, Minutes
from fkpm.printing import fingerprint_of
from fkpm.views.forums import forum_of
from polmas.people import sheets
from polmas.people.documents import document_for, serve

log = logging.getLogger("polmas.fkpm")
ON_A_PAGE = 20


def meeting_of(request, uuid):
    """The meeting with its minutes, if its forum is in sight."""
    return get_object_or_404(Meeting.objects.for_user(request.user).with_minutes().prefetch_related("minutes__comments__author"), uuid=uuid)


def coming_meeting(request, uuid):
    """A meeting that is still to come, for those who may move or cancel it."""
    meeting = meeting_of(request, uuid)
    if meeting.has_begun or meeting.is_cancelled or not meeting.forum.may_write_minutes(request.user):
        raise Http404
    return meeting


def written_meeting(request, uuid):
    """The meeting, for those who keep its minutes; a meeting that was entered without minutes gets its empty draft."""
    meeting = meeting_of(request, uuid)
    if not meeting.forum.may_write_minutes(request.user):
        raise Http404
    if not hasattr(meeting, "minutes"):
        meeting.minutes, _created = Minutes.objects.get_or_create(meeting=meeting)
    return meeting


def meeting_list(request, uuid):
    """All meetings of a forum: those to come, then those held, the latest first."""
    forum = forum_of(request, uuid)
    meetings = Meeting.objects.for_user(request.user).filter(forum=forum)
    page = Paginator(meetings.held(), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"forum": forum, "coming": meetings.coming()[:ON_A_PAGE], "page": page, "may_write": forum.may_write_minutes(request.user)}
    return render(request, "fkpm/meeting_list.html", context)


def meeting_export(request, uuid):
    """The same as a table, from the first meeting on. Who took what is logged."""
    forum = forum_of(request, uuid)
    log.info("export of meetings of forum %s by user %s", forum.pk, request.user.pk)
    meetings = Meeting.objects.for_user(request.user).filter(forum=forum)
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    return sheets.sent(form, "rapat-fkpm", _("Meetings"), lists.meeting_headings(), lists.meeting_rows(meetings))


def meeting_create(request, uuid):
    forum = forum_of(request, uuid)
    if not forum.may_write_minutes(request.user):
        raise Http404
    form = MeetingPlanForm(request.POST or None, instance=Meeting(forum=forum), initial={"place": forum.bkpm, "begins": "19:30"})
    if request.method == "POST" and form.is_valid():
        meeting = plan(forum, form.fields_of_meeting(), form.cleaned_data["topics"])
        messages.success(request, _("The meeting is planned."))
        return redirect("fkpm:minutes_update" if meeting.has_begun else "fkpm:meeting_detail", uuid=meeting.uuid)
    return render(request, "fkpm/meeting_form.html", {"form": form, "forum": forum})


def meeting_detail(request, uuid):
    """The minutes as one reads them; before the meeting, the invitation to it."""
    meeting = meeting_of(request, uuid)
    return render(request, "fkpm/meeting_detail.html", _read(request.user, meeting))


def _read(user, meeting):
    """What the readable page shows to this reader."""
    minutes = getattr(meeting, "minutes", None)
    rows = list(meeting.attendances.all())
    today = meeting.forum.unit.today()
    offices = {member.position for member in meeting.forum.members.all() if member.user_id == user.pk and member.is_valid_on(today)}
    is_served = meeting.forum.is_served_by(user)
    is_writer = is_served or bool(offices & set(Member.BOARD))
    may_write = is_writer and not meeting.is_adopted and not meeting.is_cancelled
    may_comment = bool(minutes) and meeting.has_begun and not meeting.is_adopted and bool(is_served or offices)
    files = [file for file in meeting.files.all() if file.addendum_id is None]
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "minutes": minutes,
        "presence": meeting.presence(),
        "present": [row for row in rows if row.status == Attendance.Status.HADIR],
        "guests": [row for row in rows if row.status == Attendance.Status.TAMU],
        "away": [row for row in rows if row.status in (Attendance.Status.IZIN, Attendance.Status.ABSEN)],
        "signed": sum(bool(row.signature) for row in rows),
        "actions": ActionItem.marked(meeting.actions.all(), user, is_writer),
        "may_write": may_write,
        "may_comment": may_comment,
        "is_writer": is_writer,
        "office": minutes.office_of(user) if minutes and may_write else None,
        "hindrances": minutes.hindrances() if minutes and may_write else [],
        "photos": [file for file in files if file.kind == "PHOTO" and file.is_picture],
        "papers": [file for file in files if not (file.kind == "PHOTO" and file.is_picture)],
        "addenda": list(meeting.addenda.all()),
    }
    if may_comment:
        context |= {"comment_form": CommentForm(), "circulate_form": CirculateForm(initial={"days": meeting.forum.comment_days})}
    if minutes and not meeting.is_adopted:
        context |= {"signed_page": minutes.signed_page(), "may_confirm": minutes.may_confirm_paper(user)}
    if minutes:
        context["changes"] = changes_since_put_out(minutes)
        context["silent"] = circulating.silent_members(minutes) if may_write and minutes.is_open_for_comment else []
    return context | ({} if meeting.has_begun else _coming(user, meeting, is_writer))


def _coming(user, meeting, is_writer):
    """The invitation: one's own answer, everybody's for the board, what is carried over, the text to send."""
    invitees = list(meeting.invitees.select_related("member"))
    context = {"own": next((row for row in invitees if row.member.user_id == user.pk), None), "invitees": invitees if is_writer else []}
    context |= {name: sum(row.answer == answer for row in invitees) for name, answer in (("coming", "COMING"), ("not_coming", "AWAY"))}
    context |= {"invited": len(invitees), "carried": [] if meeting.is_cancelled else list(open_before(meeting)[:MOST_CARRIED])}
    if is_writer:
        context["unreached"] = [row.member.name for row in invitees if not is_reached(row.member)]
        context |= {"whatsapp": text_for_people(meeting), "has_mail": settings.HAS_MAIL}
    return context


def minutes_update(request, uuid):
    """The minutes as one writes them. Works without JavaScript: a button adds a row, and what is typed comes back."""
    meeting = written_meeting(request, uuid)
    if meeting.is_cancelled:
        raise Http404
    if meeting.is_adopted and not _is_autosave(request):
        messages.error(request, _("These minutes are adopted and locked."))
        return redirect("fkpm:meeting_detail", uuid=uuid)
    if request.method != "POST":
        if is_unwritten(meeting):
            carry_over(meeting)
            meeting = written_meeting(request, uuid)
        return _writing(request, meeting, MinutesForms(meeting, request.user), meeting.minutes.version)
    if request.POST.get("add") in MinutesForms.ROWS:
        return _writing(request, meeting, MinutesForms(meeting, request.user, _with_row(request.POST)), request.POST.get("version", ""))
    forms = MinutesForms(meeting, request.user, request.POST)
    if _is_autosave(request):
        return _autosaved(request, meeting, forms)
    if not forms.is_valid():
        return _writing(request, meeting, forms, request.POST.get("version", ""), status=422)
    return _saved(request, meeting, forms)


def number_of(text) -> int:
    """The number in a hidden field; 0, which fits nothing stored, where somebody wrote something else into it."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _with_row(data):
    """The form as typed with one more empty row in the list that asks for it."""
    data, name = data.copy(), f"{data['add']}-TOTAL_FORMS"
    data[name] = str(number_of(data.get(name, "")) + 1)
    return data


def _is_autosave(request) -> bool:
    """Whether the page's script asks, which saves while somebody types and puts the answer into the page."""
    return request.method == "POST" and request.headers.get("Accept", "").startswith("application/json")


def _autosaved(request, meeting, forms):
    """The new version; or why nothing was stored, with what somebody else stored meanwhile as the page shows it."""
    if not forms.is_valid():
        return JsonResponse({"is_valid": False}, status=422)
    # Asked only what differs, it is as if the text had been typed on no stored one: nothing is stored.
    version = 0 if "compare" in request.POST else number_of(request.POST.get("version", ""))
    try:
        save_draft(meeting, forms.draft(), version)
    except LockedError:
        return JsonResponse({"is_locked": True}, status=409)
    except OutdatedError as error:
        told = {"meeting": meeting, "differences": error.differences, "writer": last_writer(meeting.minutes)}
        shown = render_to_string("fkpm/_differences.html", told, request)
        return JsonResponse({"version": error.version, "differences": shown}, status=409)
    stored = Meeting.objects.with_minutes().get(pk=meeting.pk)
    return JsonResponse({"version": stored.minutes.version, "rows": _ids_of(stored)})


def _ids_of(meeting) -> dict:
    """The ids of the stored rows in the order of the form: those that were new have one from now on."""
    draft = draft_of(meeting)
    return {name: [row["id"] for row in getattr(draft, name)] for name in MinutesForms.ROWS}


def _saved(request, meeting, forms):
    version = request.POST.get("version", "")
    try:
        save_draft(meeting, forms.draft(), number_of(version))
    except LockedError as error:
        return _writing(request, meeting, forms, version, status=409, is_locked=_refusal(error))
    except OutdatedError as error:
        return _writing(request, meeting, forms, error.version, status=409, differences=error.differences, writer=last_writer(meeting.minutes))
    if tell_if_moved(meeting, request.user):
        messages.info(request, _("Everybody who was invited is told of the change."))
    messages.success(request, _("The draft is saved."))
    # The page's script then forgets what it kept on the phone.
    return redirect(f"{reverse('fkpm:meeting_detail', args=[meeting.uuid])}?tersimpan=1")


def _refusal(error) -> str:
    if isinstance(error, CancelledError):
        return _("This meeting was cancelled meanwhile. Nothing of yours was saved.")
    return _("These minutes were adopted meanwhile and are locked. Nothing of yours was saved.")


def _writing(request, meeting, forms, version, status=200, **more):
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "forms": forms,
        "version": version,
        "typed_on": request.POST.get("version", version),
        **more,
    }
    return render(request, "fkpm/minutes_form.html", context, status=status)


def minutes_adopt(request, uuid):
    """Asks whether one is sure, then adopts as chair or secretary the version that was read."""
    meeting = meeting_of(request, uuid)
    minutes = getattr(meeting, "minutes", None)
    office = minutes.office_of(request.user) if minutes else None
    if minutes is None or office is None:
        raise Http404
    if request.method == "POST":
        try:
            minutes.adopt(request.user, number_of(request.POST.get("version", "")))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            circulating.note_adoption(minutes, request.user)
            messages.success(request, _adopted_text(minutes))
        return redirect("fkpm:meeting_detail", uuid=uuid)
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "minutes": minutes,
        "changes": changes_since_put_out(minutes),
        "actions": ActionItem.marked(meeting.actions.all(), request.user, may_write=True),
        "office": office,
        "missing": minutes.hindrances(),
    }
    return render(request, "fkpm/minutes_adopt.html", context)


def _adopted_text(minutes):
    if minutes.is_adopted:
        return _("The minutes are adopted by both and locked.")
    return _("Adopted by you. They are locked once the other one has adopted them too.")


def minutes_pdf(request, uuid):
    meeting = meeting_of(request, uuid)
    document = document_for("minutes", meeting.pk, fingerprint_of(meeting), "fkpm.render_minutes")
    return serve(request, document, f"Notulen {meeting.forum} {meeting.day:%Y-%m-%d}.pdf".replace("/", "-"))

"""Pages of meetings and their minutes: planning, writing, reading, adopting, on paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fkpm.forms import MeetingPlanForm, MinutesForms
from fkpm.minutes import LockedError, OutdatedError, plan, save_draft
from fkpm.models import ActionItem, Attendance, Meeting, Minutes
from fkpm.printing import fingerprint_of
from fkpm.views.forums import forum_of
from polmas.people.documents import document_for, serve

ON_A_PAGE = 20


def meeting_of(request, uuid):
    """The meeting with its minutes, if its forum is in sight."""
    return get_object_or_404(Meeting.objects.for_user(request.user).with_minutes(), uuid=uuid)


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
    page = Paginator(forum.meetings.held(), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"forum": forum, "coming": forum.meetings.coming()[:ON_A_PAGE], "page": page, "may_write": forum.may_write_minutes(request.user)}
    return render(request, "fkpm/meeting_list.html", context)


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
    """The minutes as one reads them."""
    meeting = meeting_of(request, uuid)
    rows = list(meeting.attendances.all())
    minutes = getattr(meeting, "minutes", None)
    is_writer = meeting.forum.may_write_minutes(request.user)
    may_write = is_writer and not meeting.is_adopted
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "minutes": minutes,
        "presence": meeting.presence(),
        "present": [row for row in rows if row.status == Attendance.Status.HADIR],
        "guests": [row for row in rows if row.status == Attendance.Status.TAMU],
        "away": [row for row in rows if row.status in (Attendance.Status.IZIN, Attendance.Status.ABSEN)],
        "actions": ActionItem.marked(meeting.actions.all(), request.user, is_writer),
        "may_write": may_write,
        "office": minutes.office_of(request.user) if minutes and may_write else None,
        "missing": minutes.missing() if minutes and may_write else [],
    }
    return render(request, "fkpm/meeting_detail.html", context)


def minutes_update(request, uuid):
    """The minutes as one writes them. Works without JavaScript: a button adds a row, and what is typed comes back."""
    meeting = written_meeting(request, uuid)
    if meeting.is_adopted:
        messages.error(request, _("These minutes are adopted and locked."))
        return redirect("fkpm:meeting_detail", uuid=uuid)
    if request.method != "POST":
        return _writing(request, meeting, MinutesForms(meeting), meeting.minutes.version)
    if request.POST.get("add") in MinutesForms.ROWS:
        return _writing(request, meeting, MinutesForms(meeting, _with_row(request.POST)), request.POST.get("version", ""))
    forms = MinutesForms(meeting, request.POST)
    if not forms.is_valid():
        return _writing(request, meeting, forms, request.POST.get("version", ""), status=422)
    return _saved(request, meeting, forms)


def _number(text) -> int:
    """The number in a hidden field; 0, which fits nothing stored, where somebody wrote something else into it."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _with_row(data):
    """The form as typed with one more empty row in the list that asks for it."""
    data, name = data.copy(), f"{data['add']}-TOTAL_FORMS"
    data[name] = str(_number(data.get(name, "")) + 1)
    return data


def _saved(request, meeting, forms):
    version = request.POST.get("version", "")
    try:
        save_draft(meeting, forms.draft(), _number(version))
    except LockedError:
        messages.error(request, _("These minutes were adopted meanwhile and are locked. Nothing of yours was saved."))
        return _writing(request, meeting, forms, version, status=409, is_locked=True)
    except OutdatedError as error:
        return _writing(request, meeting, forms, error.version, status=409, differences=error.differences)
    messages.success(request, _("The draft is saved."))
    # The page's script then forgets what it kept on the phone.
    return redirect(f"{reverse('fkpm:meeting_detail', args=[meeting.uuid])}?tersimpan=1")


def _writing(request, meeting, forms, version, status=200, **more):
    context = {"meeting": meeting, "forum": meeting.forum, "forms": forms, "version": version, **more}
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
            minutes.adopt(request.user, _number(request.POST.get("version", "")))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _adopted_text(minutes))
        return redirect("fkpm:meeting_detail", uuid=uuid)
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "minutes": minutes,
        "actions": ActionItem.marked(meeting.actions.all(), request.user, may_write=True),
        "office": office,
        "missing": minutes.missing(),
    }
    return render(request, "fkpm/minutes_adopt.html", context)


def _adopted_text(minutes):
    if minutes.state == Minutes.State.ADOPTED:
        return _("The minutes are adopted by both and locked.")
    return _("Adopted by you. They are locked once the other one has adopted them too.")


def minutes_pdf(request, uuid):
    meeting = meeting_of(request, uuid)
    document = document_for("minutes", meeting.pk, fingerprint_of(meeting), "fkpm.render_minutes")
    return serve(request, document, f"Notulen {meeting.forum} {meeting.day:%Y-%m-%d}.pdf".replace("/", "-"))

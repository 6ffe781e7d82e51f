"""Pages of a founding: beginning it, its steps, its two meetings, the endorsement."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fkpm import founding
from fkpm.forms import MeetingPlanForm
from fkpm.forms_forums import EndorsementForm, FoundingForm, villages_of
from fkpm.minutes import plan
from fkpm.models import Meeting
from fkpm.views.forums import forum_of, managed_forum


def founding_create(request):
    """Begins the founding of a forum that does not exist yet."""
    if not villages_of(request.user).exists():
        raise Http404
    form = FoundingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and (forum := form.stored()):
        messages.success(request, _("The founding of %s has begun. You can leave it and come back at any time.") % forum)
        return redirect("fkpm:founding_detail", uuid=forum.uuid)
    return render(request, "fkpm/founding_form.html", {"form": form})


def founding_detail(request, uuid):
    """What is done and what comes next; the last button makes it a forum that works."""
    forum = forum_of(request, uuid)
    if not forum.is_being_founded:
        return redirect("fkpm:forum_detail", uuid=uuid)
    steps, may_manage = founding.steps_of(forum), forum.may_manage(request.user)
    if request.method == "POST":
        if not may_manage:
            raise Http404
        if not founding.may_finish(steps):
            messages.error(request, _("Some steps are still open."))
            return redirect("fkpm:founding_detail", uuid=uuid)
        founding.finish(forum)
        messages.success(request, _("%s is founded. Now plan its first regular meeting.") % forum)
        return redirect("fkpm:forum_detail", uuid=uuid)
    context = {
        "forum": forum,
        "steps": steps,
        "next_step": founding.next_of(steps),
        "done": sum(step.is_done for step in steps),
        "may_finish": founding.may_finish(steps),
        "may_manage": may_manage,
        "may_write": forum.may_write_minutes(request.user),
    }
    return render(request, "fkpm/founding_detail.html", context)


def founding_meeting(request, uuid, kind):
    """Plans the information meeting or the founding meeting, with the agenda that the guide gives."""
    forum, kind = managed_forum(request, uuid), kind.upper()
    if kind not in founding.AGENDAS or not forum.is_being_founded or not forum.may_write_minutes(request.user):
        raise Http404
    if not founding.may_plan(founding.steps_of(forum), kind):
        messages.error(request, _("The information meeting comes first; each of the two meetings is held once."))
        return redirect("fkpm:founding_detail", uuid=uuid)
    meeting = Meeting(forum=forum, kind=kind)
    initial = {"place": forum.bkpm, "begins": "19:30", "topics": "\n".join(founding.AGENDAS[kind])}
    form = MeetingPlanForm(_with_kind(request.POST, kind) if request.method == "POST" else None, instance=meeting, initial=initial)
    if request.method == "POST" and form.is_valid():
        meeting = plan(forum, form.fields_of_meeting(), form.cleaned_data["topics"])
        messages.success(request, _("The meeting is planned."))
        return redirect("fkpm:founding_detail", uuid=uuid)
    return render(request, "fkpm/founding_meeting.html", {"form": form, "forum": forum, "kind": Meeting.Kind(kind).label})


def _with_kind(data, kind):
    """What was typed; of which kind the meeting is, the step says."""
    data = data.copy()
    data["kind"] = kind
    return data


def endorsement_update(request, uuid):
    """Who endorsed the board that serves, by which paper, and for how long."""
    forum = managed_forum(request, uuid)
    form = EndorsementForm(request.POST or None, instance=forum)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("fkpm:founding_detail" if forum.is_being_founded else "fkpm:member_list", uuid=uuid)
    return render(request, "fkpm/endorsement_form.html", {"form": form, "forum": forum})

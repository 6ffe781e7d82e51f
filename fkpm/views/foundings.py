"""Pages of a founding: beginning it, its steps, its two meetings, the endorsement."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fkpm import founding
from fkpm.forms import MeetingPlanForm
from fkpm.forms_forums import EndorsementForm, FoundingForm, GivingUpForm, villages_of
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
        return _finished(request, forum, steps)
    context = {
        "forum": forum,
        "lines": [(step, founding.before(steps, step.key)) for step in steps],
        "steps": steps,
        "next_step": founding.next_of(steps),
        "done": sum(step.is_done for step in steps),
        "may_finish": founding.may_finish(steps),
        "may_manage": may_manage,
        "may_go_on": may_manage and not forum.is_given_up,
    }
    return render(request, "fkpm/founding_detail.html", context)


def _finished(request, forum, steps):
    if not founding.may_finish(steps):
        messages.error(request, _("Some steps are still open."))
        return redirect("fkpm:founding_detail", uuid=forum.uuid)
    if _is_done(request, lambda: founding.finish(forum)):
        told = _("%s is founded. Now invite its members: they plan the first meeting.")
        if forum.may_write_minutes(request.user):
            told = _("%s is founded. Now plan its first regular meeting.")
        messages.success(request, told % forum)
    return redirect("fkpm:forum_detail", uuid=forum.uuid)


def _is_done(request, act) -> bool:
    """Whether nobody else was faster; else a message says so."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True


def begun_founding(request, uuid):
    """A forum that is being founded, for those who manage it."""
    forum = managed_forum(request, uuid)
    if not forum.is_being_founded:
        raise Http404
    return forum


def founding_cancel(request, uuid):
    """Asks why the founding does not go on, and gives it up."""
    forum = begun_founding(request, uuid)
    if forum.is_given_up:
        return redirect("fkpm:founding_detail", uuid=uuid)
    form = GivingUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _is_done(request, lambda: founding.give_up(forum, request.user, form.cleaned_data["reason"])):
            messages.success(request, _("The founding is given up. It can be taken up again at any time."))
        return redirect("fkpm:founding_detail", uuid=uuid)
    planned = forum.meetings.filter(kind__in=founding.AGENDAS).coming().count()
    return render(request, "fkpm/founding_cancel.html", {"form": form, "forum": forum, "planned": planned})


@require_POST
def founding_resume(request, uuid):
    """Takes a founding up again that was given up."""
    forum = begun_founding(request, uuid)
    if _is_done(request, lambda: founding.resume(forum)):
        messages.success(request, _("The founding goes on where it was left."))
    return redirect("fkpm:founding_detail", uuid=uuid)


def founding_meeting(request, uuid, kind):
    """Plans the information meeting or the founding meeting, with the agenda that the guide gives."""
    forum, kind = begun_founding(request, uuid), kind.upper()
    if kind not in founding.AGENDAS or forum.is_given_up:
        raise Http404
    if not founding.may_plan(founding.steps_of(forum), kind):
        messages.error(request, _("The information meeting comes first; each of the two meetings is held once."))
        return redirect("fkpm:founding_detail", uuid=uuid)
    meeting = Meeting(forum=forum, kind=kind)
    initial = {"place": forum.bkpm, "begins": "19:30", "topics": "\n".join(founding.AGENDAS[kind])}
    form = MeetingPlanForm(_with_kind(request.POST, kind) if request.method == "POST" else None, instance=meeting, initial=initial)
    if request.method == "POST" and form.is_valid():
        meeting = plan(forum, form.fields_of_meeting(), form.cleaned_data["topics"])
        messages.success(request, _("The meeting is recorded.") if meeting.has_begun else _("The meeting is planned."))
        return redirect("fkpm:founding_detail", uuid=uuid)
    return render(request, "fkpm/founding_meeting.html", {"form": form, "forum": forum, "kind": Meeting.Kind(kind).label})


def _with_kind(data, kind):
    """What was typed; of which kind the meeting is, the step says."""
    data = data.copy()
    data["kind"] = kind
    return data


def too_early(forum, key) -> str:
    """What has to be done first, where a founding has not come to this step yet."""
    first = founding.before(founding.steps_of(forum), key) if forum.is_being_founded else None
    return _("First comes: %(step)s.") % {"step": first.title} if first else ""


def endorsement_update(request, uuid):
    """Who endorsed the board that serves, by which paper, and for how long."""
    forum = managed_forum(request, uuid)
    if refusal := too_early(forum, "PENGESAHAN"):
        messages.error(request, refusal)
        return redirect("fkpm:founding_detail", uuid=uuid)
    form = EndorsementForm(request.POST or None, instance=forum)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("fkpm:founding_detail" if forum.is_being_founded else "fkpm:member_list", uuid=uuid)
    return render(request, "fkpm/endorsement_form.html", {"form": form, "forum": forum})

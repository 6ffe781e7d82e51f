"""What superiors write about an officer's service, and coaching sessions: for the officer concerned and the superiors in line."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from polmas.summaries import coaching
from polmas.summaries.forms_scores import HeldForm, NoteForm, ReasonForm, SessionForm, TextForm
from polmas.summaries.models import CoachingSession, ServiceNote

PER_PAGE = 30
MOST_WORDS = 5


def _rows(request, model):
    """What the reader may see of it: officers and their superiors, and whoever was one when they wrote."""
    user, rows = request.user, model.objects.for_user(request.user)
    if not (user.scope.is_officer or user.scope.command_paths or rows.exists()):
        raise Http404
    return rows


def _superior(request):
    if not request.user.scope.command_paths:
        raise Http404
    return request.user


def _named(rows, asked):
    for word in asked.get("q", "").replace("\0", "")[:120].split()[:MOST_WORDS]:
        rows = rows.filter(Q(officer__name__icontains=word) | Q(officer__username__icontains=word))
    return rows


@require_safe
def note_list(request):
    """Notes and reprimands, the newest first."""
    user, asked = request.user, request.GET
    rows = _named(_rows(request, ServiceNote).select_related("officer", "unit", "written_by"), asked)
    if asked.get("jenis") in ServiceNote.Kind.values:
        rows = rows.filter(kind=asked["jenis"])
    states = {
        "belum": Q(read_at=None, withdrawn_at=None),
        "dibaca": Q(read_at__isnull=False, answer="", withdrawn_at=None),
        "dijawab": ~Q(answer="") & Q(withdrawn_at=None),
        "dicabut": Q(withdrawn_at__isnull=False),
    }
    rows = rows.filter(states.get(asked.get("status", ""), Q()))
    labels = {"belum": _("not read yet"), "dibaca": _("read"), "dijawab": _("answered"), "dicabut": _("withdrawn")}
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(asked.get("page")),
        "asked": asked,
        "kinds": ServiceNote.Kind.choices,
        "states": labels.items(),
        "may_write": bool(user.scope.command_paths),
        "is_narrowed": any(asked.get(name) for name in ("q", "jenis", "status")),
    }
    return render(request, "summaries/note_list.html", context)


def note_create(request):
    """A note to one officer (`petugas`)."""
    user = _superior(request)
    officer = request.GET.get("petugas", "").replace("\0", "")
    form = NoteForm(request.POST or None, user=user, initial={"officer": officer})
    if request.method == "POST" and form.is_valid():
        note = coaching.write(form.save(commit=False))
        messages.success(request, _("The note is kept, and the officer is told that there is one."))
        return redirect("summaries:note_detail", uuid=note.uuid)
    return render(request, "summaries/note_form.html", {"form": form})


def _note(request, uuid) -> ServiceNote:
    found = _rows(request, ServiceNote).select_related("officer", "unit", "written_by", "withdrawn_by")
    return get_object_or_404(found, uuid=uuid)


@require_safe
def note_detail(request, uuid):
    return _shown(request, _note(request, uuid))


def _shown(request, note, form=None, reason_form=None):
    is_own = note.officer_id == request.user.pk
    context = {
        "note": note,
        "is_own": is_own,
        "may_withdraw": note.may_be_withdrawn_by(request.user),
        "may_answer": is_own and note.is_standing and note.read_at and not note.answer,
        "form": form or TextForm(),
        "reason_form": reason_form or ReasonForm(),
    }
    return render(request, "summaries/note_detail.html", context)


def _own_note(request, uuid) -> ServiceNote:
    note = _note(request, uuid)
    if note.officer_id != request.user.pk:
        raise Http404
    return note


@require_POST
def note_read(request, uuid):
    """The officer has read it."""
    note = _own_note(request, uuid)
    note.read()
    messages.success(request, _("Noted that you have read it. You may answer below."))
    return redirect("summaries:note_detail", uuid=note.uuid)


@require_POST
def note_answer(request, uuid):
    note = _own_note(request, uuid)
    form = TextForm(request.POST)
    if _done(form, lambda text: coaching.answer(note, text)):
        messages.success(request, _("Your answer stands beside the note."))
        return redirect("summaries:note_detail", uuid=note.uuid)
    return _shown(request, note, form=form)


@require_POST
def note_withdraw(request, uuid):
    note = _note(request, uuid)
    if not note.may_be_withdrawn_by(request.user):
        raise Http404
    form = ReasonForm(request.POST)
    if _done(form, lambda reason: note.withdraw(request.user, reason)):
        messages.success(request, _("The note is withdrawn. That it was written stays on record."))
        return redirect("summaries:note_detail", uuid=note.uuid)
    return _shown(request, note, reason_form=form)


@require_safe
def session_list(request):
    """Coaching sessions: those ahead first, the next one at the top, then the newest that were held."""
    user, asked = request.user, request.GET
    rows = _named(_rows(request, CoachingSession).select_related("officer", "unit", "coach"), asked)
    if asked.get("status") in CoachingSession.State.values:
        rows = rows.filter(state=asked["status"])
    context = {
        "ahead": rows.ahead().order_by("starts_at", "pk")[:PER_PAGE],
        "page_obj": Paginator(rows.exclude(state=CoachingSession.State.PLANNED), PER_PAGE).get_page(asked.get("page")),
        "asked": asked,
        "states": CoachingSession.State.choices,
        "may_write": bool(user.scope.command_paths),
        "is_narrowed": any(asked.get(name) for name in ("q", "status")),
    }
    return render(request, "summaries/session_list.html", context)


def session_create(request):
    user = _superior(request)
    officer = request.GET.get("petugas", "").replace("\0", "")
    with timezone.override(user.post.unit.zone):
        form = SessionForm(request.POST or None, user=user, initial={"officer": officer})
        if request.method == "POST" and form.is_valid():
            session = coaching.plan(form.save(commit=False))
            messages.success(request, _("The session is kept, and the officer is told when it lies ahead."))
            return redirect("summaries:session_detail", uuid=session.uuid)
        return render(request, "summaries/session_form.html", {"form": form})


def _session(request, uuid) -> CoachingSession:
    found = _rows(request, CoachingSession).select_related("officer", "unit", "coach")
    return get_object_or_404(found, uuid=uuid)


def _led(request, uuid) -> CoachingSession:
    session = _session(request, uuid)
    if not session.may_be_led_by(request.user):
        raise Http404
    return session


@require_safe
def session_detail(request, uuid):
    return _session_shown(request, _session(request, uuid))


def _session_shown(request, session, form=None, reason_form=None):
    now = {"notes": session.notes, "plan": session.plan, "follow_up_on": session.follow_up_on}
    context = {
        "session": session,
        "is_own": session.officer_id == request.user.pk,
        "may_lead": session.may_be_led_by(request.user),
        "is_over": session.starts_at <= timezone.now(),
        "form": form or HeldForm(initial=now),
        "reason_form": reason_form or ReasonForm(),
    }
    return render(request, "summaries/session_detail.html", context)


@require_POST
def session_hold(request, uuid):
    """Writes down what a session came to."""
    session = _led(request, uuid)
    form = HeldForm(request.POST)
    if _done(form, session.hold):
        messages.success(request, _("Saved."))
        return redirect("summaries:session_detail", uuid=session.uuid)
    return _session_shown(request, session, form=form)


@require_POST
def session_cancel(request, uuid):
    session = _led(request, uuid)
    form = ReasonForm(request.POST)
    if _done(form, lambda reason: coaching.call_off(session, reason)):
        messages.success(request, _("The session is called off, and the officer is told."))
        return redirect("summaries:session_detail", uuid=session.uuid)
    return _session_shown(request, session, reason_form=form)


def _done(form, act: Callable[..., object]) -> bool:
    """Whether the act took what the form says; what it refuses stands beside the field that it names."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in named.items():
            form.add_error(name if name in form.fields else None, texts)
        return False
    return True

"""What people do with a summary: approve, send, receive, return; the last two also with several at once."""

import uuid as uuids

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from polmas.summaries import moving
from polmas.summaries.forms_summaries import ReturnForm
from polmas.summaries.views.summaries import in_sight, one

MOST_AT_ONCE = 200


def _moved(request, summary, act, done: str):
    """Does it and says so, or says why not."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done % {"number": summary.number, "unit": summary.unit})
    return redirect("summaries:summary_detail", summary.uuid)


@require_POST
def summary_approve(request, uuid):
    summary = one(request, uuid)
    if not summary.may_be_approved_by(request.user):
        raise Http404
    seen = request.POST.get("seen", "")
    return _moved(request, summary, lambda: moving.approve(summary, request.user, seen), _("Approved with the number %(number)s."))


@require_POST
def summary_send(request, uuid):
    summary = one(request, uuid)
    if not summary.may_be_sent_by(request.user):
        raise Http404
    return _moved(request, summary, lambda: moving.send(summary, request.user), _("Sent."))


@require_POST
def summary_receive(request, uuid):
    summary = one(request, uuid)
    if not summary.may_be_received_by(request.user):
        raise Http404
    return _moved(request, summary, lambda: moving.receive(summary, request.user), _("Received from %(unit)s."))


@require_http_methods(["GET", "HEAD", "POST"])
def summary_return(request, uuid):
    """Asks for the note, keeps what was typed when it is refused."""
    summary = one(request, uuid)
    if not summary.may_be_received_by(request.user):
        raise Http404
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = lambda: moving.send_back(summary, request.user, form.cleaned_data["note"])  # noqa: E731
        return _moved(request, summary, act, _("Returned to %(unit)s with your note."))
    return render(request, "summaries/summary_return.html", {"summary": summary, "form": form})


@require_POST
def summary_receive_many(request):
    """Receives those that are ticked, as far as they may still be received."""
    keys = [key for key in map(_uuid, request.POST.getlist("rekap")[:MOST_AT_ONCE]) if key]
    rows = [summary for summary in in_sight(request).filter(uuid__in=keys) if summary.may_be_received_by(request.user)]
    done, failed = moving.receive_all(rows, request.user)
    failed += len(set(keys)) - len(rows)
    if done:
        messages.success(request, ngettext("%(n)s summary received.", "%(n)s summaries received.", done) % {"n": done})
    if failed:
        told = ngettext("%(n)s summary could not be received.", "%(n)s summaries could not be received.", failed)
        messages.error(request, told % {"n": failed})
    if not keys:
        messages.error(request, _("Tick at least one summary."))
    return redirect("summaries:summary_list")


def _uuid(text: str) -> uuids.UUID | None:
    try:
        return uuids.UUID(text)
    except ValueError:
        return None

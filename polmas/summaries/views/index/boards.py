"""Boards of stakeholders and who sits on them."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from polmas.people.scope import INDEX_KEEPERS
from polmas.summaries.forms_index import IndexBoardForm, IndexMemberForm
from polmas.summaries.models import IndexBoard, IndexMember
from polmas.summaries.views.index import board_of, kept_board_of


def board_detail(request, uuid):
    """The members by what they stand for, and the quarters that the board has scored."""
    board = board_of(request, uuid)
    names_persons = board.names_persons_to(request.user)
    today = board.unit.today()
    members = list(board.members.with_forums(today).select_related("user").order_by("stakeholder", "name")) if names_persons else []
    context = {
        "board": board,
        "members": [member for member in members if member.is_valid_on(today)],
        "former": [member for member in members if not member.is_valid_on(today)],
        "names_persons": names_persons,
        "periods": board.periods.all()[:12],
        "may_keep": board.may_be_kept_by(request.user),
    }
    return render(request, "summaries/index_board.html", context)


def board_create(request):
    user = request.user
    if not user.scope.has(*INDEX_KEEPERS):
        raise Http404
    form = IndexBoardForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and (board := _stored(form)):
        messages.success(request, _("The board is founded. Now write down who sits on it."))
        return redirect("summaries:index_board_detail", uuid=board.uuid)
    return render(request, "summaries/index_board_form.html", {"form": form})


def board_update(request, uuid):
    board = kept_board_of(request, uuid)
    form = IndexBoardForm(request.POST or None, instance=board, user=request.user)
    if request.method == "POST" and form.is_valid() and _stored(form):
        messages.success(request, _("Saved."))
        return redirect("summaries:index_board_detail", uuid=uuid)
    return render(request, "summaries/index_board_form.html", {"form": form, "board": IndexBoard.objects.get(pk=board.pk)})


def member_create(request, uuid):
    board = kept_board_of(request, uuid)
    form = IndexMemberForm(request.POST or None, instance=IndexMember(board=board), initial={"starts_on": board.unit.today()})
    if request.method == "POST" and form.is_valid() and (member := _stored(form)):
        messages.success(request, _("%s is now on the list.") % member)
        return redirect("summaries:index_member_create" if "another" in request.POST else "summaries:index_board_detail", uuid=uuid)
    return render(request, "summaries/index_member_form.html", {"form": form, "board": board})


def member_update(request, uuid, pk):
    board = kept_board_of(request, uuid)
    member = get_object_or_404(board.members, pk=pk)
    form = IndexMemberForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid() and _stored(form):
        messages.success(request, _("Saved."))
        return redirect("summaries:index_board_detail", uuid=uuid)
    return render(request, "summaries/index_member_form.html", {"form": form, "board": board, "member": board.members.get(pk=pk)})


@require_POST
def member_delete(request, uuid, pk):
    """Takes a slip of the keys away; who has scored stays on the list with a last day."""
    board = kept_board_of(request, uuid)
    member = get_object_or_404(board.members, pk=pk)
    if member.may_go:
        member.delete()
        messages.success(request, _("%s is taken off the list.") % member)
    else:
        messages.error(request, _("%s has scored and stays on the list: write down the last day instead.") % member)
    return redirect("summaries:index_board_detail", uuid=uuid)


def _stored(form):
    """Saves; None with the reason at the form where somebody else was a moment faster."""
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        form.add_error(None, _("This was recorded a moment ago by somebody else. Open the list again."))
        return None

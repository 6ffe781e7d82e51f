"""Pages of the security index: boards, quarters, score sheets, weights. Each starts from what its reader may see; else there is nothing."""

from django.http import Http404

from polmas.people.scope import INDEX_FIGURES, INDEX_READERS
from polmas.summaries.models import IndexBoard, IndexMember, IndexPeriod


def reader(request):
    """The signed-in person, if the index concerns them: by their post, or as a member of a board."""
    user = request.user
    if not user.scope.has(*INDEX_FIGURES) and not IndexBoard.objects.for_user(user).exists():
        raise Http404
    return user


def reads_reasons(user) -> bool:
    """Whether root causes and steps of any board are for this person."""
    return user.scope.has(*INDEX_READERS) or IndexBoard.objects.reasons_for(user).exists()


def board_of(request, uuid) -> IndexBoard:
    found = IndexBoard.objects.for_user(request.user).select_related("unit", "area").filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def kept_board_of(request, uuid) -> IndexBoard:
    board = board_of(request, uuid)
    if not board.may_be_kept_by(request.user):
        raise Http404
    return board


def period_of(request, uuid) -> IndexPeriod:
    related = ("board__unit", "board__area", "unit", "area", "scheme", "closed_by")
    found = IndexPeriod.objects.for_user(request.user).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def kept_period_of(request, uuid) -> IndexPeriod:
    period = period_of(request, uuid)
    if not period.board.may_be_kept_by(request.user):
        raise Http404
    return period


def scorer_of(request, period: IndexPeriod) -> IndexMember:
    """In whose name the person scores: their own; a keeper also, by `anggota`, in that of a member without an account."""
    own = period.board.member_of(request.user)
    asked = request.GET.get("anggota") or request.POST.get("anggota") or ""
    if asked.isdecimal() and len(asked) < 10 and period.board.may_be_kept_by(request.user):
        member = period.scorers().filter(pk=int(asked), user=None).first()
        if member:
            return member
        raise Http404
    if own is None:
        raise Http404
    return own

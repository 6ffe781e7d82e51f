"""Pages of what a forum has to do."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fkpm.forms import ActionForm
from fkpm.models import ActionItem
from fkpm.views.forums import forum_of

ON_A_PAGE = 40


def action_list(request, uuid):
    """All that the forum agreed to do, by state: what is overdue first, then what is due next, then what is over."""
    forum = forum_of(request, uuid)
    today = timezone.localdate()
    states = {
        "terlambat": Q(state=ActionItem.State.OPEN, due_on__lt=today),
        "terbuka": Q(state=ActionItem.State.OPEN),
        "selesai": Q(state=ActionItem.State.DONE),
        "batal": Q(state=ActionItem.State.CANCELLED),
    }
    counts = forum.actions.aggregate(**{name: Count("pk", filter=condition) for name, condition in states.items()})
    chosen = request.GET.get("state")
    actions = forum.actions.filter(states.get(chosen, Q())).select_related("meeting", "owner", "forum__unit")
    open_first = Case(When(state=ActionItem.State.OPEN, then=0), default=1, output_field=IntegerField())
    page = Paginator(actions.order_by(open_first, "due_on", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "forum": forum,
        "page": page,
        "actions": ActionItem.marked(page, request.user, forum.may_write_minutes(request.user)),
        "counts": counts,
        "total": forum.actions.count(),
        "chosen": chosen if chosen in states else "",
    }
    return render(request, "fkpm/action_list.html", context)


def action_update(request, pk):
    """One action: the board, the Polmas officer and its owner say how far it is; the other readers see it in the lists."""
    action = get_object_or_404(ActionItem.objects.for_user(request.user).select_related("forum__unit", "meeting__forum__unit", "owner"), pk=pk)
    if not action.may_change(request.user):
        raise Http404
    form = ActionForm(request.POST or None, initial={"state": action.state, "note": action.note})
    if request.method == "POST" and form.is_valid():
        action.move_to(form.cleaned_data["state"], form.cleaned_data["note"], action.forum.unit.today())
        messages.success(request, _("Saved."))
        return redirect("fkpm:action_list", uuid=action.forum.uuid)
    return render(request, "fkpm/action_form.html", {"form": form, "action": action, "forum": action.forum})

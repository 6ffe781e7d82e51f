"""Pages of forums: the list, one forum, recording and correcting one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fkpm import searching
from fkpm.forms_forums import ForumForm, NewForumForm, villages_of
from fkpm.models import ActionItem, Forum, Meeting
from polmas.people.uploads import served

ON_A_PAGE = 30
LATELY = 5


def forum_of(request, uuid):
    """The forum, if it is in sight."""
    return get_object_or_404(Forum.objects.for_user(request.user).select_related("unit", "area", "officer"), uuid=uuid)


def managed_forum(request, uuid):
    """The forum, for those who change its data and its list of members."""
    forum = forum_of(request, uuid)
    if not forum.may_manage(request.user):
        raise Http404
    return forum


def forum_list(request):
    """My forums. Who belongs to just one and to no unit goes straight to it; ?semua=1 shows the list all the same."""
    forums = Forum.objects.for_user(request.user)
    if not request.user.scope.posts and "semua" not in request.GET and len(only := forums.values_list("uuid", flat=True)[:2]) == 1:
        return redirect("fkpm:forum_detail", uuid=only[0])
    found = _filtered(forums.with_state().select_related("area", "unit"), request.GET)
    page = Paginator(found.order_by("name", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "fkpm/forum_list.html", {"page": page, "statuses": Forum.Status.choices, "may_create": villages_of(request.user).exists()})


def _filtered(forums, asked):
    text, status = asked.get("q", "").replace("\0", "").strip(), asked.get("status")
    if text:
        forums = forums.filter(Q(name__icontains=text) | Q(area__name__icontains=text) | Q(bkpm__icontains=text))
    if status in Forum.Status.values:
        forums = forums.filter(status=status)
    if asked.get("overdue"):
        forums = forums.filter(pk__in=ActionItem.objects.overdue(timezone.localdate()).values("forum"))
    return forums


def forum_detail(request, uuid):
    """One forum: the next meeting, the latest ones with what they decided, what is to be done, who belongs to it."""
    forum = forum_of(request, uuid)
    text = request.GET.get("q", "").replace("\0", "").strip()
    meetings = Meeting.objects.for_user(request.user).filter(forum=forum)
    held = meetings.held()
    found = searching.with_excerpts(held.search(text), text) if text else held
    actions = (
        ActionItem.objects.for_user(request.user)
        .filter(forum=forum, state=ActionItem.State.OPEN)
        .select_related("meeting", "owner", "forum__unit")[:LATELY]
    )
    may_write = forum.may_write_minutes(request.user)
    context = {
        "forum": forum,
        "coming": meetings.coming()[:3],
        "page": Paginator(found, 12 if text else LATELY).get_page(request.GET.get("page")),
        "text": text,
        "actions": ActionItem.marked(actions, request.user, may_write),
        "members": forum.members_today,
        "coverage": forum.covered(),
        "may_write": may_write,
        "may_manage": may_write or forum.is_registered_by(request.user),
    }
    context["advice"] = forum.advice() if context["may_manage"] and not forum.is_being_founded else []
    searching.highlight(context["page"])
    return render(request, "fkpm/forum_detail.html", context)


def forum_create(request):
    """Records a forum that exists: by officers for villages they hold, by Kanit Binmas and operators for those of their unit."""
    if not villages_of(request.user).exists():
        raise Http404
    form = NewForumForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and (forum := form.stored()):
        messages.success(request, _("%s is recorded. Now add its members.") % forum)
        return redirect("fkpm:member_list", uuid=forum.uuid)
    return render(request, "fkpm/forum_create.html", {"form": form})


def forum_update(request, uuid):
    """Corrects what a forum is called, what it covers, where it meets, and keeps its statutes."""
    forum = managed_forum(request, uuid)
    form = ForumForm(request.POST or None, request.FILES or None, instance=forum, user=request.user)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("fkpm:forum_detail", uuid=uuid)
    return render(request, "fkpm/forum_form.html", {"form": form, "forum": forum})


@require_safe
def statutes_file(request, uuid):
    """The statutes, for everybody who reads the forum."""
    forum = forum_of(request, uuid)
    if not forum.statutes:
        raise Http404
    return served(forum.statutes, f"AD-ART {forum}".replace("/", "-"), forum.statutes_type)

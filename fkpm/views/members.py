"""Pages of a forum's members: who belongs to it, since when, in which office."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from fkpm import founding
from fkpm.forms_members import MemberForm
from fkpm.models import Member
from fkpm.views.forums import forum_of, managed_forum
from fkpm.views.foundings import too_early


def member_list(request, uuid):
    """Today's members by office, below them those who come with the next term, and those whose term is over."""
    forum = forum_of(request, uuid)
    today = forum.unit.today()
    members = list(forum.members.by_office())
    terms = set(forum.former_terms.filter(ends_on__lt=today).values_list("ends_on", flat=True))
    may_manage = forum.may_manage(request.user)
    context = {
        "forum": forum,
        "members": [member for member in members if member.is_valid_on(today)],
        # Whoever left with a whole board stands with that one.
        "former": [member for member in members if member.ends_on and member.ends_on < today and member.ends_on not in terms],
        "coming": sorted((member for member in members if member.starts_on > today), key=lambda member: member.starts_on),
        "term": forum.term_today,
        "terms": len(terms),
        "may_manage": may_manage,
        "advice": forum.advice() if may_manage else [],
    }
    return render(request, "fkpm/member_list.html", context)


def member_create(request, uuid):
    forum = managed_forum(request, uuid)
    if refusal := too_early(forum, "ANGGOTA"):
        messages.error(request, refusal)
        return redirect("fkpm:founding_detail", uuid=uuid)
    form = MemberForm(request.POST or None, instance=Member(forum=forum), initial={"starts_on": founding.members_since(forum)}, user=request.user)
    if request.method == "POST" and form.is_valid() and (member := form.stored()):
        messages.success(request, _("%s is now on the list.") % member)
        return redirect("fkpm:member_create" if "another" in request.POST else "fkpm:member_list", uuid=uuid)
    return render(request, "fkpm/member_form.html", {"form": form, "forum": forum})


def member_update(request, uuid, pk):
    """Corrects a member, or ends the term with today."""
    forum = managed_forum(request, uuid)
    member = get_object_or_404(forum.members, pk=pk)
    if request.method == "POST" and "end" in request.POST:
        member.end(forum.unit.today())
        messages.success(request, _("The term of %s ends today.") % member)
        return redirect("fkpm:member_list", uuid=uuid)
    form = MemberForm(request.POST or None, instance=member, user=request.user)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("fkpm:member_list", uuid=uuid)
    return render(request, "fkpm/member_form.html", {"form": form, "forum": forum, "member": member})

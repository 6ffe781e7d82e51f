"""What a forum shows to everybody: chair and secretary choose it, visitors read it without an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_POST, require_safe

from fkpm import publishing
from fkpm.forms_publication import DecisionForm, PublicationForm
from fkpm.models import AgendaItem, Forum, Publication, PublishedDecision
from fkpm.views.forums import forum_of
from fkpm.views.public import in_language_asked
from polmas.people.addresses import public_address

PER_PAGE = 20
# So long a copy of the page is good, in browsers and in caches on the way.
FRESH_S = 300


def board_forum(request, uuid) -> Forum:
    """The forum, for its chair and secretary: what goes out is the forum's own decision, not the police's."""
    forum = forum_of(request, uuid)
    if not forum.is_on_board(request.user):
        raise Http404
    return forum


def publication_update(request, uuid):
    """The switches of the public page, and the decisions that may stand on it."""
    forum = board_forum(request, uuid)
    publication = Publication.of(forum)
    form = PublicationForm(request.POST or None, instance=publication)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved. Visitors see it within five minutes."))
        return redirect("fkpm:publication_update", uuid=uuid)
    page = Paginator(publishing.decisions_of(forum), PER_PAGE).get_page(request.GET.get("page"))
    address = public_address(reverse("fkpm:publication_page", args=[publication.slug]))
    is_live = Publication.objects.filter(forum=forum, is_public=True).exists()
    context = {"forum": forum, "form": form, "page": page, "address": address, "is_live": is_live}
    return render(request, "fkpm/publication_form.html", context)


def decision_of(request, pk) -> AgendaItem:
    """An adopted decision of a forum whose board one belongs to."""
    item = get_object_or_404(AgendaItem.objects.filter(meeting__forum__in=Forum.objects.for_user(request.user)).select_related("meeting"), pk=pk)
    forum = board_forum(request, item.meeting.forum.uuid)
    return get_object_or_404(publishing.decisions_of(forum), pk=pk)


def decision_publish(request, pk):
    """One decision as the public will read it: first looked at, then published. Names are warned of."""
    item = decision_of(request, pk)
    forum, published = item.meeting.forum, getattr(item, "published", None)
    form = DecisionForm(request.POST or None, initial={"text": published.text if published else item.decision})
    look = None
    if request.method == "POST" and form.is_valid():
        look = publishing.look_for_names(form.cleaned_data["text"], item)
        if "publish" in request.POST:
            if not look.names or form.cleaned_data["confirmed"]:
                _publish(item, form.cleaned_data["text"], request.user)
                messages.success(request, _("The decision is on the public page."))
                return redirect("fkpm:publication_update", uuid=forum.uuid)
            form.add_error("confirmed", _("Take the names out, or say that these words name nobody."))
    return render(request, "fkpm/decision_publish.html", {"form": form, "item": item, "forum": forum, "look": look, "published": published})


@transaction.atomic
def _publish(item, text, by):
    told = {"forum": item.meeting.forum, "text": text, "decided_on": item.meeting.day, "published_by": by}
    PublishedDecision.objects.update_or_create(item=item, defaults=told)


@require_POST
def decision_withdraw(request, pk):
    """Takes a decision off the public page; that it stood there stays in the history."""
    item = decision_of(request, pk)
    get_object_or_404(PublishedDecision, item=item).delete()
    messages.success(request, _("The decision is off the public page."))
    return redirect("fkpm:publication_update", uuid=item.meeting.forum.uuid)


@require_safe
@login_not_required
@conditional_page
@cache_control(public=True, max_age=FRESH_S)
@in_language_asked
def publication_page(request, slug):
    """The page of a forum for everybody. A forum without one answers as one that does not exist."""
    publication = get_object_or_404(Publication.objects.filter(is_public=True).select_related("forum__area", "forum__unit"), slug=slug)
    told = {**publishing.shown_on(publication), "language": get_language(), "is_indexed": publication.is_indexed}
    response = render(request, "fkpm/publication_page.html", told)
    if not publication.is_indexed:
        response["X-Robots-Tag"] = "noindex"
    return response

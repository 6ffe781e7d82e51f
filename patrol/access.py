"""Who has anything to look for among reports. Whoever has not gets 404, by page and by API."""

from django.http import Http404

from patrol.models import Report
from polmas.people.scope import INFORMATION_READERS, OFFICERS, READ_WHOLE


def reader(request):
    """The signed-in person, if they read rows of reports at all: officers, and those who read a unit whole."""
    if not request.user.scope.has(*OFFICERS, *READ_WHOLE):
        raise Http404
    return request.user


def reviewer(request):
    if not request.user.scope.is_reviewer:
        raise Http404
    return request.user


def sender(request):
    """The signed-in person, if they ever served in the field: reports of the last days are taken after a move, too."""
    if not any(posting.role in OFFICERS for posting in request.user.all_postings):
        raise Http404
    return request.user


def own_reports(user):
    return Report.objects.for_user(user).filter(officer=user)


def information_reader(request):
    """The signed-in person, if LI concern them: officers, who see their own, and those who read those of a unit."""
    if not request.user.scope.has(*OFFICERS, *INFORMATION_READERS):
        raise Http404
    return request.user

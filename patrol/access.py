"""Who has anything to look for among reports. Whoever has not gets 404, by page and by API."""

from django.http import Http404

from patrol.models import Report
from polmas.people.models import Posting, User
from polmas.people.scope import INFORMATION_READERS, OFFICERS, READ_WHOLE, RECORDERS, in_subtrees


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
    """The signed-in person, if they ever served in the field, or recorded for those who do: reports of the last days are taken after a
    move, too."""
    return having_served(request, OFFICERS | RECORDERS)


def information_sender(request):
    """The same for LI, which nobody writes for somebody else."""
    return having_served(request, OFFICERS)


def having_served(request, roles):
    if not any(posting.role in roles for posting in request.user.all_postings):
        raise Http404
    return request.user


def companion(request):
    """The signed-in person, if they name colleagues who took part: officers, and those who record for them."""
    if not (request.user.scope.is_officer or request.user.scope.is_recorder):
        raise Http404
    return request.user


def recorder(request):
    """The signed-in person, if they record reports in the name of officers."""
    if not request.user.scope.is_recorder:
        raise Http404
    return request.user


def own_reports(user):
    return Report.objects.for_user(user).filter(officer=user)


def information_reader(request):
    """The signed-in person, if LI concern them: officers, who see their own, and those who read those of a unit."""
    if not request.user.scope.has(*OFFICERS, *INFORMATION_READERS):
        raise Http404
    return request.user


def officers_read_by(user):
    """Whoever serves or served as an officer in the units that the user reads whole; of nobody else does an officer read more than the own."""
    served = Posting.objects.filter(in_subtrees("unit__path", user.scope.whole_paths), role__in=OFFICERS)
    return User.objects.filter(pk__in=served.values("user"))

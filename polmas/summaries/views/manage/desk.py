"""The way in to every management page: who has no business here finds nothing."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from polmas.people.models import User
from polmas.summaries.managing import Desk


def desk_of(request) -> Desk:
    """The desk of whoever may at least look."""
    desk = Desk(request.user)
    if not desk.may_look:
        raise Http404
    return desk


def managing_desk_of(request) -> Desk:
    desk = desk_of(request)
    if not desk.may_manage:
        raise Http404
    return desk


def managed_person(desk: Desk, pk) -> User:
    """A person whose account this desk may change."""
    person = get_object_or_404(desk.people(), pk=pk)
    if not desk.manages(person):
        raise Http404
    return person

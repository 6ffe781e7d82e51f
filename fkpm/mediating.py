"""Members of a forum's board who mediate: how they find their cases, without any other member hearing of them."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from fkpm.models import Case
from polmas.people.navigation import MEDIATOR


def roles_of(user) -> frozenset[str]:
    """The entry in the bars for somebody without a posting: such a person reads cases as a mediator alone."""
    return frozenset({MEDIATOR}) if Case.objects.for_user(user).exists() else frozenset()


def mediated_in(forum, user) -> dict[str, Any]:
    """How many cases of a forum the user mediates, how many of them still need somebody, and where they are listed."""
    is_working = Q(outcome__in=[Case.Outcome.PROSES, Case.Outcome.INGKAR])
    numbers = Case.objects.for_user(user).filter(forum=forum).aggregate(all=Count("pk"), working=Count("pk", filter=is_working))
    return {**numbers, "path": f"{reverse('fkpm:case_list')}?fkpm={forum.uuid}"}

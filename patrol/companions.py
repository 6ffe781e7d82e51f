"""Colleagues who took part in a report, and the credit that they have for it (`patrol.models.participations`).

A participant that the phone chose from the list of colleagues carries the `officer`'s user name. Who serves at the report's unit on its
day is credited; anybody else stays named as sent and is credited nothing, so that a list on a phone that is some days old costs no report.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from patrol.kinds import KINDS
from patrol.models import Participation, Report
from polmas.people.models import Posting, User
from polmas.people.scope import RECORDERS, in_subtrees, on_day


def named_in(participants: Iterable | None) -> set[str]:
    """The user names among participants as sent."""
    return {one["officer"] for one in participants or () if isinstance(one, dict) and one.get("officer")}


def colleagues_of(user: User, day):
    """Whom the user may name: the other officers of the own units today; whoever records for officers, those of the units below, too."""
    scope = user.scope
    here = Q(unit__in=[unit for _role, _path, unit in scope.posts]) | in_subtrees("unit__path", scope.paths_as(RECORDERS))
    served = Posting.objects.officers().filter(here, on_day(day))
    return User.objects.filter(pk__in=served.values("user"), is_active=True).exclude(pk=user.pk).order_by("name", "pk")


def tells_all(report: Report) -> bool:
    """Whether the words of a report may be shown to a colleague who took part: not where they are about a resident or parties."""
    entry = KINDS[report.kind]
    return not entry.subject and entry.is_shared


def find(user: User, drafts: Iterable[Any]) -> None:
    """Notes whom each draft of this officer credits; one question, and none where nobody is named."""
    named = [(draft, names) for draft in drafts if not draft.faults and (names := named_in(draft.item.get("participants")))]
    if not named:
        return
    wanted = {name for _draft, names in named for name in names}
    served: dict[tuple[str, int], list[Posting]] = defaultdict(list)
    for posting in (
        Posting.objects.officers().filter(user__username__in=wanted, unit__in={draft.unit for draft, _names in named}).select_related("user")
    ):
        served[posting.user.username, posting.unit_id].append(posting)
    for draft, names in named:
        there = [posting for name in names for posting in served[name, draft.unit.pk] if posting.is_valid_on(draft.day)]
        draft.credited = sorted({posting.user_id for posting in there} - {user.pk})


def forget(reports) -> None:
    """Takes away the credit that these reports, which are about to be corrected, have given."""
    credited = [report.pk for report in reports if named_in(report.participants)]
    if credited:
        Participation.objects.filter(report__in=credited).delete()


def keep(reports) -> None:
    """Credits whom the stored reports name; each comes with its draft."""
    rows = [Participation(report=report, officer_id=officer) for report, draft in reports for officer in draft.credited]
    if rows:
        Participation.objects.bulk_create(rows)

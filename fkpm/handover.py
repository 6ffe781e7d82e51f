"""The handover at the end of a term: the board that serves becomes history, the next one takes over, in one act."""

import dataclasses
import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from fkpm.models import FormerTerm, Forum, Member

DAY = datetime.timedelta(days=1)
CARRIED = ("user", "name", "section", "element", "phone", "email", "has_consented", "is_party_free")


@dataclasses.dataclass(frozen=True)
class Term:
    """The next term: its days, and who endorsed it with which paper."""

    starts_on: datetime.date
    ends_on: datetime.date | None = None
    endorsed_by: str = ""
    endorsement_number: str = ""
    endorsed_on: datetime.date | None = None


def kept(member: Member, position: str) -> Member:
    """The same person in the next term, in the same office or another one."""
    return Member(position=position, **{name: getattr(member, name) for name in CARRIED})


def successor(member: Member, name: str) -> Member:
    """Somebody else in the office of a member; what they promise is asked anew."""
    return Member(name=name, position=member.position, section=member.section, element=member.element)


def serving_at(forum: Forum, day: datetime.date):
    """Whoever serves on the day or later: with the next term these rows end."""
    return forum.members.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def earliest_start(forum: Forum) -> datetime.date:
    """The first day on which a next term can begin: after each of those who serve has begun."""
    begun = [forum.term_starts_on, *forum.members.filter(ends_on=None).values_list("starts_on", flat=True)]
    begun += forum.former_terms.values_list("ends_on", flat=True)
    return max((day for day in begun if day), default=forum.unit.today() - DAY) + DAY


@transaction.atomic
def hand_over(forum: Forum, term: Term, board: Iterable[Member]) -> FormerTerm:
    """Ends the term that runs on the day before the next one begins, and seats the next board."""
    last = term.starts_on - DAY
    first = forum.members.order_by("starts_on").values_list("starts_on", flat=True).first()
    former = FormerTerm.objects.create(
        forum=forum,
        starts_on=forum.term_starts_on or min(first or last, last),
        ends_on=last,
        endorsed_by=forum.endorsed_by,
        endorsement_number=forum.endorsement_number,
        endorsed_on=forum.endorsed_on,
    )
    serving_at(forum, term.starts_on).filter(starts_on__lte=last).update(ends_on=last)
    for member in board:
        member.forum, member.starts_on = forum, term.starts_on
        member.save()
    forum.term_starts_on, forum.term_ends_on = term.starts_on, term.ends_on
    forum.endorsed_by, forum.endorsement_number, forum.endorsed_on = term.endorsed_by, term.endorsement_number, term.endorsed_on
    forum.save(update_fields=["term_starts_on", "term_ends_on", "endorsed_by", "endorsement_number", "endorsed_on"])
    return former

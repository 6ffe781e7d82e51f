"""Proposals of awards of a month, for part D of the monthly paper (domain.md 4.6, 5.7); the Kanit Binmas owns them."""

from django.db.models import Count, F, Q

from polmas.people.periods import Period
from polmas.summaries.contents.groups import Group
from polmas.summaries.models import Award

MOST = 30


def awards(group: Group, period: Period) -> dict[str, dict]:
    """Who is proposed or honoured for what, at the units and below them, as it stands when the paper is built. Those declined are left out.
    The rows are for superiors alone, as the proposals themselves are; others learn how many there are."""
    standing = group.within(Award.objects.standing().filter(month=period.start))
    decided = Count("pk", filter=Q(state=Award.State.DECIDED))
    numbers = group.shared(standing.order_by().values_list("of").annotate(number=Count("pk"), decided=decided))
    order = (F("unit__depth").asc(), F("unit__path").asc(), F("category").asc(), F("pk").asc())
    rows = group.listed(group.first(standing, MOST, *order).select_related("unit", "officer", "forum"))
    return {path: _of_unit(numbers[path], rows[path]) for path in group.paths}


def _of_unit(numbers, rows) -> dict:
    number, decided = numbers[0] if numbers else (0, 0)
    return {"number": number, "decided": decided, "rows": [_told(award) for award in rows]}


def _told(award) -> dict:
    names = ("category", "recipient", "reason", "state", "number")
    return {**{name: getattr(award, name) for name in names}, "unit": award.unit.name}

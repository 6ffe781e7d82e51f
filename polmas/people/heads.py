"""Who heads a unit, as it stands under a paper."""

import datetime
from typing import Any

from polmas.people.models import Posting, Unit
from polmas.people.models.postings import PostingKind
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK

HEADS = {"kapolsek", "kapolres"}


def head_of(unit: Unit, day: datetime.date) -> dict[str, Any]:
    """Standing, title, name, rank and NRP of who heads a unit on a day; the deputy where nobody does, an empty name where none is there."""
    roles = LEADERS_POLRES if unit.is_polres else LEADERS_POLSEK
    postings = Posting.objects.on(day).filter(unit=unit, role__in=roles).select_related("user").order_by("-starts_on", "pk")
    posting = min(postings, key=lambda post: post.role not in HEADS, default=None)
    title = unit.head_title or f"{'KAPOLRES' if unit.is_polres else 'KAPOLSEK'} {unit.name.split(' ', 1)[-1].upper()}"
    if posting is None:
        return {"prefix": "", "title": title, "name": "", "rank": "", "nrp": ""}
    by_order = posting.role not in HEADS and posting.kind == PostingKind.TETAP
    kind = PostingKind.AN if by_order else PostingKind(posting.kind)
    return {
        "prefix": "" if kind == PostingKind.TETAP else str(kind.label),
        "title": title,
        "name": posting.user.name,
        "rank": str(posting.user.get_rank_display()).upper(),
        "nrp": posting.user.nrp or "",
    }

"""The list of posts as a spreadsheet: where they are, who heads them, and what the last check found."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from mapping.models import Place
from patrol.models.watches import WatchCondition
from patrol.wording import label_of
from polmas.people.models import Code

MAX_ROWS = 20_000
COLUMNS = ("name", "kind", "area", "rw", "rt", "landmark", "head", "unit")


def headings() -> list[str]:
    named = [label_of(Place, name) for name in COLUMNS]
    return [*named, _("Last check"), _("Condition"), _("Guards present"), label_of(Place, "closed_on")]


def rows_of(posts) -> Iterator[list]:
    """Texts, numbers and days; empty as nothing."""
    kinds = {code.code: code.label for code in Code.objects.of("PLACE_KIND")}
    for post in posts.iterator(chunk_size=500):
        place = [post.name, kinds.get(post.kind, post.kind), post.area.name, post.rw, post.rt, post.landmark, post.head, post.unit.name]
        condition = str(WatchCondition(post.condition).label) if post.condition else ""
        yield [*place, post.checked_on, condition, post.guards, post.closed_on]

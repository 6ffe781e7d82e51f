"""Whether anything that a dashboard shows changed since it was shown: a few numbers to look at instead of all that is counted.

What is counted leaves a mark before it is counted anew, and a turn's number once it was (`CountTurn`), so that a report changes the
answer at once. What leaves no mark (names, postings, targets, phones) shows within `KEPT` seconds.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition

from polmas.people.models import Unit
from polmas.people.scope import INFORMATION_COUNTERS
from polmas.people.statements import Statement

KEPT = 300  # seconds
# One number for the whole turn, drawn after the marks were read; the highest stays, whoever comes last.
TURN = """
    INSERT INTO summaries_countturn AS stored (unit_id, number)
    SELECT turned.unit_id, turn.number FROM (SELECT DISTINCT unnest(%(units)s::bigint[]) AS unit_id ORDER BY unit_id) turned
    CROSS JOIN (SELECT nextval('summaries_count_turns') AS number) turn
    ON CONFLICT (unit_id) DO UPDATE SET number = greatest(stored.number, excluded.number)
"""
# The highest turn, the marks that still wait, and how many LI there are, the last one's number with it.
VERSION = Statement(
    "version_of_counts",
    """SELECT
        (SELECT max(turn.number) FROM summaries_countturn turn JOIN people_unit unit ON unit.id = turn.unit_id WHERE unit.path::text LIKE %(below)s),
        (SELECT md5(string_agg(mark.name, ' ' ORDER BY mark.name)) FROM (
            SELECT 'report' || mark.id AS name FROM patrol_countmark mark JOIN people_unit unit ON unit.id = mark.unit_id
            WHERE unit.path::text LIKE %(below)s
            UNION ALL
            SELECT 'day' || mark.id FROM people_daymark mark JOIN people_unit unit ON unit.id = mark.unit_id WHERE unit.path::text LIKE %(below)s
            UNION ALL
            SELECT 'tree' || id FROM people_treechange
        ) mark),
        (SELECT count(*) || ' ' || max(entry.id) FROM patrol_information entry JOIN people_unit unit ON unit.id = entry.unit_id
            WHERE unit.path::text LIKE %(informations)s)
    """,
    below="text",
    informations="text",
)


def turn(cursor, units: Iterable[int]) -> None:
    """Says that counts of these units were written. To be called after the marks were read, in the transaction that takes them."""
    cursor.execute(TURN, {"units": list(units)})


def version_of(user, unit: Unit) -> str:
    """The same as long as nothing counted for the unit and those below changes; LI alone for those who may know how many there are."""
    below = f"{unit.path}%"
    [told] = VERSION.rows(below=below, informations=below if user.scope.holds(INFORMATION_COUNTERS, unit) else "")
    return ":".join(map(str, told))


def tag_of(user, unit: Unit, version: str, address: str) -> str:
    """What the answer to one reader hangs on, as the ETag of parts of a page that renew themselves."""
    reader = (user.pk, sorted(user.scope.posts), get_language())
    content = (version, address, reader, str(unit.today()), staticfiles_storage.url("dist/app.js"), int(time.time() / KEPT))
    return f'"{hashlib.sha256(repr(content).encode()).hexdigest()[:32]}"'


def answered(request, tag: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """What `answer` says, or 304 where the reader has it. No browser keeps it: it is no page of its own, though it may share its address."""
    return cache_control(private=True, no_store=True)(condition(etag_func=lambda _request: tag)(lambda _request: answer()))(request)


def kept(version: str, key: tuple, make: Callable[[], Any]) -> Any:
    """What `make` counts, from the cache while the version is the same."""
    name = f"counted:{hashlib.sha256(repr((version, key)).encode()).hexdigest()}"
    if (found := cache.get(name)) is None:
        cache.set(name, found := make(), timeout=KEPT)
    return found

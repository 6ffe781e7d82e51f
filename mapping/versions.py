"""Drawings of areas that are kept beside those that count: how far they differ, and from when they count instead."""

import dataclasses
import datetime
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mapping.comparing import Change, Comparison, Heirs
from mapping.models import AreaShape
from polmas.people.imports import Line

DAY = datetime.timedelta(days=1)


@dataclasses.dataclass
class Differences:
    """What drawings kept aside would change: each area, and those that are divided."""

    changes: list[Change]
    divided: list[Heirs]


@transaction.atomic
def compare(drawings: QuerySet[AreaShape]) -> Differences:
    """Compares drawings with those that count today, in the database."""
    rows = list(drawings.select_related("area"))
    standing = _standing(rows)
    comparison = Comparison()
    comparison.add((row.area.code, row.area.name, row.area.depth, _key(standing.get(row.area_id)), row.shape) for row in rows)
    return Differences(comparison.changes(with_outlines=True), comparison.heirs([])[0])


@transaction.atomic
def make_valid(drawings: QuerySet[AreaShape], valid_from: datetime.date | None) -> tuple[list[AreaShape], list[Line]]:
    """Lets drawings count: from a day, or without one in place of those that stand, for all their days. Reports keep their villages.

    Returns those that count now, and what was refused, with the reason.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE mapping_areashape IN SHARE ROW EXCLUSIVE MODE")  # one change at a time; readers go on
    rows = list(drawings.select_related("area").defer("shape"))
    standing = _standing(rows)
    made, ended, refused = [], [], []
    for row in rows:
        old = standing.get(row.area_id)
        start = valid_from or (old.valid_from if old else None)
        if reason := _objection(row, old, start):
            refused.append(Line(row.area.code, row.area.name, reason))
            continue
        if old:
            _end(old, start)
            ended.append(old)
        row.is_current, row.valid_from, row.valid_to = True, start, None
        made.append(row)
        standing[row.area_id] = row
    AreaShape.objects.bulk_update(ended, ["is_current", "valid_to"], batch_size=1000)
    AreaShape.objects.bulk_update(made, ["is_current", "valid_from", "valid_to"], batch_size=1000)
    return made, refused


def _objection(row: AreaShape, old: AreaShape | None, start) -> str:
    if row.is_current:
        return _("this drawing counts already, or did on earlier days")
    if old and old.valid_from and start and start < old.valid_from:
        return _("a later drawing already stands from %(day)s on") % {"day": old.valid_from}
    return ""


def _end(old: AreaShape, start: datetime.date | None) -> None:
    """On the day before the other starts; for all its days where that is its own first."""
    if start is None or start == old.valid_from:
        old.is_current = False
    else:
        old.valid_to = start - DAY


def _standing(rows: Iterable[AreaShape]) -> dict[int, AreaShape]:
    areas = {row.area_id for row in rows}
    return {shape.area_id: shape for shape in AreaShape.objects.filter(area__in=areas, is_current=True, valid_to=None).defer("shape")}


def _key(shape: AreaShape | None) -> int | None:
    return shape.pk if shape else None

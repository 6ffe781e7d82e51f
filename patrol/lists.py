"""Long lists, cut by what was seen last: as fast after a thousand pages as on the first."""

import dataclasses
import datetime
import re
from collections.abc import Sequence

from django.db.models import Q, prefetch_related_objects
from django.shortcuts import get_object_or_404

from patrol.kinds import KINDS
from patrol.models import Report
from patrol.models.details import Detail
from patrol.models.reports import is_any_of

PER_PAGE = 40
CURSOR = re.compile(r"([0-9]{1,12})\.([0-9]{6})-([0-9]{1,18})")


@dataclasses.dataclass(frozen=True)
class Slice:
    """Some rows, and the address of those after them (empty on the last page)."""

    rows: Sequence[Report]
    older: str


def slice_of(reports, cursor: str) -> Slice:
    """The newest reports before a cursor; whatever is no cursor begins at the top."""
    # The page is cut by the report's own columns; what else a row shows is joined to these alone.
    keys = list(before(reports, cursor).order_by("-occurred_at", "-pk").values_list("pk", flat=True)[: PER_PAGE + 1])
    rows = list(reports.filter(pk__in=keys).order_by("-occurred_at", "-pk"))
    has_more = len(rows) > PER_PAGE
    return Slice(rows[:PER_PAGE], cursor_of(rows[PER_PAGE - 1].occurred_at, rows[PER_PAGE - 1].pk) if has_more else "")


def before(reports, cursor):
    place = place_of(cursor)
    if place is None:
        return reports
    at, pk = place
    return reports.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))


def place_of(cursor: str) -> tuple[datetime.datetime, int] | None:
    """Moment and number of the row seen last; None of whatever is no cursor."""
    match = CURSOR.fullmatch(cursor)
    if not match or int(match[1]) > 32_503_680_000:  # the year 3000
        return None
    return datetime.datetime.fromtimestamp(int(match[1]), datetime.UTC).replace(microsecond=int(match[2])), int(match[3])


def cursor_of(at: datetime.datetime, pk: int) -> str:
    return f"{int(at.replace(microsecond=0).timestamp())}.{at.microsecond:06d}-{pk}"


def settled(reports, user):
    """The reports of a queryset of `for_user`, to be cut by their order. An officer's come from several villages: which they are is found
    first, since walking through the whole country's in that order until a page is full takes long."""
    return Report.objects.filter(is_any_of("pk", reports.order_by().values("pk"))) if user.scope.is_officer else reports


def one_in_detail(reports, uuid) -> Report:
    """The report of that id with all that is shown of it; 404 where the queryset does not hold it."""
    return in_detail([get_object_or_404(reports.only("pk"), uuid=uuid)])[0]


def in_detail(rows) -> list[Report]:
    """The reports of some rows, in their order, with all that is shown of them: the details of each kind that occurs in one question.

    One question for all kinds at once would join them all, and planning that takes longer than reading the page.
    """
    people = ("officer", "unit", "area", "reviewed_by", "recorded_by")
    shown = Report.objects.select_related(*people).prefetch_related("photos", "campaign_entry__campaign__fields")
    reports = shown.in_bulk([row.pk for row in rows])
    for kind in {report.kind for report in reports.values()}:
        attach(KINDS[kind], {pk: report for pk, report in reports.items() if report.kind == kind})
    return [reports[row.pk] for row in rows]


def attach(entry, reports) -> None:
    """Gives reports of one kind their details, and these their repeated parts."""
    if issubclass(entry.model, Detail):
        details = entry.model._default_manager.filter(report__in=reports)
        for detail in details.select_related(f"{entry.subject}__area") if entry.subject else details:
            detail.report = reports[detail.report_id]  # and is thereby what the report has
    prefetch_related_objects(list(reports.values()), *parts_of(entry))


def parts_of(entry) -> list[str]:
    """What a report of this kind has several of, as Django names it from there."""
    if not issubclass(entry.model, Detail):
        return ["problemsolving__case__parties"]
    names = []
    for form in entry.form.rows.values():
        name = form._meta.model._meta.get_field(form.owner).remote_field.get_accessor_name()
        names += [f"{name}__{reference}__area" for reference in form.references()] or [name]
    return names

"""How far one is: an officer's own page, and the officers of a unit for those who read it."""

import csv
import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from polmas.people.models import Unit, User
from polmas.people.periods import DAY, Period
from polmas.people.scope import OFFICERS, in_subtrees
from polmas.people.sheets import harmless
from polmas.summaries import duty, progress
from polmas.summaries.models.targets import SETTERS
from polmas.summaries.progress import SPANS, VIEWS

DEFAULT = "minggu"
OLDEST = datetime.date(2015, 1, 1)
ON_A_PAGE = 40


@require_safe
def progress_list(request):
    """The officers of a unit, kind by kind; an officer who reads no unit finds the own page here."""
    scope = request.user.scope
    if not scope.whole_paths:
        if not scope.is_officer:
            raise Http404
        return shown(request, request.user)
    units = list(Unit.objects.filter(in_subtrees("path", scope.whole_paths), is_active=True))
    unit = next((unit for unit in units if unit.code == request.GET.get("satuan", units[0].code)), None)
    if unit is None:
        raise Http404
    view, day, context = period_asked(request, unit)
    serving = [found.person for found in duty.of_unit(unit, context["period"]).values() if found.person]
    people = sorted(serving, key=lambda person: (person.name, person.pk))
    page = Paginator(people, ON_A_PAGE).get_page(request.GET.get("page"))
    if request.GET.get("format") == "csv":
        return as_csv(progress.of_officers(unit, people, view, day, unit.path), context["period"])
    lines = progress.of_officers(unit, list(page), view, day, unit.path)
    context |= {"unit": unit, "units": units, "page": page, "lines": lines, "kinds": kinds_of(lines), "is_officer": scope.is_officer}
    context["may_set"] = scope.has(*SETTERS)
    return render(request, "summaries/progress_list.html", context)


@require_safe
def progress_detail(request, pk):
    """One officer's progress: the own one, or of somebody who serves or served in a unit that one reads."""
    if pk == request.user.pk and request.user.scope.is_officer:
        return shown(request, request.user)
    for path in sorted(request.user.scope.whole_paths):
        person = User.objects.filter(postings__role__in=OFFICERS, postings__unit__path__startswith=path, pk=pk).first()
        if person:
            return shown(request, person, path)
    raise Http404


def shown(request, person, within=""):
    """The page of one person, by the calendar of the unit of the last post as an officer that the reader may know of."""
    posts = person.postings.filter(role__in=OFFICERS, unit__path__startswith=within).select_related("unit")
    post = posts.order_by("-starts_on", "-pk").first()
    view, day, context = period_asked(request, post.unit)
    [line] = progress.of_officers(post.unit, [person], view, day, within)
    is_own = person.pk == request.user.pk
    context |= {"person": person, "post": post, "line": line, "is_own": is_own, "may_list": bool(request.user.scope.whole_paths)}
    return render(request, "summaries/progress_detail.html", context)


def period_asked(request, unit):
    """Day, week or month (`periode`) around a day (`tanggal`), and the addresses of the one before and after."""
    name = request.GET.get("periode") if request.GET.get("periode") in VIEWS else DEFAULT
    today = unit.today()
    day = asked_day(request.GET.get("tanggal", ""), today)
    period = SPANS[VIEWS[name]](day)
    kept = {key: request.GET[key] for key in ("satuan",) if key in request.GET}

    def address(view, day):
        return "?" + urlencode({**kept, "periode": view, **({} if day == today else {"tanggal": day.isoformat()})})

    context = {
        "period": period,
        "view": name,
        "views": [(key, label, address(key, day)) for key, label in (("hari", _("Day")), ("minggu", _("Week")), ("bulan", _("Month")))],
        "before": address(name, period.start - DAY),
        "after": address(name, min(period.end + DAY, today)) if period.end < today else "",
        "is_running": period.includes(today),
    }
    return VIEWS[name], day, context


def asked_day(text: str, today: datetime.date) -> datetime.date:
    """A day that was asked for, neither in the future nor before there was anything; whatever is no day is today."""
    try:
        day = parse_date(text) or today
    except ValueError:
        day = today
    return min(max(day, OLDEST), today)


def kinds_of(lines) -> list[tuple[str, str]]:
    """The kinds that stand in any of the lines, in their order."""
    found = {line.kind: line.label for row in lines for line in row.lines}
    return [(kind, found[kind]) for kind in progress.order_of_kinds() if kind in found]


def as_csv(rows, period: Period):
    """The table for a spreadsheet, with semicolons as Excel reads it in Indonesia: for each kind what was done and what was expected."""
    kinds = kinds_of(rows)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="capaian-{period.start}-{timezone.localdate():%Y%m%d}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    heads = [head for _kind, label in kinds for head in (str(label), _("target %(kind)s") % {"kind": label})]
    writer.writerow([_("NRP or NIP"), _("Name"), _("Days on duty"), *heads, _("All activities"), _("Target"), _("Cluster")])
    for row in rows:
        by_kind = row.by_kind()
        cells = [cell for kind, _label in kinds for cell in _cells(by_kind.get(kind))]
        cluster = row.cluster.label if row.cluster else ""
        line = [row.person.username, row.person.full_name, row.days_present, *cells, row.total.count, row.total.goal, cluster]
        writer.writerow([harmless(str(cell)) for cell in line])
    return response


def _cells(line):
    return (line.count, "" if line.goal is None else line.goal) if line else ("", "")

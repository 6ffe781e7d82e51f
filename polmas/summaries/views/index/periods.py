"""Quarters of the index: the list with its trend, one quarter, its way through its states, and how areas compare."""

import functools
import operator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mapping.models import Area
from polmas.people.scope import INDEX_KEEPERS
from polmas.summaries import index_results, radars
from polmas.summaries.forms_index import IndexPeriodForm
from polmas.summaries.models import IndexBoard, IndexField, IndexPeriod, IndexStep
from polmas.summaries.views.index import kept_board_of, kept_period_of, period_of, reader, reads_reasons

PER_PAGE = 20
SHOWN_QUARTERS = 8
COMPARED, MOST_AREAS = 4, 60


def index_list(request):
    """Quarters, the newest first, with what each came to; and the boards."""
    user = reader(request)
    periods = IndexPeriod.objects.for_user(user).select_related("area", "unit", "board")
    asked = request.GET
    for word in asked.get("q", "").replace("\0", "")[:120].split()[:5]:
        periods = periods.filter(area__name__icontains=word)
    if asked.get("status") in IndexPeriod.State.values:
        periods = periods.filter(state=asked["status"])
    page = Paginator(periods, PER_PAGE).get_page(asked.get("page"))
    briefs = index_results.briefs_of(page)
    context = {
        "page_obj": page,
        "rows": [{"period": period, "total": briefs[period.pk].total if period.pk in briefs else None} for period in page],
        "boards": IndexBoard.objects.for_user(user).select_related("area").order_by("-is_active", "area__code")[:MOST_AREAS],
        "asked": asked,
        "states": IndexPeriod.State.choices,
        "is_narrowed": bool(asked.get("q") or asked.get("status")),
        "may_found": user.scope.has(*INDEX_KEEPERS),
        "steps": IndexStep.objects.for_user(user).filter(state=IndexStep.State.OPEN).count(),
        "reads_reasons": reads_reasons(user),
    }
    return render(request, "summaries/index_list.html", context)


def period_create(request, uuid):
    board = kept_board_of(request, uuid)
    form = IndexPeriodForm(request.POST or None, board=board)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                period = form.save(request.user)
        except IntegrityError:
            form.add_error(None, _("This quarter is there already."))
        else:
            messages.success(request, _("The quarter is open: its members can score."))
            return redirect("summaries:index_detail", uuid=period.uuid)
    return render(request, "summaries/index_period_form.html", {"form": form, "board": board})


def index_detail(request, uuid):
    """One quarter: how far the scoring is while it is open; then fields, indicators with their spread, radar, trend and steps."""
    period = period_of(request, uuid)
    user, board = request.user, period.board
    own = board.member_of(user)
    context = {
        "period": period,
        "board": board,
        "own": own if own and period.is_open else None,
        "may_keep": board.may_be_kept_by(user),
        "names_persons": board.names_persons_to(user),
        "today": period.unit.today(),
        "steps": period.steps.select_related("indicator"),
    }
    if period.is_open:
        context |= progress_of(period)
    else:
        context |= shown_of(period)
    return render(request, "summaries/index_detail.html", context)


def progress_of(period) -> dict:
    """How many indicators each member has scored; nobody's numbers."""
    total = period.scheme.weights.count()
    done: dict[int, int] = {}
    for member_id in period.scores.counted().order_by().values_list("member", flat=True):
        done[member_id] = done.get(member_id, 0) + 1
    members = [{"member": member, "done": done.get(member.pk, 0)} for member in period.scorers().select_related("user")]
    return {
        "scorers": members,
        "total_indicators": total,
        "started": sum(bool(row["done"]) for row in members),
        "finished": sum(row["done"] == total for row in members),
    }


def shown_of(period) -> dict:
    """Numbers and pictures of a quarter that is scored."""
    result = index_results.result_of(period)
    quarters = index_results.before(period, SHOWN_QUARTERS)
    briefs = index_results.briefs_of(quarters)
    earlier = briefs[quarters[-2].pk].by_field if len(quarters) > 1 else {}
    names = [str(part.label).capitalize() for part in result.fields]
    radar = radars.radar_of(
        names,
        [part.index.value for part in result.fields],
        [earlier[part.field].value if part.field in earlier else None for part in result.fields],
    )
    return {
        "result": result,
        "radar": radar,
        "earlier": quarters[-2] if len(quarters) > 1 else None,
        "earlier_total": briefs[quarters[-2].pk].total if len(quarters) > 1 else None,
        "by_field_before": earlier,
        "trend": [{"period": other, "total": briefs[other.pk].total} for other in quarters],
        "points": radars.trend_of([(other.short_title, briefs[other.pk].total.value) for other in quarters]) if len(quarters) > 1 else [],
        "agreed_count": sum(line.agreed is not None for part in result.fields for line in part.lines),
    }


@require_POST
def index_move(request, uuid):
    """Ends the scoring, opens it again, closes the quarter, or takes one away that nobody has scored."""
    period = kept_period_of(request, uuid)
    act = request.POST.get("act", "")
    try:
        if act == "end":
            period.end_scoring()
            messages.success(request, _("The scoring is over. The board now looks at the scores together."))
        elif act == "reopen":
            period.reopen()
            messages.success(request, _("Members can score again. The agreed values are gone."))
        elif act == "close":
            index_results.close(period, request.user)
            messages.success(request, _("The quarter is closed and locked."))
        elif act == "delete":
            return _deleted(request, period)
        else:
            messages.error(request, _("That cannot be done with a quarter."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("summaries:index_detail", uuid=uuid)


def _deleted(request, period):
    with transaction.atomic():
        period.hold(IndexPeriod.State.OPEN)
        if period.scores.exists() or period.steps.exists():
            raise ValidationError(_("Somebody has begun to score: this quarter stays."))
        period.delete()
    messages.success(request, _("The quarter is taken away."))
    return redirect("summaries:index_board_detail", uuid=period.board.uuid)


def index_compare(request):
    """Areas in lines, the last quarters in columns: the total, or one field of it."""
    user = reader(request)
    field = request.GET.get("bidang", "")
    field = field if field in IndexField.values else ""
    closed = IndexPeriod.objects.for_user(user).filter(state=IndexPeriod.State.CLOSED)
    quarters = sorted(closed.order_by("-year", "-quarter").values_list("year", "quarter").distinct()[:COMPARED])
    shown = closed.filter(functools.reduce(operator.or_, (Q(year=year, quarter=quarter) for year, quarter in quarters), Q(pk__in=[])))
    areas = Area.objects.filter(pk__in=shown.order_by().values("area")).order_by("code")
    found = list(shown.filter(area__in=areas[:MOST_AREAS].values("pk")).select_related("area").order_by("area__code"))
    cells: dict[int, dict] = {}
    for period in found:
        cells.setdefault(period.area_id, {})[period.year, period.quarter] = period
    briefs = index_results.briefs_of(found)
    names = dict(IndexPeriod._meta.get_field("quarter").flatchoices)
    heads = {(year, quarter): f"{names[quarter]}/{year}" for year, quarter in quarters}
    rows = [
        {"area": area, "cells": [(head, _cell(cells[area.pk].get(quarter), briefs, field)) for quarter, head in heads.items()]}
        for area in dict.fromkeys(period.area for period in found)
    ]
    context = {
        "rows": rows,
        "heads": heads.values(),
        "fields": IndexField.choices,
        "field": field,
        "hidden": max(0, areas.count() - MOST_AREAS),
        "reads_reasons": reads_reasons(user),
    }
    return render(request, "summaries/index_compare.html", context)


def _cell(period, briefs, field) -> dict | None:
    if period is None:
        return None
    brief = briefs[period.pk]
    index = brief.by_field.get(field) if field else brief.total
    return {"period": period, "index": index} if index and index.value is not None else None

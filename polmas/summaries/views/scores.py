"""Scores of officers: one's own and how it came about, those of one's officers for superiors, and the rows behind each number."""

import logging

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from polmas.people import sheets
from polmas.people.models import Unit, User
from polmas.people.months import Month
from polmas.people.scope import OFFICERS, in_subtrees
from polmas.summaries import score_lists as lists
from polmas.summaries import score_rows
from polmas.summaries.models import Award, OfficerScore, ScoreLabel, ServiceNote
from polmas.summaries.models.targets import SETTERS

log = logging.getLogger("polmas.summaries")
PER_PAGE = 40
MOST_UNITS = 400  # to choose from
MONTHS_SHOWN = 12


def is_superior(user) -> bool:
    return bool(user.scope.command_paths) or user.scope.is_supervisor


@require_safe
def score_list(request):
    """The officers whom one commands, by their scores; an officer finds the own page."""
    user = request.user
    if not is_superior(user):
        if not user.scope.is_officer:
            raise Http404
        return redirect("summaries:score_detail", pk=user.pk)
    context = _asked(request)
    page = Paginator(context["scores"], PER_PAGE).get_page(request.GET.get("page"))
    ranks = lists.places(context["all_scores"]) if context["is_ranked"] else {}
    rows = [{"score": score, "place": ranks.get(score.pk), "parts": lists.part_cells(score)} for score in page]
    context |= {"page_obj": page, "rows": rows, "labels": ScoreLabel.choices, "orders": lists.ORDERS, "tiles": lists.tiles(context["all_scores"])}
    context["may_weigh"] = user.scope.has(*SETTERS)
    context["is_narrowed"] = any(request.GET.get(name) for name in ("q", "predikat"))
    return render(request, "summaries/score_list.html", context)


@require_safe
def score_export(request):
    """The list as it is narrowed, for a spreadsheet. Who took what is logged."""
    if not is_superior(request.user):
        raise Http404
    context = _asked(request)
    log.info("export of scores of %s for %s by user %s", context["unit"], context["month"], request.user.pk)
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    ranks = lists.places(context["all_scores"]) if context["is_ranked"] else None
    rows = lists.table(context["scores"], ranks)
    return sheets.sent(form, f"nilai-petugas-{context['month']}", _("Scores"), lists.headings(context["is_ranked"]), rows)


def _asked(request) -> dict:
    """The unit (`satuan`), month (`bulan`) and rows that are asked for."""
    user, asked = request.user, request.GET
    units = list(lists.units_commanded(user)[:MOST_UNITS])
    unit = _unit_asked(user, units, asked.get("satuan", ""))
    today = (unit or user.post.unit).today()
    month = _month_asked(asked, today)
    everything = lists.rows_for(user, unit, month)
    is_ranked = unit is not None and not unit.hides_ranking
    order = lists.order_asked(asked, is_ranked)
    return {
        "units": units,
        "unit": unit,
        "month": month,
        "asked": asked,
        "order": order,
        "is_ranked": is_ranked,
        "all_scores": everything,
        "scores": lists.ordered(lists.narrowed(everything, asked), order),
        **_beside(month, today),
    }


def _unit_asked(user, units: list[Unit], code: str) -> Unit | None:
    """The unit of a code, or the topmost; 404 for one that the user does not command."""
    if not units:
        return None
    if not code:
        return units[0]
    unit = next((unit for unit in units if unit.code == code), None) or lists.units_commanded(user).filter(code=code.replace("\0", "?")).first()
    if unit is None:
        raise Http404
    return unit


def _month_asked(asked, today) -> Month:
    """Not after the month that runs."""
    month = Month.asked(asked.get("bulan", ""), today)
    return month if month.first <= today else Month.of(today)


def _beside(month: Month, today) -> dict:
    following = month.next
    return {"before": month.previous, "after": following if following.first <= today else None, "is_running": month.first == today.replace(day=1)}


@require_safe
def score_detail(request, pk):
    """How one officer's score came about; for the officer and the superiors in line."""
    person, unit = _person(request.user, pk)
    today = unit.today()
    month = _month_asked(request.GET, today)
    seen = OfficerScore.objects.for_user(request.user).filter(officer=person)
    score = seen.of_month(month.first).select_related("officer", "unit").first()
    earlier = list(seen.filter(month__lte=month.first).order_by("-month")[:MONTHS_SHOWN])
    is_own = person.pk == request.user.pk
    context = {
        "person": person,
        "unit": unit,
        "month": month,
        "score": score,
        "is_own": is_own,
        "earlier": earlier[::-1],
        "parts": score_rows.parts_of(score) if score else [],
        "awards": Award.objects.for_user(request.user).filter(officer=person, state=Award.State.DECIDED).select_related("unit")[:MONTHS_SHOWN],
        "notes": ServiceNote.objects.for_user(request.user).standing().filter(officer=person).count(),
        "may_list": is_superior(request.user),
        **_beside(month, today),
    }
    return render(request, "summaries/score_detail.html", context)


def _person(user, pk) -> tuple[User, Unit]:
    """The officer and the unit by whose calendar the months are: oneself, somebody whom one commands today, or whose score one reads."""
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise Http404
    posts = person.postings.filter(role__in=OFFICERS).select_related("unit").order_by("-starts_on", "-pk")
    if person.pk == user.pk:
        post = posts.first()
        if post is None:
            raise Http404
        return person, post.unit
    known = OfficerScore.objects.for_user(user).filter(officer=person).select_related("unit").order_by("-month").first()
    post = posts.filter(in_subtrees("unit__path", user.scope.command_paths)).first()
    if known is None and post is None:
        raise Http404
    return person, post.unit if post else known.unit


@require_safe
def score_rows_list(request, pk, what):
    """The rows behind one number of a month."""
    person, unit = _person(request.user, pk)
    month = _month_asked(request.GET, unit.today())
    scores = OfficerScore.objects.for_user(request.user).filter(officer=person).of_month(month.first)
    score = scores.select_related("officer", "unit").first()
    if score is None or what not in score_rows.ROWS:
        raise Http404
    found, told = score_rows.rows_of(score, what)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"person": person, "month": month, "month_text": str(month), "score": score, "page_obj": page, "rows": [told(row) for row in page]}
    return render(request, "summaries/score_rows.html", context | {"title": score_rows.ROWS[what][1], "is_own": person.pk == request.user.pk})

"""Giat tematik: the list, how far each one is, and what its operator does with it."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mapping.models import Area
from patrol import campaign_sheets, campaigns
from patrol.access import reader
from patrol.campaign_forms import CampaignForm
from patrol.filters import COUNTED
from patrol.models import Campaign, CampaignEntry, CampaignState, Report
from patrol.models.campaigns import KEEPERS, STATES, today_of
from patrol.trends import trend_of
from patrol.views.reports import listed
from polmas.people import sheets
from polmas.people.models import User

ON_A_PAGE = 30
LATEST, MOST_LINES = 10, 100  # reports shown, lines of a table
ADDRESSES = {"berjalan": CampaignState.RUNNING, "nanti": CampaignState.COMING, "selesai": CampaignState.ENDED}
log = logging.getLogger("polmas.patrol")


@require_safe
def campaign_list(request):
    """Those in sight, the running ones first; each with what was reached."""
    user = reader(request)
    page = Paginator(searched(user, request.GET), ON_A_PAGE).get_page(request.GET.get("page"))
    campaigns.count_for(user, page.object_list)
    context = {
        "page": page,
        "asked": request.GET,
        "states": [(word, state.label) for word, state in ADDRESSES.items()],
        "may_create": user.scope.has(*KEEPERS),
        "is_own": not user.scope.whole_paths,
    }
    return render(request, "patrol/campaign_list.html", context)


def searched(user, asked):
    """What was asked for by words, by state; running, then to come, then ended."""
    today = today_of(user)
    found = Campaign.objects.for_user(user).select_related("unit").prefetch_related("fields")
    if asked.get("status") in ADDRESSES:
        found = found.in_state(ADDRESSES[asked["status"]], today)
    for word in asked.get("q", "").replace("\0", "").split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(tag__icontains=word) | Q(unit__name__icontains=word))
    turns = [When(STATES[state](today), then=Value(turn)) for turn, state in enumerate((CampaignState.RUNNING, CampaignState.COMING))]
    return found.order_by(Case(*turns, default=Value(2), output_field=IntegerField()), "-ends_on", "-pk")


@require_safe
def campaign_export(request):
    """The list as it was narrowed. Who took what is logged."""
    user = reader(request)
    found = list(searched(user, request.GET)[: campaign_sheets.MAX_ROWS])
    log.info("giat tematik, the list of %d taken by user %s", len(found), user.pk)
    return file_of(request, "giat-tematik", campaign_sheets.heads_of_list(), campaign_sheets.rows_of_list(found, campaigns.sums_for(user, found)))


def file_of(request, name, heads, rows) -> FileResponse:
    form = "xlsx" if request.GET.get("bentuk") == "xlsx" else "csv"
    return sheets.sent(form, name, "Giat tematik", heads, rows)


def campaign_for(request, uuid) -> Campaign:
    seen = Campaign.objects.for_user(reader(request)).select_related("unit", "created_by", "ended_by").prefetch_related("fields")
    return get_object_or_404(seen, uuid=uuid)


@require_safe
def campaign_detail(request, uuid):
    """How far it is: against its target, its sums, by day, by village and by officer, and the latest reports."""
    campaign, user = campaign_for(request, uuid), request.user
    entries = CampaignEntry.objects.for_user(user).filter(campaign=campaign).counted()
    rows = campaigns.added_up(entries, "day", "area", "officer")
    total = campaigns.total_of(rows)
    days = {row["day"]: row["count"] for row in campaigns.regrouped(rows, "day")}
    is_kept = campaign.is_kept_by(user)
    context = {
        "campaign": campaign,
        "total": total,
        "sums": campaigns.sums_in_words(campaign, total),
        "is_whole": campaigns.reads_whole(user, campaign),
        "is_own": not user.scope.whole_paths,
        "trend": trend_of(days, campaign.starts_on, min(campaign.ends_on, campaign.unit.today())),
        "tables": tables_of(campaign, rows, with_officers=bool(user.scope.whole_paths)),
        "reports": latest(entries),
        "rows_path": rows_path(campaign, user),
        "is_kept": is_kept,
        "may_delete": is_kept and total["count"] == 0,
    }
    return render(request, "patrol/campaign_detail.html", context)


def rows_path(campaign, user) -> str:
    """The address of the very reports that are counted here."""
    own = "" if user.scope.whole_paths else "&cakupan=saya"
    return f"{reverse('patrol:report_list')}?giat={campaign.uuid}&status={COUNTED}{own}"


def latest(entries) -> list[Report]:
    keys = list(entries.order_by("-report__occurred_at", "-pk").values_list("pk", flat=True)[:LATEST])
    return list(listed(Report.objects.filter(pk__in=keys)).order_by("-occurred_at", "-pk"))


def tables_of(campaign, rows, with_officers) -> list[dict]:
    """What was reached by village, and by officer for those who read a unit: each line with its reports' address, the most first."""
    villages = lines_of(campaign, rows, "area", Area.objects.in_bulk, lambda area: ("wilayah", area.code, area.name))
    tables = [{"title": _("By village"), "head": _("Village"), **villages}]
    if with_officers:
        people = lines_of(campaign, rows, "officer", User.objects.in_bulk, lambda one: ("pengisi", one.username, one.full_name))
        tables.append({"title": _("By officer"), "head": _("Officer"), **people})
    return tables


def lines_of(campaign, rows: list[dict], key: str, fetch: Callable[[list], dict[int, Any]], told: Callable[[Any], tuple]) -> dict:
    """Lines of (name, part of the address, count, sums), and how many more there are."""
    groups = campaigns.regrouped(rows, key)
    shown = sorted(groups, key=lambda row: (-row["count"], row[key]))[:MOST_LINES]
    found = fetch([row[key] for row in shown])
    lines = []
    for row in shown:
        parameter, value, name = told(found[row[key]])
        lines.append({"name": name, "query": f"{parameter}={value}", "count": row["count"], "numbers": campaigns.sums_in_words(campaign, row)})
    return {"lines": lines, "total": len(groups), "more": len(groups) - len(shown)}


@require_safe
def campaign_rows(request, uuid):
    """Its reports with their numbers, of those that the reader may count. Who took them is logged."""
    campaign, user = campaign_for(request, uuid), request.user
    entries = CampaignEntry.objects.for_user(user).filter(campaign=campaign).counted()
    reports = Report.objects.filter(pk__in=entries.values("pk")).select_related("officer", "unit", "area", "campaign_entry")
    if reports[campaign_sheets.MAX_ROWS :].exists():
        limit = number_format(campaign_sheets.MAX_ROWS)
        messages.error(request, _("More than %(limit)s activities: open the list and download them there, narrowed by days.") % {"limit": limit})
        return redirect("patrol:campaign_detail", uuid=uuid)
    log.info("reports of giat tematik %s taken by user %s", campaign.uuid, user.pk)
    rows = campaign_sheets.rows_of_reports(campaign, reports.order_by("occurred_at", "pk").iterator(chunk_size=500))
    return file_of(request, "giat", campaign_sheets.heads_of_reports(campaign), rows)


def keeper(request):
    """The signed-in person, if they keep the campaigns of any unit."""
    if not request.user.scope.has(*KEEPERS):
        raise Http404
    return request.user


def kept(request, uuid) -> Campaign:
    return get_object_or_404(Campaign.objects.kept_by(keeper(request)).select_related("unit").prefetch_related("fields"), uuid=uuid)


def campaign_create(request):
    form = CampaignForm(request.POST or None, user=keeper(request))
    if request.method == "POST" and form.is_valid() and form.store():
        messages.success(request, _("The giat tematik is set. Officers find it in their forms from its first day on."))
        return redirect("patrol:campaign_detail", uuid=form.instance.uuid)
    return render(request, "patrol/campaign_form.html", {"form": form})


def campaign_update(request, uuid):
    """Other words and days; one that was ended by hand stays as it is."""
    campaign = kept(request, uuid)
    if campaign.is_stopped:
        raise Http404
    form = CampaignForm(request.POST or None, instance=campaign, user=request.user)
    if request.method == "POST" and form.is_valid() and form.store():
        messages.success(request, _("Saved."))
        return redirect("patrol:campaign_detail", uuid=uuid)
    return render(request, "patrol/campaign_form.html", {"form": form, "campaign": kept(request, uuid)})


@require_POST
def campaign_end(request, uuid):
    campaign = kept(request, uuid)
    try:
        campaign.end(request.user)
        messages.success(request, _("Ended. Reports of the days until today that phones still hold are counted when they come."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:campaign_detail", uuid=uuid)


@require_POST
def campaign_delete(request, uuid):
    campaign = kept(request, uuid)
    try:
        campaign.remove()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("patrol:campaign_detail", uuid=uuid)
    messages.success(request, _("Deleted. Its history stays."))
    return redirect("patrol:campaign_list")

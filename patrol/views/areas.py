"""Areas: who finds which, and what is known of one."""

import datetime

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from mapping.models import Area, AreaShape, Beat
from mapping.outlines import feature_collection
from mapping.profiles import shown_profile
from patrol.models import Household, Report
from patrol.register_pages import coverage_by_rw, coverage_of
from patrol.views.reports import SUBJECTS
from polmas.people.models import UnitKind

PER_PAGE = 30
LATEST = 20
ABOVE_POLRES = (UnitKind.MABES, UnitKind.POLDA)
YEAR = datetime.timedelta(days=365)


def area_list(request):
    """The own areas; with `q` all whose name or code fits, the own ones first. Above a Polres the own ones are thousands that nobody leafs
    through: they are found by name, or from their province down."""
    areas = areas_in_sight(request.user)
    text = request.GET.get("q", "").replace("\x00", "")[:120].strip()
    mine = Area.objects.mine(request.user, timezone.localdate())
    is_wide = any(posting.unit.kind in ABOVE_POLRES for posting in request.user.postings_today)
    if text:
        found = areas.search(text).ranked(request.user, timezone.localdate()).order_by("rank", "depth", "code")
    else:
        found = (areas.none() if is_wide else mine).order_by("depth", "code")
    page = Paginator(found.select_related("parent"), PER_PAGE).get_page(request.GET.get("page"))
    provinces = areas.filter(depth=1) if not text and page.number == 1 else []
    return render(request, "patrol/area_list.html", {"page_obj": page, "text": text, "provinces": provinces, "is_wide": is_wide})


def area_detail(request, code):
    """One area: where it lies, who holds it, and what was done there."""
    user, day = request.user, timezone.localdate()
    area = get_object_or_404(areas_in_sight(user).by_code(code))
    context = {
        "area": area,
        "parents": area.ancestors(),
        "children": area.children.all(),
        "map": map_of(area, day),
        "is_local": area.depth >= Area.VILLAGE_DEPTH,
    }
    context |= shown_profile(user, area, request.GET.get("tahun", ""))
    if context["is_local"]:
        context |= local_figures(user, area, day)
    return render(request, "patrol/area_detail.html", context)


def areas_in_sight(user):
    areas = Area.objects.for_user(user)
    if areas.query.is_empty():
        raise Http404
    return areas


def local_figures(user, area, day) -> dict:
    """Holders and visits of a village or a part of it; of larger areas the dashboards tell."""
    within = Area.objects.below(area)
    reports = Report.objects.for_user(user).filter(area__in=within)
    year = reports.counted().filter(day__gt=day - YEAR).aggregate(visits=Count("pk"), households=Count("visit__household", distinct=True))
    latest = list(reports.select_related("officer", "unit", *SUBJECTS).order_by("-occurred_at")[:LATEST])
    parts = coverage_by_rw(Household.objects.for_user(user).filter(area=area), day) if area.is_village else []
    return {
        "coverage": parts,
        "vulnerable": [part for part in parts if part.vulnerable],
        "covered": coverage_of(parts),
        "beats": Beat.objects.for_user(user).on(day).filter(area__in=within).select_related("user", "unit", "area"),
        "year": year,
        "year_from": day - YEAR + datetime.timedelta(days=1),
        "year_until": day,
        "latest": latest,
        "points": [point_of(report) for report in latest if report.location],
    }


def point_of(report) -> dict:
    return {
        "lon": report.location.x,
        "lat": report.location.y,
        "label": f"{report.kind_label}, {report.officer}",
        "url": reverse("patrol:report_detail", args=[report.uuid]),
    }


def map_of(area, day) -> dict | None:
    """The area among its neighbours; where nobody drew it, the parts that it consists of."""
    shapes = AreaShape.objects.on(day)
    extent = shapes.filter(area=area).aggregate(extent=Extent("shape"))["extent"]
    if extent:
        shown, own = shapes.filter(area__depth=area.depth, shape__bboverlaps=Polygon.from_bbox(wider(extent))), frozenset({area.code})
    else:
        shown = shapes.filter(area__parent=area)
        extent, own = shown.aggregate(extent=Extent("shape"))["extent"], frozenset()
    if not extent:
        return None
    collection = feature_collection(shown, extent, own)
    return {"areas": collection, "extent": extent}


def wider(extent, share=0.25):
    """The box with a margin, so that neighbours fill the corners of the map."""
    west, south, east, north = extent
    x, y = (east - west) * share, (north - south) * share
    return west - x, south - y, east + x, north + y

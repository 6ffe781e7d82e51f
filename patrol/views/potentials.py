"""Pages of what a village has to build on: its lists, one entry, and what is recorded of it."""

import math
from typing import Any

from django.contrib import messages
from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mapping.models import Area, AreaShape
from mapping.models.areas import in_indonesia
from mapping.models.registers import Influence
from mapping.outlines import feature_collection
from patrol import potential_pages as pages
from patrol import potential_sheets
from patrol.maps import map_of_entry
from patrol.models import Report
from patrol.potential_forms import FORMS, reason_given
from patrol.potential_pages import BY_CLASS, ORDERS, Tab, tab_asked, tab_of
from patrol.register_pages import villages_kept
from patrol.views.reports import SUBJECTS
from polmas.people import sheets

PER_PAGE = 40
LATEST_VISITS = 10
MOST_SHAPES = 200  # on the map of a form


@require_safe
def entry_list(request, key):
    """One of the lists, narrowed by what the address asks."""
    tab = tab_asked(key, request.GET)
    user = pages.reader(request, tab)
    entries = pages.narrowed(tab, user, request.GET)
    context = {
        "tab": tab,
        "tabs": pages.tabs_for(user, tab),
        "page": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "asked": request.GET,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "wilayah", "jenis", "pengaruh", "lama", "berakhir")),
        "codes": tab.codes(),
        "villages": pages.villages_to_choose(user),
        "influences": Influence.choices if pages.has_influence(tab) else [],
        "orders": ORDERS,
        "may_add": pages.may_add(user),
        "day": timezone.localdate(),
        **{f"{act}_page": f"patrol:{tab.key}_{act}" for act in ("detail", "export")},
    }
    return render(request, "patrol/potential_list.html", context)


@require_safe
def entry_export(request, key):
    """The list as it is narrowed, for a spreadsheet. Who took it is kept."""
    tab = tab_asked(key, request.GET)
    user = pages.reader(request, tab)
    if not tab.is_kept:
        raise Http404  # the register of tokoh has an export of its own
    entries = pages.narrowed(tab, user, request.GET)
    if entries[potential_sheets.MAX_ROWS :].exists():
        messages.error(request, _("These are more than %(most)s rows. Narrow the list first.") % {"most": number_format(potential_sheets.MAX_ROWS)})
        return redirect(tab.path)
    pages.log_export(user, tab, request.GET.urlencode())
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    name = (tab.main_class or tab.key).lower()
    return sheets.sent(form, name, str(tab.title), potential_sheets.headings(tab), potential_sheets.rows_of(tab, entries))


@never_cache
@require_safe
def entry_detail(request, key, uuid):
    entry = entry_of(request, key, uuid)
    return render(request, "patrol/potential_detail.html", shown_of(request, entry))


@never_cache
@require_POST
def entry_phones(request, key, uuid):
    """The same page with the phone number in full; that it was asked for is kept."""
    entry = entry_of(request, key, uuid)
    pages.log_phones(request.user, entry)
    return render(request, "patrol/potential_detail.html", {**shown_of(request, entry), "shows_phones": True})


def entry_of(request, key, uuid) -> Any:
    tab = tab_asked(key, {})
    entries = tab.model.objects.for_user(pages.reader(request, tab))
    if key == "partner":
        entries = entries.with_expiry(timezone.localdate())
    return get_object_or_404(entries.select_related("area", "unit", "recorded_by"), uuid=uuid)


def kept_entry(request, key, uuid) -> Any:
    """An entry that the person may change; for everybody else there is nothing here."""
    entry = entry_of(request, key, uuid)
    if not entry.may_be_kept_by(request.user):
        raise Http404
    return entry


def shown_of(request, entry) -> dict:
    tab, day = tab_of(entry), entry.unit.today()
    return {
        "entry": entry,
        "tab": tab,
        "register": tab,
        "facts": pages.facts_of(entry, tab),
        "day": day,
        "map": map_of_entry(entry),
        "may_keep": entry.may_be_kept_by(request.user),
        **parts_of(request.user, entry, day),
    }


def parts_of(user, entry, day) -> dict:
    """What belongs to one kind of entry: members, agreements, villages and visits."""
    if hasattr(entry, "members"):
        return {"members": entry.members.all()}
    if hasattr(entry, "cooperations"):
        rows = entry.cooperations.all()
        return {"cooperations": [{"row": row, "is_expiring": row.is_expiring_on(day), "has_ended": row.has_ended_on(day)} for row in rows]}
    if hasattr(entry, "areas"):
        return {"other_areas": entry.areas.all(), "visits": visits_to(entry, user)}
    return {}


def visits_to(community, user) -> QuerySet[Report]:
    reports = Report.objects.for_user(user).filter(visit__community=community).select_related("officer", "unit", "area", *SUBJECTS)
    return reports.order_by("-occurred_at", "-pk")[:LATEST_VISITS]


def entry_create(request, key):
    """A new entry. `titik=lat,lon` is where the map was touched: the point and its village are filled in."""
    tab = tab_asked(key, request.GET)
    user = pages.reader(request, tab)
    if not tab.is_kept:
        return redirect("patrol:contact_create")
    if not villages_kept(user).exists():
        raise Http404
    instance = tab.model(main_class=tab.main_class) if tab.main_class else tab.model()
    form = FORMS[key](request.POST or None, instance=instance, user=user, initial=initial_of(request.GET.get("titik", "")))
    if request.method == "POST" and form.is_valid() and (entry := form.stored()):
        messages.success(request, _("%s is recorded.") % entry)
        return redirect(f"patrol:{key}_detail", uuid=entry.uuid)
    context = {"form": form, "register": tab, "pin_map": pin_map_of(user), "classes": classes_beside(tab, request.GET)}
    return render(request, "patrol/register_form.html", context)


def classes_beside(tab: Tab, asked) -> list[dict]:
    """The three classes as links that keep the point."""
    if not tab.main_class:
        return []
    return [
        {"label": other.title, "main_class": other.main_class, "is_here": other == tab, "titik": asked.get("titik", "")}
        for other in BY_CLASS.values()
        if other.is_kept
    ]


def initial_of(titik: str) -> dict:
    """The position that an address names, and the village that covers it; nothing where it names none."""
    lat, _comma, lon = titik.partition(",")
    try:
        y, x = float(lat), float(lon)
    except ValueError:
        return {}
    if not (math.isfinite(y) and math.isfinite(x) and in_indonesia(x, y)):
        return {}
    return {"lat": round(y, 6), "lon": round(x, 6), "area": Area.objects.village_at(Point(x, y, srid=4326), timezone.localdate())}


def pin_map_of(user) -> dict | None:
    """The villages in which somebody may record, to put the pin there; None where nobody drew them."""
    shapes = AreaShape.objects.on(timezone.localdate()).filter(area__in=villages_kept(user).order_by())
    extent = shapes.aggregate(extent=Extent("shape"))["extent"]
    return {"areas": feature_collection(shapes, extent, most=MOST_SHAPES), "extent": extent} if extent else None


@never_cache
def entry_update(request, key, uuid):
    entry = kept_entry(request, key, uuid)
    form = FORMS[key](request.POST or None, instance=entry, user=request.user)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect(f"patrol:{key}_detail", uuid=uuid)
    stored = type(entry).objects.select_related("area").get(pk=entry.pk)
    context = {"form": form, "register": tab_of(entry), "entry": stored, "pin_map": pin_map_of(request.user)}
    return render(request, "patrol/register_form.html", context)


@require_POST
def entry_confirm(request, key, uuid):
    """Somebody knows that it is still so."""
    kept_entry(request, key, uuid).confirm()
    messages.success(request, _("Confirmed today."))
    return redirect(f"patrol:{key}_detail", uuid=uuid)


@require_POST
def entry_close(request, key, uuid):
    """Closes an entry for a reason, or opens one again that was closed."""
    entry = kept_entry(request, key, uuid)
    if "buka" in request.POST:
        entry.reopen()
        messages.success(request, _("It is in use again."))
        return redirect(f"patrol:{key}_detail", uuid=uuid)
    try:
        entry.close(reason_given(request.POST))
        messages.success(request, _("Closed. What was reported about it stays."))
    except ValidationError as error:
        messages.error(request, f"{_('Why?')} {' '.join(error.messages)}")
    return redirect(f"patrol:{key}_detail", uuid=uuid)


@require_POST
def entry_delete(request, key, uuid):
    """Takes out what was recorded by mistake; the history keeps it. What a report names stays, and can be closed."""
    entry = kept_entry(request, key, uuid)
    if hasattr(entry, "visits") and entry.visits.exists():
        messages.error(request, _("Reports name this entry, so it stays. Close it instead."))
        return redirect(f"patrol:{key}_update", uuid=uuid)
    tab = tab_of(entry)
    entry.delete()
    messages.success(request, _("Taken out of the list."))
    return redirect(tab.path)

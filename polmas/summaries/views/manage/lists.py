"""What there is: the home page of the management, and the lists of people, areas and units."""

import csv

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.models import Area, Beat
from polmas.people.models import Posting, Role, UnitKind
from polmas.people.scope import on_day
from polmas.people.sheets import harmless
from polmas.summaries.views.manage.desk import desk_of

PAGE = 50
# Above this many units, a filter offers those from the Polres up only.
MANY_UNITS = 200
SMALL_KINDS = (UnitKind.POLSEK, UnitKind.SUBSEKTOR, UnitKind.POSPOL)


def manage_home(request):
    """Numbers of what is managed, each a link to its list."""
    desk = desk_of(request)
    people, areas = desk.people(), desk.areas()
    context = {
        "desk": desk,
        "people": people.filter(is_active=True).count(),
        "closed": people.filter(is_active=False).count(),
        "units": desk.units().count(),
        "villages": areas.count(),
        "vacant": areas.exclude(pk__in=_held_today()).count(),
    }
    return render(request, "summaries/manage/manage_home.html", context)


def _held_today():
    return Beat.objects.filter(on_day(timezone.localdate())).values("area")


def user_list(request):
    """People with their posts and villages of today."""
    desk = desk_of(request)
    units = _units_to_choose(desk)
    people = _filter_people(desk, request.GET).prefetch_related(*_today_of_people(desk)).order_by("name", "pk")
    if request.GET.get("format") == "csv":
        return _people_as_csv(people)
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "units": units, "roles": Role.choices, "asked": request.GET}
    return render(request, "summaries/manage/user_list.html", context)


def _units_to_choose(desk):
    units = desk.units()
    return units.exclude(kind__in=SMALL_KINDS) if units[: MANY_UNITS + 1].count() > MANY_UNITS else units


def _filter_people(desk, asked):
    """Search by name or number; unit (with all below) and role by the posts of today; active ones unless asked otherwise."""
    people = desk.people()
    for word in asked.get("q", "").replace("\x00", "").split():
        people = people.filter(Q(name__icontains=word) | Q(username__icontains=word))
    posts = Posting.objects.filter(on_day(timezone.localdate()), user=OuterRef("pk"))
    unit = desk.units().filter(code=asked["unit"].replace("\x00", "")).first() if asked.get("unit") else None
    if unit:
        posts = posts.filter(unit__path__startswith=unit.path)
    if asked.get("role") in Role.values:
        posts = posts.filter(role=asked["role"])
    if unit or asked.get("role") in Role.values:
        people = people.filter(Exists(posts))
    status = asked.get("status", "")
    return people if status == "all" else people.filter(is_active=status != "closed")


def _today_of_people(desk):
    today = timezone.localdate()
    # A colleague's posts elsewhere are not this desk's business.
    posts = Posting.objects.for_user(desk.user).filter(on_day(today)).select_related("unit")
    beats = desk.beats().filter(on_day(today)).select_related("area")
    return Prefetch("postings", posts, to_attr="posts_today"), Prefetch("beats", beats, to_attr="beats_today")


def _people_as_csv(people):
    """The list as a file for a spreadsheet, with semicolons as Excel reads it in Indonesia."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="personel-{timezone.localdate()}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("NRP or NIP"), _("Rank"), _("Name"), _("Role"), _("Unit"), _("Since"), _("Villages"), _("Active")])
    for person in people.iterator(chunk_size=1000):
        post = next(iter(person.posts_today), None)
        villages = ", ".join(beat.area.name for beat in person.beats_today)
        role, unit, since = (post.get_role_display(), post.unit.name, post.starts_on) if post else ("", "", "")
        row = [person.username, person.get_rank_display(), person.name, role, unit, since, villages, _("yes") if person.is_active else _("no")]
        writer.writerow([harmless(str(cell)) for cell in row])
    return response


def area_list(request):
    """Villages of the units with who holds them; the vacant ones stand out."""
    desk = desk_of(request)
    areas = desk.areas()
    unit = desk.units().filter(code=request.GET["unit"].replace("\x00", "")).first() if request.GET.get("unit") else None
    if unit:
        areas = areas.filter(pk__in=Area.objects.of_unit(unit).values("pk"))
    if request.GET.get("vacant"):
        areas = areas.exclude(pk__in=_held_today())
    beats = Beat.objects.filter(on_day(timezone.localdate())).select_related("user").order_by("-is_primary", "pk")
    areas = areas.select_related("parent").prefetch_related("units", Prefetch("beats", beats, to_attr="beats_today")).order_by("code")
    page = Paginator(areas, PAGE).get_page(request.GET.get("page"))
    return render(request, "summaries/manage/area_list.html", {"desk": desk, "page": page, "units": _units_to_choose(desk), "asked": request.GET})


def _counted_below(rows, what):
    """How many different ones a unit has with all below it."""
    here = rows.filter(unit__path__startswith=OuterRef("path")).order_by().values(one=Value(1))
    return Coalesce(Subquery(here.annotate(count=Count(what, distinct=True)).values("count")), 0)


def unit_list(request):
    """The units below with how many people and villages they have, their own units' included: what the lists of a unit show."""
    desk = desk_of(request)
    units = desk.units()
    for word in request.GET.get("q", "").replace("\x00", "").split():
        units = units.filter(Q(name__icontains=word) | Q(code__icontains=word))
    serving = Posting.objects.filter(on_day(timezone.localdate()), user__is_active=True)
    policed = Area.units.through.objects.filter(area__in=desk.areas().order_by().values("pk"))
    units = units.annotate(people_count=_counted_below(serving, "user"), area_count=_counted_below(policed, "area"))
    page = Paginator(units, PAGE).get_page(request.GET.get("page"))
    return render(request, "summaries/manage/unit_list.html", {"desk": desk, "page": page, "asked": request.GET})

"""What the map shows of a box at a zoom: areas, and visits singly when near or in groups when far."""

import dataclasses
import datetime

from django.contrib.gis.db.models import Extent, PointField
from django.contrib.gis.geos import Polygon
from django.db.models import Avg, Count, F, FloatField, Func, Max
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from mapping.models import Area, AreaShape
from mapping.outlines import feature_collection
from patrol.models import Report
from polmas.people.templatetags.polmas import moment

VISITS = "visits"
LAYERS = (VISITS,)
NEAR_ZOOM = 16  # from here on visits stand singly
MOST_POINTS = 300
MOST_AREAS = 400
CELL_PIXELS = 56  # a group is as wide as a fingertip
MOST_CELLS_ACROSS = 48  # whatever zoom is asked for, an answer stays small
WORLD_PIXELS = 256  # width of the world at zoom 0


@dataclasses.dataclass(frozen=True)
class View:
    """What the screen shows: west, south, east, north in degrees, and the zoom as web maps count."""

    bbox: tuple[float, float, float, float]
    zoom: int

    @property
    def box(self) -> Polygon:
        box = Polygon.from_bbox(self.bbox)
        box.srid = 4326
        return box

    @property
    def cell(self) -> float:
        """Width of a group in degrees."""
        west, south, east, north = self.bbox
        return max(360 * CELL_PIXELS / WORLD_PIXELS / 2**self.zoom, max(east - west, north - south) / MOST_CELLS_ACROSS)


def may_see_map(user) -> bool:
    """Officers and those who read a unit whole. Who reads figures alone has no points to look at."""
    return user.scope.is_officer or bool(user.scope.whole_paths)


def require_map(user):
    if not may_see_map(user):
        raise Http404


def visits(user, start: datetime.date, end: datetime.date, kind: str = ""):
    """Reports in sight that figures count, of the days from start to end."""
    reports = Report.objects.for_user(user).counted().filter(day__range=(start, end)).order_by()
    return reports.filter(kind=kind) if kind else reports


def clusters(reports, view: View) -> list[dict]:
    """GeoJSON features of the reports in a view: one for each report when near, one for each cell of a grid when far."""
    reports = reports.filter(location__bboverlaps=view.box)
    if view.zoom >= NEAR_ZOOM:
        near = list(reports.values_list("pk", flat=True)[: MOST_POINTS + 1])
        if len(near) <= MOST_POINTS:
            return points(near)
    cells = grid(reports, view.cell)
    return points([cell["newest"] for cell in cells if cell["count"] == 1]) + [group(cell) for cell in cells if cell["count"] > 1]


def grid(reports, size: float):
    """Reports counted by cells of a grid, with the middle of those in each."""
    longitude, latitude = (Func(F("location"), function=name, output_field=FloatField()) for name in ("ST_X", "ST_Y"))
    cell = Func(F("location"), size, function="ST_SnapToGrid", output_field=PointField(srid=4326))
    return (
        reports.annotate(cell=cell)
        .values("cell")
        .annotate(count=Count("pk"), lon=Avg(longitude), lat=Avg(latitude), bounds=Extent("location"), newest=Max("pk"))
    )


def feature(lon: float, lat: float, **properties) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        "properties": {"layer": VISITS, **properties},
    }


def group(cell: dict) -> dict:
    return feature(cell["lon"], cell["lat"], count=cell["count"], bounds=[round(value, 6) for value in cell["bounds"]])


def points(keys: list[int]) -> list[dict]:
    """Single reports, with what their card says."""
    reports = Report.objects.filter(pk__in=keys).select_related("officer", "area", "unit").order_by("-occurred_at")
    return [
        feature(
            *report.location.coords,
            count=1,
            id=str(report.uuid),
            kind=report.kind,
            kind_name=report.kind_label,
            area=report.area.name,
            officer=str(report.officer),
            occurred_at=report.occurred_at.isoformat(),
            occurred=moment(report.occurred_at, report.unit),
            url=reverse("patrol:report_detail", args=[report.uuid]),
        )
        for report in reports
        if report.location is not None
    ]


def areas_in_view(user, view: View) -> dict:
    """Outlines of the areas in a view, of the finest level that the screen can hold; the own ones marked."""
    day = timezone.localdate()
    shapes = AreaShape.objects.on(day).filter(area__in=Area.objects.for_user(user), area__depth__lte=Area.VILLAGE_DEPTH, shape__bboverlaps=view.box)
    depths = dict(shapes.order_by().values_list("area__depth").annotate(Count("pk")))
    fitting = [depth for depth, count in depths.items() if count <= MOST_AREAS] or list(depths)[:1]
    shapes = shapes.filter(area__depth__in=[max(fitting)] if fitting else [])
    own = set(Area.objects.mine(user, day).filter(depth__in=fitting).values_list("code", flat=True))
    return feature_collection(shapes, view.bbox, own, most=MOST_AREAS)


def first_view(user) -> tuple[float, float, float, float] | None:
    """The box round the own areas, where the map starts; None where none is drawn."""
    day = timezone.localdate()
    return AreaShape.objects.on(day).filter(area__in=Area.objects.mine(user, day)).aggregate(extent=Extent("shape"))["extent"]

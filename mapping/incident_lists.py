"""What a list of incidents is narrowed by, and the table that it becomes."""

from collections.abc import Iterator, Mapping

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.bulletins import BAND_HOURS, HOURS, local_hour, local_weekday
from mapping.models import Handling, Incident, IncidentClass
from mapping.models.incidents import CRIMES, IncidentQuerySet
from polmas.people.models import Code, Unit

MAX_ROWS = 20_000
OPEN, CLEARED, CRIME = "terbuka", "selesai", "KEJAHATAN"
SORTS = {
    "terbaru": (gettext_lazy("newest first"), ("-occurred_at", "-pk")),
    "terlama": (gettext_lazy("oldest first"), ("occurred_at", "pk")),
    "jenis": (gettext_lazy("by kind"), ("kind", "-occurred_at", "-pk")),
    "wilayah": (gettext_lazy("by village"), ("area__name", "-occurred_at", "-pk")),
}
STATUSES = (("", gettext_lazy("none yet")), *Handling.choices)


def bands() -> list[tuple[str, str]]:
    """The bands of four hours as Pusiknas prints them: 00.00–03.59."""
    return [(str(place), f"{place * BAND_HOURS:02}.00–{place * BAND_HOURS + 3:02}.59") for place in range(HOURS // BAND_HOURS)]


def counted(rows: IncidentQuerySet, asked: Mapping) -> IncidentQuerySet:
    """Narrowed by what numbers may be asked for: unit with all below it, village, class and kind."""
    if unit := clean(asked, "satuan"):
        path = Unit.objects.filter(code=unit).values_list("path", flat=True).first()
        rows = rows.filter(unit__path__startswith=path) if path else rows.none()
    if area := clean(asked, "wilayah"):
        rows = rows.filter(Q(area__code=area) | Q(area__code__startswith=f"{area}."))
    if asked.get("kelas") == CRIME:
        rows = rows.filter(klass__in=CRIMES)
    elif asked.get("kelas") in IncidentClass.values:
        rows = rows.filter(klass=asked["kelas"])
    return rows.filter(kind=kind) if (kind := clean(asked, "jenis")) else rows


def narrowed(rows: IncidentQuerySet, user, asked: Mapping) -> IncidentQuerySet:
    """By all that a list offers but the days."""
    rows = counted(rows, asked).worded(user, asked.get("q", ""))
    status = asked.get("status")
    if status in (OPEN, CLEARED):
        rows = rows.filter(cleared_on__isnull=status == OPEN)
    elif status in Handling.values:
        rows = rows.filter(status=status)
    if asked.get("jam") in dict(bands()):
        start = int(asked["jam"]) * BAND_HOURS
        rows = rows.annotate(hour=local_hour()).filter(hour__range=(start, start + BAND_HOURS - 1))
    if asked.get("hari") in ("1", "2", "3", "4", "5", "6", "7"):
        rows = rows.annotate(weekday=local_weekday()).filter(weekday=int(asked["hari"]))
    return rows


def clean(asked: Mapping, name: str) -> str:
    return str(asked.get(name) or "").replace("\0", "")[:60].strip()


def headings(is_whole: bool) -> list[str]:
    place = [_("Village"), _("Code of the village"), _("Unit"), _("Kind of scene"), _("Address")]
    first = [_("Day"), _("Time"), _("Kind"), _("Class"), *place, _("Handling")]
    if not is_whole:
        return first
    told = [_("Cleared on"), _("Number of the police report"), _("What happened"), _("Modus operandi"), _("Loss in rupiah")]
    return [*first, *told, _("Latitude"), _("Longitude")]


def rows_of(incidents: QuerySet, user, is_whole: bool) -> Iterator[list]:
    """Texts, numbers and days. Who handles no discreet kinds gets no point of them, and nobody a name."""
    words = {(code.list, code.code): code.label for code in Code.objects.filter(list__in=("INCIDENT_KIND", "INCIDENT_SCENE"))}
    for incident in incidents.select_related("area", "unit").iterator(chunk_size=500):
        at = localtime(incident.occurred_at, incident.unit.zone)
        yield [
            *(at.date(), f"{at:%H.%M}", words.get(("INCIDENT_KIND", incident.kind), incident.kind), capfirst(incident.get_klass_display())),
            *(incident.area.name, incident.area.code, incident.unit.name, words.get(("INCIDENT_SCENE", incident.scene), incident.scene)),
            *(incident.address, incident.get_status_display()),
            *(_rest(incident, user) if is_whole else ()),
        ]


def _rest(incident: Incident, user) -> list:
    point = incident.location if incident.may_see_point(user) else None
    told = [incident.cleared_on, incident.no_lp, incident.narrative, incident.modus, incident.loss_rp]
    return [*told, point and round(point.y, 6), point and round(point.x, 6)]

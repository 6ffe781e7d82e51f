"""Part J: photos of the period, of which the Kanit may choose others."""

from django.db.models import F

from patrol.models import Kind, Photo
from patrol.models.reports import COUNTED, State
from polmas.people.periods import Period
from polmas.summaries.contents.groups import Group

MOST = 6
LOOKED_AT = 120
# What people went through in these is not for a paper that goes round.
PRIVATE = (Kind.PS, Kind.DETEKSI_DINI, Kind.TPTKP, Kind.RESPON_ADUAN, Kind.PERTOLONGAN, Kind.BENCANA)


def candidates(group: Group, period: Period):
    """Photos of the units' reports that may go on their papers."""
    rows = Photo.objects.filter(report__day__range=(period.start, period.end), report__state__in=COUNTED).exclude(report__kind__in=PRIVATE)
    seen = ("uuid", "sha256", "report__kind", "report__day", "report__state", "report__area__name")
    return group.within(rows, "report__unit").select_related("report__area").only(*seen).order_by("-report__day", "pk")


def photos(group: Group, period: Period) -> dict[str, list[dict]]:
    """At most six of each unit, each of another kind and village while there are such; of verified reports first."""
    newest = group.first(candidates(group, period), LOOKED_AT, F("report__day").desc(), F("pk").asc())
    return {path: _chosen(rows) for path, rows in group.listed(newest).items()}


def _chosen(rows) -> list[dict]:
    found = sorted(rows, key=lambda photo: photo.report.state != State.VERIFIED)
    chosen: list = []
    for novelty in (2, 1, 0):
        for photo in found:
            if len(chosen) < MOST and photo not in chosen and _novelty(photo, chosen) >= novelty:
                chosen.append(photo)
    return [told(photo) for photo in chosen]


def _novelty(photo, chosen) -> int:
    report = photo.report
    return all(other.report.kind != report.kind for other in chosen) + all(other.report.area_id != report.area_id for other in chosen)


def told(photo) -> dict:
    """With the hash of the picture, so that the hash of the paper stands for its photos too."""
    report = photo.report
    return {"id": str(photo.uuid), "sha256": photo.sha256, "kind": report.kind, "day": report.day.isoformat(), "village": report.area.name}

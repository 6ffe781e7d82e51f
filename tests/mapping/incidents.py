"""Incidents for tests."""

import datetime
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from django.utils import timezone

from mapping import incidents
from mapping.models import Incident

WIB = ZoneInfo("Asia/Jakarta")
POINT = Point(110.428, -7.0629, srid=4326)


def make_incident(cast, kind="CURANMOR", by=None, at=None, village="33.74.11.1004", victims=None, **fields):
    """An incident of yesterday at nine in the evening in Pedalangan, entered by the SPKT of Banyumanik."""
    unit = fields.pop("unit", None) or cast.units.banyumanik
    at = at or datetime.datetime.combine(timezone.localdate() - datetime.timedelta(days=1), datetime.time(21), WIB)
    said = {"narrative": "Sepeda motor hilang dari teras.", "location": POINT, **fields}
    incident = Incident(unit=unit, area=cast.areas[village], kind=kind, occurred_at=at, **said)
    return incidents.record(incident, by or cast.spkt, victims)


def wib(year, month, day, hour=0, minute=0):
    return datetime.datetime(year, month, day, hour, minute, tzinfo=WIB)

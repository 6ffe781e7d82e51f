"""Problems for tests."""

from mapping.geometry import geometry_of
from mapping.models import Problem

PEDALANGAN = "33.74.11.1004"


def square(lon, lat, side=0.002):
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side]]
    return geometry_of({"type": "Polygon", "coordinates": [ring]})


def point(lon, lat):
    return geometry_of({"type": "Point", "coordinates": [lon, lat]})


def make_problem(cast, **told):
    """A problem of Pedalangan that its officer recorded, unless told otherwise."""
    others = told.pop("areas", [])
    code = told.pop("village", PEDALANGAN)
    given = {"kind": "RAWAN_CURANMOR", "title": "Curanmor di parkiran kos", "recorded_by": cast.officer, "unit": cast.units.banyumanik}
    problem = Problem(area=cast.areas[code], **{**given, **told})
    problem.classify()
    problem.full_clean(exclude=["recorded_by"])
    problem.save()
    problem.areas.set(others)
    return problem

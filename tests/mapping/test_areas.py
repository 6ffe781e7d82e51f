"""Areas: codes, search, and which one covers a point on a day."""

import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection

from mapping.models import Area, AreaShape
from mapping.models.areas import dotted, in_indonesia
from tests.cast import CORNERS

TODAY = datetime.date(2026, 11, 22)
VILLAGE = "33.74.11.1004"


def draw(area, box, source="lain", **more):
    square = Polygon.from_bbox(box)
    return AreaShape.objects.create(area=area, source=source, shape=MultiPolygon(square, srid=4326), area_m2=1, **more)


@pytest.mark.parametrize(
    ("code", "expected"), [("3374111004", VILLAGE), (VILLAGE, VILLAGE), ("33", "33"), ("3374111004003002", f"{VILLAGE}.003.002"), (" 3374 ", "33.74")]
)
def test_codes_mean_the_same_with_dots_and_without(code, expected):
    assert dotted(code) == expected


def test_the_box_of_indonesia():
    assert in_indonesia(110, -7)
    assert not in_indonesia(2.3, 48.8)
    assert not in_indonesia(float("nan"), -7)
    assert not in_indonesia(94, -7, 110, -6)


def test_the_smallest_area_that_covers_the_point(cast):
    draw(cast.areas["33.74.11"], (110.3, -7.2, 110.5, -7.0))
    assert Area.objects.locate(Point(110.43, -7.06, srid=4326), TODAY).code == VILLAGE
    assert Area.objects.locate(Point(110.31, -7.19, srid=4326), TODAY).code == "33.74.11"
    assert Area.objects.locate(Point(110.0, -7.06, srid=4326), TODAY) is None


def test_where_neighbours_overlap_the_lesser_code_answers(cast):
    lon, lat = CORNERS[VILLAGE]
    AreaShape.objects.filter(area__code="33.74.11.1003").delete()
    draw(cast.areas["33.74.11.1003"], (lon, lat, lon + 0.02, lat + 0.02))
    assert {Area.objects.locate(Point(lon + 0.01, lat + 0.01, srid=4326), TODAY).code for _again in range(3)} == {"33.74.11.1003"}


def test_the_edge_belongs_to_the_area(cast):
    lon, lat = CORNERS[VILLAGE]
    assert Area.objects.locate(Point(lon, lat + 0.02, srid=4326), TODAY).code == VILLAGE


def test_drawings_kept_aside_do_not_count(cast):
    draw(cast.areas["33.74"], (109, -8, 111, -6), is_current=False)
    assert Area.objects.locate(Point(109.5, -7.5, srid=4326), TODAY) is None


def test_a_search_takes_names_and_codes(cast):
    assert [area.code for area in Area.objects.search("pedal")] == [VILLAGE]
    assert len(Area.objects.search("33741110")) == 3
    assert len(Area.objects.search("337411")) == 4
    assert len(Area.objects.search("33.74.11")) == 4


def test_mine_is_what_one_answers_for(cast):
    assert {area.code for area in Area.objects.mine(cast.officer, TODAY)} == {VILLAGE, "33.74.11.1003"}
    assert {area.code for area in Area.objects.mine(cast.kapolsek, TODAY)} == {VILLAGE, "33.74.11.1003", "33.74.11.1005"}
    assert Area.objects.mine(cast.kapolres, TODAY).count() == 4
    assert not Area.objects.mine(cast.secretary, TODAY)


def test_the_index_finds_the_shape(cast):
    """With the whole country loaded a scan of all shapes would take seconds; here the planner is only asked whether it could use the index."""
    query = AreaShape.objects.on(TODAY).filter(shape__covers=Point(110.43, -7.06, srid=4326))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "Index Cond: (shape ~" in query.explain()


def test_many_points_at_once_are_located_as_one_by_one(cast, django_assert_num_queries):
    draw(cast.areas["33.74.11"], (110.3, -7.2, 110.5, -7.0))
    points = [(110.43, -7.06), (110.31, -7.19), (110.0, -7.06), (110.42, -7.07), (110.43, -7.08)]
    with django_assert_num_queries(1):
        found = Area.objects.locate_all(points, TODAY)
    assert found == [(area := Area.objects.locate(Point(*point, srid=4326), TODAY)) and area.code for point in points]
    assert found[:3] == [VILLAGE, "33.74.11", None]
    assert Area.objects.locate_all([], TODAY) == []

"""The routes areas/, areas/{code}/ and areas/locate/."""

import pytest
from django.contrib.gis.geos import MultiPolygon

from mapping.models import AreaShape

VILLAGE = "33.74.11.1004"
AREAS = "/api/v1/areas/"
LOCATE = "/api/v1/areas/locate/"


def codes(response):
    assert response.status_code == 200, response.content
    return [feature["id"] for feature in response.json()["features"]]


def test_areas_come_as_geojson(cast, api):
    feature = api(cast.officer).get(f"{AREAS}{VILLAGE}/").json()
    assert (feature["type"], feature["id"], feature["geometry"]["type"]) == ("Feature", VILLAGE, "MultiPolygon")
    assert feature["geometry"]["coordinates"][0][0][0] == [110.42, -7.07]
    assert feature["properties"]["parent"] == "33.74.11"
    assert [parent["code"] for parent in feature["properties"]["parents"]] == ["33", "33.74", "33.74.11"]


def test_a_code_works_without_dots(cast, api):
    assert api(cast.officer).get(f"{AREAS}3374111004/").json()["id"] == VILLAGE


@pytest.mark.parametrize("code", ["99", "99.99", "x", "33.74.11.10x4", "33.74.11.1004'", "%00", "3" * 5000, "٣٣"])
def test_a_code_of_nothing_is_not_found(cast, api, code):
    assert api(cast.officer).get(f"{AREAS}{code}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("held=1", ["33.74.11.1003", VILLAGE]),
        ("held=true", ["33.74.11.1003", VILLAGE]),
        ("parent=33.74.11", ["33.74.11.1003", VILLAGE, "33.74.11.1005"]),
        ("parent=337411&search=pada", ["33.74.11.1003"]),
        ("level=KECAMATAN", ["33.74.09", "33.74.11"]),
        ("search=3374111004", [VILLAGE]),
        ("search=tidak ada", []),
    ],
)
def test_filters(cast, api, query, expected):
    assert codes(api(cast.officer).get(f"{AREAS}?{query}")) == expected


@pytest.mark.parametrize("query", ["level=KOTA", "zoom=x", "zoom=99", "zoom=-1", "search=%00", "parent=%00"])
def test_a_bad_filter_says_which(cast, api, query):
    response = api(cast.officer).get(f"{AREAS}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == query.split("=")[0]


def test_pages_go_on_by_code(cast, api):
    client = api(cast.officer)
    first = client.get(f"{AREAS}?page_size=5")
    rest = client.get(first.json()["next"])
    assert codes(first) + codes(rest) == sorted(cast.areas)
    assert rest.json()["next"] is None


def test_shapes_get_simpler_with_the_zoom(cast, api):
    shape = AreaShape.objects.get(area__code=VILLAGE)
    shape.shape = MultiPolygon(shape.shape[0].buffer(0.001), srid=4326)
    shape.save()
    points = {
        zoom: len(api(cast.officer).get(f"{AREAS}{VILLAGE}/{zoom}").json()["geometry"]["coordinates"][0][0]) for zoom in ("", "?zoom=14", "?zoom=5")
    }
    assert points[""] > points["?zoom=14"] > points["?zoom=5"] >= 4


def test_a_point_is_located(cast, api):
    answer = api(cast.outsider).get(f"{LOCATE}?lat=-7.0629&lon=110.4280")
    assert answer.json() == {
        "code": VILLAGE,
        "name": "Pedalangan",
        "level": "KELURAHAN",
        "parents": [
            {"code": "33", "name": "Jawa Tengah", "level": "PROVINSI"},
            {"code": "33.74", "name": "Kota Semarang", "level": "KABKOTA"},
            {"code": "33.74.11", "name": "Banyumanik", "level": "KECAMATAN"},
        ],
    }


def test_outside_every_area_is_not_found(cast, api):
    assert api(cast.officer).get(f"{LOCATE}?lat=48.85&lon=2.35").status_code == 404


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("lat=-7", "lon"),
        ("lon=110", "lat"),
        ("lat=x&lon=110", "lat"),
        ("lat=nan&lon=110", "lat"),
        ("lat=-7&lon=inf", "lon"),
        ("lat=-91&lon=110", "lat"),
        ("lat=-7&lon=181", "lon"),
        ("lat=%00&lon=110", "lat"),
    ],
)
def test_a_bad_point_names_the_field(cast, api, query, attr):
    response = api(cast.officer).get(f"{LOCATE}?{query}")
    assert response.status_code == 400
    assert [error["attr"] for error in response.json()["errors"]] == [attr]


@pytest.mark.parametrize("path", [AREAS, f"{AREAS}{VILLAGE}/", f"{LOCATE}?lat=-7.0629&lon=110.4280"])
def test_areas_are_for_the_police(cast, api, path):
    assert api(None).get(path).status_code == 401
    assert api(cast.secretary).get(path).status_code == 404
    for person in (cast.officer, cast.outsider, cast.polda_reader, cast.admin):
        assert api(person).get(path).status_code == 200

"""What the map counts: squares, hours, kinds, hot spots; and what its search finds."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from mapping.models import Place
from patrol.models import Contact
from tests.mapping.incidents import make_incident
from tests.mapping.problems import make_problem
from tests.summaries.test_map import BOX, make_visits

VIEW = {"bbox": BOX, "zoom": 12}
WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
MONDAY = datetime.date(2026, 11, 16)


def ask(client, what, **query):
    response = client.get(reverse(f"api:map_{what}"), {**VIEW, "from": "2026-11-01", "to": "2026-11-30", **query})
    assert response.status_code == 200, response.content
    return response.json()


def visit_at(cast, hour, count=1, day=MONDAY, zone=WIB, **more):
    moment = datetime.datetime.combine(day, datetime.time(hour, 30), zone)
    return make_visits(cast, count, occurred_at=moment, day=day, **more)


def make_post(cast, name="Pos Melati", area="33.74.11.1004", unit=None, **more):
    place = {"location": Point(110.43, -7.06, srid=4326), **more}
    return Place.objects.create(unit=unit or cast.units.banyumanik, area=cast.areas[area], name=name, **place)


def test_squares_add_up_over_the_layers(cast, api):
    visit_at(cast, 9, 7)
    make_incident(cast, at=datetime.datetime.combine(MONDAY, datetime.time(21), WIB))
    squares = ask(api(cast.kapolsek), "squares", layers="visits,incidents", zoom=8)["features"]
    assert [square["properties"] for square in squares] == [{"count": 8, "layers": {"visits": 7, "incidents": 1}}]
    [ring] = squares[0]["geometry"]["coordinates"]
    west, south = ring[0]
    east, north = ring[2]
    assert west < 110.43 < east
    assert south < -7.06 < north


@pytest.mark.parametrize("what", ["squares", "hotspots"])
def test_only_what_happens_makes_a_place_hot(cast, api, what):
    """Posts stand where they were built: many of them are no sign of anything."""
    for number in range(6):
        make_post(cast, f"Pos {number}")
    assert ask(api(cast.kapolsek), what, layers="posts")["features"] == []


def test_the_matrix_counts_known_cells(cast, api):
    visit_at(cast, 8, 3)
    visit_at(cast, 23, 2, day=MONDAY + datetime.timedelta(days=6))
    visit_at(cast, 0, 1, day=MONDAY + datetime.timedelta(days=2))
    [told] = ask(api(cast.kapolsek), "hours", layers="visits")["results"]
    matrix = told["matrix"]
    assert (len(matrix), {len(row) for row in matrix}) == (7, {24})
    assert (matrix[0][8], matrix[6][23], matrix[2][0]) == (3, 2, 1)
    assert sum(map(sum, matrix)) == 6
    assert told["top"] == [{"kind": "DDS", "label": "Sambang", "count": 6}]


def test_each_hour_is_read_from_the_clock_of_its_unit(cast, api):
    unit = cast.units.banyumanik
    unit.time_zone = "Asia/Jayapura"
    unit.save()
    visit_at(cast, 1, zone=WIT)  # still Sunday, 23.30, in Jakarta
    [told] = ask(api(cast.kapolsek), "hours", layers="visits")["results"]
    assert told["matrix"][0][1] == 1


def test_what_lasts_has_kinds_and_no_hours(cast, api):
    make_post(cast)
    make_post(cast, "Pos Kenanga", kind="POS_PKJR")
    make_post(cast, "Pos Mawar")
    make_post(cast, "Pos tutup", closed_on=MONDAY)
    [told] = ask(api(cast.officer), "hours", layers="posts")["results"]
    assert "matrix" not in told
    assert [(row["kind"], row["count"]) for row in told["top"]] == [("POS_KAMLING", 2), ("POS_PKJR", 1)]


def test_a_hot_spot_is_five_close_together(cast, api):
    near = Point(110.4300, -7.0600, srid=4326)
    visit_at(cast, 9, 5, location=near)
    visit_at(cast, 10, 4, location=Point(110.4380, -7.0560, srid=4326))  # four, more than a kilometre away
    told = ask(api(cast.kapolsek), "hotspots", layers="visits")
    [spot] = told["features"]
    assert spot["properties"]["count"] == 5
    assert spot["properties"]["kind"] == "DDS"
    assert spot["geometry"]["coordinates"] == [110.43, -7.06]
    assert told["counted"] == 9
    assert "150" in told["notes"][0]
    assert len(ask(api(cast.kapolsek), "hotspots", layers="visits", least=4)["features"]) == 2
    [both] = ask(api(cast.kapolsek), "hotspots", layers="visits", radius=2000)["features"]
    assert both["properties"]["count"] == 9
    assert api(cast.kapolsek).get(reverse("api:map_hotspots"), {**VIEW, "radius": 0}).json()["errors"][0]["attr"] == "radius"


def test_a_wider_view_of_the_same_things_finds_the_same(cast, api):
    for number in range(12):
        visit_at(cast, 9, 1, location=Point(110.43 + number * 0.0009, -7.06, srid=4326))
    client = api(cast.kapolsek)
    near, far = (ask(client, "hotspots", layers="visits", radius=100, least=3, bbox=box)["features"] for box in (BOX, "-180,-12,142,7"))
    assert near == far != []


def test_things_too_far_apart_to_measure_are_said_to_be(cast, api):
    visit_at(cast, 9, 5)
    visit_at(cast, 9, 5, location=Point(130, -3, srid=4326))
    told = ask(api(cast.kapolsek), "hotspots", layers="visits", bbox="94,-11,142,7", zoom=5)
    assert told["features"] == []
    assert told["notes"]


def test_each_number_by_village_leads_to_as_many_rows(cast, sign_in):
    make_visits(cast, 3)
    make_post(cast)
    make_incident(cast, kind="CURAT")
    make_incident(cast, kind="CURAS")
    make_problem(cast)
    client = sign_in(cast.kapolsek)
    page = client.get("/peta/", {"lapisan": ["visits", "incidents", "problems", "posts"], "jenis": "incidents:CURAT"})
    [row] = page.context["villages"]
    assert row["counts"] == {"visits": 3, "incidents": 1, "problems": 1, "posts": 1}
    for cell in row["cells"]:
        listed = client.get(cell["link"]).context
        page = listed.get("page_obj") or listed["page"]
        assert cell["count"] == len(getattr(page, "rows", None) or page.object_list), cell["label"]


def test_a_number_that_no_list_shows_is_no_link(cast, sign_in):
    make_incident(cast, kind="CURAT")
    make_incident(cast, kind="CURAS")
    client = sign_in(cast.kapolsek)
    page = client.get("/peta/", {"lapisan": "incidents", "jenis": ["incidents:CURAT", "incidents:CURAS"]})
    assert [(cell["count"], cell["link"]) for cell in page.context["villages"][0]["cells"]] == [(2, "")]


def test_a_view_too_wide_to_look_for_hot_spots_says_so(cast, api, monkeypatch):
    monkeypatch.setattr("polmas.summaries.maps.hotspots.MOST_POINTS", 3)
    visit_at(cast, 9, 6)
    told = ask(api(cast.kapolsek), "hotspots", layers="visits")
    assert told["features"] == []
    assert "3" in told["notes"][0]


@pytest.mark.parametrize("what", ["squares", "hours", "hotspots"])
def test_nobody_counts_what_is_not_theirs(cast, api, what):
    visit_at(cast, 9, 6, location=Point(110.43, -7.06, srid=4326))

    def counted(person):
        told = ask(api(person), what, layers="visits")
        rows = told.get("features") or [{"properties": {"count": row["count"]}} for result in told.get("results", []) for row in result["top"]]
        return sum(row["properties"]["count"] for row in rows)

    assert [counted(person) for person in (cast.officer, cast.kapolsek, cast.kapolres)] == [6, 6, 6]
    assert [counted(person) for person in (cast.colleague, cast.outsider)] == [0, 0]
    for person in (cast.secretary, cast.polda_reader, cast.admin):
        assert api(person).get(reverse(f"api:map_{what}"), VIEW).status_code == 404


def found(client, text):
    response = client.get(reverse("api:map_search"), {"q": text})
    assert response.status_code == 200
    return response.json()["results"]


def test_a_search_finds_areas_by_name_and_code_the_own_ones_first(cast, api):
    assert [result["label"] for result in found(api(cast.outsider), "pedal")] == ["Pedalangan"]
    [result] = found(api(cast.officer), "3374111004")
    assert result["url"] == "/wilayah/33.74.11.1004/"
    assert result["bounds"] == [pytest.approx(110.42), pytest.approx(-7.07), pytest.approx(110.44), pytest.approx(-7.05)]


def test_a_search_finds_things_in_sight_alone(cast, api):
    make_post(cast)
    Contact.objects.create(
        unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name="Ibu Melati", role="TOPER", location=Point(110.43, -7.06, srid=4326)
    )
    assert {result["label"] for result in found(api(cast.officer), "melati")} == {"Pos Melati", "Ibu Melati"}
    for person in (cast.colleague, cast.outsider):
        assert found(api(person), "melati") == []
    assert api(cast.officer).get(reverse("api:map_search"), {"q": "a\x00"}).status_code == 400
    assert api(cast.officer).get(reverse("api:map_search"), {"q": "%_\\' OR 1=1"}).json()["results"] == []


def test_few_queries_for_all_layers(cast, api, django_assert_max_num_queries):
    visit_at(cast, 9, 40)
    for number in range(12):
        make_post(cast, f"Pos {number}", location=Point(110.42 + number / 1000, -7.06, srid=4326))
    client = api(cast.kapolsek)
    for what in ("clusters", "squares", "hours", "hotspots"):
        with django_assert_max_num_queries(35):
            ask(client, what, zoom=17)

"""What an officer's phone keeps of the map: the newest of each layer in the villages held today, and nothing that is to stay at the server."""

import datetime
import gzip

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.models import Beat, Place, Potential
from patrol.models import Contact
from polmas.summaries.maps.own import DAYS, MOST
from tests.cast import PEDALANGAN
from tests.mapping.incidents import make_incident
from tests.mapping.problems import make_problem
from tests.patrol.items import file_report

OWN = "/api/v1/map/own/"
POINT = Point(PEDALANGAN["lon"], PEDALANGAN["lat"], srid=4326)
NEIGHBOUR = "33.74.11.1005"


def entry(cast, model, village="33.74.11.1004", **told):
    return model.objects.create(unit=cast.units.banyumanik, area=cast.areas[village], location=POINT, **told)


@pytest.fixture
def scene(cast):
    """One of each layer in Pedalangan, which the officer holds."""
    make_problem(cast, shape=POINT)
    make_incident(cast)
    entry(cast, Potential, kind="SEKOLAH", name="SD Pedalangan 01")
    entry(cast, Place, name="Pos RW 05", rw="005")
    entry(cast, Contact, name="H. Slamet", role="TOGA")
    file_report(cast.officer, location=dict(PEDALANGAN))
    return cast


def titles(client):
    response = client.get(OWN)
    assert response.status_code == 200, response.content
    return [(feature["properties"]["layer"], feature["properties"]["title"]) for feature in response.json()["features"]]


def test_one_of_each_layer_with_what_its_card_says(scene, api):
    features = api(scene.officer).get(OWN).json()["features"]
    assert [feature["properties"]["layer"] for feature in features] == ["problems", "incidents", "potentials", "posts", "people"]
    post = features[3]
    assert post["geometry"] == {"type": "Point", "coordinates": [pytest.approx(PEDALANGAN["lon"]), pytest.approx(PEDALANGAN["lat"])]}
    assert post["properties"]["title"] == "Pos RW 05"
    assert post["properties"]["url"].startswith("/pos/")


def test_whoever_holds_other_villages_has_nothing_of_it(scene, api):
    assert titles(api(scene.colleague)) == []
    assert titles(api(scene.outsider)) == []


def test_only_officers_have_such_a_map(scene, api):
    for person in (scene.kapolsek, scene.kanit, scene.kapolres, scene.spkt, scene.chair):
        assert api(person).get(OWN).status_code == 404
    assert api(None).get(OWN).status_code == 401


def test_what_one_may_read_elsewhere_is_left_out(scene, api):
    """An officer reads the problem that is given to them to solve; it does not lie in their villages."""
    make_problem(scene, village=NEIGHBOUR, shape=POINT, title="Di desa sebelah", responsible=scene.officer, recorded_by=scene.colleague)
    assert ("problems", "Di desa sebelah") not in titles(api(scene.officer))
    make_problem(scene, village=NEIGHBOUR, shape=POINT, title="Lintas desa", areas=[scene.areas["33.74.11.1004"]])
    assert ("problems", "Lintas desa") in titles(api(scene.officer))


def test_a_village_given_up_takes_its_things_along(scene, api):
    Beat.objects.filter(user=scene.officer).update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert titles(api(scene.officer)) == []


def test_what_is_confidential_stays_at_the_server(scene, api):
    make_problem(scene, shape=POINT, title="Rahasia", is_confidential=True)
    entry(scene, Potential, kind="SEKOLAH", name="Rahasia", is_confidential=True, recorded_by=scene.officer)
    make_incident(scene, kind="CABUL", assigned_to=scene.officer)
    said = titles(api(scene.officer))
    assert len(said) == 5
    assert "Rahasia" not in str(said)


def test_incidents_of_the_last_days(scene, api):
    old = timezone.now() - datetime.timedelta(days=DAYS + 1)
    make_incident(scene, kind="CURAT", at=old)
    assert [layer for layer, _title in titles(api(scene.officer))].count("incidents") == 1


def test_the_newest_of_each_layer_and_little_to_fetch(scene, api):
    unit, village = scene.units.banyumanik, scene.areas["33.74.11.1004"]
    made = [
        Potential(unit=unit, area=village, kind="SEKOLAH", name=f"Sekolah {n:04}", location=Point(110.42 + n * 1e-5, -7.06 - n * 1e-5, srid=4326))
        for n in range(MOST + 20)
    ]
    Potential.objects.bulk_create(made)
    client = api(scene.officer)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(OWN)
    names = [feature["properties"]["title"] for feature in response.json()["features"] if feature["properties"]["layer"] == "potentials"]
    assert len(names) == MOST
    assert "SD Pedalangan 01" not in names
    assert len(gzip.compress(response.content)) < 60 * 1024
    assert len(queries) <= 24

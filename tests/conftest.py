"""Fixtures that all tests share: the cast, and somebody signed in."""

import os

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from rest_framework.test import APIClient

from mapping.models import Area, AreaShape
from patrol.models import marks
from tests.cast import make_cast


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Databases of tests are copies of one that is migrated already, where bin/test names it: migrating takes seconds each time."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEMPLATE_DATABASE")


@pytest.fixture(scope="session", autouse=True)
def own_redis(worker_id):
    """Tests that run beside each other have a redis database each, as pytest-django gives them a PostgreSQL database each."""
    if worker_id == "master":
        yield
        return
    address = redis_beside(int(worker_id.removeprefix("gw")) + 1)
    with override_settings(REDIS_URL=address, CACHES={"default": {**settings.CACHES["default"], "LOCATION": address}}):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_not_listed():
    """Whitenoise lists the folder of static files for each client that a test makes: half of all the time that tests took."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


def redis_beside(steps):
    """The address of the redis database so many numbers after that of the settings."""
    socket, _mark, number = settings.REDIS_URL.partition("?db=")
    return f"{socket}?db={int(number or 0) + steps}"


@pytest.fixture
def cast(db):
    """The whole cast of tests/cast.py, fresh for this test."""
    cache.clear()
    marks.forget_what_was_asked()
    return make_cast()


@pytest.fixture
def far_village(cast):
    """A village of Papua, drawn round 2.5° south and 140.5° east."""
    names = {"91": "Papua", "91.03": "Jayapura", "91.03.01": "Sentani", "91.03.01.2001": "Kampung Jauh"}
    village = Area.objects.make(names, {})["91.03.01.2001"]
    square = Polygon.from_bbox((140.4, -2.6, 140.6, -2.4))
    AreaShape.objects.create(area=village, source="uji", shape=MultiPolygon(square, srid=4326), area_m2=1)
    return village


@pytest.fixture
def clerk(cast):
    """The operator of the Polsek, who records reports in officers' names."""
    return cast.clerk


@pytest.fixture
def sign_in():
    """A browser's client signed in as somebody: sign_in(cast.officer).get("/kegiatan/"); sign_in(None) is the visitor."""

    def signed_in(user):
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def api():
    """A program's client signed in as somebody: api(cast.officer).post("/api/v1/reports/sync/", {...})."""

    def signed_in(user):
        client = APIClient()
        client.default_format = "json"
        client.force_authenticate(user)
        return client

    return signed_in

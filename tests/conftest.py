"""Fixtures that all tests share: the cast, and somebody signed in."""

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from patrol.models import marks
from tests.cast import make_cast


@pytest.fixture
def cast(db):
    """The whole cast of tests/cast.py, fresh for this test."""
    cache.clear()
    marks.forget_what_was_asked()
    return make_cast()


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

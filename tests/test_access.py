"""The access table: every page and every route of the API, and who of the cast may open it.

Whoever may not gets 404, as if there were nothing; the visitor is sent to sign in (pages) or gets 401 (API). A route that
is missing from the table fails the test: nothing becomes reachable without somebody having said for whom.
"""

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver

from tests.access_table import ANYBODY, TABLE, Scene

# Django's own admin holds its users back by itself: staff only, tested below.
OTHERS_ROUTES = ("admin:",)
ROLES = (
    *("officer", "colleague", "outsider", "kanit", "clerk", "kapolsek", "kasat", "kapolres"),
    *("kanit_intelkam", "kasat_intelkam", "spkt", "reskrim", "propam"),
    *("operator", "polda_reader", "admin", "chair", "secretary", "other_secretary"),
)


def names_of(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from names_of(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def test_every_route_has_a_row():
    routes = {name for name in names_of(get_resolver().url_patterns) if not name.startswith(OTHERS_ROUTES)}
    assert routes - set(TABLE) == set()
    assert set(TABLE) - routes == set()


@pytest.fixture
def scene(cast, settings, tmp_path):
    settings.MAP_PMTILES = str(tmp_path / "dasar.pmtiles")
    (tmp_path / "dasar.pmtiles").write_bytes(b"PMTiles")
    return Scene(cast)


def answer(client, row, scene, name):
    """The status of one request, of which nothing stays: each of the cast finds the scene as it was."""
    path = row.address(name, scene)
    kind = "application/json" if name.startswith("api:") else "application/x-www-form-urlencoded"
    with transaction.atomic():
        response = client.generic(row.method, path, data="{}" if kind == "application/json" else "", content_type=kind)
        transaction.set_rollback(True)
    if response.streaming:
        response.getvalue()  # read to its end, a file is closed
    return response


@pytest.mark.parametrize("name", sorted(TABLE))
def test_only_those_named_get_in(name, scene, sign_in):
    row = TABLE[name]
    answers = {role: answer(sign_in(scene.cast.people[role]), row, scene, name).status_code for role in ROLES}
    assert {role for role, status in answers.items() if status != 404} == set(ROLES if row.who == ANYBODY else row.who)
    assert max(answers.values()) < (504 if name == "healthz" else 500)
    visitor = answer(sign_in(None), row, scene, name)
    if row.is_public:
        assert visitor.status_code in row.public_answers
    elif name.startswith("api:"):
        assert visitor.status_code == 401
    else:
        assert (visitor.status_code, visitor.url.split("?")[0]) == (302, "/masuk/")


def test_djangos_admin_is_for_administrators(cast, sign_in):
    assert sign_in(cast.admin).get("/pengaturan-sistem/").status_code == 200
    assert sign_in(cast.kapolres).get("/pengaturan-sistem/").status_code == 302

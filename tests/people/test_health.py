"""/healthz names what is down, whatever is down, and is never itself an error."""

import socket

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from polmas.people import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def worker_alive():
    health.leave_mark()


def test_all_is_well(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "redis": "ok", "worker": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_a_worker_that_left_no_mark_is_down(client):
    Redis.from_url(settings.REDIS_URL).delete(health.WORKER_KEY)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "ok", "redis": "ok", "worker": "down"}


def test_the_mark_of_a_worker_fades():
    assert 0 < Redis.from_url(settings.REDIS_URL).ttl(health.WORKER_KEY) <= health.WORKER_MISSED_AFTER


def test_without_redis_the_worker_is_down_too(client, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "ok", "redis": "down", "worker": "down"}


def test_a_redis_that_never_answers_is_down(client, settings, tmp_path):
    path = str(tmp_path / "silent.sock")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(path)
        silent.listen()
        settings.REDIS_URL = f"unix://{path}"
        assert client.get("/healthz").json()["redis"] == "down"


def test_without_a_database_it_still_answers(client, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "down", "redis": "ok", "worker": "ok"}


def test_it_only_reads(client):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405

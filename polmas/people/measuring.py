"""What web processes and workers count for Prometheus: requests by class of answer, tasks by name, and the seconds of both.

Each process adds up in its own memory and hands the sums to Redis every few seconds, so that all of them together are one number
whichever process answers, and a Redis that is away costs a request nothing but those few numbers.
"""

import collections
import logging
import threading
import time

from django.conf import settings
from redis import Redis, RedisError

logger = logging.getLogger(__name__)

KEY = "polmas:measured"
EVERY = 5.0  # seconds
_sums: dict[str, float] = collections.defaultdict(float)
_lock = threading.Lock()
_handed_on = 0.0


def add(name: str, label: str, seconds: float) -> None:
    """One more of a kind, and how long it took."""
    with _lock:
        _sums[f"{name}_total|{label}"] += 1
        _sums[f"{name}_seconds_total|{label}"] += seconds
    if time.monotonic() - _handed_on >= EVERY:
        hand_on()


def hand_on() -> None:
    """Adds what this process counted to what all have counted."""
    global _handed_on
    _handed_on = time.monotonic()
    with _lock:
        sums = dict(_sums)
        _sums.clear()
    if not sums:
        return
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client, client.pipeline() as pipeline:
            for field, value in sums.items():
                pipeline.hincrbyfloat(KEY, field, value)
            pipeline.execute()
    except RedisError as error:
        logger.warning("metrics: %s", error)


def measured() -> dict[tuple[str, str], float]:
    """(name, label) and number, of all processes together."""
    hand_on()
    with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
        stored = client.hgetall(KEY)
    found = {}
    for field, value in stored.items():
        name, _bar, label = field.decode().partition("|")
        found[name, label] = float(value)
    return found


class MeasuringMiddleware:
    """Counts each answer by its class (2xx, 4xx ...) with the seconds that it took."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        response = self.get_response(request)
        add("polmas_web_requests", f"{response.status_code // 100}xx", time.monotonic() - began)
        return response

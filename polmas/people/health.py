"""/healthz: what a load balancer, a container's check and bin/up ask to know whether this installation works.

Three questions, each answered within about two seconds: does the database take a new connection, does Redis answer,
has a worker lately said that it is alive. Answering takes no session and no connection of the pages, so that a busy or
broken part is named rather than waited for.
"""

import logging
from collections.abc import Callable
from contextlib import closing

from celery import bootsteps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis

logger = logging.getLogger(__name__)

WORKER_KEY = "polmas:worker-alive"
WORKER_BEATS_EVERY = 5.0  # seconds
WORKER_MISSED_AFTER = 20  # seconds: three beats may be lost before the worker counts as down


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and "ok" for each part, or 503 and "down" for what does not work."""
    parts = {"database": works(ask_database), "redis": works(ask_redis), "worker": works(ask_worker)}
    healthy = all(parts.values())
    answer = {"status": healthy, **parts}
    response = JsonResponse({name: "ok" if ok else "down" for name, ok in answer.items()}, status=200 if healthy else 503)
    response._has_been_logged = True  # type: ignore[attr-defined] # Django would log each 503 as an error of the application
    return response


def works(ask: Callable[[], object]) -> bool:
    """Whether a part answered. Whatever it raises instead means that it is down: this page reports, it does not fail."""
    try:
        return bool(ask())
    except Exception as error:
        logger.warning("%s: %s", ask.__name__, error)
        return False


def ask_database() -> bool:
    """One statement on a connection of its own: a stuck server can't hold it longer than the time-outs."""
    fresh = connection.copy()
    options = fresh.settings_dict.setdefault("OPTIONS", {})
    options.update(connect_timeout=2, options=f"{options.get('options', '')} -c statement_timeout=2000")
    with closing(fresh), fresh.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def ask_redis() -> bool:
    with redis() as client:
        return bool(client.ping())


def ask_worker() -> bool:
    with redis() as client:
        return bool(client.exists(WORKER_KEY))


class WorkerPulse(bootsteps.StartStopStep):
    """A step of every worker: leaves its mark in Redis every few seconds, from the same loop that takes tasks.

    The mark fades by itself, so a worker that hangs, is killed or loses Redis is missed within WORKER_MISSED_AFTER.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, worker) -> None:
        self.beat()
        self.repetition = worker.timer.call_repeatedly(WORKER_BEATS_EVERY, self.beat)

    def stop(self, worker) -> None:
        self.repetition.cancel()

    def beat(self) -> None:
        works(leave_mark)


def leave_mark() -> bool:
    with redis() as client:
        return bool(client.set(WORKER_KEY, 1, ex=WORKER_MISSED_AFTER))

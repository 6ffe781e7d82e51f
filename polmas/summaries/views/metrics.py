"""/metrics for Prometheus: web, worker, queues and builds. Not there for anybody without the token of the settings."""

import secrets
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from redis import RedisError

from patrol.models import CountMark
from polmas.people import health, measuring
from polmas.people.periods import DAY
from polmas.summaries import runs
from polmas.summaries.models import BranchMark, SummaryRun


@never_cache
@login_not_required
@require_safe
def metrics(request):
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Numbers())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Numbers(Collector):
    """The numbers of this moment. The client library's own counters live in one process, and here several web processes and workers count
    together (`measuring`); so it writes what they have counted."""

    def describe(self) -> list[Metric]:
        return []  # nothing is asked when it is registered

    def collect(self) -> Iterator[Metric]:
        parts = {"database": health.ask_database, "redis": health.ask_redis, "worker": health.ask_worker}
        works = {name: int(health.works(ask)) for name, ask in parts.items()}
        yield _gauge("polmas_up", "Whether a part answers: database, redis, worker.", "part", works)
        lengths = {name: runs.queue_length(name) for name in settings.CELERY_QUEUE_NAMES}
        yield _gauge("polmas_queue_length", "Messages that wait in a queue.", "queue", lengths)
        yield _gauge("polmas_summary_builds", "Builds of summaries by state; of DONE those asked for within a day.", "state", _builds())
        marks = {"days": CountMark.objects.count(), "branches": BranchMark.objects.count()}
        yield _gauge("polmas_marks", "Days that are marked and not yet counted again.", "of", marks)
        yield from _counters()


def _builds() -> dict[str, int]:
    found = SummaryRun.objects.filter(state__in=SummaryRun.OPEN).order_by().values_list("state").annotate(Count("pk"))
    done = SummaryRun.objects.filter(state=SummaryRun.State.DONE, asked_at__gte=timezone.now() - DAY).count()
    return {**dict.fromkeys(SummaryRun.State.values, 0), **dict(found), SummaryRun.State.DONE.value: done}


def _gauge(name: str, meaning: str, label: str, numbers: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, number in numbers.items():
        family.add_metric([key], number)
    return family


def _counters() -> Iterator[Metric]:
    try:
        counted = measuring.measured()
    except RedisError:
        return
    families: dict[str, CounterMetricFamily] = {}
    for (name, label), value in sorted(counted.items()):
        is_task = name.startswith("polmas_worker_tasks")
        meaning = "Tasks of workers by name." if is_task else "Answers of web processes by class."
        family = families.setdefault(name, CounterMetricFamily(name, meaning, labels=["task" if is_task else "class"]))
        family.add_metric([label], value)
    yield from families.values()

"""How many reports a second polmas takes, and how that compares with the database's own limit in the same minute."""

import time
from collections.abc import Iterator

from django.db import connection

from patrol.models import CheckMark, CountMark, Household, Opinion, Report, Visit
from tests.bench import bare, load, scene
from tests.bench.machine import Processes
from tests.bench.table import tell

# The best peer, ODK Central, on a machine with two cores: reports a second and 95th percentile in ms, by the number of clients.
PEER = {1: (118, 17), 8: (184, 76), 32: (275, 178)}
PEER_PHOTO = {1: 58, 8: 94, 32: 128}
SYNC_RATE = 3000
DRAIN_SECONDS = 30


def wrong_status(wanted: bytes):
    return lambda answer: "" if answer.startswith(wanted) else answer[:300].decode("utf-8", "replace")


CREATED, FINE = wrong_status(b"HTTP/1.1 201"), wrong_status(b"HTTP/1.1 200")


def all_created(answer: bytes) -> str:
    return FINE(answer) or ("" if answer.count(b'"created"') == scene.BATCH else answer[:300].decode())


def measure(processes: Processes, streams: list[Iterator[load.Request]], seconds: float, check) -> tuple[load.Result, str]:
    """The result and the CPU that each part used for one unit of work, in milliseconds."""
    before = processes.cpu()
    result = load.run(processes.port, streams, seconds, check=check)
    used = {name: value - before[name] for name, value in processes.cpu().items()}
    if result.errors:
        raise RuntimeError(f"{len(result.errors)} requests failed, the first with: {result.errors[0]}")
    done = max(len(result.times), 1) * (seconds + 1) / seconds  # the warm-up used CPU, too
    return result, "ms CPU each: " + " ".join(f"{name} {value / done * 1000:.1f}" for name, value in used.items())


def drained() -> float:
    """Seconds until the worker has counted every day that changed, and looked at every report."""
    start = time.perf_counter()
    while CountMark.objects.exists() or CheckMark.objects.exists():
        if time.perf_counter() - start > DRAIN_SECONDS:
            return float("inf")
        time.sleep(0.1)
    return time.perf_counter() - start


def singles(processes, seconds, clients, label, crew, texts) -> dict[int, float]:
    """One report a request; returns the rates by clients."""
    rates = {}
    for number in clients:
        streams = [scene.one_by_one(share, texts) for share in scene.shares(crew, number)]
        result, cpu = measure(processes, streams, seconds, CREATED)
        wait = drained()
        limit = bare.rate(number, min(seconds, 4))
        bare.clear_marks()
        rate, p95 = PEER.get(number, (None, None))
        more = f"{result.rate / limit:.0%} of pgbench ({limit:,.0f}/s); {cpu}"
        tell(f"{label}: one by one, {number} clients", result.rate, "/s", at_least=rate, more=more)
        tell(f"{label}: one by one, {number} clients, p95", result.percentile(0.95), "ms", at_most=p95, more=f"p50 {result.percentile(0.5):.1f}")
        tell(f"{label}: counted after the last answer", wait, "s", at_most=5)
        rates[number] = result.rate
    return rates


def photos(processes, seconds, clients, label, crew, texts) -> None:
    picture = scene.picture_of(200)
    for number in clients:
        streams = [scene.with_photo(share, texts, picture) for share in scene.shares(crew, number)]
        result, cpu = measure(processes, streams, seconds, CREATED)
        least = PEER_PHOTO[number] * 1.5 if number in PEER_PHOTO else None
        more = f"p95 {result.percentile(0.95):.0f} ms; {len(picture) // 1024} KB; {cpu}"
        tell(f"{label}: with a photo, {number} clients", result.rate, "/s", at_least=least, more=more)
    tell(f"{label}: counted after the last answer", drained(), "s", at_most=5)


def syncs(processes, seconds, clients, label, crew, texts) -> dict[int, float]:
    rates = {}
    for number in clients:
        streams = [scene.batches(share, texts) for share in scene.shares(crew, number)]
        result, cpu = measure(processes, streams, seconds, all_created)
        wait = drained()
        limit = bare.rate(number, min(seconds, 4), scene.BATCH)
        bare.clear_marks()
        rate = result.rate * scene.BATCH
        more = f"{rate / limit:.0%} of pgbench ({limit:,.0f}/s); p95 {result.percentile(0.95):.0f} ms; {cpu}"
        tell(f"{label}: sync of {scene.BATCH}, {number} clients", rate, "reports/s", at_least=SYNC_RATE if number > 1 else None, more=more)
        tell(f"{label}: counted after the last answer", wait, "s", at_most=5)
        rates[number] = rate
    return rates


def size_of_a_report() -> float:
    """Bytes of database per report: the rows of the report and its parts with all their indexes."""
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in (Report, Visit, Opinion, Household)]
        cursor.execute("SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s) AS name", [tables])
        return float(cursor.fetchone()[0]) / max(Report.objects.count(), 1)

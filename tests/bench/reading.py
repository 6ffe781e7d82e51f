"""How long lists, single reports and exports take, by API and as pages."""

import datetime
import itertools
import time

from patrol import exports
from patrol.models import Report
from tests.bench import load, scene
from tests.bench.filing import FINE, measure
from tests.bench.table import tell

LIST_MS, DETAIL_MS, CSV_SECONDS, CSV_ROWS = 40, 30, 1.5, 100_000


def repeated(paths, **who):
    return (load.Request(load.request("GET", path, **who)) for path in itertools.cycle(paths))


def pages(processes, seconds, clients, label, crew) -> None:
    """Fifty rows by API and the page of the list, and one report by both: of an officer, and of one who reads the whole country."""
    boss = scene.commander()
    chief, [chief_token] = scene.cookie_of(boss), scene.tokens_of([boss])
    mine = [str(uuid) for uuid in Report.objects.filter(officer=crew[0].user).values_list("uuid", flat=True)[:20]]
    cookie = scene.cookie_of(crew[0].user)
    cases = [
        ("API list of 50, officer", ["/api/v1/reports/?page_size=50"], {"token": crew[0].token}, LIST_MS),
        ("API list of 50, whole country", ["/api/v1/reports/?page_size=50"], {"token": chief_token}, LIST_MS),
        ("page of the list, officer", ["/kegiatan/"], {"cookie": cookie}, None),
        ("page of the list, whole country", ["/kegiatan/"], {"cookie": chief}, None),
        ("API report", [f"/api/v1/reports/{uuid}/" for uuid in mine], {"token": crew[0].token}, DETAIL_MS),
        ("page of a report", [f"/kegiatan/{uuid}/" for uuid in mine], {"cookie": cookie}, None),
    ]
    for name, paths, who, most in cases:
        for number in clients:
            result, cpu = measure(processes, [repeated(paths, **who) for _client in range(number)], seconds, FINE)
            asked = most if number == 1 else None
            more = f"p50 {result.percentile(0.5):.1f}, {result.rate:.0f}/s; {cpu}"
            tell(f"{label}: {name}, {number} clients, p95", result.percentile(0.95), "ms", at_most=asked, more=more)


def export(label) -> None:
    """A hundred thousand rows as CSV, or as many as there are."""
    rows = Report.objects.order_by("-occurred_at", "-pk")
    days = Report.objects.values_list("day", flat=True).distinct().order_by("-day")
    since = next((day for day in days if Report.objects.filter(day__gte=day).count() >= CSV_ROWS), datetime.date.min)
    start = time.perf_counter()
    size = len(exports.written(rows.filter(day__gte=since)[:CSV_ROWS]).read())
    number = min(CSV_ROWS, Report.objects.count())
    asked = CSV_SECONDS if number == CSV_ROWS else None
    tell(f"{label}: CSV of {number} reports", time.perf_counter() - start, "s", at_most=asked, more=f"{size / 1e6:.0f} MB")

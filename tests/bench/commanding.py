"""What commanders wait for: dashboards of each level, first pages of lists, a day counted anew, all summaries of a month, large files.

The ratio to the bare statement of the same numbers, in the same minute, is what to compare between machines and sizes.
"""

import datetime
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from patrol.models import Report
from polmas.people.models import Role, Unit, User
from polmas.people.models.units import UnitKind
from polmas.people.pdf import pdf_of
from polmas.people.periods import month_of
from polmas.summaries import papers
from polmas.summaries.models import DailyCount, Summary, SummaryRun
from polmas.summaries.recount import recount
from tests.bench import scene
from tests.bench.filing import FINE, measure
from tests.bench.machine import TOP
from tests.bench.reading import repeated
from tests.bench.table import tell

PAGE_MS, MOST_SLOWER, RECOUNT_MS = 100, 1.3, 50
ROWS, FILES = 1_000_000, {"csv": 15, "xlsx": 120}  # seconds of that many rows
PDF_SECONDS = 3
BUILDERS, EACH_MS, MOST_TIMES = 2, 25, 3
LEVELS = {
    UnitKind.POLSEK: Role.KAPOLSEK,
    UnitKind.POLRES: Role.KAPOLRES,
    UnitKind.POLDA: Role.KAPOLDA,
    UnitKind.MABES: Role.PEMBACA_MABES,
}
LISTS = ("/kegiatan/", "/gangguan/", "/masalah/", "/fkpm/")
# What a dashboard says first: the reports of a month by day and kind.
BARE = "SELECT day, kind, count(*) FROM patrol_report WHERE unit_id = ANY(%s) AND day BETWEEN %s AND %s AND state <> 'withdrawn' GROUP BY day, kind"
MONTH = "SELECT unit_id, kind, officer_id, area_id, count(*) FROM patrol_report WHERE day BETWEEN %s AND %s GROUP BY 1, 2, 3, 4"


def head_of(kind: UnitKind) -> User:
    """Who leads the unit of this kind with the most below it; of Polsek the one that reports most."""
    units = Unit.objects.filter(kind=kind)
    busiest = DailyCount.objects.filter(unit__kind=kind).order_by().values_list("unit").first() if kind == UnitKind.POLSEK else None
    unit = units.filter(pk=busiest[0]).first() if busiest else units.order_by("-numchild", "pk").first()
    return User.objects.filter(postings__unit=unit, postings__role=LEVELS[kind]).first()


def dashboards(processes, seconds, label) -> dict[str, float]:
    """Thirty days, by each level; returns the p95 in ms by level."""
    today, found = timezone.localdate(), {}
    for kind in LEVELS:
        user = head_of(kind)
        below = list(Unit.objects.below(user.post.unit).values_list("pk", flat=True))
        limit = times_of(lambda below=below: ask(BARE, [below, today - datetime.timedelta(days=29), today]))
        result, cpu = measure(processes, [repeated(["/dasbor/?periode=30hari"], cookie=scene.cookie_of(user))], seconds, FINE)
        found[f"dashboard of {kind.label}"] = result.percentile(0.95)
        more = f"p50 {result.percentile(0.5):.1f}; bare count of {len(below)} units from the rows {limit:.0f} ms; {cpu}"
        tell(f"{label}: dashboard of {kind.label}, p95", result.percentile(0.95), "ms", at_most=PAGE_MS, more=more)
    return found


def lists(processes, seconds, label) -> None:
    for kind in (UnitKind.POLSEK, UnitKind.POLRES):
        cookie = scene.cookie_of(head_of(kind))
        for path in LISTS:
            result, cpu = measure(processes, [repeated([path], cookie=cookie)], seconds / 2, FINE)
            more = f"p50 {result.percentile(0.5):.1f}; {cpu}"
            tell(f"{label}: first page of {path} of a {kind.label}, p95", result.percentile(0.95), "ms", at_most=PAGE_MS, more=more)


def recounts(label) -> None:
    """A day of a Polsek counted from its rows, as after each report; rolled back, so that nothing is marked."""
    unit = head_of(UnitKind.POLSEK).post.unit
    days = list(DailyCount.objects.filter(unit=unit).values_list("day", flat=True).distinct().order_by("-day")[:30])
    times = []
    for day in days:
        start = time.perf_counter()
        with transaction.atomic():
            recount(unit.pk, day)
            transaction.set_rollback(True)
        times.append((time.perf_counter() - start) * 1000)
    p95 = sorted(times)[int(len(times) * 0.95)]
    tell(f"{label}: one day of a Polsek counted anew, p95", p95, "ms", at_most=RECOUNT_MS, more=f"p50 {statistics.median(times):.1f}")


WRITE = """
import resource, sys, time, django
django.setup()
from patrol import exports
from patrol.models import Report
kind, number = sys.argv[1], int(sys.argv[2])
rows = Report.objects.order_by("-occurred_at", "-pk")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start = peak(), time.perf_counter()
file = exports.WRITERS[kind](rows[:number])
print(time.perf_counter() - start, file.seek(0, 2), peak() - before)
"""


def export(label) -> None:
    """As many rows as there are up to a million, by a process of its own, so that its memory is told."""
    number = min(ROWS, Report.objects.count())
    for kind, most in FILES.items():
        said = subprocess.run([sys.executable, "-c", WRITE, kind, str(number)], cwd=TOP, check=True, capture_output=True, text=True).stdout.split()
        seconds, size, memory = map(float, said[-3:])
        more = f"{number / seconds:,.0f} rows/s, {size / 1e6:.0f} MB, {memory:.0f} MB of memory more than before"
        tell(f"{label}: {kind.upper()} of {number} reports", seconds, "s", at_most=most if number == ROWS else None, more=more)


def summaries(label) -> None:
    """The month before this one for every unit that has summaries, by two processes beside each other, children first, as workers build
    them: each message's summary with those that wait beside it."""
    last = month_of(timezone.localdate().replace(day=1) - datetime.timedelta(days=1))
    start = time.perf_counter()
    ask(MONTH, [last.start, last.end])
    bare = time.perf_counter() - start
    polsek, polres, polda = Unit.objects.polsek(), Unit.objects.polres(), Unit.objects.filter(kind=UnitKind.POLDA)
    groups = [list(units.order_by("path").values_list("pk", flat=True)) for units in (polsek, polres, polda)]
    SummaryRun.objects.filter(period="monthly", starts_on=last.start).delete()
    owed = [SummaryRun(unit_id=pk, period="monthly", starts_on=last.start) for pks in groups for pk in pks]
    SummaryRun.objects.bulk_create(owed)
    start, spent = time.perf_counter(), [0.0] * len(groups)
    for place, pks in enumerate(groups):
        with ThreadPoolExecutor(BUILDERS) as pool:
            spent[place] = sum(pool.map(build, (pks[first::BUILDERS] for first in range(BUILDERS)), [last.start] * BUILDERS))
    took, number = time.perf_counter() - start, len(owed)
    built = SummaryRun.objects.filter(period="monthly", starts_on=last.start, state=SummaryRun.State.DONE).count()
    allowed = MOST_TIMES * bare + number * EACH_MS / 1000
    each = ", ".join(f"{seconds / len(pks) * 1000:.1f}" for seconds, pks in zip(spent, groups, strict=True))
    more = f"{built} of {number}; of a worker's own CPU {each} ms for a Polsek, Polres, Polda; the bare GROUP BY {bare:.2f} s"
    tell(f"{label}: all monthly summaries by {BUILDERS} workers", took, "s", at_most=allowed, more=more)
    paper(label, Summary.objects.filter(period="monthly", starts_on=last.start, unit__in=polres).order_by("-unit__numchild").first())


def paper(label, summary: Summary | None) -> None:
    """The PDF of the month of the Polres with most Polsek; the second, since the first loads the fonts."""
    if summary:
        for _run in range(2):
            start = time.perf_counter()
            size = len(pdf_of(render_to_string("print/summary.html", {**papers.paper(summary, papers.Reader(True)), "size": "A4"})))
            took = time.perf_counter() - start
        tell(f"{label}: PDF of a Polres month", took, "s", at_most=PDF_SECONDS, more=f"{size / 1024:.0f} KB")


def build(units: list[int], start: datetime.date) -> float:
    """By a process of its own, without the queue; returns the seconds of CPU that it took, its start left out."""
    code = """
import datetime, sys, time, django
django.setup()
from celery import current_app
from polmas.summaries import runs
current_app.send_task = lambda *args, **options: None
began = time.process_time()
for unit in sys.stdin.read().split():
    runs.run(int(unit), "monthly", datetime.date.fromisoformat(sys.argv[1]))
print(time.process_time() - began)
"""
    told = " ".join(map(str, units))
    done = subprocess.run([sys.executable, "-c", code, start.isoformat()], cwd=TOP, check=True, input=told, text=True, stdout=subprocess.PIPE)
    return float(done.stdout.split()[-1])


def ask(sql: str, values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def times_of(act, number: int = 5) -> float:
    """The median of some runs, in ms."""
    times = []
    for _run in range(number):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def compare(before: dict[str, float], after: dict[str, float]) -> None:
    for name, value in after.items():
        if before is not after:
            tell(f"{name}: times as long as at the smaller size", value / before[name], "", at_most=MOST_SLOWER)

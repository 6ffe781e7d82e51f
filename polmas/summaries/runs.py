"""Builds of summaries on their way through the queue: asked for, taken up, done or failed, and found again when a message or a worker is lost.

What is owed stands in PostgreSQL (`SummaryRun`); Redis only carries it. A row is written in the transaction of whatever makes the build
necessary, the message follows on commit, and what a lost message or a killed worker leaves open the sweep sends again.
"""

import datetime
import logging
import socket
from collections.abc import Callable, Iterable

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from redis import Redis, RedisError

from polmas.people.models import Unit, UnitKind
from polmas.summaries import building
from polmas.summaries.models import Summary, SummaryRun
from polmas.summaries.models.runs import KEPT, PATIENCE

logger = logging.getLogger(__name__)

Key = tuple[int, str, datetime.date]
State = SummaryRun.State
QUEUE = "summaries"
TOGETHER = 19  # Polsek beside the one that a message names
GATHERING = 10  # seconds in which Polsek that finish together ask their Polres once

# Who waits already is not asked again; who runs runs once more after that.
ASK = """
    INSERT INTO summaries_summaryrun AS run
        (unit_id, period, starts_on, state, asked_at, asked_by_id, next_at, attempts, builds, error, worker)
    SELECT unit_id, period, starts_on, 'WAITING', %(now)s, %(by)s, %(next)s, 0, 0, '', ''
    FROM unnest(%(units)s::bigint[], %(periods)s::text[], %(starts)s::date[]) AS key (unit_id, period, starts_on)
    ON CONFLICT (unit_id, period, starts_on) DO UPDATE
    SET state = 'WAITING', asked_at = excluded.asked_at, asked_by_id = excluded.asked_by_id, next_at = excluded.next_at, attempts = 0, error = ''
    WHERE run.state <> 'WAITING'
    RETURNING unit_id, period, starts_on
"""


def ask_for(keys: Iterable[Key], countdown: int = 0, by=None) -> int:
    """Asks for builds, in this order; how many were not waiting already. The messages go out once the transaction is committed."""
    wanted = [(unit, str(kind), start) for unit, kind, start in keys]
    now = timezone.now()
    columns = zip(*wanted, strict=True) if wanted else ((), (), ())
    units, periods, starts = (list(column) for column in columns)
    given = {"units": units, "periods": periods, "starts": starts, "now": now, "by": by.pk if by else None}
    with connection.cursor() as cursor:
        cursor.execute(ASK, {**given, "next": now + PATIENCE + datetime.timedelta(seconds=countdown)})
        new = set(cursor.fetchall())
    if new:
        transaction.on_commit(lambda: publish([key for key in wanted if key in new], countdown), robust=True)
    return len(new)


def publish(keys: Iterable[Key], countdown: int = 0) -> None:
    """Sends the messages; without Redis they stay owed and the sweep sends them."""
    for unit, kind, start in keys:
        current_app.send_task("summaries.build_summary", args=[unit, kind, start.isoformat()], countdown=countdown or None)


def run(unit_id: int, kind: str, start: datetime.date, is_redelivered: bool = False) -> Summary | None:
    """Builds what a message names, unless that was done meanwhile, and with it what waits beside it; None where nothing was to do."""
    began = _take_up(unit_id, kind, start, is_redelivered)
    if began is None:
        return None
    mine = SummaryRun.objects.filter(unit=unit_id, period=kind, starts_on=start, state=State.RUNNING, started_at=began)
    unit = Unit.objects.get(pk=unit_id)
    try:
        try:
            return _build(unit, kind, start, mine, _beside)
        except Exception as error:
            logger.warning("%s %s %s, with others: %s", unit.code, kind, start, error)
        return _build(unit, kind, start, mine, _nobody)
    except Exception as error:
        _fail(mine, error)
        raise


def run_again(unit_id: int, kind: str, start: datetime.date) -> Summary | None:
    """Builds at once what was built before, without a message; None where another worker has it. What failed goes on counting attempts."""
    now = timezone.now()
    done = SummaryRun.objects.filter(unit=unit_id, period=kind, starts_on=start, state=State.DONE)
    done.update(state=State.WAITING, asked_at=now, asked_by=None, next_at=now + PATIENCE)
    return run(unit_id, kind, start)


@transaction.atomic
def _build(unit: Unit, kind: str, start: datetime.date, mine, beside: Callable) -> Summary:
    """One transaction: a worker that is killed leaves nothing half-built, and what waited beside it waits on, with its own message.

    All rows are held from the beginning, so that whoever asks again meanwhile waits, and nobody waits for two in another order.
    """
    began = timezone.now()
    list(mine.select_for_update())
    others = list(beside(unit, kind, start))
    summary, *_more = building.build_together([unit, *(other.unit for other in others)], kind, start)
    if parent := building.parent_of(unit, kind):
        ask_for([(parent.pk, kind, start)], countdown=GATHERING)
    done = {"state": State.DONE, "finished_at": timezone.now(), "builds": F("builds") + 1, "error": "", "attempts": 0}
    mine.update(**done)
    SummaryRun.objects.filter(pk__in=[other.pk for other in others]).update(**done, started_at=began, worker=socket.gethostname())
    return summary


def _beside(unit: Unit, kind: str, start: datetime.date):
    """Of a Polsek, those of the same Polres and clock that wait for the same: each question is then asked once for all of them."""
    if unit.kind != UnitKind.POLSEK:
        return SummaryRun.objects.none()
    alike = {"unit__kind": unit.kind, "unit__depth": unit.depth, "unit__time_zone": unit.time_zone}
    rows = SummaryRun.objects.filter(period=kind, starts_on=start, state=State.WAITING, unit__path__startswith=unit.path[: -Unit.steplen], **alike)
    return rows.exclude(unit=unit).select_related("unit").select_for_update(skip_locked=True, of=("self",)).order_by("unit__path")[:TOGETHER]


def _nobody(_unit, _kind, _start):
    return ()


def _take_up(unit_id, kind, start, is_redelivered) -> datetime.datetime | None:
    """Marks the row as under way and answers since when; None where it is done, or another worker has it. A message that comes back after
    its worker was lost takes it over. Where somebody holds the row, who most likely builds it beside another, the message comes again
    instead of keeping a worker waiting."""
    now = timezone.now()
    takeable = [State.WAITING, State.FAILED, *([State.RUNNING] if is_redelivered else [])]
    row = SummaryRun.objects.filter(unit=unit_id, period=kind, starts_on=start)
    under_way = {"state": State.RUNNING, "started_at": now, "finished_at": None, "next_at": now + PATIENCE, "worker": socket.gethostname()}
    with transaction.atomic():
        free = row.filter(state__in=takeable).select_for_update(skip_locked=True).values_list("pk", flat=True)
        if SummaryRun.objects.filter(pk__in=list(free)).update(**under_way, attempts=F("attempts") + 1):
            return now
    if row.exists():
        if row.filter(state__in=takeable).exists():
            publish([(unit_id, kind, start)], GATHERING)
        return None
    SummaryRun.objects.bulk_create([SummaryRun(unit_id=unit_id, period=kind, starts_on=start, attempts=1, **under_way)], ignore_conflicts=True)
    return now


def _fail(mine, error: Exception) -> None:
    """Says what went wrong and when it is tried again, each time after twice as long."""
    for row in mine:
        told = f"{type(error).__name__}: {error}".replace("\0", "")[:500]
        SummaryRun.objects.filter(pk=row.pk, state=State.RUNNING, started_at=row.started_at).update(
            state=State.FAILED, finished_at=timezone.now(), error=told, next_at=timezone.now() + row.delay
        )


def sweep() -> int:
    """Sends again what was lost or failed and is to be tried now; how many. What waits is not lost while the queue still holds messages."""
    now = timezone.now()
    lost = SummaryRun.objects.lost(now)
    if queue_length(QUEUE):
        lost = lost.exclude(state=State.WAITING)
    with transaction.atomic():
        rows = list(lost.select_for_update(skip_locked=True).order_by("-unit__depth", "asked_at")[:5000])
        SummaryRun.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.WAITING, next_at=now + PATIENCE)
        transaction.on_commit(lambda: publish([(row.unit_id, row.period, row.starts_on) for row in rows]), robust=True)
    return len(rows)


def forget_old() -> int:
    """Drops what was built long ago; how many. What is not done stays until it is."""
    return SummaryRun.objects.filter(state=State.DONE, asked_at__lt=timezone.now() - KEPT)._raw_delete(SummaryRun.objects.db)


def queue_length(name: str) -> int:
    """How many messages wait in a queue; 0 where Redis does not answer."""
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            return client.llen(name)
    except RedisError as error:
        logger.warning("queue length: %s", error)
        return 0

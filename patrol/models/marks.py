"""Marks: which days of which units must be counted anew."""

import datetime
import time
from collections import defaultdict
from collections.abc import Iterable

from celery import current_app
from django.contrib.postgres.fields import ArrayField
from django.core.cache import cache
from django.db import models, transaction

from polmas.people.models import Unit
from polmas.people.statements import Add, add

GATHERING = 2  # seconds: what comes within is counted and looked at together; figures read what is marked from the rows themselves


class CountMark(models.Model):
    """A sign that reports of a unit's day changed since its last count. Only ever added by a report's own transaction, and
    taken away by the recount that has seen it, so that no two reports wait for one row."""

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    reports = ArrayField(models.BigIntegerField(), default=list)  # whose visits may have changed: their entries are counted anew

    class Meta:
        indexes = [models.Index(fields=["unit", "day"])]

    def __str__(self):
        return f"{self.unit_id} {self.day}"


class CheckMark(models.Model):
    """A sign that the worker still has to look at a report, or at it again: its text, its photos, its company (patrol.checks).
    Written in the report's own transaction and taken away by the check that has seen it."""

    report = models.ForeignKey("patrol.Report", models.CASCADE, related_name="+")

    def __str__(self):
        return str(self.report_id)


def mark_for_check(report_ids, add: Add = add):
    """Asks the worker to look at these reports once the transaction is committed; a sweep finds what a lost message missed."""
    report_ids = sorted(report_ids)
    add(CheckMark, [CheckMark(report_id=pk) for pk in report_ids])
    transaction.on_commit(ask_for_check, robust=True)


def ask_for_check():
    ask("patrol.check_reports")


def mark_days(changed: Iterable[tuple[int, datetime.date, int]], add: Add = add):
    """Adds a mark for the days of changed reports, each as (unit id, day, report id), and asks the worker for a recount once the
    transaction is committed.

    The message only hurries: a lost one is made good by the sweep, which finds the mark itself.
    """
    days = defaultdict(list)
    for unit_id, day, report_id in sorted(set(changed)):
        days[unit_id, day].append(report_id)
    add(CountMark, [CountMark(unit_id=unit_id, day=day, reports=reports) for (unit_id, day), reports in days.items()])
    transaction.on_commit(ask_for_recount, robust=True)


def ask_for_recount():
    ask("summaries.recount_marked")


def ask(task: str) -> None:
    """Queues a task that looks at whatever is marked by then, some seconds from now; once in that time at most, however many ask.

    When somebody asked last is remembered by this process first, so that most reports need not ask Redis.
    """
    now = time.monotonic()
    if now - _asked.get(task, -GATHERING) >= GATHERING and cache.add(f"asked:{task}", 1, timeout=GATHERING):
        _asked[task] = now
        current_app.send_task(task, countdown=GATHERING)


_asked: dict[str, float] = {}  # by task: when, on this process's clock


def forget_what_was_asked() -> None:
    _asked.clear()

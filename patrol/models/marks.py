"""Marks: which days of which units must be counted anew."""

from celery import current_app
from django.core.cache import cache
from django.db import models, transaction

from polmas.people.models import Unit


class CountMark(models.Model):
    """A sign that reports of a unit's day changed since its last count. Only ever added by a report's own transaction, and
    taken away by the recount that has seen it, so that no two reports wait for one row."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    day = models.DateField()

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


def mark_for_check(report_ids):
    """Asks the worker to look at these reports once the transaction is committed; a sweep finds what a lost message missed."""
    report_ids = sorted(report_ids)
    CheckMark.objects.bulk_create(CheckMark(report_id=pk) for pk in report_ids)
    transaction.on_commit(lambda: ask_for_check(), robust=True)


def ask_for_check():
    """Queues at most one look per second, at whatever is marked by then."""
    if cache.add("check_reports", 1, timeout=1):
        current_app.send_task("patrol.check_reports", countdown=1)


def mark_days(keys):
    """Adds a mark for each (unit id, day) and asks the worker for a recount once the transaction is committed.

    The message only hurries: a lost one is made good by the sweep, which finds the mark itself.
    """
    keys = set(keys)
    CountMark.objects.bulk_create(CountMark(unit_id=unit_id, day=day) for unit_id, day in keys)
    transaction.on_commit(lambda: ask_for_recount(keys), robust=True)


def ask_for_recount(keys):
    """Queues at most one recount per key and second; a mark made meanwhile is seen by the recount that already waits."""
    for unit_id, day in keys:
        if cache.add(f"recount:{unit_id}:{day}", 1, timeout=1):
            current_app.send_task("summaries.recount_day", args=[unit_id, day.isoformat()], countdown=1)

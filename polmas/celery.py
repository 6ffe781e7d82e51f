"""The queue: one Celery app, tasks found in each app's `tasks.py`, the schedule in code.

Times of the schedule are UTC. What is due at a unit's own local hour is decided by the task, which asks each unit's
time zone: beat only wakes it often enough.
"""

import os
import time

from celery import Celery, Task, signals
from celery.schedules import crontab
from django.db.utils import InterfaceError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polmas.settings")


class PatientTask(Task):
    """A task whose message outlives an outage of the database: it is sent again, ever later, instead of being lost with all that wait
    behind it, which a worker without a database goes through within seconds."""

    autoretry_for = (OperationalError, InterfaceError)
    max_retries = 40
    retry_backoff = True
    retry_backoff_max = 30  # seconds


app = Celery("polmas", task_cls=PatientTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("polmas.people.health:WorkerPulse")

app.conf.beat_schedule = {
    "recount-marked": {"task": "summaries.recount_marked", "schedule": 30.0},
    "check-reports": {"task": "patrol.check_reports", "schedule": 60.0},
    "accept-unflagged": {"task": "patrol.accept_unflagged", "schedule": crontab(minute="20")},
    "drop-old-imports": {"task": "summaries.drop_old_imports", "schedule": crontab(minute="40", hour="19")},
    "drop-old-exports": {"task": "summaries.drop_old_exports", "schedule": crontab(minute="45", hour="19")},
    "forget-information-papers": {"task": "patrol.forget_information_papers", "schedule": crontab(minute="*/15")},
    "forget-secret-papers": {"task": "summaries.forget_secret_papers", "schedule": crontab(minute="*/15")},
    "watch-agreements": {"task": "fkpm.watch_agreements", "schedule": crontab(minute="10")},
    "tell-of-moved-meetings": {"task": "fkpm.tell_of_moves", "schedule": crontab(minute="*/5")},
    "remind-of-forum-actions": {"task": "fkpm.remind_actions", "schedule": crontab(minute="10", hour="0,1,2,6")},
    "build-scores": {"task": "summaries.build_scores_due", "schedule": crontab(minute="50", hour="5,11,17")},
    "remind-of-coaching": {"task": "summaries.remind_coaching", "schedule": crontab(minute="15", hour="0,1,2")},
    # Zones are told apart by the task: at seven minutes past each hour it is just past midnight in one of them, or in none.
    "build-due-summaries": {"task": "summaries.build_due", "schedule": crontab(minute="7,37")},
    "sweep-builds": {"task": "summaries.sweep_builds", "schedule": 60.0},
    "forget-old-builds": {"task": "summaries.forget_old_builds", "schedule": crontab(minute="50", hour="19")},
    "release-due-summaries": {"task": "summaries.release_due", "schedule": crontab(minute="*/5")},
    "remind-of-summaries": {"task": "summaries.remind_summaries", "schedule": crontab(minute="*/15")},
}


@signals.task_prerun.connect
def note_start(task=None, **more):
    task.request.began = time.monotonic()


@signals.task_postrun.connect
def measure(task=None, **more):
    """Counts the task and its seconds for /metrics."""
    from polmas.people import measuring  # after the settings, which this module is loaded with

    measuring.add("polmas_worker_tasks", task.name, time.monotonic() - getattr(task.request, "began", time.monotonic()))

"""The queue: one Celery app, tasks found in each app's `tasks.py`, the schedule in code.

Times of the schedule are UTC. What is due at a unit's own local hour is decided by the task, which asks each unit's
time zone: beat only wakes it often enough.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polmas.settings")

app = Celery("polmas")
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
    "watch-agreements": {"task": "fkpm.watch_agreements", "schedule": crontab(minute="10")},
    "remind-of-forum-actions": {"task": "fkpm.remind_actions", "schedule": crontab(minute="10", hour="0,1,2,6")},
    "build-due-summaries": {"task": "summaries.build_due", "schedule": crontab(minute="5,35")},
}

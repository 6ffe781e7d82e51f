"""The workers' app and the commands as they are, for tests that break their stores: what takes minutes in the field takes seconds, and beat
does nothing but sweep."""

import datetime
import sys

import django
from django.core.management import execute_from_command_line

from polmas.celery import app

django.setup()

from polmas.summaries import runs  # noqa: E402 - needs Django
from polmas.summaries.models import runs as rows  # noqa: E402

runs.PATIENCE = datetime.timedelta(seconds=3)
runs.GATHERING = 1
rows.FIRST_DELAY = datetime.timedelta(seconds=1)
app.conf.beat_schedule = {"sweep-builds": {**app.conf.beat_schedule["sweep-builds"], "schedule": 1.0}}

if __name__ == "__main__":
    execute_from_command_line(sys.argv)

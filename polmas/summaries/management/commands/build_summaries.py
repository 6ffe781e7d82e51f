"""Builds summaries by hand: those of one unit and all below it, or of the whole country."""

import datetime

from django.core.management.base import BaseCommand, CommandError

from polmas.people.models import Unit
from polmas.summaries import building, runs
from polmas.summaries.due import reporting_units
from polmas.summaries.models import PeriodKind
from polmas.summaries.models.due_times import KINDS_OF


class Command(BaseCommand):
    help = "Queues the periodic summaries of a unit and all below it, children before parents; with --now builds them at once."

    def add_arguments(self, parser):
        parser.add_argument("--period", choices=PeriodKind.values, required=True)
        parser.add_argument("--start", type=datetime.date.fromisoformat, required=True, help="any day of the period, YYYY-MM-DD")
        parser.add_argument("--unit", help="code of a unit; all without it")
        parser.add_argument("--now", action="store_true", help="build here instead of in a worker")

    def handle(self, *, period, start, unit, now, **options):
        start = building.period_of(period, start).start
        units = [one for one in self.units_of(unit) if period in KINDS_OF[one.kind]]
        for one in units if now else ():
            summary = building.build(one, period, start)
            self.stdout.write(f"{one.code}: {summary.state}, revision {summary.revision}, {summary.figures['activities']['total']['now']} reports")
        if not now:
            runs.ask_for((one.pk, period, start) for one in units)
            self.stdout.write(f"{len(units)} builds queued")

    def units_of(self, code):
        units = reporting_units()
        if not code:
            return units
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"There is no unit {code}.")
        return units.filter(path__startswith=unit.path)

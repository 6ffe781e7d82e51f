"""Fills the database with made-up reports across the country, for tests of scale."""

import math

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mapping.models import Beat
from mapping.models.areas import VILLAGES
from polmas.summaries.management.commands.demo import is_own_database
from polmas.summaries.simulation import country
from polmas.summaries.simulation import reports as made

MOST_OFFICERS = 40_000  # of all Polri
REPORTS_EACH = 100  # of one officer, where the country is made to fit the number of reports


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--reports", type=int, required=True, metavar="N", help="how many reports to add; 0 makes the country alone")
        parser.add_argument("--officers", type=int, metavar="N", help="how many officers a made-up country has (default: one for a hundred reports)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other reports (default 1)")
        parser.add_argument("--force", action="store_true", help="fill a database that is not bin/up's own")

    def handle(self, *args, reports: int, officers: int | None = None, seed: int = 1, force: bool = False, **options):
        self.refuse(reports, officers, force)
        if not Beat.objects.filter(area__level__in=VILLAGES).exists():
            wanted = officers or min(MOST_OFFICERS, math.ceil(reports / REPORTS_EACH))
            self.tell(f"nobody holds a village yet: making a country of {max(wanted, 1)} officers")
            with transaction.atomic():
                country.make_country(max(wanted, 1))
        if reports:
            self.add(reports, seed)

    def refuse(self, number, officers, force):
        if number < 0 or (officers is not None and not 0 < officers <= MOST_OFFICERS):
            raise CommandError(f"A number of reports from 0 on, and of officers from 1 to {MOST_OFFICERS}, please.")
        if not force and not is_own_database():
            raise CommandError("This database is not bin/up's own: made-up reports would stand among real ones. --force does it.")

    def add(self, number, seed):
        if made.is_simulated(seed):
            raise CommandError(f"The reports of seed {seed} are there already. Use another --seed.")
        made.simulate(number, seed, self.tell)
        if not transaction.get_connection().in_atomic_block:  # a test stands in one
            made.tidy()

    def tell(self, text: str):
        self.stdout.write(text)
        self.stdout.flush()

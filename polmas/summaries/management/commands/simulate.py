"""Fills the database with made-up reports across the country, and all that goes with them, for tests of scale."""

import math

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mapping.models import Area, Beat
from mapping.models.areas import VILLAGES
from polmas.summaries.management.commands.demo import is_own_database
from polmas.summaries.simulation import codes, country
from polmas.summaries.simulation import reports as made

MOST_OFFICERS = 40_000  # of all Polri
REPORTS_EACH = 100  # of one officer, where the country is made to fit the number of reports
MOST_YEARS = 5  # for which reports are kept


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--reports", type=int, required=True, metavar="N", help="how many reports to add; 0 makes the country alone")
        parser.add_argument(
            "--officers", type=int, metavar="N", help="of a country that is made (default: 40000 for the official codes, else one a hundred reports)"
        )
        parser.add_argument("--years", type=int, default=2, help="over which the reports are spread, until yesterday (default 2)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other reports (default 1)")
        parser.add_argument(
            "--country", action="store_true", help="also where some serve already, make units and officers of all villages that no unit polices"
        )
        parser.add_argument("--force", action="store_true", help="fill a database that is not bin/up's own")

    def handle(self, *args, reports: int, officers: int | None = None, years: int = 2, seed: int = 1, force: bool = False, **options):
        self.refuse(reports, officers, years, force)
        if reports and made.is_simulated(seed):
            raise CommandError(f"The reports of seed {seed} are there already. Use another --seed.")
        if options.get("country") or not Beat.objects.filter(area__level__in=VILLAGES).exists():
            self.make_country(reports, officers)
        if reports:
            made.simulate(reports, seed, years, self.tell)
        if not transaction.get_connection().in_atomic_block:  # a test stands in one
            made.tidy()

    def refuse(self, number, officers, years, force):
        if number < 0 or (officers is not None and not 0 < officers <= MOST_OFFICERS) or not 0 < years <= MOST_YEARS:
            raise CommandError(f"A number of reports from 0 on, of officers from 1 to {MOST_OFFICERS}, and of years from 1 to {MOST_YEARS}, please.")
        if not force and not is_own_database():
            raise CommandError("This database is not bin/up's own: made-up reports would stand among real ones. --force does it.")

    @transaction.atomic
    def make_country(self, reports, officers):
        free = Area.objects.villages().filter(units__isnull=True).count()
        if not free:
            officers = officers or max(1, min(MOST_OFFICERS, math.ceil(reports / REPORTS_EACH)))
            self.tell("no official codes without a unit: making up villages")
            codes.make_codes(officers)
        self.tell(f"making units, {officers or MOST_OFFICERS} officers and forums")
        country.make_country(officers or MOST_OFFICERS)

    def tell(self, text: str):
        self.stdout.write(text)
        self.stdout.flush()

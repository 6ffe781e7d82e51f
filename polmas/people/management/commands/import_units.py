"""Loads police units from a CSV file."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from polmas.people.imports import load_units


class Command(BaseCommand):
    help = "Loads police units from a CSV file with the columns code, name, kind and parent (its code), in one transaction; repeatable."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *args, file, **options):
        try:
            with translation.override("en"):
                report = load_units(file)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for line in report.refused:
            self.stderr.write(f"refused {line}")
        self.stdout.write(", ".join(f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "unchanged", "refused")))

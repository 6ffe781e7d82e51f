"""Loads the official list of codes and names from files."""

import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from mapping.codes import load_codes


class Command(BaseCommand):
    help = "Loads official codes and names of areas (CSV with a code and a name in each line, also .gz), in one transaction; repeatable."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="+", type=Path, help="files, or folders with such files: provinces, regencies, districts, villages")
        parser.add_argument("--listed-on", type=datetime.date.fromisoformat, help="YYYY-MM-DD: the day of the list; today without it")

    def handle(self, *args, path, listed_on, **options):
        files = [file for each in path for file in (sorted(each.glob("*.csv*")) if each.is_dir() else [each])]
        try:
            with translation.override("en"):
                report = load_codes(files, listed_on or timezone.localdate())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for outcome in ("renamed", "vanished", "refused"):
            for line in getattr(report, outcome):
                self.stderr.write(f"{outcome} {line}")
        counts = [f"{len(getattr(report, name))} {name}" for name in ("renamed", "vanished", "refused")]
        self.stdout.write(", ".join([f"{report.added} added", f"{report.unchanged} unchanged", *counts]))

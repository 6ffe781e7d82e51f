"""Loads official boundaries from a file."""

import datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from mapping.imports import load_areas


class Command(BaseCommand):
    help = "Loads boundaries (GeoJSON, also .gz; Shapefile and GeoPackage through GDAL) by official code, in one transaction; repeatable."

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)  # --version is the source's here, not Django's

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--source", default="", help="who drew them; the file's name by default")
        parser.add_argument("--version", default="", help="which edition of the source", dest="edition")
        parser.add_argument(
            "--valid-from", type=datetime.date.fromisoformat, help="YYYY-MM-DD: the boundaries moved on this day, the older ones keep the days before"
        )
        parser.add_argument("--not-current", action="store_true", help="keep the drawings aside")

    def handle(self, *args, file, source, edition, valid_from, not_current, **options):
        try:
            with translation.override("en"):
                report = load_areas(file, source=source, version=edition, valid_from=valid_from, is_current=not not_current)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for outcome in ("vanished", "repaired", "refused"):
            for line in getattr(report, outcome):
                self.stderr.write(f"{outcome} {line}")
        counts = [f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "unchanged", "vanished", "repaired", "refused")]
        self.stdout.write(", ".join([*counts, f"{len(report.parents)} parents created"]))

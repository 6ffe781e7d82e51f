"""Loads official boundaries from a file."""

import datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from mapping.geofiles import Reading
from mapping.import_terms import Naming
from mapping.imports import load_areas

USUAL = ("added", "changed", "unchanged", "vanished", "repaired", "refused")
RARE = ("renamed", "split", "merged", "matched")
NAMED = ("changed", "vanished", "split", "merged", "renamed", "matched", "repaired", "refused")  # one by one
WIDTH = 40  # characters of the bar
# How the same file would load, by the code of what was wrong with it.
HINTS = {"swap_axes": "Load it with --swap-axes.", "srid": "Name it with --srid.", "fields": "Name them with --code-field and --name-field."}


class Command(BaseCommand):
    help = "Loads boundaries (GeoJSON, also .gz; Shapefile, also zipped; GeoPackage) by official code, in one transaction; repeatable."

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
        parser.add_argument("--code-field", default="", help="the field that holds the official code, where it is not found by itself")
        parser.add_argument("--name-field", default="", help="the field that holds the name")
        parser.add_argument("--swap-axes", action="store_true", help="the file has latitude before longitude")
        parser.add_argument("--srid", type=int, help="EPSG number of the projection, where the file names none or a wrong one, e.g. 32749")
        parser.add_argument("--encoding", default="", help="of texts; by default UTF-8, and Windows-1252 where they are no UTF-8")

    def handle(self, *args, file, source, edition, valid_from, not_current, **options):
        how = Reading(options["srid"], options["swap_axes"], options["encoding"], self.bar if self.stderr.isatty() else Reading().progress)
        naming = Naming(options["code_field"], options["name_field"])
        try:
            with translation.override("en"):
                report = load_areas(file, how, naming, source=source, version=edition, valid_from=valid_from, is_current=not not_current)
        except ValidationError as error:
            raise CommandError(" ".join([*error.messages, HINTS.get(getattr(error, "code", ""), "")]).strip()) from error
        self.tell(report)

    def bar(self, done, total):
        share = min(1, done / total) if total else 0
        self.stderr.write(f"\r[{'#' * round(share * WIDTH):{WIDTH}}] {share:4.0%}", ending="\n" if share == 1 else "")
        self.stderr.flush()

    def tell(self, report):
        for note in dict.fromkeys(report.notes):
            self.stderr.write(f"note: {note}")
        for outcome in NAMED:
            for line in getattr(report, outcome):
                self.stderr.write(f"{outcome} {line}")
        counts = [f"{len(getattr(report, name))} {name}" for name in USUAL]
        counts += [f"{len(getattr(report, name))} {name}" for name in RARE if getattr(report, name)]
        self.stdout.write(", ".join([*counts, f"{len(report.parents)} parents created"]))

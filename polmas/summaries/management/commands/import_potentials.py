"""Loads potentials from a file: points as GeoJSON, or a table as XLSX."""

import io
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from polmas.summaries.imports.potentials import Potentials
from polmas.summaries.managing import SystemDesk

LARGEST = 200 * 1024 * 1024


class Command(BaseCommand):
    help = "Loads potentials (GeoJSON points such as OpenStreetMap's, or XLSX in the columns of the template), each in its village; repeatable."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="say what would become of each, and write nothing")

    def handle(self, *args, file, dry_run, **options):
        with translation.override("en"):
            plan = Potentials(SystemDesk())
            try:
                rows = plan.read(io.BytesIO(content_of(Path(file))))
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            with transaction.atomic():
                plan.compare(rows)
                if not dry_run:
                    plan.write()
            self.tell(plan)

    def tell(self, plan):
        counts = plan.counts()
        self.stdout.write(f"{counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, {counts['error']} refused")
        for row in plan.rows:
            if plan.outcomes[row.number] == "error":
                reasons = "; ".join(reason for _title, reason in row.errors)
                self.stdout.write(f"  refused {row.number}: {plan.name_of(row)}: {reasons}")
            elif row.number in plan.remarks:
                self.stdout.write(f"  {plan.outcomes[row.number]} {row.number}: {plan.name_of(row)}")


def content_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST // 1024 // 1024} MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} can not be read: {error.strerror}") from error

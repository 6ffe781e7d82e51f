"""Boundaries that operators load: tried first, and told in words and outlines; applied from the day that the operator then says."""

import datetime
import io

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mapping.geofiles import Reading
from mapping.import_terms import AreaReport, Naming
from mapping.imports import load_areas
from polmas.people.models import User
from polmas.summaries.imports.streams import Watched
from polmas.summaries.managing import Desk
from polmas.summaries.models import AreaChange, ImportJob

# What became of the areas of a file, in the order in which the report tells it.
REPORTED = ("added", "changed", "unchanged", "renamed", "split", "merged", "matched", "repaired", "vanished", "refused")
QUIET = frozenset({"unchanged"})  # counted, not listed
SHOWN = 500  # lines of an outcome that are kept
KEPT = {"refused": 20_000}  # of these more: whoever mends the file needs all
PERCENT = 100
# What may be wrong with a file as a whole so that the same file loads when it is read in another way.
MENDABLE = frozenset({"swap_axes", "srid", "fields"})


def check(job: ImportJob) -> dict:
    """Loads the file and takes all of it back; what it did is kept beside the job."""
    with transaction.atomic():
        report = _load(job, with_outlines=True)
        transaction.set_rollback(True)
    with transaction.atomic():
        job.changes.all().delete()
        AreaChange.objects.bulk_create(_changes(job, report), batch_size=1000)
    return _told(report)


def apply(job: ImportJob) -> dict:
    """Loads the file under the terms that were confirmed; to be called in the transaction that marks the job as done."""
    return _told(_load(job))


def _load(job, with_outlines=False) -> AreaReport:
    options = job.options
    if not Desk(User.objects.get(pk=job.requested_by_id)).may_manage:
        raise ValidationError(_("You no longer manage a unit."))
    ImportJob.objects.filter(pk=job.pk).update(total=PERCENT)
    how = Reading(options.get("srid"), options.get("swap_axes", False), options.get("encoding", ""), _percent_of(job))
    naming = Naming(options.get("code_field", ""), options.get("name_field", ""))
    day = options.get("valid_from")
    with job.file.open("rb") as file:
        return load_areas(
            io.BufferedReader(Watched(file, lambda place: None), 1 << 16),
            how,
            naming,
            source=options["source"],
            version=options["version"],
            within=None if options["within"] is None else tuple(options["within"]),
            valid_from=datetime.date.fromisoformat(day) if day else None,
            is_current=not options.get("is_aside", False),
            with_outlines=with_outlines,
        )


def _percent_of(job):
    """Tells a page how far the file is, as often as that changes."""
    last = 0

    def tell(done: int, total: int) -> None:
        nonlocal last
        share = min(PERCENT, done * PERCENT // total) if total else 0
        if share != last:
            last = share
            job.progress(share)

    return tell


def _changes(job, report):
    outcomes = AreaChange.Outcome
    for change in report.changes:
        yield AreaChange(
            job=job,
            code=change.code,
            name=change.name,
            outcome=outcomes.CHANGED if change.had else outcomes.ADDED,
            shared=change.shared,
            moved_m=change.moved_m,
            farthest_m=change.farthest_m,
            before=change.before,
            after=change.after,
        )


def _told(report) -> dict:
    found = {name: getattr(report, name) for name in REPORTED}
    lines = {name: [str(line) for line in lines[: KEPT.get(name, SHOWN)]] for name, lines in found.items() if name not in QUIET}
    return {
        "counts": {name: len(lines) for name, lines in found.items()},
        "lines": {**lines, "notes": list(dict.fromkeys(report.notes))},
        "total": PERCENT,
    }

"""What the worker does with a file: check it, and once it is confirmed apply it as a whole."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from polmas.people.imports import load_units
from polmas.people.models import Unit, User
from polmas.summaries.imports import areas
from polmas.summaries.imports.earlier import EarlierTotals
from polmas.summaries.imports.forums import Forums
from polmas.summaries.imports.incidents import Incidents
from polmas.summaries.imports.people import People
from polmas.summaries.imports.places import Groups, Partners, Posts
from polmas.summaries.imports.plans import Plan
from polmas.summaries.imports.potentials import Potentials
from polmas.summaries.imports.registers import Contacts, Households
from polmas.summaries.imports.streams import Watched
from polmas.summaries.managing import Desk
from polmas.summaries.models import ImportJob, ImportKind

PLANS: dict[str, type[Plan]] = {
    ImportKind.PEOPLE: People,
    ImportKind.HOUSEHOLDS: Households,
    ImportKind.CONTACTS: Contacts,
    ImportKind.POSTS: Posts,
    ImportKind.GROUPS: Groups,
    ImportKind.PARTNERS: Partners,
    ImportKind.POTENTIALS: Potentials,
    ImportKind.INCIDENTS: Incidents,
    ImportKind.FORUMS: Forums,
    ImportKind.EARLIER: EarlierTotals,
}
SHOWN = 100  # lines of an outcome that a page shows
# One import writes at a time: two files that name the same person would each make the account.
LOCK = 74_011_003
REPORTED = ("added", "changed", "unchanged", "refused")


def run(job_id: int) -> None:
    """Takes the next step of a job. Safe to run twice: a step that somebody else took, or finished, is left alone."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        with translation.override(job.options.get("language", "id")):
            _work(job)
    except ValidationError as error:
        _fail(job, " ".join(error.messages), getattr(error, "code", None) if job.kind == ImportKind.AREAS else None)
    except Exception:
        _fail(job, _("Something broke on our side. Nothing of the file was taken; try again, and tell the operator above if it happens again."))
        raise
    finally:
        job.forget_progress()


def _claim(job_id) -> ImportJob | None:
    """The job if it waits, or if whoever worked on it is lost; its row says from then on that it is at work."""
    with transaction.atomic():
        job = ImportJob.objects.select_for_update().select_related("requested_by").filter(pk=job_id).first()
        if job is None or (job.state not in ImportJob.STEPS and not job.is_lost):
            return None
        job.state = ImportJob.STEPS.get(ImportJob.State(job.state), job.state)
        job.touched_at = timezone.now()
        job.save(update_fields=["state", "touched_at"])
    job.progress(0)
    return job


def _work(job):
    if job.kind == ImportKind.AREAS:
        _boundaries(job)
    elif job.kind == ImportKind.UNITS:
        _load(job, lambda file: load_units(file, within=Unit.objects.filter(pk=job.options["within"]).first()))
    elif job.state == ImportJob.State.CHECKING:
        _check(job)
    else:
        _apply(job)


def _boundaries(job):
    if job.state == ImportJob.State.CHECKING:
        _finish(job, ImportJob.State.CHECKED, **areas.check(job))
        return
    with transaction.atomic():
        _finish(job, ImportJob.State.DONE, **areas.apply(job))


def plan_of(job: ImportJob) -> Plan:
    return PLANS[job.kind](Desk(User.objects.get(pk=job.requested_by_id)), job.progress)


def _compared(job, is_final: bool = False) -> Plan:
    plan = plan_of(job)
    plan.is_final = is_final
    if not plan.may_load:
        raise ValidationError(_("You no longer manage a unit."))
    with job.file.open("rb") as file:
        rows = plan.read(io.BytesIO(file.read()))
    ImportJob.objects.filter(pk=job.pk).update(total=len(rows))
    plan.compare(rows)
    return plan


def _check(job):
    plan = _compared(job)
    _finish(job, ImportJob.State.CHECKED, **_told(plan))


def _apply(job):
    """Compares anew, since the check is older, then writes and says so in one transaction: applied and marked, or neither."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        plan = _compared(job, is_final=True)
        plan.write()
        _finish(job, ImportJob.State.DONE, newcomers=getattr(plan, "newcomers", []), **_told(plan))


def _told(plan) -> dict[str, Any]:
    errors = [{"row": row.number, "cells": row.cells, "errors": row.errors} for row in plan.rows if row.errors]
    lines: dict[str, Any] = {outcome: plan.lines(outcome, SHOWN) for outcome in ("new", "changed")}
    lines["has_features"] = plan.has_features
    return {"counts": plan.counts(), "lines": lines, "errors": errors, "total": len(plan.rows)}


def _load(job, load):
    """Units: applied at once, with the report of what became of each."""
    with transaction.atomic(), job.file.open("rb") as file:
        size = job.file.size
        ImportJob.objects.filter(pk=job.pk).update(total=size)
        report = load(io.BufferedReader(Watched(file, job.progress), 1 << 16))
        found = {name: getattr(report, name, []) for name in REPORTED}
        told = {
            "counts": {name: len(lines) for name, lines in found.items()},
            "lines": {name: [str(line) for line in lines[:SHOWN]] for name, lines in found.items() if name != "unchanged"},
        }
        _finish(job, ImportJob.State.DONE, total=size, **told)


def _finish(job, state, **told):
    job.state, job.finished_at = state, timezone.now() if state == ImportJob.State.DONE else None
    for name, value in told.items():
        setattr(job, name, value)
    job.touched_at = timezone.now()
    drop_file = job.file.name if state == ImportJob.State.DONE else ""
    if drop_file:
        storage = job.file.storage
        transaction.on_commit(lambda: storage.delete(drop_file), robust=True)
        job.file = ""
    job.save()


def _fail(job, message, mend=None):
    """Refused as a whole: why stays, the file goes; unless it would load when it is read in another way, which its owner is asked for."""
    if mend in areas.MENDABLE:
        job.options["mend"] = mend
    else:
        job.file.delete(save=False)
    file = job.file.name or ""
    changes = {"state": ImportJob.State.FAILED, "message": message[:500], "file": file, "options": job.options, "finished_at": timezone.now()}
    ImportJob.objects.filter(pk=job.pk).update(**changes)

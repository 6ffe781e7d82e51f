"""What the workers do for commanders: recount days that changed, build the summaries that are due."""

import datetime

from celery import shared_task
from django.utils import timezone

from polmas.people import documents
from polmas.people.models import Document
from polmas.summaries import branches, building, index_papers, papers, recount
from polmas.summaries.due import due_now
from polmas.summaries.models import ExportJob, ImportJob, IndexPeriod, Summary
from polmas.summaries.models.exports import KEPT as FILE_KEPT
from polmas.summaries.models.imports import KEPT


@shared_task(name="summaries.recount_marked")
def recount_marked():
    """Counts anew whatever is marked. Asked for by each report, every other second at most; beat asks too, for messages that were lost."""
    recount.recount_marked()
    branches.add_up_marked()


@shared_task(name="summaries.build_summary")
def build_summary(unit_id: int, period: str, start_iso: str):
    """Builds one summary; the unit above follows, because its own is made of these."""
    building.build_and_tell(unit_id, period, datetime.date.fromisoformat(start_iso))


@shared_task(name="summaries.build_due")
def build_due():
    """Queues what each unit owes by its own calendar, children before parents."""
    for unit_id, period, start in due_now():
        building.ask_for(unit_id, period, start)


@shared_task(name="summaries.render_summary")
def render_summary(document_id: int):
    document = Document.objects.get(pk=document_id)
    summary = Summary.objects.select_related("unit").get(pk=document.object_id)
    documents.finish(document_id, "print/summary.html", papers.paper(summary, with_persons=document.kind != papers.NO_PERSONS))


@shared_task(name="summaries.render_map")
def render_map(document_id: int):
    """A part of the map on paper, as its reader sees it now."""
    from polmas.summaries.maps.drawing import paper  # imported where used: a worker that draws no map stays small

    document = Document.objects.get(pk=document_id)
    documents.finish(document_id, "print/map.html", paper(document.object_id, document.details))


@shared_task(name="summaries.render_index")
def render_index(document_id: int):
    """A quarter of the security index on paper."""
    document = Document.objects.get(pk=document_id)
    period = IndexPeriod.objects.select_related("unit", "area", "board", "closed_by").get(pk=document.object_id)
    documents.finish(document_id, "print/security_index.html", index_papers.paper(period, document.details))


@shared_task(name="summaries.run_import")
def run_import(job_id: int):
    """The next step of a file that an operator loads."""
    from polmas.summaries.imports import jobs  # imported where used: reading tables takes memory

    jobs.run(job_id)


@shared_task(name="summaries.run_export")
def run_export(job_id: int):
    """Writes the file of a layer that somebody wants to take along."""
    from polmas.summaries.maps import exporting  # imported where used: writing tables takes memory

    exporting.run(job_id)


@shared_task(name="summaries.drop_old_exports")
def drop_old_exports():
    """Deletes exported files after a week; that they were taken stays on record."""
    for job in ExportJob.objects.filter(requested_at__lt=timezone.now() - FILE_KEPT).exclude(state=ExportJob.State.GONE):
        job.file.delete(save=False)
        ExportJob.objects.filter(pk=job.pk).update(state=ExportJob.State.GONE, file="")


@shared_task(name="summaries.drop_old_imports")
def drop_old_imports():
    """Deletes files and reports of imports after 30 days: they name people."""
    for job in ImportJob.objects.filter(requested_at__lt=timezone.now() - KEPT):
        job.file.delete(save=False)
        job.delete()

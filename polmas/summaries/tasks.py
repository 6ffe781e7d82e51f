"""What the workers do for commanders: recount days that changed, build the summaries that are due."""

import datetime

from celery import shared_task
from django.utils import timezone

from polmas.people import documents
from polmas.people.models import Document, Unit
from polmas.summaries import awards, branches, coaching, dashboard_papers, index_papers, papers, recount, releasing, runs, scoring, summary_files
from polmas.summaries.due import due_now
from polmas.summaries.models import Award, ExportJob, ImportJob, IncidentalReport, IndexPeriod, Summary
from polmas.summaries.models.exports import KEPT as FILE_KEPT
from polmas.summaries.models.imports import KEPT

OLDER_DAYS = 20  # seconds that one task spends on days long over


@shared_task(name="summaries.recount_marked")
def recount_marked():
    """Counts anew whatever is marked. Asked for by each report, every other second at most; beat asks too, for messages that were lost."""
    recount.recount_marked(within=OLDER_DAYS)
    branches.add_up_marked(within=OLDER_DAYS)


@shared_task(name="summaries.build_summary", bind=True)
def build_summary(self, unit_id: int, period: str, start_iso: str):
    """Builds one summary; the unit above follows, because its own is made of these."""
    again = self.request.retries or (self.request.delivery_info or {}).get("redelivered")
    runs.run(unit_id, period, datetime.date.fromisoformat(start_iso), is_redelivered=bool(again))


@shared_task(name="summaries.build_due")
def build_due():
    """Asks for what each unit owes by its own calendar, children before parents."""
    runs.ask_for(due_now())


@shared_task(name="summaries.sweep_builds")
def sweep_builds():
    """Sends builds again whose message or worker was lost, and those that failed and are to be tried again."""
    runs.sweep()


@shared_task(name="summaries.forget_old_builds")
def forget_old_builds():
    """Drops what was built half a year ago from the list of builds; the summaries stay."""
    runs.forget_old()


@shared_task(name="summaries.release_due")
def release_due():
    """Hands daily summaries whose time has come to the workers, one by one."""
    for summary_id in releasing.to_release(timezone.now()):
        release_summary.delay(summary_id)


@shared_task(name="summaries.release_summary")
def release_summary(summary_id: int):
    """One daily summary that goes by itself."""
    releasing.release(summary_id)


@shared_task(name="summaries.remind_summaries")
def remind_summaries():
    """Reminds those who have to approve and send, shortly before the due time and once it is over."""
    for summary, kind in releasing.to_remind(timezone.now()):
        releasing.remind(summary, kind)


@shared_task(name="summaries.render_summary")
def render_summary(document_id: int):
    document = Document.objects.get(pk=document_id)
    summary = Summary.objects.select_related("unit").get(pk=document.object_id)
    told = papers.paper(summary, papers.Reader.of_kind(document.kind))
    documents.finish(document_id, "print/summary.html", {**told, "size": document.details.get("size", "A4")})


@shared_task(name="summaries.forget_secret_papers")
def forget_secret_papers() -> None:
    """Takes away files of summaries with LI that were made more than an hour ago."""
    documents.forget_secrets(papers.SECRET_KINDS)


@shared_task(name="summaries.render_officers")
def render_officers(document_id: int):
    """The Laporan Bhabinkamtibmas of a summary."""
    document = Document.objects.get(pk=document_id)
    summary = Summary.objects.select_related("unit").get(pk=document.object_id)
    told = summary_files.officers_paper(summary, summary_files.OFFICERS[document.kind], document.details)
    documents.finish(document_id, "print/summary_officers.html", told)


@shared_task(name="summaries.render_map")
def render_map(document_id: int):
    """A part of the map on paper, as its reader sees it now."""
    from polmas.summaries.maps.drawing import paper  # imported where used: a worker that draws no map stays small

    document = Document.objects.get(pk=document_id)
    documents.finish(document_id, "print/map.html", paper(document.object_id, document.details))


@shared_task(name="summaries.render_dashboard")
def render_dashboard(document_id: int):
    """A dashboard on paper, with the numbers that its reader saw."""
    document = Document.objects.get(pk=document_id)
    documents.finish(document_id, "print/dashboard.html", dashboard_papers.paper(document))


@shared_task(name="summaries.render_index")
def render_index(document_id: int):
    """A quarter of the security index on paper."""
    document = Document.objects.get(pk=document_id)
    period = IndexPeriod.objects.select_related("unit", "area", "board", "closed_by").get(pk=document.object_id)
    documents.finish(document_id, "print/security_index.html", index_papers.paper(period, document.details))


@shared_task(name="summaries.build_scores_due")
def build_scores_due():
    """Queues the scores of the month that runs and of the one before, unit by unit."""
    scoring.queue_builds()


@shared_task(name="summaries.build_scores")
def build_scores(unit_id: int, month_iso: str):
    """Rates the officers of one unit and all below it for one month; safe to run twice."""
    scoring.build(Unit.objects.get(pk=unit_id), datetime.date.fromisoformat(month_iso))


@shared_task(name="summaries.render_charter")
def render_charter(document_id: int):
    """The charter of an award on paper."""
    document = Document.objects.get(pk=document_id)
    award = Award.objects.select_related("unit", "officer", "forum").get(pk=document.object_id)
    documents.finish(document_id, "print/charter.html", awards.paper(award))


@shared_task(name="summaries.remind_coaching")
def remind_coaching():
    """Reminds of notes that were not read, of sessions ahead, and of plans to look at again."""
    coaching.remind(timezone.now())


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


@shared_task(name="summaries.render_incidental")
def render_incidental(document_id: int):
    """An incidental report on paper."""
    report = IncidentalReport.objects.select_related("unit").get(pk=Document.objects.get(pk=document_id).object_id)
    documents.finish(document_id, "print/incidental.html", {"report": report, "unit": report.unit})

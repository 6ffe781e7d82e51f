"""What the worker does for forums."""

from celery import shared_task

from fkpm.models import Meeting
from fkpm.printing import minutes_on_paper
from polmas.people.documents import finish
from polmas.people.models import Document


@shared_task(name="fkpm.render_minutes")
def render_minutes(document_id: int) -> None:
    """The minutes of one meeting as PDF."""
    meeting = Meeting.objects.with_minutes().get(pk=Document.objects.get(pk=document_id).object_id)
    finish(document_id, "fkpm/minutes_print.html", minutes_on_paper(meeting))

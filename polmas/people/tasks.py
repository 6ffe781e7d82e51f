"""What the workers do for units."""

from celery import shared_task

from polmas.people import documents, roster
from polmas.people.heads import head_of
from polmas.people.models import Document, Unit
from polmas.people.months import Month


@shared_task(name="people.render_roster")
def render_roster(document_id: int):
    """The piket roster of a unit's month as PDF; the document's fingerprint begins with the month."""
    document = Document.objects.get(pk=document_id)
    unit = Unit.objects.get(pk=document.object_id)
    month = Month.asked(document.fingerprint[:7], unit.today())
    paper = {**roster.month_table(unit, month), "head": head_of(unit, unit.today()), "today": unit.today()}
    documents.finish(document_id, "print/duty_list.html", paper)

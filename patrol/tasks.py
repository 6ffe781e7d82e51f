"""What the workers do: look at reports longer than a phone should wait, accept those that nobody needs to look at, put LI on paper."""

import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from mapping.models import Place
from patrol import books, checks, handovers, papers, posts
from patrol.cards import PER_SHEET, WITH_PHONE, card_of
from patrol.information_papers import BOOK, LETTER, book, letter
from patrol.lists import in_detail
from patrol.models import CheckMark, Handover, Report, State
from patrol.models.marks import mark_days
from polmas.people import documents
from polmas.people.models import Document, Unit, User

CHUNK = 1000  # reports that one transaction accepts: locks are held for moments only
CHECKED_TOGETHER = 500


@shared_task(name="patrol.check_reports")
def check_reports():
    """Looks at all that is marked. Two at once share the marks, and a mark goes only with its check."""
    while check_some() == CHECKED_TOGETHER:
        pass


@transaction.atomic
def check_some() -> int:
    marks = list(CheckMark.objects.select_for_update(skip_locked=True).order_by("pk")[:CHECKED_TOGETHER])
    if marks:
        checks.check(mark.report_id for mark in marks)
        CheckMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


@shared_task(name="patrol.accept_unflagged")
def accept_unflagged():
    """Accepts what waited for longer than its unit's days of grace without a flag, so that the queue holds what wants eyes."""
    waiting = Report.objects.filter(state=State.SUBMITTED, flags=[]).order_by().values("unit")
    for unit_id, days in Unit.objects.filter(pk__in=waiting).values_list("pk", "accept_after_days"):
        before = timezone.now() - datetime.timedelta(days=days)
        while accept_some(unit_id, before) == CHUNK:
            pass


@transaction.atomic
def accept_some(unit_id: int, before: datetime.datetime) -> int:
    """Accepts a chunk of what lies unchanged since that moment; returns how many. A corrected report waits the whole time again.

    What somebody reviews or corrects right now is left to them; whoever comes after us is told that the state changed.
    """
    ripe = Report.objects.filter(unit=unit_id, state=State.SUBMITTED, flags=[], received_at__lt=before)
    ripe = ripe.exclude(pk__in=CheckMark.objects.values("report"))  # not before the worker has looked
    ripe = ripe.exclude(events__pgh_created_at__gte=before).order_by("received_at").select_for_update(skip_locked=True)
    taken = list(ripe.values_list("pk", "day")[:CHUNK])
    Report.objects.filter(pk__in=[pk for pk, _day in taken]).update(state=State.ACCEPTED)
    mark_days((unit_id, day, pk) for pk, day in taken)
    return len(taken)


@shared_task(name="patrol.render_report")
def render_report(document_id: int):
    """The laporan kegiatan of one report as PDF."""
    document = Document.objects.get(pk=document_id)
    [report] = in_detail(Report.objects.filter(pk=document.object_id))
    documents.finish(document_id, "patrol/report_print.html", papers.report_on_paper(report, document.kind))


@shared_task(name="patrol.render_book")
def render_book(document_id: int):
    """One book of a period as PDF, as its reader may see it."""
    document = Document.objects.get(pk=document_id)
    documents.finish(document_id, "patrol/book_print.html", books.on_paper(User.objects.get(pk=document.object_id), **document.details))


@shared_task(name="patrol.render_handover")
def render_handover(document_id: int):
    """The berita acara of one handover as PDF."""
    handover = Handover.objects.select_related("unit", "from_user", "to_user").get(pk=Document.objects.get(pk=document_id).object_id)
    documents.finish(document_id, "print/handover.html", handovers.paper(handover))


@shared_task(name="patrol.render_card")
def render_card(document_id: int):
    """The contact card of one officer as PDF, eight to a sheet."""
    document = Document.objects.get(pk=document_id)
    card = card_of(User.objects.get(pk=document.object_id), with_phone=document.kind == WITH_PHONE)
    documents.finish(document_id, "patrol/card_print.html", {"card": card, "rows": [(0, 1)] * (PER_SHEET // 2)})


@shared_task(name="patrol.render_information")
def render_information(document_id: int) -> None:
    """One LI as a letter."""
    documents.finish(document_id, "patrol/information_print.html", letter(Document.objects.get(pk=document_id).object_id))


@shared_task(name="patrol.render_information_book")
def render_information_book(document_id: int) -> None:
    """The book of LI of one unit for some days."""
    documents.finish(document_id, "patrol/information_book_print.html", book(Document.objects.get(pk=document_id)))


@shared_task(name="patrol.forget_information_papers")
def forget_information_papers() -> None:
    """Takes away letters and books of LI that were made more than an hour ago."""
    documents.forget_secrets([LETTER, BOOK])


@shared_task(name="patrol.render_post_sheet")
def render_post_sheet(document_id: int):
    """The sheet with a post's QR code as PDF."""
    document = Document.objects.get(pk=document_id)
    documents.finish(document_id, "print/post_sheet.html", posts.sheet_of(Place.objects.select_related("area", "unit").get(pk=document.object_id)))

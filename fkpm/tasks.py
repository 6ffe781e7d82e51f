"""What the worker does for forums."""

from celery import shared_task
from django.utils import timezone

from fkpm import accounts_on_paper, inviting, looking_after, reminding
from fkpm.board_on_paper import TEMPLATES, board_on_paper
from fkpm.models import Agreement, Forum, Meeting
from fkpm.printing import minutes_on_paper
from fkpm.printing_agreements import agreement_on_paper
from polmas.people.documents import finish
from polmas.people.models import Document


@shared_task(name="fkpm.render_minutes")
def render_minutes(document_id: int) -> None:
    """The minutes of one meeting as PDF."""
    meeting = Meeting.objects.with_minutes().get(pk=Document.objects.get(pk=document_id).object_id)
    finish(document_id, "fkpm/minutes_print.html", minutes_on_paper(meeting))


@shared_task(name="fkpm.render_account")
def render_account(document_id: int) -> None:
    """A paper of a forum's accounts as PDF: which one, its kind says."""
    finish(document_id, *accounts_on_paper.paper_of(Document.objects.get(pk=document_id)))


@shared_task(name="fkpm.render_board")
def render_board(document_id: int) -> None:
    """Who serves in a forum, or all who belong to it, as PDF."""
    document = Document.objects.get(pk=document_id)
    finish(document_id, TEMPLATES[document.kind.removeprefix("forum_")], board_on_paper(forum_of(document)))


def forum_of(document: Document) -> Forum:
    return Forum.objects.select_related("unit", "area", "officer").get(pk=document.object_id)


@shared_task(name="fkpm.render_agreement")
def render_agreement(document_id: int) -> None:
    """One Surat Kesepakatan Bersama as PDF."""
    agreement = Agreement.objects.select_related("unit", "area", "forum__area", "case", "replaces").get(
        pk=Document.objects.get(pk=document_id).object_id
    )
    finish(document_id, "fkpm/agreement_print.html", agreement_on_paper(agreement))


@shared_task(name="fkpm.watch_agreements")
def watch_agreements() -> int:
    """Ends agreements past their last day, and tells whose looking after is due."""
    return looking_after.watch()


@shared_task(name="fkpm.mail_invitations")
def mail_invitations(meeting_id: int) -> None:
    """E-mail with the calendar entry to the invited who were not sent this invitation yet."""
    inviting.mail_invitations(Meeting.objects.select_related("forum__unit").get(pk=meeting_id))


@shared_task(name="fkpm.tell_of_moves")
def tell_of_moves() -> int:
    """Tells the invited of plans that were changed and left unsaved."""
    return inviting.tell_of_moves(timezone.now())


@shared_task(name="fkpm.remind_actions")
def remind_actions() -> None:
    """Reminders of actions that are due soon or overdue, each once; in the unit's morning hours."""
    for action, kind in reminding.due_reminders(timezone.now()):
        reminding.remind(action, kind)

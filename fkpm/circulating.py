"""Asking the members for comments on a draft, and telling them once it is adopted."""

from django.db import transaction
from django.utils import timezone

from fkpm.models.adoption import Adoptable
from polmas.people.models import Notification


@transaction.atomic
def put_out(text: Adoptable, by, days: int) -> None:
    """Opens the draft of minutes or of an addendum for comments, tells the members, and keeps the number of days for the next time."""
    text.put_out(days)
    forum = text.forum
    if forum.comment_days != days:
        forum.comment_days = days
        forum.save(update_fields=["comment_days"])
    until = timezone.localtime(text.comments_until, forum.unit.zone).date()
    Notification.objects.tell(_readers(forum) - {by.pk}, Notification.Kind.COMMENT, text.meeting.page, by=forum.name, day=until.isoformat())


def tell_of_adoption(text: Adoptable, by) -> None:
    """The members read what was adopted."""
    day = text.meeting.day.isoformat()
    Notification.objects.tell(_readers(text.forum) - {by.pk}, Notification.Kind.ADOPTED, text.meeting.page, by=text.forum.name, day=day)


def _readers(forum) -> set[int]:
    accounts = set(forum.active_members().filter(user__isnull=False).values_list("user", flat=True))
    return accounts | ({forum.officer_id} if forum.officer_id else set())

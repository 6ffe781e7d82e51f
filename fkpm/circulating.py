"""Asking the members for comments on a draft, the other of the two for adoption, and telling all once it is adopted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fkpm.minutes import differences
from fkpm.models import Addendum, Meeting, Member, Minutes
from fkpm.models.adoption import Adoptable
from polmas.people.models import Notification

Kind = Notification.Kind


@transaction.atomic
def put_out(text: Adoptable, by, days: int) -> None:
    """Opens the draft of minutes or of an addendum for comments, tells the members, and keeps the number of days for the next time.

    Raises ValidationError where it was adopted at the same moment.
    """
    text.put_out(by, days)
    forum = text.forum
    if forum.comment_days != days:
        forum.comment_days = days
        forum.save(update_fields=["comment_days"])
    until = timezone.localtime(text.comments_until, forum.unit.zone).date()
    Notification.objects.tell(_readers(forum) - {by.pk}, Kind.COMMENT, text.page, by=forum.name, day=until.isoformat())


def changes_since_put_out(text: Adoptable) -> list[tuple[str, str, str]]:
    """What the text says otherwise than when the members were asked for comments: (what, then, now)."""
    shown = text.put_out_unlike()
    if shown is None:
        return []
    if isinstance(text, Addendum):
        return [(gettext("Text"), shown.content["text"], text.text)]
    return differences(shown.content, text.meeting.content(), text.forum.unit)


def silent_members(text: Adoptable) -> list[str]:
    """Members with an account who were asked for comments and have not said anything since."""
    shown = text.last_put_out()
    if shown is None:
        return []
    spoken = {comment.author_id for comment in text.comments.all() if comment.created_at >= shown.put_out_at} | {shown.put_out_by_id}
    asked = text.forum.active_members().filter(user__isnull=False).exclude(user__in=spoken).by_office()
    return list(dict.fromkeys(member.name for member in asked))


@transaction.atomic
def end_comments(text: Adoptable) -> None:
    """Closes the time for comments before its end, once all with an account have spoken; raises ValidationError before that."""
    text.hold()
    if not text.is_open_for_comment:
        return
    if silent_members(text):
        raise ValidationError(_("Not all who have an account have answered yet."), code="silent")
    text.end_comments()
    _withdraw(text, Kind.COMMENT)


def note_adoption(text: Adoptable, by) -> None:
    """After one of the two adopted it: the other one is asked; after both, all are told and nobody is asked any more."""
    if text.is_adopted:
        tell_of_adoption(text, by)
        return
    waiting = Member.CHAIRS if text.chair_adopted_by_id is None else Member.SECRETARIES
    others = text.forum.active_members().filter(position__in=waiting, user__isnull=False).exclude(user=by)
    told = {"by": text.forum.name, "what": text._meta.verbose_name, "day": text.meeting.day.isoformat()}
    _withdraw(text, Kind.COMMENT)
    Notification.objects.tell(set(others.values_list("user", flat=True)), Kind.TO_ADOPT, text.page, **told)


def waiting_for(member: Member) -> list[Adoptable]:
    """Drafts that the other of the two has adopted and that wait for this chair or secretary."""
    if member.position not in Member.BOARD:
        return []
    own, other = ("chair", "secretary") if member.position in Member.CHAIRS else ("secretary", "chair")
    meetings = Meeting.objects.for_user(member.user).filter(forum=member.forum, cancelled_at=None)
    half: dict[str, Any] = {"meeting__in": meetings, "state": Adoptable.State.DRAFT, f"{own}_adopted_by": None, f"{other}_adopted_by__isnull": False}
    found: list[Adoptable] = []
    kinds: list[Any] = [Minutes, Addendum]
    for model in kinds:
        rows = model.objects.filter(**half).exclude(**{f"{other}_adopted_by": member.user})
        found += rows.select_related("meeting__forum__unit", f"{other}_adopted_by")
    return found


def _withdraw(text: Adoptable, *kinds: str) -> None:
    """Takes back what people were asked to do with this text: it is done or over."""
    people = {*text.forum.members.filter(user__isnull=False).values_list("user", flat=True), text.forum.officer_id}
    Notification.objects.filter(user__in=people - {None}, kind__in=kinds, path=text.page).delete()


def tell_of_adoption(text: Adoptable, by) -> None:
    """The members read what was adopted; what they were asked for before is over."""
    _withdraw(text, Kind.COMMENT, Kind.TO_ADOPT)
    day = text.meeting.day.isoformat()
    Notification.objects.tell(_readers(text.forum) - {by.pk}, Kind.ADOPTED, text.meeting.page, by=text.forum.name, day=day)


def _readers(forum) -> set[int]:
    accounts = set(forum.active_members().filter(user__isnull=False).values_list("user", flat=True))
    return accounts | forum.officers_told()

"""Asking people to a meeting, and telling them when it is moved or does not take place."""

import datetime
import logging

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fkpm import calendars
from fkpm.minutes import carry_over
from fkpm.models import Invitee, Meeting, Member
from fkpm.models.meetings import PRIVATE_KINDS
from polmas.people.addresses import public_address
from polmas.people.models import Notification

log = logging.getLogger("polmas.fkpm")
# What the invited were told of the plan.
TOLD = ("invited_at", "told_starts_at", "told_place", "moved_at")


# How long a plan stands still before those who were invited are told that it changed: a place is not told letter by letter.
SETTLING = datetime.timedelta(minutes=10)


@transaction.atomic
def invite(meeting: Meeting, by) -> int:
    """Asks every member of that day who was not asked yet, and gives how many; open actions come onto the agenda first."""
    carry_over(meeting)  # holds the minutes: two who press the button at once ask once
    asked = set(meeting.invitees.values_list("member_id", flat=True))
    members = meeting.forum.members.filter(position__in=Member.BOARD) if meeting.kind in PRIVATE_KINDS else meeting.forum.members.all()
    fresh = [member for member in members if member.is_valid_on(meeting.day) and member.pk not in asked]
    Invitee.objects.bulk_create([Invitee(meeting=meeting, member=member) for member in fresh])
    if not asked:  # asked again, only who joined since is told and mailed
        meeting.note_told()
        meeting.save(update_fields=TOLD)
    accounts = {member.user_id for member in fresh if member.user_id}
    officer = set() if asked else meeting.forum.officers_told()
    _tell((accounts | officer) - {by.pk}, Notification.Kind.INVITED, meeting)
    _mail_later(meeting)
    return len(fresh)


@transaction.atomic
def tell_if_moved(meeting: Meeting, by=None) -> bool:
    """Where the day, hour or place is another than the invited were told, everybody is told, and their word is asked anew."""
    stored = Meeting.objects.select_for_update(of=["self"]).select_related("forum__unit", "forum__officer").get(pk=meeting.pk)
    if not stored.is_moved:
        return False
    stored.note_told()
    stored.invitation_number += 1
    stored.save(update_fields=[*TOLD, "invitation_number"])
    stored.invitees.exclude(answer="").update(answer="", answered_at=None)
    _tell(_told(stored) - ({by.pk} if by else set()), Notification.Kind.MOVED, stored)
    _mail_later(stored)
    return True


def tell_of_moves(now: datetime.datetime) -> int:
    """Tells of plans that were changed some time ago by a writer who closed the page without saving; gives how many."""
    waiting = Meeting.objects.filter(moved_at__lte=now - SETTLING, starts_at__gt=now, cancelled_at=None)
    return sum(tell_if_moved(meeting) for meeting in waiting)


@transaction.atomic
def cancel(meeting: Meeting, by, reason: str) -> None:
    """The meeting does not take place."""
    was_invited = meeting.invited_at is not None
    meeting.cancelled_at, meeting.cancel_reason, meeting.moved_at = timezone.now(), reason, None
    meeting.invitation_number += 1
    meeting.invited_at = timezone.now() if was_invited else None
    meeting.save(update_fields=["cancelled_at", "cancel_reason", "invitation_number", "invited_at", "moved_at"])
    if was_invited:
        _tell(_told(meeting) - {by.pk}, Notification.Kind.CANCELLED, meeting)
        _mail_later(meeting)


def _told(meeting) -> set[int]:
    """The accounts of the invited who still belong, and of the officer who still serves."""
    invited = meeting.invitees.filter(member__user__isnull=False).select_related("member")
    return {row.member.user_id for row in invited if belongs(row.member, meeting)} | meeting.forum.officers_told()


def belongs(member: Member, meeting: Meeting) -> bool:
    """Whether a member's term runs on the day of the meeting."""
    return member.is_valid_on(meeting.day)


def _tell(people, kind, meeting) -> None:
    path = reverse("fkpm:meeting_detail", args=[meeting.uuid])
    Notification.objects.tell(people, kind, path, by=meeting.forum.name, day=meeting.day.isoformat())


def _mail_later(meeting) -> None:
    if settings.HAS_MAIL:
        transaction.on_commit(lambda: current_app.send_task("fkpm.mail_invitations", args=[meeting.pk]), robust=True)


def mail_invitations(meeting: Meeting) -> int:
    """Sends what the invited with an address were not sent yet; safe to run twice. Gives how many went out."""
    sent = 0
    for pk in meeting.invitees.values_list("pk", flat=True):
        with transaction.atomic():
            row = Invitee.objects.select_for_update(skip_locked=True, of=["self"]).select_related("member__user").filter(pk=pk).first()
            address = row and waits_for(meeting, row)
            if not row or not address:
                continue
            try:
                _message(meeting, row.member, address).send()
            except OSError as error:  # every failure of SMTP is one: an address that is refused keeps nobody else from getting theirs
                log.warning("no mail to invitee %s of meeting %s: %s", pk, meeting.pk, type(error).__name__)
                continue
            row.mailed_at = timezone.now()
            row.save(update_fields=["mailed_at"])
            sent += 1
    return sent


def waits_for(meeting: Meeting, row: Invitee) -> str:
    """The address of an invited member who was not sent the plan as it stands; empty where there is none, or their term is over."""
    was_sent = row.mailed_at and meeting.invited_at and row.mailed_at >= meeting.invited_at
    return "" if was_sent or not belongs(row.member, meeting) else address_of(row.member)


def address_of(member) -> str:
    """Where a member gets e-mail: the forum's list first, then the account."""
    return member.email or (member.user.email if member.user_id else "")


def is_reached(member: Member) -> bool:
    """Whether a member is told by the application: by their account, or by e-mail. The others need the text for WhatsApp."""
    return bool(member.user_id or (settings.HAS_MAIL and member.email))


def _message(meeting, member, address) -> EmailMessage:
    method = "CANCEL" if meeting.is_cancelled else "REQUEST"
    with translation.override("id"):  # for the subject; the text is Indonesian by itself
        # A header is one line.
        subject = " ".join(f"{_('Cancelled') if meeting.is_cancelled else _('Invitation')}: {meeting.title} – {meeting.forum.name}".split())
        message = EmailMessage(subject, text_for_people(meeting), to=[address])
        message.attach("undangan.ics", calendars.entry_of(meeting, address, member.name).decode(), f"text/calendar; method={method}; charset=UTF-8")
    return message


def text_for_people(meeting: Meeting) -> str:
    """The invitation as text to send by WhatsApp; asterisks are bold there. It is Indonesian, whoever reads the page that offers it."""
    with translation.override("id"):
        return _in_words(meeting)


def _in_words(meeting: Meeting) -> str:
    unit = meeting.forum.unit
    begins = meeting.starts_at.astimezone(unit.zone)
    if meeting.is_cancelled:
        head = _("The following meeting is CANCELLED: %s") % meeting.cancel_reason
    elif meeting.invitation_number:
        head = _("The meeting has been moved. New time and place:")
    else:
        head = _("We invite you to our meeting:")
    lines = [
        f"*{meeting.forum.name}*",
        head,
        "",
        f"*{meeting.title}*",
        f"{_('Day')}: {date_format(begins, 'l, j F Y')}",
        f"{_('Time')}: {date_format(begins, 'H.i')} {unit.zone_label}",
        f"{_('Place')}: {meeting.place}",
    ]
    if topics := [item.topic for item in meeting.agenda.all()]:
        lines += ["", f"{_('Agenda')}:", *(f"{number}. {topic}" for number, topic in enumerate(topics, 1))]
    return "\n".join([*lines, "", public_address(reverse("fkpm:meeting_detail", args=[meeting.uuid]))])

"""What happens when a superior writes about an officer's service or sits down with one: who is told, and who is reminded."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from polmas.people.models import Notification
from polmas.people.scope import SUPERIORS
from polmas.summaries.models import CoachingSession, ServiceNote
from polmas.summaries.models.awards import title_in

READ_WITHIN = datetime.timedelta(days=3)  # after this long, and as often, the officer is reminded of a note that was not read
BEFORE = datetime.timedelta(hours=24)


def note_path(note: ServiceNote) -> str:
    return reverse("summaries:note_detail", args=[note.uuid])


def session_path(session: CoachingSession) -> str:
    return reverse("summaries:session_detail", args=[session.uuid])


@transaction.atomic
def write(note: ServiceNote) -> ServiceNote:
    """Keeps a note and tells the officer that there is one, without a word of it."""
    note.by_title = title_in(note.written_by, note.unit, SUPERIORS)
    note.save()
    Notification.objects.tell([note.officer_id], Notification.Kind.NOTE, note_path(note), by=note.by_title)
    return note


@transaction.atomic
def answer(note: ServiceNote, text: str) -> None:
    note.reply(text)
    Notification.objects.tell([note.written_by_id], Notification.Kind.NOTE_ANSWER, note_path(note), by=note.officer.full_name)


@transaction.atomic
def plan(session: CoachingSession) -> CoachingSession:
    """Keeps a session, and tells the officer of one that lies ahead."""
    session.coach_title = title_in(session.coach, session.unit, SUPERIORS)
    session.save()
    if session.starts_at > timezone.now():
        _tell(session, [session.officer_id], session.coach_title)
    return session


def _tell(session, people, by) -> None:
    Notification.objects.tell(people, Notification.Kind.SESSION, session_path(session), by=by, day=session.day.isoformat())


@transaction.atomic
def call_off(session: CoachingSession, reason: str) -> None:
    """Calls a session off; its page, to which the officer is sent, says why."""
    session.call_off(reason)
    Notification.objects.tell(
        [session.officer_id], Notification.Kind.CANCELLED, session_path(session), by=session.coach_title, day=session.day.isoformat()
    )


def remind(now: datetime.datetime) -> int:
    """Notes that nobody read for three days, sessions of the next 24 hours, and those to look at again today. Each is told once a time:
    whoever marks the row tells. Returns how many were told of."""
    return _remind_readers(now) + _remind_sessions(now) + _remind_coaches(now)


def _remind_readers(now) -> int:
    day = timezone.localdate(now)
    waiting = (
        ServiceNote.objects.unread().filter(written_at__lt=now - READ_WITHIN).filter(Q(reminded_on=None) | Q(reminded_on__lte=day - READ_WITHIN))
    )
    told = 0
    for note in waiting:
        with transaction.atomic():
            if ServiceNote.objects.unread().filter(pk=note.pk, reminded_on=note.reminded_on).update(reminded_on=day):
                Notification.objects.tell([note.officer_id], Notification.Kind.NOTE, note_path(note), by=note.by_title)
                told += 1
    return told


def _remind_sessions(now) -> int:
    ahead = CoachingSession.objects.ahead().filter(starts_at__range=(now, now + BEFORE), told_on=None)
    told = 0
    for session in ahead.select_related("unit", "officer"):
        with transaction.atomic():
            if CoachingSession.objects.ahead().filter(pk=session.pk, told_on=None).update(told_on=timezone.localdate(now)):
                _tell(session, [session.officer_id], session.coach_title)
                _tell(session, [session.coach_id], session.officer.full_name)
                told += 1
    return told


def _remind_coaches(now) -> int:
    due = CoachingSession.objects.filter(state=CoachingSession.State.HELD, follow_up_on__lte=timezone.localdate(now), told_again_on=None)
    told = 0
    for session in due.select_related("unit", "officer"):
        with transaction.atomic():
            if CoachingSession.objects.filter(pk=session.pk, told_again_on=None).update(told_again_on=timezone.localdate(now)):
                path = session_path(session)
                by = session.officer.full_name
                Notification.objects.tell([session.coach_id], Notification.Kind.LOOK_AGAIN, path, by=by, day=session.follow_up_on)
                told += 1
    return told

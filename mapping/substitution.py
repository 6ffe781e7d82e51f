"""Who holds the villages of somebody who is away: beats that an absence opens and closes.

A substitution is an ordinary dated beat, so scope, households and forums follow it by themselves and end with it. It is worked
out again from the absence whenever the absence, the beats of the absent officer or the post of the substitute change.
"""

import datetime
import itertools
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from mapping.models import Beat
from polmas.people.models import Absence, Posting
from polmas.people.scope import OFFICERS

DAY = datetime.timedelta(days=1)


class Span(NamedTuple):
    """The days on which one area is to be held for somebody who is away, and for which unit."""

    area_id: int
    unit_id: int
    first: datetime.date
    last: datetime.date


@transaction.atomic
def keep(absence: Absence) -> Absence:
    """Saves an absence, and gives its substitute the villages for those days. Raises IntegrityError where another overlaps."""
    absence.save()
    mend(absence)
    return absence


@transaction.atomic
def mend(absence: Absence) -> None:
    """Brings the beats of one absence up to date. What somebody held on days that have passed stays theirs."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("unit").get(pk=absence.pk)
    yesterday = absence.unit.today() - DAY
    wanted = _wanted(absence)
    beats = absence.beats.order_by("area_id", "starts_on", "pk")
    for area_id, rows in itertools.groupby(beats, key=lambda beat: beat.area_id):
        _mend_area(absence, list(rows), wanted.pop(area_id, None), yesterday)
    for span in wanted.values():
        _open(absence, span, span.first)


def mend_for(user) -> None:
    """Mends what hangs on a person's beats and posts: own absences that last or are to come, and those in which they stand in."""
    absences = Absence.objects.filter(Q(user=user) | Q(substitute=user)).select_related("unit")
    for absence in absences:
        if absence.ends_on >= absence.unit.today():
            mend(absence)


def _wanted(absence) -> dict[int, Span]:
    """What the substitute is to hold: the absent officer's own areas, in the days of both the absence and the substitute's post."""
    wanted: dict[int, Span] = {}
    if absence.substitute_id is None:
        return wanted
    posts = list(Posting.objects.filter(user=absence.substitute_id, role__in=OFFICERS, starts_on__lte=absence.ends_on))
    own = Beat.objects.filter(user=absence.user_id, absence=None, starts_on__lte=absence.ends_on).exclude(ends_on__lt=absence.starts_on)
    for beat, post in itertools.product(own, posts):
        first = max(absence.starts_on, beat.starts_on, post.starts_on)
        last = min(day for day in (absence.ends_on, beat.ends_on, post.ends_on) if day)
        if post.unit_id == beat.unit_id and first <= last:
            known = wanted.get(beat.area_id)
            span = Span(beat.area_id, beat.unit_id, first, last)
            wanted[beat.area_id] = span._replace(first=min(first, known.first), last=max(last, known.last)) if known else span
    return wanted


def _mend_area(absence, beats, span, yesterday):
    """One area: the newest row goes on if it is the substitute's, else it ends yesterday and the substitute's begins after it."""
    while beats and not (span and beats[-1].user_id == absence.substitute_id):
        if _bound(absence, beats[-1], beats[-1].starts_on, min(beats[-1].ends_on, yesterday)):
            break
        beats.pop()
    *earlier, newest = beats or [None]
    for beat in earlier:
        _bound(absence, beat, beat.starts_on, beat.ends_on)
    if span and newest and newest.user_id == absence.substitute_id:
        _bound(absence, newest, max([span.first, *(beat.ends_on + DAY for beat in earlier)]), span.last)
    elif span:
        first = max(span.first, newest.ends_on + DAY) if newest else span.first
        _open(absence, span, first)


def _bound(absence, beat, first, last) -> datetime.date | None:
    """Gives a beat these days as far as the absence goes; it goes where none are left. Returns its last day."""
    first, last = max(first, absence.starts_on), min(last, absence.ends_on)
    if first > last:
        beat.delete()
        return None
    if (beat.starts_on, beat.ends_on) != (first, last):
        beat.starts_on, beat.ends_on = first, last
        beat.save(update_fields=["starts_on", "ends_on"])
    return last


def _open(absence, span, first):
    if first <= span.last:
        Beat.objects.create(
            user_id=absence.substitute_id,
            area_id=span.area_id,
            unit_id=span.unit_id,
            is_primary=False,
            starts_on=first,
            ends_on=span.last,
            absence=absence,
        )

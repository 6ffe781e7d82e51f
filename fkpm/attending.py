"""One person on the list of attendance: there, with or without a signature."""

from django.db import transaction

from fkpm.models import Attendance, Meeting, Member, Minutes
from polmas.people.uploads import Cleaned


@transaction.atomic
def mark(meeting: Meeting, who: Member | Attendance, act: str, drawing: Cleaned | None) -> None:
    """Notes that somebody was there (`present`), signed (`sign`), or takes a signature away (`unsign`).

    A draft that one of the two has adopted changes with it: they are asked again. Otherwise it is no new version, for somebody writes the
    minutes while the list goes round, and their form leaves alone what it did not change. Raises DatabaseError where the minutes are adopted.
    """
    minutes = Minutes.objects.select_for_update().get(pk=meeting.pk)
    row = who if isinstance(who, Attendance) else _row_of(meeting, who)
    if act == "unsign":
        row.signature, row.signature_sha256 = "", ""
    elif row.status != Attendance.Status.TAMU:
        row.status = Attendance.Status.HADIR
    if act == "sign" and drawing is not None:
        row.signature.save(f"{meeting.uuid}{drawing.ending}", drawing.content, save=False)
        row.signature_sha256 = drawing.sha256
    row.save()
    if minutes.is_half_adopted:
        minutes.take_over_edit()


def _row_of(meeting, member) -> Attendance:
    known = meeting.attendances.filter(member=member).first()
    return known or Attendance(meeting=meeting, member=member, name=member.name, element=member.element)

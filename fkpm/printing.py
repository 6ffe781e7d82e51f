"""Minutes on paper, under the forum's own head: never Polri's lines or emblem (domain.md 4.5)."""

import hashlib

from fkpm.models import Attendance, Meeting, Position

# Raised when the layout changes, so that files of an older layout are not served any more.
LAYOUT = 4


def fingerprint_of(meeting: Meeting) -> str:
    """Names what the paper would show now: the adopted content or the draft's version, and the forum's head."""
    minutes = getattr(meeting, "minutes", None)
    forum = meeting.forum
    head = (forum.name, forum.bkpm, forum.phone, forum.area.name, forum.unit.time_zone)
    # Addenda come after adoption; ticks on the list, signatures and files of a draft come without a new version.
    addenda = tuple(addendum.content_hash or addendum.print_code() for addendum in meeting.addenda.all())
    text = minutes and (minutes.content_hash or minutes.print_code())
    shown = (LAYOUT, text, *head, addenda, repr(meeting.seals()))
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def minutes_on_paper(meeting: Meeting) -> dict:
    """What the template of the paper shows."""
    rows = sorted(meeting.attendances.all(), key=_place_at_table)
    files = [file for file in meeting.files.all() if file.addendum_id is None and file.is_picture]
    return {
        "addenda": meeting.addenda.all(),
        "has_signatures": any(row.signature for row in rows),
        "photos": [file for file in files if file.kind == "PHOTO"],
        "lists": [file for file in files if file.kind == "ATTENDANCE"],
        "meeting": meeting,
        "forum": meeting.forum,
        "minutes": getattr(meeting, "minutes", None),
        "presence": meeting.presence(),
        "attendance": rows,
        "chair": _signer(meeting, "chair") or meeting.led_by,
        "secretary": _signer(meeting, "secretary") or meeting.written_by,
        "addendum_chair": _holder(meeting, "chair", meeting.forum.unit.today()),
        "addendum_secretary": _holder(meeting, "secretary", meeting.forum.unit.today()),
    }


def _signer(meeting, office):
    """Who adopted as chair or secretary, else who held the office."""
    adopted_by = getattr(getattr(meeting, "minutes", None), f"{office}_adopted_by", None)
    return adopted_by.name if adopted_by else _holder(meeting, office, meeting.day)


def _holder(meeting, office, day):
    position = Position.KETUA if office == "chair" else Position.SEKRETARIS
    return next((member.name for member in meeting.forum.members.all() if member.position == position and member.is_valid_on(day)), "")


def _place_at_table(row):
    """Those who came first, then the excused, the absent, the guests."""
    return (list(Attendance.Status).index(Attendance.Status(row.status)), row.pk)

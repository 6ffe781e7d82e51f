"""A forum's meeting, ready to be looked at."""

import datetime

from django.utils import timezone

from fkpm.minutes import Draft, draft_of, plan, save_draft
from fkpm.models import Meeting, Minutes

DISCUSSION = "Dua tiang padam sejak awal bulan."
DECISION = "Lampu gang 3 diganti dari kas RW."
OWNERS = ("owner", "officer", "partner")  # of an action, found by its name


def make_meeting(forum, days_ago=7, topics=("Lampu jalan",), **fields):
    starts_at = timezone.now() - datetime.timedelta(days=days_ago)
    meeting = plan(forum, {"kind": "RUTIN", "starts_at": starts_at, "ends_at": None, "place": "Balai RW 05", **fields}, list(topics))
    meeting.agenda.filter(is_follow_up=True).delete()  # the agenda that was asked for, whatever earlier meetings left open
    return meeting


def make_minutes(forum, **fields) -> Meeting:
    """A meeting of last week with complete minutes: both of the board present, one topic, one guest, one action."""
    meeting = make_meeting(forum, **fields)
    draft = draft_of(meeting)
    member = forum.members.first()
    draft.fields |= {"led_by": member.name, "written_by": "Sri Wahyuni", "conclusion": "Ditutup dengan doa."}
    draft.agenda[0] |= {"discussion": DISCUSSION, "decision": DECISION}
    draft.statuses = dict.fromkeys(forum.members.all(), "HADIR")
    draft.guests = [{"id": None, "name": "Bu Lurah", "element": "PEMERINTAH", "organisation": "Kelurahan"}]
    draft.actions = [
        {"id": None, "text": "Ganti lampu gang 3", "owner": member, "owner_name": member.name, "due_on": meeting.day + datetime.timedelta(days=3)}
    ]
    save_draft(meeting, draft, meeting.minutes.version)
    return fresh(meeting)


def fresh(meeting) -> Meeting:
    return Meeting.objects.with_minutes().get(pk=meeting.pk)


def minutes_of(meeting) -> Minutes:
    return Minutes.objects.get(pk=meeting.pk)


def adopt(meeting, *people):
    for person in people:
        minutes_of(meeting).adopt(person, minutes_of(meeting).version)
    return minutes_of(meeting)


def as_typed(meeting, **changes) -> dict:
    """What a browser posts from the minutes' page when nothing was typed but the changes."""
    draft: Draft = draft_of(fresh(meeting))
    begins = meeting.starts_at.astimezone(meeting.forum.unit.zone)
    data = {name: "" if value is None else value for name, value in draft.fields.items() if not name.endswith("_at")}
    data |= {"version": minutes_of(meeting).version, "day": f"{begins:%Y-%m-%d}", "begins": f"{begins:%H:%M:%S.%f}", "ends": ""}
    data |= {f"{name}-{member.pk}": status for member, status in draft.statuses.items() for name in ("member", "before")}
    for name in ("agenda", "guests", "actions"):
        rows = getattr(draft, name)
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": len(rows)}
        data |= {
            f"{name}-{number}-{key}": value
            for number, row in enumerate(rows)
            for key, value in row.items()
            if key not in ("owner", "officer", "partner")
        }
    return data | changes

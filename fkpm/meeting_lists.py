"""Meetings of a forum, and what they gave somebody to do, as tables to take along."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fkpm.models import ActionItem, Meeting

MAX_ROWS = 10_000


def meeting_headings() -> list[str]:
    names = (_("No."), _("Day"), _("Time"), _("Kind"), _("Place"), _("Led by"), _("Minutes by"), _("Present"), _("Expected"), _("Guests"))
    return [str(name) for name in (*names, _("Quorum"), _("Agenda"), _("Decisions"), _("State"))]


def meeting_rows(meetings) -> Iterator[list]:
    """From the first meeting on; how many came as the readable page says it."""
    found = meetings.select_related("forum__unit", "minutes").prefetch_related("agenda", "attendances", "forum__members")
    for number, meeting in enumerate(found.order_by("starts_at", "pk"), 1):
        presence, begins = meeting.presence(), meeting.starts_at.astimezone(meeting.forum.unit.zone)
        yield [
            number,
            begins.date(),
            f"{begins:%H.%M} {meeting.forum.unit.zone_label}",
            capfirst(meeting.get_kind_display()),
            meeting.place,
            meeting.led_by,
            meeting.written_by,
            *((presence.present, presence.expected, presence.guests or None) if meeting.has_begun else (None, None, None)),
            {True: _("reached"), False: _("not reached"), None: ""}[presence.has_quorum if meeting.has_begun else None],
            "\n".join(item.topic for item in meeting.agenda.all()),
            "\n".join(meeting.decisions()),
            state_of(meeting),
        ]


def state_of(meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return _("cancelled")
    if not meeting.has_begun:
        return _("to come")
    return _("adopted") if meeting.is_adopted else _("draft")


def action_headings() -> list[str]:
    names = (_("No."), "FKPM", _("Meeting"), _("What to do"), _("Who does it"), _("Due"), _("State"), _("Done on"), _("Note"))
    return [str(name) for name in names]


def action_rows(actions) -> Iterator[list]:
    for number, action in enumerate(actions.select_related("forum__unit", "meeting__forum__unit").order_by("due_on", "pk"), 1):
        state = _("overdue") if action.state == ActionItem.State.OPEN and action.due_on < action.forum.unit.today() else action.get_state_display()
        told = [action.forum.name, action.meeting.day, action.text, action.owner_name, action.due_on, capfirst(state), action.done_on, action.note]
        yield [number, *told]

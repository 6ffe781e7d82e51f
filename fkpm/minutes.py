"""Keeping minutes: one draft with all that belongs to it, saved as a whole, and never over somebody else's save in silence."""

import collections
import dataclasses
import datetime
from typing import cast

from django.db import transaction
from django.db.models import F, Field
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fkpm.models import ActionItem, AgendaItem, Attendance, Meeting, Minutes
from fkpm.models.meetings import PRIVATE_KINDS, in_order
from polmas.people.models import User

# Open actions named on the agenda of the next meeting; the list shows the others.
MOST_CARRIED = 15


def field_of(model, name) -> Field:
    """A column of a model, never a relation back to it."""
    return cast("Field", model._meta.get_field(name))


class OutdatedError(Exception):
    """Somebody saved in between; `differences` lists (what, stored text, own text)."""

    def __init__(self, version, differences):
        super().__init__("saved by somebody else in between")
        self.version, self.differences = version, differences


class LockedError(Exception):
    """The minutes were adopted in between."""


class CancelledError(LockedError):
    """The meeting was cancelled in between: there is nothing to write."""


@dataclasses.dataclass
class Draft:
    """Minutes as one writer has them before their eyes.

    `fields` are those of the meeting. A row of `agenda`, `guests` and `actions` carries the `id` of the stored row that it
    changes, or None for a new one; `statuses` says for each member who was present, excused or absent. `touched` are the members of
    whom the writer says something new, None where of all: what others ticked meanwhile on the list that goes round stays.
    """

    fields: dict
    agenda: list[dict]
    statuses: dict
    guests: list[dict]
    actions: list[dict]
    touched: set | None = None

    def content(self) -> dict:
        """The same shape as Meeting.content()."""
        here = [{"name": member.name, "element": member.element, "organisation": "", "status": status} for member, status in self.statuses.items()]
        guests = [
            {"name": row["name"], "element": row["element"], "organisation": row["organisation"], "status": Attendance.Status.TAMU}
            for row in self.guests
        ]
        return {
            **{name: value for name, value in self.fields.items() if not isinstance(value, datetime.datetime)},
            **{name: value.astimezone(datetime.UTC).isoformat() for name, value in self.fields.items() if isinstance(value, datetime.datetime)},
            "agenda": [{name: row[name] for name in ("topic", "discussion", "decision")} for row in self.agenda],
            "attendance": sorted(here + guests, key=in_order),
            "actions": [{"text": row["text"], "owner_name": row["owner_name"], "due_on": row["due_on"].isoformat()} for row in self.actions],
        }


def save_draft(meeting: Meeting, draft: Draft, version: int) -> None:
    """Stores the draft over the version that its writer began from.

    Raises OutdatedError where another save came in between (nothing is stored), LockedError where the minutes have been adopted,
    CancelledError where the meeting does not take place.
    """
    with transaction.atomic():
        minutes = Minutes.objects.select_for_update().get(pk=meeting.pk)
        if minutes.state == Minutes.State.ADOPTED:
            raise LockedError
        stored = Meeting.objects.with_minutes().get(pk=meeting.pk)
        if stored.is_cancelled:
            raise CancelledError
        draft = with_untouched(draft, stored)
        if minutes.version != version:
            raise OutdatedError(minutes.version, differences(stored.content(), draft.content(), stored.forum.unit))
        if stored.content() == draft.content():
            return
        _store(stored, draft)
        minutes.take_over_edit()
        meeting.minutes = minutes


def last_writer(minutes: Minutes) -> User | None:
    """Who stored the text as it stands, for the second of two writers; None where nobody did by a page."""
    saves = Minutes.pgh_event_models["update"].objects.filter(pgh_obj_id=minutes.pk, version=F("pgh_obj__version") - 1)  # type: ignore[attr-defined]
    saved = saves.select_related("pgh_context").order_by("-pgh_id").first()
    return User.objects.filter(pk=saved.pgh_context.metadata.get("user")).first() if saved and saved.pgh_context else None


def with_untouched(draft: Draft, stored: Meeting) -> Draft:
    """The draft with what the list says now of members of whom its writer says nothing new."""
    if draft.touched is None:
        return draft
    listed = {row.member: row.status for row in stored.attendances.all() if row.member}
    statuses = {member: status for member, status in listed.items() if member not in draft.touched}
    statuses |= {member: status for member, status in draft.statuses.items() if member in draft.touched}
    return dataclasses.replace(draft, statuses=statuses)


def _store(meeting, draft):
    for name, value in draft.fields.items():
        setattr(meeting, name, value)
    meeting.moved_at = timezone.now() if meeting.is_moved else None
    meeting.save()
    _store_rows(AgendaItem, meeting.agenda.all(), [{**row, "order": order} for order, row in enumerate(draft.agenda, 1)], {"meeting": meeting})
    _store_rows(ActionItem, meeting.actions.all(), draft.actions, {"meeting": meeting, "forum": meeting.forum})
    _store_attendance(meeting, draft)


def _store_attendance(meeting, draft):
    """Who has signed was there: such a row changes on the page of signatures alone, whatever an older form says."""
    signed = [row for row in meeting.attendances.all() if row.signature_sha256]
    free = [row for row in meeting.attendances.all() if not row.signature_sha256]
    members, numbers = {row.member_id for row in signed if row.member_id}, {row.pk for row in signed}
    kept = {row.member_id: row.pk for row in free}
    here = [
        {"id": kept.get(member.pk), "member": member, "name": member.name, "element": member.element, "organisation": "", "status": status}
        for member, status in draft.statuses.items()
        if member.pk not in members
    ]
    guests = [{**row, "member": None, "status": Attendance.Status.TAMU} for row in draft.guests if row["id"] not in numbers]
    _store_rows(Attendance, free, here + guests, {"meeting": meeting})


def _store_rows(model, stored, rows, common):
    """Makes the stored rows those of the draft: changed in place by their id, added where they have none, removed where not named."""
    by_id = {row.pk: row for row in stored}
    named = {row["id"] for row in rows}
    model.objects.filter(pk__in=by_id.keys() - named).delete()
    for values in rows:
        row = by_id.get(values["id"]) or model()
        for name, value in {**common, **values}.items():
            if name != "id":
                setattr(row, name, value)
        row.save()


def differences(stored: dict, own: dict, unit) -> list[tuple[str, str, str]]:
    """Where two contents differ: (what, stored text, own text), in the order of the form."""
    theirs, mine = dict(lines(stored, unit)), dict(lines(own, unit))
    return [(what, theirs.get(what, ""), mine.get(what, "")) for what in {**mine, **theirs} if theirs.get(what, "") != mine.get(what, "")]


def lines(content: dict, unit):
    """The content as (what, text) for people's eyes."""
    yield _("Kind"), capfirst(Meeting.Kind(content["kind"]).label)
    yield _("Begins"), _as_moment(content["starts_at"], unit)
    yield _("Ends"), _as_moment(content["ends_at"], unit)
    for name in ("place", "led_by", "written_by", "invited_count", "present_count", "conclusion"):
        yield capfirst(field_of(Meeting, name).verbose_name), "" if content[name] is None else str(content[name])
    for number, item in enumerate(content["agenda"], 1):
        yield _("Agenda %d: topic") % number, item["topic"]
        yield _("Agenda %d: discussion") % number, item["discussion"]
        yield _("Agenda %d: decision") % number, item["decision"]
    for name, row in _named(content["attendance"]):
        status = Attendance.Status(row["status"]).label
        yield _("Attendance: %s") % name, f"{status}, {row['organisation']}" if row["organisation"] else status
    for number, row in enumerate(content["actions"], 1):
        due_on = date_format(datetime.date.fromisoformat(row["due_on"]), "j M Y")
        yield _("Action %d") % number, f"{row['text']} ({row['owner_name']}, {due_on})"


def _named(attendance):
    """Each row with a name of its own: of two who share one, the second is numbered."""
    seen: collections.Counter[str] = collections.Counter()
    for row in attendance:
        seen[row["name"]] += 1
        yield row["name"] if seen[row["name"]] == 1 else f"{row['name']} ({seen[row['name']]})", row


def _as_moment(text, unit):
    return date_format(datetime.datetime.fromisoformat(text).astimezone(unit.zone), "j M Y H.i") if text else ""


def plan(forum, fields: dict, topics: list[str]) -> Meeting:
    """A meeting to come, with its agenda and empty minutes."""
    with transaction.atomic():
        meeting = Meeting.objects.create(forum=forum, **fields)
        AgendaItem.objects.bulk_create([AgendaItem(meeting=meeting, order=order, topic=topic) for order, topic in enumerate(topics, 1)])
        Minutes.objects.create(meeting=meeting)
        carry_over(meeting)
    return meeting


def open_before(meeting: Meeting):
    """What earlier meetings of the forum gave somebody to do and is not done."""
    earlier = ActionItem.objects.filter(forum_id=meeting.forum_id, state=ActionItem.State.OPEN, meeting__starts_at__lt=meeting.starts_at)
    if meeting.kind not in PRIVATE_KINDS:
        earlier = earlier.exclude(meeting__kind__in=PRIVATE_KINDS)
    return earlier.select_related("owner", "meeting", "forum__unit").order_by("due_on", "pk")


@transaction.atomic
def carry_over(meeting: Meeting) -> None:
    """Puts the open actions of earlier meetings first on the agenda, if there are any and they do not stand there yet.

    Once the meeting has begun the point tells them one by one, as it finds them, for the writer to say what became of each. It counts as
    a save: a form that was opened before is told of it and takes nothing away unseen.
    """
    minutes = Minutes.objects.select_for_update().get(pk=meeting.pk)
    if minutes.is_adopted or not (waiting := list(open_before(meeting)[:MOST_CARRIED])):
        return
    with translation.override("id"):  # minutes are Indonesian, whatever the page of their writer speaks
        point = AgendaItem.objects.filter(meeting=meeting, is_follow_up=True).first()
        fresh = point or AgendaItem(meeting=meeting, order=0, topic=_("Follow-up of earlier meetings"), is_follow_up=True)
        if meeting.has_begun and not fresh.discussion:
            fresh.discussion = "\n".join(f"- {row.text} ({row.owner_name}, {date_format(row.due_on, 'j M Y')}): " for row in waiting)
        elif point:
            return
    fresh.save()
    minutes.take_over_edit()
    meeting.minutes = minutes


def is_unwritten(meeting: Meeting) -> bool:
    """Whether a meeting has begun and nobody has written, adopted or put out anything yet: then its open actions may come onto the agenda."""
    minutes, agenda = meeting.minutes, meeting.agenda.all()
    if not meeting.has_begun or minutes.is_half_adopted or minutes.comments_until or any(item.discussion or item.decision for item in agenda):
        return False
    return minutes.version == 1 or any(item.is_follow_up for item in agenda)


def draft_of(meeting: Meeting) -> Draft:
    """The stored minutes as the draft that a writer begins from."""
    rows = list(meeting.attendances.all())
    fields = ("kind", "starts_at", "ends_at", "place", "led_by", "written_by", "invited_count", "present_count", "conclusion")
    return Draft(
        fields={name: getattr(meeting, name) for name in fields},
        agenda=[{"id": item.pk, "topic": item.topic, "discussion": item.discussion, "decision": item.decision} for item in meeting.agenda.all()],
        statuses={row.member: row.status for row in rows if row.member},
        guests=[
            {"id": row.pk, "name": row.name, "element": row.element, "organisation": row.organisation}
            for row in rows
            if row.status == Attendance.Status.TAMU
        ],
        actions=[
            {
                "id": row.pk,
                **{name: getattr(row, name) for name in ("text", "owner", "officer", "partner", "owner_name", "due_on")},
            }
            for row in meeting.actions.order_by("pk")
        ],
    )

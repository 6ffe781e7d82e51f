"""What happened to an account, for the eyes of those who manage it."""

import dataclasses
import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import Beat
from polmas.people.models import Posting, User

LONGEST = 12  # lines shown
CHANGED = {User: _("Account changed"), Posting: _("Posting changed"), Beat: _("Area changed")}
NOTED = {"account": _("Account created"), "password": _("New password"), "phone": _("A lost phone signed out")}


@dataclasses.dataclass(frozen=True)
class Line:
    """One change: when, by whom (id of a user, then the name), what, and why where a reason was asked for."""

    at: datetime.datetime
    by: int | str | None
    what: str | Promise
    why: str = ""


def history_of(person: User) -> list[Line]:
    """The latest changes of a person's account, postings and beats, newest first. Names of changers are looked up in one go."""
    lines = sorted([*_changes(person), *_notes(person)], key=lambda line: line.at, reverse=True)[:LONGEST]
    names = {user.pk: user.full_name for user in User.objects.filter(pk__in=[line.by for line in lines if line.by])}
    return [dataclasses.replace(line, by=names.get(line.by, "")) for line in lines]


def _changes(person):
    rows: tuple[tuple[Any, Any], ...] = ((User, [person.pk]), (Posting, person.postings.values("pk")), (Beat, person.beats.values("pk")))
    for model, ids in rows:
        events = model.pgh_event_models["update"].objects.filter(pgh_obj_id__in=ids).select_related("pgh_context").order_by("-pgh_created_at")
        for event in events[:LONGEST]:
            said = event.pgh_context.metadata if event.pgh_context else {}
            yield Line(event.pgh_created_at, said.get("user"), CHANGED[model], said.get("reason", ""))


def _notes(person):
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=quote(person.pk), change_message__in=NOTED)
    for entry in entries.order_by("-action_time")[:LONGEST]:
        yield Line(entry.action_time, entry.user_id, NOTED[entry.change_message])

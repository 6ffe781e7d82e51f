"""Who changed what of an incident, for the eyes of those who may change it: read from the history that the database keeps."""

import dataclasses
import datetime
import itertools
from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mapping.models import Incident, IncidentVictims
from polmas.people.models import Code, User
from polmas.people.templatetags.polmas import moment, short_day

LONGEST = 100  # changes shown
LONGEST_TEXT = 300
TOLD = (
    *("kind", "klass", "occurred_at", "occurred_until", "reported_at", "area_id", "location", "address", "scene", "narrative", "modus"),
    *("loss_rp", "no_lp", "phase", "evidence", "actions", "status", "cleared_on", "assigned_to_id"),
)


def labels() -> dict[str, Any]:
    """What the fields are called, by the names of their columns."""
    return {field.attname: field.verbose_name for field in Incident._meta.concrete_fields}


@dataclasses.dataclass(frozen=True)
class Change:
    """What was changed at one moment: by whom, and of each field what stood before and what after."""

    at: datetime.datetime
    by: str
    fields: list[tuple[str, str, str]]


def history_of(incident: Incident, sees_point: bool) -> list[Change]:
    """The latest changes of an incident and of its numbers of victims, newest first."""
    events = list(_events(Incident, pgh_obj_id=incident.pk))
    victims = list(_events(IncidentVictims, incident_id=incident.pk))
    words = _Words(incident, [*events, incident], sees_point)
    names = _names([*events, *victims])
    changes = [Change(at, names.get(by, ""), fields) for at, by, fields in [*_differences(events, incident, words), *_victims(victims)] if fields]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:LONGEST]


def _events(model, **which) -> Iterator:
    """Rows as they stood before each change or before they were taken away, the latest LONGEST, oldest first."""
    for kind in ("update", "delete"):
        events = model.pgh_event_models[kind].objects.filter(**which).select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")
        yield from reversed(events[:LONGEST])


def _by(event) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _names(events) -> dict[int | None, str]:
    people = User.objects.filter(pk__in={by for event in events if (by := _by(event))})
    return {person.pk: person.full_name for person in people}


def _differences(events, incident, words) -> Iterator[tuple]:
    for before, after in itertools.pairwise([*events, incident]):
        changed = [name for name in TOLD if getattr(before, name) != getattr(after, name)]
        yield before.pgh_created_at, _by(before), [words.line(name, before, after) for name in changed]


def _victims(events) -> Iterator[tuple]:
    for event in events:
        group = f"{capfirst(event.get_harm_display())}, {event.get_sex_display()}, {_('child') if event.is_child else _('adult')}"
        yield event.pgh_created_at, _by(event), [(_("Victims"), f"{group}: {event.count}", "")]


class _Words:
    """Values as people read them."""

    def __init__(self, incident, rows, sees_point):
        self.incident, self.sees_point = incident, sees_point
        self.people = {user.pk: user.full_name for user in User.objects.filter(pk__in={row.assigned_to_id for row in rows if row.assigned_to_id})}
        areas = type(incident.area).objects.filter(pk__in={row.area_id for row in rows})
        self.areas = {area.pk: area.title for area in areas}
        codes = Code.objects.filter(list__in=("INCIDENT_KIND", "INCIDENT_SCENE"))
        self.codes = {(code.list, code.code): code.label for code in codes}

    def line(self, name, before, after) -> tuple[str, str, str]:
        label = capfirst(str(labels()[name]))
        if name == "location":
            return label, "", _("marked anew") if self.sees_point and after.location else _("changed")
        return label, self._word(name, before), self._word(name, after)

    def _word(self, name, row) -> str:
        value: Any = getattr(row, name)
        if value in (None, ""):
            return ""
        if name in ("kind", "scene"):
            return self.codes.get((f"INCIDENT_{name.upper()}", value), value)
        if name == "area_id":
            return self.areas.get(value, "")
        if name == "assigned_to_id":
            return self.people.get(value, "")
        if isinstance(value, datetime.datetime):
            return moment(value, self.incident.unit)
        if isinstance(value, datetime.date):
            return short_day(value)
        shown = getattr(row, f"get_{name}_display", None)
        return str(shown() if shown else value)[:LONGEST_TEXT]

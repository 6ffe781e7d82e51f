"""What happened to an LI since it was sent, for those who read it: who did what, and what the author corrected."""

import datetime
import itertools

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrol.history import Change, Step, events_of
from patrol.models import Information, InformationState
from patrol.wording import label_of, value_of
from polmas.people.models import User
from polmas.people.templatetags.polmas import moment

FIELDS = (
    *("obtained_at", "event_at", "area", "method", "field", "subject", "source_alias", "relation", "facts"),
    *("analysis", "prediction", "steps_taken", "recommendation", "urgency", "source_value", "content_value", "classification"),
)
ACTS = {
    InformationState.RETURNED: ("arrow-back-up", gettext_lazy("Returned")),
    InformationState.REGISTERED: ("clipboard-check", gettext_lazy("Registered")),
    InformationState.VALUED: ("star", gettext_lazy("Valued")),
    InformationState.DISPOSED: ("gavel", gettext_lazy("Disposition")),
}


def history_of(information: Information) -> list[Step]:
    """Every act, the sending first. The tables of history hold each row as it stood before an act."""
    rows = [*events_of(Information, pgh_obj_id=information.pk).select_related("area", "unit"), information]
    people = User.objects.in_bulk({user_of(row) for row in rows[:-1]} - {None})
    sent = Step(information.received_at, information.author.full_name, "send", _("Sent"), [])
    return [sent, *(step_of(before, after, people) for before, after in itertools.pairwise(rows))]


def user_of(event) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def step_of(before, after, people) -> Step:
    icon, title = act_of(before, after)
    changed = [name for name in FIELDS if value_of(before, name) != value_of(after, name)]
    changes = [Change(label_of(Information, name), say(before, name), say(after, name)) for name in changed]
    who = people.get(user_of(before))
    return Step(before.pgh_created_at, who.full_name if who else _("the system"), icon, str(title), changes)


def act_of(before, after):
    if before.version != after.version:
        return "send", _("Corrected")
    if before.state == after.state and before.valued_at != after.valued_at:
        return ACTS[InformationState.VALUED]
    return ACTS.get(InformationState(after.state), ("edit", _("Changed")))


def say(row, name) -> str:
    """A value as a person reads it; empty as nothing."""
    value = getattr(row, name)
    if isinstance(value, datetime.datetime):
        return moment(value, row.unit)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value or "")

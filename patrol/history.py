"""What happened to a report since it was sent: who changed what, from what to what.

The history tables hold each row as it stood before a change (pghistory, row=Old); what it became is the next one, or
the row of today. Changes of one request belong together.
"""

import dataclasses
import datetime
from collections import defaultdict
from typing import Any

from django.apps import apps
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Area
from patrol.models import Household, Report, State
from patrol.models.visits import PURPOSES
from polmas.people.models import Code, User
from polmas.people.templatetags.polmas import moment, short_day

REPORT_FIELDS = (
    *("occurred_at", "ended_at", "area", "location", "place", "result", "narrative", "follow_up", "field", "phase", "situation"),
    *("participants", "photo_ids", "review_note", "withdrawn_reason"),
)
VISIT_FIELDS = ("household", "is_declined", "is_absent", "received_by", "purposes", "next_visit_on")
ACTS = {
    State.SUBMITTED: ("send", gettext_lazy("Corrected")),
    State.RETURNED: ("arrow-back-up", gettext_lazy("Returned")),
    State.VERIFIED: ("check", gettext_lazy("Verified")),
    State.ACCEPTED: ("checks", gettext_lazy("Accepted by itself")),
    State.WITHDRAWN: ("ban", gettext_lazy("Withdrawn")),
}


@dataclasses.dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclasses.dataclass
class Step:
    """One act upon the report: when, by whom, and the fields that it changed."""

    at: datetime.datetime
    who: str
    icon: str
    title: str
    changes: list[Change]


@dataclasses.dataclass
class Turn:
    """The rows that one transaction changed, each as (before, after), and the residents' voices it took away or brought."""

    at: datetime.datetime
    context: Any = None
    report: tuple | None = None
    visit: tuple | None = None
    taken: list[str] = dataclasses.field(default_factory=list)
    brought: list[str] = dataclasses.field(default_factory=list)

    def add(self, name, before, after):
        self.context = self.context or before.pgh_context
        first = getattr(self, name)
        setattr(self, name, (first[0] if first else before, after))


def history_of(report: Report) -> list[Step]:
    """Every act, the sending first."""
    turns = turns_of(report)
    names = Names(report, turns)
    sent = Step(report.received_at, report.officer.full_name, "send", _("Sent"), [])
    return [sent, *(step_of(turn, names) for turn in turns)]


def turns_of(report) -> list[Turn]:
    turns: dict[datetime.datetime, Turn] = {}
    for name, model, row in (("report", "ReportEvent", report), ("visit", "VisitEvent", getattr(report, "visit", None))):
        events = list(events_of(model, pgh_obj_id=report.pk))
        for event, after in zip(events, [*events, row][1:], strict=True):
            turns.setdefault(event.pgh_created_at, Turn(event.pgh_created_at)).add(name, event, after)
    add_voices(report, turns)
    return [turns[at] for at in sorted(turns)]


def add_voices(report, turns) -> None:
    """Voices are never changed: a correction takes them away and brings others, each with its version."""
    removed = list(events_of("OpinionEvent", report_id=report.pk, pgh_label="delete"))
    for turn in turns.values():
        version = turn.report[1].version if turn.report and turn.report[0].version != turn.report[1].version else None
        turn.taken = [event.text for event in removed if event.pgh_created_at == turn.at]
        turn.brought = [voice.text for voice in [*removed, *report.opinions.all()] if voice.since_version == version]


def events_of(model, **lookup):
    return apps.get_model("patrol", model).objects.filter(**lookup).select_related("pgh_context").order_by("pgh_id")


def step_of(turn, names) -> Step:
    changes = differences(turn.report, REPORT_FIELDS, names) + differences(turn.visit, VISIT_FIELDS, names)
    if turn.taken or turn.brought:
        changes.append(Change(_("Voices of residents"), " · ".join(turn.taken), " · ".join(turn.brought)))
    icon, title = act_of(turn)
    return Step(turn.at, names.person(turn.context), icon, str(title), changes)


def act_of(turn):
    if turn.report:
        before, after = turn.report
        if (before.state, before.version) != (after.state, after.version):
            return ACTS[State(after.state)]
    return "edit", _("Changed")


def differences(pair, fields, names) -> list[Change]:
    if not pair:
        return []
    changed = [name for name in fields if value_of(pair[0], name) != value_of(pair[1], name)]
    model = pair[0]._meta.model
    return [Change(label_of(model, name), names.say(pair[0], name), names.say(pair[1], name)) for name in changed]


def value_of(row, name) -> Any:
    """The raw value; of a foreign key its number, so that nothing is fetched to compare."""
    return getattr(row, row._meta.get_field(name).attname)


def label_of(model, name) -> str:
    return str(model._meta.get_field(name).verbose_name).capitalize()


class Names:
    """What stands behind the numbers and codes of all rows of one history, fetched at once."""

    def __init__(self, report, turns):
        self.zone = report.unit
        rows = [row for turn in turns for pair in (turn.report, turn.visit) if pair for row in pair]
        ids: dict[str, set] = defaultdict(set)
        for row in rows:
            for name in ("area", "household"):
                ids[name].add(getattr(row, f"{name}_id", None))
        ids["user"] = {turn.context.metadata.get("user") for turn in turns if turn.context}
        self.areas = Area.objects.in_bulk(ids["area"] - {None})
        self.households = Household.objects.select_related("area").in_bulk(ids["household"] - {None})
        self.users = User.objects.in_bulk(ids["user"] - {None})
        self.purposes = {code.code: code.label for code in Code.objects.of(PURPOSES)}

    def person(self, context) -> str:
        user = context and self.users.get(context.metadata.get("user"))
        return user.full_name if user else _("the system")

    def say(self, row, name) -> str:
        """A value as a person reads it; empty as nothing."""
        value = value_of(row, name)
        if value in (None, "", []):
            return ""
        if name in ("area", "household"):
            return self._related(name, value)
        if hasattr(row, f"get_{name}_display"):
            return str(getattr(row, f"get_{name}_display")())
        return self._plain(name, value)

    def _related(self, name, pk):
        if name == "area":
            return self.areas[pk].title
        household = self.households[pk]
        return f"{household.head_name}, {household.address}"

    def _plain(self, name, value) -> str:
        if isinstance(value, datetime.datetime):
            return moment(value, self.zone)
        if isinstance(value, datetime.date):
            return short_day(value)
        if isinstance(value, Point):
            return f"{value.y:.5f}, {value.x:.5f}"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return self._listed(name, value)
        return str(value)

    def _listed(self, name, values):
        if name == "photo_ids":
            return str(len(values))
        if name == "purposes":
            return ", ".join(self.purposes.get(value, value) for value in values)
        return ", ".join(participant_name(value) for value in values)


def participant_name(participant: dict | str) -> str:
    return participant["name"] if isinstance(participant, dict) else participant

"""What happened to a report since it was sent: who changed what, from what to what.

The history tables hold each row as it stood before a change (pghistory, row=Old); what it became is the next one, or
the row of today. Changes of one request belong together.
"""

import dataclasses
import datetime
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Area
from patrol.findings import OUTSIDE_REASONS
from patrol.forms import CampaignPart
from patrol.kinds import KINDS
from patrol.models import Report, State
from patrol.models.reports import Part
from patrol.wording import Wording, label_of, value_of
from polmas.people.models import Code, User

REPORT_FIELDS = (
    *("occurred_at", "ended_at", "area", "location", "outside_reason", "place", "result", "narrative", "follow_up", "field", "phase", "situation"),
    *("obstacle", "obstacle_owner", "obstacle_due_on", "participants", "photo_ids", "review_note", "review_parts", "withdrawn_reason"),
)
ACTS = {
    State.PROPOSED: ("send", gettext_lazy("Corrected")),
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
    """The rows that one transaction changed, each as (before, after), and the repeated parts it took away or brought, by their names."""

    at: datetime.datetime
    context: Any = None
    report: tuple | None = None
    detail: tuple | None = None
    taken: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    brought: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    def add(self, name, before, after):
        self.context = self.context or before.pgh_context
        first = getattr(self, name)
        setattr(self, name, (first[0] if first else before, after))


def history_of(report: Report, user: User) -> list[Step]:
    """Every act that the user may know of, the sending first."""
    turns = turns_of(report, user)
    names = Names(report, turns)
    title = _("Recorded in the name of %(officer)s") % {"officer": report.officer.full_name} if report.recorded_by else _("Sent")
    sent = Step(report.received_at, (report.recorded_by or report.officer).full_name, "send", title, [])
    return [sent, *(step_of(turn, names) for turn in turns)]


def turns_of(report, user) -> list[Turn]:
    entry = KINDS[report.kind]
    turns: dict[datetime.datetime, Turn] = {}
    rows = (("report", Report, report), ("detail", entry.model, entry.form.detail_of(report)))
    for name, model, row in rows:
        events = list(events_of(model, pgh_obj_id=row.pk)) if row else []
        for event, after in zip(events, [*events, row][1:], strict=True):
            turns.setdefault(event.pgh_created_at, Turn(event.pgh_created_at)).add(name, event, after)
    if entry.form.is_open_to(user, report):
        for name, form in entry.form.rows.items():
            add_parts(report, name, form, turns)
    if report.version > 1:
        add_parts(report, "campaign", CampaignPart, turns)
    return [turns[at] for at in sorted(turns)]


def add_parts(report, name, form, turns) -> None:
    """Repeated parts are never changed: a correction takes them away and brings others, each with its version."""
    removed = list(removed_parts(report, form))
    for turn in turns.values():
        version = turn.report[1].version if turn.report and turn.report[0].version != turn.report[1].version else None
        turn.taken[name] = [form.said(event, report.unit) for event in removed if event.pgh_created_at == turn.at]
        turn.brought[name] = [form.said(part, report.unit) for part in [*removed, *form.rows_of(report)] if part.since_version == version]


def removed_parts(report, form):
    """The parts of one form that corrections took away, with what they are named by."""
    owner = getattr(form.owner_of(report), "pk", None)
    return events_of(form._meta.model, **{f"{form.owner}_id": owner}, pgh_label="delete").prefetch_related(*form.named_by)


def events_of(model, **lookup):
    events = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    return events.objects.filter(**lookup).select_related("pgh_context").order_by("pgh_id")


def step_of(turn, names) -> Step:
    changes = differences(turn.report, REPORT_FIELDS, names)
    if turn.detail:
        changes += differences(turn.detail, names.detail_fields, names)
    for name, form in {**names.entry.form.rows, "campaign": CampaignPart}.items():
        taken, brought = turn.taken.get(name, []), turn.brought.get(name, [])
        if taken or brought:
            label = str(form._meta.model._meta.verbose_name_plural).capitalize()
            changes.append(Change(label, " · ".join(taken), " · ".join(brought)))
    icon, title = act_of(turn)
    return Step(turn.at, names.person(turn.context), icon, str(title), changes)


def act_of(turn):
    if turn.report:
        before, after = turn.report
        if (before.state, after.state, before.version) == (State.VERIFIED, State.SUBMITTED, after.version):
            return "arrow-back-up", _("Verification taken back")
        if before.state == State.PROPOSED and before.version == after.version and after.state == State.SUBMITTED:
            return "circle-check", _("Confirmed by the officer")
        if (before.state, before.version) != (after.state, after.version):
            return ACTS[State(after.state)]
    return "edit", _("Changed")


def differences(pair, fields, names) -> list[Change]:
    if not pair:
        return []
    changed = [name for name in fields if value_of(pair[0], name) != value_of(pair[1], name)]
    model = pair[0]._meta.model
    return [Change(label_of(model, name), names.say(pair[0], name), names.say(pair[1], name)) for name in changed]


class Names(Wording):
    """What stands behind the numbers and codes of all rows of one history, fetched at once."""

    def __init__(self, report, turns):
        super().__init__(report)
        subject = [self.entry.subject] if self.entry.subject else []
        self.detail_fields = [*subject, *(field.name for field in self.entry.form.columns().values())]
        reports = [row for turn in turns if turn.report for row in turn.report]
        self.areas = Area.objects.in_bulk({row.area_id for row in reports})
        self.subjects = self._subjects([row for turn in turns if turn.detail for row in turn.detail])
        self.reasons = self._reasons([report, *reports])
        users = {turn.context.metadata.get("user") for turn in turns if turn.context} - {None}
        self.users = User.objects.in_bulk(users)

    def _subjects(self, details) -> dict:
        numbers = {value_of(row, self.entry.subject) for row in details} - {None} if self.entry.subject else set()
        return self.entry.register.objects.select_related("area").in_bulk(numbers) if numbers and self.entry.register else {}

    def _reasons(self, reports) -> dict[str, str]:
        """Why it was outside the own area, in the words of the list; asked for where anybody chose one."""
        codes = {row.outside_reason for row in reports} - {""}
        return {code.code: code.label for code in Code.objects.of(OUTSIDE_REASONS).filter(code__in=codes)} if codes else {}

    def person(self, context) -> str:
        user = context and self.users.get(context.metadata.get("user"))
        return user.full_name if user else _("the system")

    def say(self, row, name) -> str:
        """A value as a person reads it; empty as nothing."""
        value = value_of(row, name)
        if name == "photo_ids":
            return str(len(value)) if value else ""
        if name == "review_parts":
            return ", ".join(str(Part(part).label) for part in value)
        if name == "outside_reason":
            return self.reasons.get(value, value)
        if name == "area":
            return self.areas[value].title
        if name == self.entry.subject and value:
            return f"{self.subjects[value].label}, {self.subjects[value].address}"
        return super().say(row, name)

"""Taking LI from phones, by the protocol of reports (`patrol.sync`): the id is looked at first, each item gets its own answer.

What differs: there are few of them, so each is written by itself; a correction is taken until the LI has its number; the true
name of a source goes into its sealed record, and nothing of it into the LI. The position serves to find the village and is not
kept: a point would lead to the source.
"""

import datetime
import uuid
from typing import Any

import jsonschema
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol import schema
from patrol.drafts import EARLIEST, Draft, moment_of, skew_of, spot_of, uuid_of
from patrol.findings import Findings, is_valid_code
from patrol.models import Field, Information, InformationSource, InformationState, OpinionUrgency, Report
from patrol.models.informations import METHODS, SourceValue
from patrol.sync import Entry, Slot, decide, is_to_be_read, refuse
from polmas.people.models import Code, User

MAX_INFORMATIONS = 50
TEXTS = ("subject", "source_alias", "relation", "facts", "analysis", "prediction", "steps_taken", "recommendation", "urgency", "field", "method")
SOURCE_TEXTS = ("name", "contact", "note")
# An event may lie ahead: a gathering that is being planned.
FURTHEST_EVENT = datetime.timedelta(days=5 * 365)


def text_of(name: str, model=Information) -> dict:
    return schema.text(schema.limit_of(model, name))


def needed(name: str) -> dict:
    return schema.required_text(schema.limit_of(Information, name))


SOURCE = {
    **schema.fields({name: text_of(name, InformationSource) for name in SOURCE_TEXTS}),
    "type": ["object", "null"],
    "description": "Sealed. Of a correction: left out, what is sealed already stays.",
}
SHARED = ("id", "schema", "version", "base_version", "location", "area")
ITEM = schema.fields(
    {
        **{name: schema.ITEM["properties"][name] for name in SHARED},
        "kind": {"enum": ["LI", None]},
        "occurred_at": {**schema.A_MOMENT, "description": "When it was obtained, by the phone's clock; ISO 8601 with offset."},
        "event_at": {**schema.A_MOMENT, "type": ["string", "null"], "description": "When it happened or will happen."},
        "method": {**needed("method"), "description": "A code of the list LI_METHOD."},
        "field": {"enum": Field.values, "description": "Exactly one."},
        "subject": needed("subject"),
        "facts": needed("facts"),
        **{name: text_of(name) for name in ("source_alias", "relation", "analysis", "prediction", "steps_taken", "recommendation")},
        "urgency": schema.choice(OpinionUrgency),
        "source_value": schema.choice(SourceValue),
        "source": SOURCE,
        "origin": {
            **schema.A_UUID,
            "type": ["string", "null"],
            "description": "The author's own report that was raised to this LI; it may come later.",
        },
        "origin_opinion": {"type": ["integer", "null"], "minimum": 1, "maximum": 1000, "description": "Which of its opinions."},
    },
    required=["id", "occurred_at", "method", "field", "subject", "facts"],
)
VALIDATOR = jsonschema.Draft202012Validator(ITEM)


class InformationDraft(Draft):
    """One received LI on its way to becoming a row."""

    event_at: datetime.datetime | None = None

    @classmethod
    def of(cls, item, skew, now, before=None) -> "InformationDraft":
        draft = cls(item, skew, now, schema.faults_by(VALIDATOR, item), received_at=before.received_at if before else now)
        if not draft.faults:
            draft.read()
        return draft

    def read(self) -> None:
        self.occurred_at = self._time("occurred_at")
        self.spot = spot_of(self.item.get("location"))
        self.event_at = self._event()
        if self.item.get("officer"):
            self.add("not_allowed", _("A Laporan Informasi is written by whoever obtained it, never in somebody else's name."), "officer")
        if self.item.get("origin_opinion") and not self.item.get("origin"):
            self.add("required", _("Name the report whose opinion this is."), "origin")

    def _event(self):
        value = self.item.get("event_at")
        if not value:
            return None
        moment = moment_of(value)
        if moment is None or not EARLIEST.year < moment.year <= (self.now + FURTHEST_EVENT).year:
            self.add("invalid", _("Write the time of the event with its offset, at most five years ahead."), "event_at")
            return None
        return moment

    def columns(self) -> dict:
        texts = {name: self.say(name) for name in TEXTS}
        return texts | {
            "state": InformationState.SUBMITTED,
            "unit": self.unit,
            "area": self.area,
            "day": self.day,
            "obtained_at": self.occurred_at,
            "event_at": self.event_at,
            "source_value": self.say("source_value") or SourceValue.F,
            "origin": uuid_of(self.item.get("origin")),
            "origin_opinion": self.item.get("origin_opinion") or None,
        }


def take(user: User, items: list, sent_at: Any = None) -> list[dict]:
    """Stores what can be stored of a batch and answers for each item in its order: {id, status, errors}."""
    now = timezone.now()
    entries = [Entry.of(item) for item in items]
    with transaction.atomic():
        # As with reports: one officer's batches wait for each other.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        slots, foreign = stored_under(user, {entry.uuid for entry in entries if entry.uuid})
        read(user, [entry for entry in entries if is_to_be_read(entry, slots, foreign)], slots, skew_of(sent_at, now), now)
        for entry in entries:
            decide(entry, slots, foreign)
        for key, slot in slots.items():
            if slot.entries:
                write(user, key, slot, now)
    return [entry.answer() for entry in entries]


def stored_under(user, uuids) -> tuple[dict, set]:
    own = Information.objects.filter(uuid__in=uuids, author=user).select_for_update(no_key=True).order_by("pk")
    slots = {row.uuid: Slot.of(row, row.is_open) for row in own}
    return slots, set(Information.objects.filter(uuid__in=uuids).exclude(author=user).values_list("uuid", flat=True))


def read(user, entries, slots, skew, now) -> None:
    for entry in entries:
        slot = slots.get(entry.uuid)
        entry.draft = InformationDraft.of(entry.item, skew, now, slot.row if slot else None)
    check_origins(user, entries, slots)
    drafts = [entry.draft for entry in entries if not entry.draft.faults]
    Findings(user).place(drafts)
    check_methods([draft for draft in drafts if not draft.faults])


def check_origins(user, entries, slots) -> None:
    """An officer raises the own reports alone; only what a page raised may keep a colleague's. A report that has not come yet is the own one's."""
    named = [(entry, uuid_of(entry.item["origin"])) for entry in entries if not entry.draft.faults and entry.item.get("origin")]
    if not named:
        return
    theirs = Report.objects.filter(uuid__in=[origin for _entry, origin in named]).exclude(officer=user)
    foreign = set(theirs.values_list("uuid", flat=True))
    for entry, origin in named:
        slot = slots.get(entry.uuid)
        if origin in foreign and not (slot and slot.row and slot.row.origin == origin):
            entry.draft.add("not_allowed", _("Only a report of one's own is raised to a Laporan Informasi from the phone."), "origin")


def check_methods(drafts) -> None:
    codes = {code.code: code for code in Code.objects.of(METHODS)} if drafts else {}
    for draft in drafts:
        if not is_valid_code(codes.get(draft.say("method")), draft.day):
            draft.add("unknown_code", _("This choice is not known."), "method")


def write(user, key: uuid.UUID, slot, now) -> None:
    try:
        with transaction.atomic():
            keep(slot.row or Information(uuid=key, author=user, received_at=now), slot)
    except (IntegrityError, DataError):
        refuse(slot)


def keep(information: Information, slot) -> None:
    for name, value in slot.draft.columns().items():
        setattr(information, name, value)
    information.version, information.content_hashes = slot.version, slot.hashes
    information.save()
    keep_source(information, slot.draft.item.get("source"))
    information.announce()


def keep_source(information, sent) -> None:
    """Seals what was sent of the source. Nothing sent leaves what is sealed already."""
    texts = {name: (sent or {}).get(name) or "" for name in SOURCE_TEXTS}
    if any(text.strip() for text in texts.values()):
        InformationSource.objects.update_or_create(information=information, defaults=texts)

"""Taking reports from phones: the one way in, for one report as for two hundred.

A phone sends until it has an answer, so the same item may come twice, at once, or years later. The id is therefore looked
at first: `known` and `conflict` are decided before anything else of an item is read. Each item gets its own answer:

- `created`: stored now, as a new report or as the correction of one;
- `known`: this very content was stored before under this id, as its last version or an older one;
- `conflict`: the id stands for other content, or belongs to somebody else, of which nothing more is told;
- `rejected`: read, and refused with what is wrong, field by field.

A correction has `version` one higher than the stored one and names that as `base_version`; it is taken while the report is
submitted or returned, and makes it submitted again. Several versions of one report in a batch are stored as the last one,
with the content of each remembered.

Times are the phone's. Where `sent_at` shows its clock to be off by more than five minutes, they are shifted by as much and
the report is flagged CLOCK_OFF.
"""

import dataclasses
import uuid
from collections import defaultdict
from typing import Any, cast

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models import Case
from patrol import behalf, campaigns, companions
from patrol.answers import keep_answers
from patrol.drafts import Draft, digest_of, skew_of, uuid_of
from patrol.findings import Findings, subject_fields
from patrol.models import Report
from patrol.models.details import Detail
from patrol.models.marks import mark_days, mark_for_check
from patrol.models.reports import State
from patrol.problems import keep_cases
from patrol.schema import fault
from polmas.people.models import User
from polmas.people.statements import Add, Statement, add, together

CREATED, KNOWN, CONFLICT, REJECTED = "created", "known", "conflict", "rejected"
MAX_REPORTS = 200
NOT_A_UUID = _("Every report has an id: a UUID made by the phone.")


@dataclasses.dataclass
class Entry:
    """One item of a batch and its answer."""

    item: Any
    uuid: uuid.UUID | None
    digest: str
    draft: Draft | None = None
    status: str = ""
    errors: list[dict] = dataclasses.field(default_factory=list)
    report: Report | None = None  # with all its details, where it was stored as a new one just now

    @classmethod
    def of(cls, item) -> "Entry":
        return cls(item, uuid_of(item.get("id")) if isinstance(item, dict) else None, digest_of(item))

    def answer(self) -> dict:
        return {"id": self.uuid and str(self.uuid), "status": self.status, "errors": self.errors}

    def settle(self, status, errors=()):
        self.status, self.errors = status, list(errors)


@dataclasses.dataclass
class Slot:
    """What stands under one id of this officer, and what this batch makes of it."""

    row: Any  # a Report, or an Information (patrol.information_sync)
    place: tuple | None = None  # the unit and day under which the stored version counts
    version: int = 0
    hashes: list[str] = dataclasses.field(default_factory=list)
    is_open: bool = True
    entries: list[Entry] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, row, is_open: bool) -> "Slot":
        return cls(row, (row.unit_id, row.day), row.version, list(row.content_hashes), is_open)

    def follows(self, item) -> bool:
        """Whether the item is the very next version, naming the one it replaces."""
        expected = (self.version + 1, self.version or None)
        return (item.get("version", 1), item.get("base_version") or None) == expected

    def is_beside(self, item) -> bool:
        """Whether the item claims other versions than the next. A version that is no number at all is for the schema to refuse."""
        return not self.follows(item) and (self.version > 0 or is_whole(item.get("version", 1)))

    def take(self, entry: Entry) -> None:
        self.version += 1
        self.hashes.append(entry.digest)
        self.entries.append(entry)

    @property
    def draft(self) -> Draft:
        """What is stored: the last of the versions that came."""
        return cast(Draft, self.entries[-1].draft)


def is_whole(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def take(user: User, items: list, sent_at: Any = None) -> list[dict]:
    """Stores what can be stored of a batch and answers for each item in its order: {id, status, errors}."""
    return [entry.answer() for entry in take_entries(user, items, sent_at)]


def take_entries(user: User, items: list, sent_at: Any = None) -> list[Entry]:
    """All at once; where the database refuses the set, all anew and one by one, so that one bad item stops no other."""
    now = timezone.now()
    try:
        return take_with(write_set, user, items, sent_at, now)
    except (IntegrityError, DataError):
        return take_with(write_each, user, items, sent_at, now)


@transaction.atomic
def take_with(write, user, items, sent_at, now) -> list[Entry]:
    entries = [Entry.of(item) for item in items]
    slots, foreign = stored_under(user, {entry.uuid for entry in entries if entry.uuid})
    read(user, [entry for entry in entries if is_to_be_read(entry, slots, foreign)], slots, skew_of(sent_at, now), now)
    for entry in entries:
        decide(entry, slots, foreign)
    write(user, [slot for slot in slots.values() if slot.entries], now)
    return entries


# One officer's batches wait for each other, nobody else's do: two equal requests at once find created, then known.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('reports of ' || %(user)s, 0)); "
UNDER_IDS = """
SELECT uuid, officer_id = %(user)s OR coalesce(recorded_by_id = %(user)s, false) FROM patrol_report WHERE uuid = ANY(%(uuids)s)
"""
STORED = Statement("stored_under", UNDER_IDS, user="bigint", uuids="uuid[]")


def stored_under(user, uuids) -> tuple[dict, set]:
    """The reports under these ids that are the sender's own or recorded by the sender, held until the end of the transaction, and the ids
    that are somebody else's."""
    stored = STORED.rows(ONE_AT_A_TIME, user=user.pk, uuids=list(uuids))
    own = [key for key, is_own in stored if is_own]
    held = Report.objects.select_related("campaign_entry").select_for_update(no_key=True, of=("self",))
    rows = held.filter(uuid__in=own).order_by("pk") if own else ()
    return {row.uuid: Slot.of(row, row.may_be_changed_by(user)) for row in rows}, {key for key, is_own in stored if not is_own}


def is_to_be_read(entry, slots, foreign) -> bool:
    if entry.uuid is None or entry.uuid in foreign:
        return False
    slot = slots.get(entry.uuid)
    return slot is None or (slot.is_open and entry.digest not in slot.hashes)


def read(user, entries, slots, skew, now) -> None:
    first_saved: dict = {}
    for entry in entries:
        slot = slots.get(entry.uuid)
        entry.draft = Draft.of(entry.item, skew, now, slot.row if slot else None)
        entry.draft.saved_at = first_saved.setdefault(entry.uuid, entry.draft.saved_at)
    for officer, drafts in behalf.by_officer(user, [(entry.draft, slots[entry.uuid].row if entry.uuid in slots else None) for entry in entries]):
        Findings(officer).fill(drafts)
        companions.find(officer, drafts)


def decide(entry, slots, foreign) -> None:
    if entry.uuid is None:
        return entry.settle(REJECTED, [fault("invalid", NOT_A_UUID, "id")])
    if entry.uuid in foreign:
        return entry.settle(CONFLICT)
    slot = slots.setdefault(entry.uuid, Slot(row=None))
    if entry.digest in slot.hashes:
        return entry.settle(KNOWN)
    if not slot.is_open or slot.is_beside(entry.item):
        return entry.settle(CONFLICT)
    if entry.draft.faults:
        return entry.settle(REJECTED, entry.draft.faults)
    slot.take(entry)
    return entry.settle(CREATED)


def write_each(user, slots, now) -> None:
    for slot in slots:
        write_alone(user, slot, now)


def write_alone(user, slot, now) -> None:
    try:
        with transaction.atomic():
            write_set(user, [slot], now)
    except (IntegrityError, DataError):
        refuse(slot)


def refuse(slot) -> None:
    for entry in slot.entries:
        entry.settle(REJECTED, [fault("refused", _("The database refused this report. Export the queue and show it to your operator."))])


def write_set(user, slots, now) -> None:
    """Rows are added in the order of their ids: two batches that meet wait for each other, never in a ring."""
    slots = sorted(slots, key=lambda slot: slot.entries[-1].uuid)
    companions.forget([slot.row for slot in slots if slot.row])
    reports = add_reports(user, [slot for slot in slots if slot.row is None], now) + correct_reports([slot for slot in slots if slot.row])
    if reports:
        subjects = keep_subjects([slot for _report, slot in reports])
        with together() as add:
            keep_details(reports, subjects, add)
            campaigns.keep(reports)
            companions.keep([(report, slot.draft) for report, slot in reports])
            behalf.tell(user, [report for report, slot in reports if slot.draft.officer and not slot.row])
            before = [(*slot.place, report.pk) for report, slot in reports if slot.place]
            mark_days([*before, *((report.unit_id, report.day, report.pk) for report, _slot in reports)], add)
            mark_for_check((report.pk for report, _slot in reports), add)


def keep_subjects(slots) -> dict:
    """The entries of registers that reports name, by their uuid: new ones are added, the others mended where a correction says so."""
    named = [slot for slot in slots if slot.draft.subject]
    kept: dict = {}
    for entry in {slot.draft.entry for slot in named}:
        kept |= keep_in_register(entry, [slot for slot in named if slot.draft.entry == entry])
    # What somebody else recorded may be refused: nothing of it is written into what stands in the registers.
    keep_answers([slot for slot in named if not slot.draft.officer], kept)
    return kept


def keep_in_register(entry, slots) -> dict:
    kept = {slot.draft.subject.uuid: slot.draft.subject for slot in slots}
    new = sorted(key for key, subject in kept.items() if subject.pk is None)
    for pk, key in add(entry.register, [kept[key] for key in new], skip_known=True):
        kept[key].pk = pk
    if taken := [key for key in new if kept[key].pk is None]:  # by somebody else's request, a moment ago
        kept |= {subject.uuid: subject for subject in entry.register.objects.filter(uuid__in=taken)}
    mend(entry.register, still_named(entry, slots))
    return kept


def still_named(entry, slots) -> list[Draft]:
    """Corrections that name the entry which the report named before."""
    corrections = [slot for slot in slots if slot.row]
    if not corrections:
        return []
    before = dict(entry.model.objects.filter(report__in=[slot.row.pk for slot in corrections]).values_list("report_id", entry.subject))
    return [slot.draft for slot in corrections if slot.draft.subject.pk and before.get(slot.row.pk) == slot.draft.subject.pk]


def mend(register, drafts) -> None:
    """Stores what the officers wrote of entries now, where that differs from what is stored."""
    if not drafts:
        return
    stored = register.objects.in_bulk({draft.subject.pk for draft in drafts})
    mended = {}
    for draft in drafts:
        subject, fields = stored[draft.subject.pk], subject_fields(draft)
        if any(getattr(subject, name) != value for name, value in fields.items()):
            mended[subject.pk] = subject
            for name, value in {**fields, "updated_at": draft.now}.items():
                setattr(subject, name, value)
    if mended:
        register.objects.bulk_update(mended.values(), [*register.SENT, "updated_at"])


def add_reports(user, slots, now) -> list[tuple[Report, Slot]]:
    """Inserts what nobody took meanwhile. An id that somebody else's request has just taken is a conflict."""
    rows = [Report(uuid=slot.entries[-1].uuid, received_at=now, **owner(user, slot.draft), **columns(slot)) for slot in slots]
    stored = {key: pk for pk, key in add(Report, rows, skip_known=True)}
    for row, slot in zip(rows, slots, strict=True):
        row.pk = stored.get(row.uuid, 0)
        prefetched(row)["photos"] = []
        for entry in slot.entries if not row.pk else ():
            entry.settle(CONFLICT)
    return [(row, slot) for row, slot in zip(rows, slots, strict=True) if row.pk]


def owner(user, draft) -> dict:
    """Whose the report is, and who recorded it in that officer's name."""
    return {"officer": draft.officer, "recorded_by": user} if draft.officer else {"officer": user}


def correct_reports(slots) -> list[tuple[Report, Slot]]:
    for slot in slots:
        for name, value in columns(slot).items():
            setattr(slot.row, name, value)
    if slots:
        Report.objects.bulk_update([slot.row for slot in slots], list(columns(slots[0])))
    return [(slot.row, slot) for slot in slots]


def columns(slot) -> dict:
    """What a report's row says of the last version that came."""
    draft, item = slot.draft, slot.draft.item
    texts = {name: draft.say(name) for name in ("place", "outside_reason", "narrative", "result", "follow_up", "field", "obstacle", "obstacle_owner")}
    return texts | {
        "kind": item["kind"],
        "state": State.PROPOSED if draft.officer else State.SUBMITTED,
        "unit": draft.unit,
        "area": draft.area,
        "day": draft.day,
        "occurred_at": draft.occurred_at,
        "ended_at": draft.ended_at,
        "saved_at": draft.saved_at,
        "clock_skew_s": round(draft.skew.total_seconds()),
        "location": draft.location,
        "accuracy_m": draft.accuracy_m,
        "distance_m": draft.distance_m,
        "phase": draft.say("phase") or Report._meta.get_field("phase").default,
        "situation": draft.say("situation") or Report._meta.get_field("situation").default,
        "obstacle_due_on": draft.obstacle_due_on,
        "participants": item.get("participants") or [],
        "photo_ids": [uuid.UUID(photo) for photo in item.get("photos") or []],
        "flags": draft.flags,
        "schema": int(item.get("schema") or 1),
        "version": slot.version,
        "content_hashes": slot.hashes,
    }


def keep_details(reports, subjects, add: Add) -> None:
    """The detail of each report and its repeated parts; those of a correction take the earlier ones' place."""
    for entry in {slot.draft.entry for _report, slot in reports}:
        of_kind = [(report, slot) for report, slot in reports if slot.draft.entry == entry]
        owners = keep_cases(of_kind) if entry.model is Case else keep_detail(entry, of_kind, subjects, add)
        for name, form in entry.form.rows.items():
            said = {report: slot.draft.rows[name] for report, slot in of_kind}
            keep_rows(form, said, owners, {report for report, slot in of_kind if slot.row}, add)


def keep_detail(entry, reports, subjects, add: Add) -> dict:
    """Stores the row of each report; the repeated parts belong to the report itself."""
    new: list[Detail] = []
    corrected: list[Detail] = []
    for report, slot in reports:
        subject = {entry.subject: subjects.get(slot.draft.subject_id)} if entry.subject else {}
        (corrected if slot.row else new).append(entry.model(report=report, **slot.draft.values, **subject))
        slot.entries[-1].report = None if slot.row else report
    add(entry.model, new)
    changing = [*entry.form.kept(), *([entry.subject] if entry.subject else [])]
    if corrected:
        entry.model.objects.bulk_create(corrected, update_conflicts=True, unique_fields=["report"], update_fields=changing)
    return {report: report for report, _slot in reports}


def keep_rows(form, said: dict, owners: dict, corrected: set, add: Add) -> None:
    """Adds the repeated parts of each report. Where a correction says the same as before nothing is touched, else the earlier ones go."""
    model = form._meta.model
    for report in unchanged(form, {report: said[report] for report in corrected}, owners):
        del said[report]
    name = str(model._meta.get_field(form.owner).remote_field.get_accessor_name())
    stored = []
    for report, rows in said.items():
        owner = owners[report]
        prefetched(owner)[name] = [model(**{form.owner: owner}, since_version=report.version, **values) for values in rows]
        stored += prefetched(owner)[name]
    add(model, stored)


def prefetched(owner) -> dict:
    """What Django takes for fetched already: a report just stored answers without being read again."""
    return vars(owner).setdefault("_prefetched_objects_cache", {})


def unchanged(form, said: dict, owners: dict) -> list[Report]:
    """Of corrected reports, those whose parts stay as they are; the others' are taken away to be stored anew."""
    if not said:
        return []
    model, before = form._meta.model, defaultdict(list)
    for row in model.objects.filter(**{f"{form.owner}__in": [owners[report] for report in said]}).select_related(*form.references()):
        before[getattr(row, f"{form.owner}_id")].append({name: getattr(row, name) for name in form.kept()})
    same = [report for report, rows in said.items() if before[owners[report].pk] == rows]
    model.objects.filter(**{f"{form.owner}__in": [owners[report] for report in said.keys() - set(same)]}).delete()
    return same

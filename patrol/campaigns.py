"""What reports bring for a giat tematik: found when they come in, stored beside them, and added up for its page."""

import dataclasses
import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from patrol.models.campaigns import Campaign, CampaignEntry, CampaignField, CampaignState, plain, positions

CENT = Decimal("0.01")  # numbers are kept to two places


@dataclasses.dataclass(frozen=True)
class Joined:
    """The campaign that a report belongs to, and its numbers by the positions of the fields; `is_whole` unless some belong to no field."""

    campaign: Campaign
    numbers: list[Decimal | None]
    is_whole: bool


# Others may hold them so as well; who changes what is counted, or deletes one, waits (`Campaign.store`, `remove`).
HELD = "SELECT * FROM patrol_campaign WHERE uuid = ANY(%s::uuid[]) ORDER BY id FOR KEY SHARE"


def known(uuids: Iterable[str]) -> dict[str, Campaign]:
    """Campaigns by their ids as text, held until the end of the transaction: what they count stays the same until the reports are stored."""
    found = Campaign.objects.raw(HELD, [list(uuids)]).prefetch_related("unit", "fields")
    return {str(campaign.uuid): campaign for campaign in found}


def joined(campaign: Campaign | None, values: dict[str, Any], unit, day: datetime.date) -> Joined | None:
    """What a phone sent, as it counts: None where the campaign is unknown, not the unit's, or did not run on that day. Whether it has
    been ended meanwhile is nothing that an officer without network could know."""
    if campaign is None or not campaign.takes(unit, day):
        return None
    given = {name.lower(): Decimal(str(value)).quantize(CENT) for name, value in values.items() if value is not None}
    by_position = {field.position: given.pop(str(field.uuid), None) for field in campaign.fields.all()}
    return Joined(campaign, [by_position.get(n) for n in positions()], is_whole=not given)


def keep(reports) -> None:
    """Stores what each (report, slot) says: what a correction no longer says goes, what stays the same is left alone."""
    new = []
    for report, slot in reports:
        before, wanted = stored_of(report, slot), slot.draft.joined
        if before and wanted and (before.campaign_id, before.numbers) == (wanted.campaign.pk, wanted.numbers):
            continue
        if before:
            before.delete()
        report._state.fields_cache["campaign_entry"] = None  # a report just stored answers without being read again
        if wanted:
            new.append(CampaignEntry(report=report, campaign=wanted.campaign, numbers=wanted.numbers, since_version=report.version))
    if new:
        CampaignEntry.objects.bulk_create(new)


def stored_of(report, slot) -> CampaignEntry | None:
    return getattr(report, "campaign_entry", None) if slot.row else None


def in_words(entry) -> str:
    """Tanam pohon (25 pohon, 3 kg): of an entry, or of one that a correction took away."""
    fields = {field.position: field for field in entry.campaign.fields.all()}
    said = [fields[n].say(number) for n, number in enumerate(entry.numbers, 1) if number is not None and n in fields]
    return f"{entry.campaign.name} ({', '.join(said)})" if said else entry.campaign.name


# Sums of the fields by their positions: the names of the columns, and what they add up.
SUMS = {f"sum_{n}": Sum(f"numbers__{n - 1}") for n in positions()}


def added_up(entries, *by: str) -> list[dict]:
    """How many reports, and the sums of their numbers (`sum_1` to `sum_3`, None without any), by these columns of the report."""
    grouped = entries.order_by().values(**{name: F(f"report__{name}") for name in by}) if by else entries.order_by().values("campaign")
    return list(grouped.annotate(count=Count("pk"), **SUMS))


def total_of(rows: Iterable[dict]) -> dict:
    """Rows of `added_up`, added up."""
    rows = list(rows)
    sums = {name: [row[name] for row in rows if row[name] is not None] for name in SUMS}
    return {"count": sum(row["count"] for row in rows), **{name: sum(found) if found else None for name, found in sums.items()}}


def regrouped(rows: Iterable[dict], name: str) -> list[dict]:
    """Rows of `added_up` by one of their columns alone: the reports are read once for all tables of a page."""
    groups: dict[Any, list[dict]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return [{name: key, **total_of(found)} for key, found in groups.items()]


def sums_in_words(campaign: Campaign, row: dict) -> list[tuple[CampaignField, str]]:
    """The sum of each of the campaign's fields, as it is read."""
    return [(field, plain(row[f"sum_{field.position}"] or Decimal(0))) for field in campaign.fields.all()]


def reads_whole(user, campaign: Campaign) -> bool:
    """Whether all that counts for the campaign's target is in the reader's sight."""
    return any(campaign.unit.path.startswith(path) for path in user.scope.whole_paths)


def sums_for(user, rows: Iterable[Campaign]) -> dict[int, dict]:
    """What was reached, of what the reader may count, by the campaign's number."""
    entries = CampaignEntry.objects.for_user(user).filter(campaign__in=[row.pk for row in rows]).counted()
    return {row["campaign"]: row for row in added_up(entries)}


def count_for(user, rows: Iterable[Campaign]) -> None:
    """Notes on each of them how many activities the reader may count, and whether these are all."""
    rows = list(rows)
    sums = sums_for(user, rows) if rows else {}
    for campaign in rows:
        campaign.count = sums.get(campaign.pk, {}).get("count", 0)
        campaign.is_whole = reads_whole(user, campaign)


def running_for(user, day: datetime.date, most: int) -> list[Campaign]:
    """The first that end of those that run, counted."""
    running = Campaign.objects.for_user(user).in_state(CampaignState.RUNNING, day).select_related("unit").order_by("ends_on", "pk")
    rows = list(running[:most])
    count_for(user, rows)
    return rows

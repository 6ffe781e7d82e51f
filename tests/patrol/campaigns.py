"""Giat tematik for tests: one of Polrestabes Semarang that runs now, unless said otherwise, with one number: trees planted."""

import datetime

from patrol.models import Campaign
from tests.patrol.items import report_item

TREES = {1: ("Pohon ditanam", "pohon")}


def make_campaign(cast, fields=TREES, **changes) -> Campaign:
    unit = changes.pop("unit", cast.units.polres)
    today = unit.today()
    begun = {"starts_on": today - datetime.timedelta(days=10), "ends_on": today + datetime.timedelta(days=10), "name": "Tanam Sejuta Pohon"}
    campaign = Campaign(unit=unit, created_by=cast.operator, **{"tag": "Tanam pohon", **begun, **changes})
    campaign.full_clean(exclude=["ended_by"])
    campaign.store(dict(fields))
    return campaign


def joined(campaign, *numbers, **changes) -> dict:
    """A report of a campaign as a phone sends it, with its numbers in the order of the fields."""
    ids = [str(field.uuid) for field in campaign.fields.all()]
    return report_item(campaign={"id": str(campaign.uuid), "values": dict(zip(ids, numbers, strict=False))}, **changes)

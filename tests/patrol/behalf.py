"""Somebody who records for officers at another Polsek, and what such a person types."""

from patrol.models import Report
from patrol.sync import take
from polmas.people.models import Role
from tests.cast import make_person
from tests.patrol.items import report_item


def make_clerk(unit):
    return make_person("80010081", "Wahyu Nugroho", unit, Role.OPERATOR_POLSEK, "BRIGPOL")


def item_for(whose, **changes) -> dict:
    """A sambang of an officer as the operator types it from paper: the village by its name, no position."""
    return report_item(**{"officer": whose.username, "location": None, "area": "33.74.11.1004", **changes})


def record(clerk, officer, **changes) -> Report:
    item = item_for(officer, **changes)
    [answer] = take(clerk, [item])
    assert answer["status"] == "created", answer
    return Report.objects.get(uuid=item["id"])

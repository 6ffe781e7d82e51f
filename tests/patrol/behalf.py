"""Somebody who records for officers: the operator of Polsek Banyumanik, whom only these tests need."""

from polmas.people.models import Role
from tests.cast import make_person
from tests.patrol.items import report_item


def make_clerk(cast, unit=None):
    return make_person(f"8001008{int(unit is not None)}", "Wahyu Nugroho", unit or cast.units.banyumanik, Role.OPERATOR_POLSEK, "BRIGPOL")


def item_for(whose, **changes) -> dict:
    """A sambang of an officer as the operator types it from paper: the village by its name, no position."""
    return report_item(**{"officer": whose.username, "location": None, "area": "33.74.11.1004", **changes})

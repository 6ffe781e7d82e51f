"""How the registers are asked for in a form, and where the phone finds them in the API."""

import dataclasses
import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import Community, Place
from patrol.models import Business, Contact, Household
from polmas.people.models import Code


@dataclasses.dataclass(frozen=True)
class RegisterWords:
    """One register: its `path` in the API, the relation by which reports name it, and what its part of a form says."""

    model: Any  # a kind of RegisterEntry
    path: str
    named_by: str
    question: str | Promise
    new: str | Promise
    name_label: str | Promise
    code_field: str = ""
    can_decline: bool = False
    absent: str | Promise = ""

    @property
    def name_field(self) -> str:
        return self.model.NAME

    @property
    def code_label(self):
        return self.model._meta.get_field(self.code_field).verbose_name.capitalize()

    def codes(self, day: datetime.date):
        """What a new entry may be marked as; empty where nothing is asked."""
        return Code.objects.of(self.model._meta.get_field(self.code_field).code_list, day) if self.code_field else []


REGISTERS = {
    "household": RegisterWords(
        Household,
        "households",
        "visits",
        _("Whom did you visit?"),
        _("New household"),
        _("Head of the household"),
        can_decline=True,
        absent=_("Nobody at home"),
    ),
    "business": RegisterWords(
        Business,
        "businesses",
        "visits",
        _("Which business did you visit?"),
        _("New business"),
        _("Name of the business"),
        "kind",
        can_decline=True,
        absent=_("Closed or nobody there"),
    ),
    "contact": RegisterWords(
        Contact,
        "contacts",
        "visits",
        _("Which tokoh did you visit?"),
        _("New tokoh"),
        _("Name"),
        "role",
        can_decline=True,
        absent=_("Nobody at home"),
    ),
    "community": RegisterWords(
        Community,
        "communities",
        "visits",
        _("Which community did you visit?"),
        _("New community"),
        _("Name of the community"),
        "basis",
        can_decline=True,
        absent=_("Nobody there"),
    ),
    "post": RegisterWords(Place, "posts", "watches", _("Which post?"), _("New post"), _("Name of the post")),
}

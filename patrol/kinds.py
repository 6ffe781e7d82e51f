"""The table of kinds: what each kind of report is called, looks like and asks for. A kind is added by one row here."""

import dataclasses
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrol.forms import CounselForm, DetailForm, VisitForm, WatchForm
from patrol.models import Kind

PLAIN = "patrol/kinds/_plain.html"


class Group:
    """Under what the kinds stand on the page where one is chosen."""

    VISITS = _("Visits")
    ROUNDS = _("Patrols and posts")
    TEACHING = _("Teaching and partnership")
    MATTERS = _("Problems and events")


@dataclasses.dataclass(frozen=True, eq=False)
class KindEntry:
    """One kind of report. `subject` is the column of its detail that names an entry of a register, `template` shows the detail."""

    kind: Kind
    group: str | Promise
    icon: str
    text: str | Promise
    form: type[DetailForm]
    subject: str = ""
    template: str = PLAIN

    @property
    def slug(self) -> str:
        """The kind in addresses: /catat/kontrol-kamling/."""
        return self.kind.value.lower().replace("_", "-")

    @property
    def model(self):
        return self.form._meta.model

    @property
    def relation(self) -> str:
        """The attribute of a report that holds this detail."""
        return self.model._meta.model_name

    @property
    def register(self) -> Any:
        """The register that `subject` points into: a kind of `RegisterEntry`; None where there is no subject."""
        return self.model._meta.get_field(self.subject).related_model if self.subject else None


VISIT = "patrol/kinds/_visit.html"
ENTRIES = (
    KindEntry(Kind.DDS, Group.VISITS, "home-heart", _("From house to house: who, the result, what residents say."), VisitForm, "household", VISIT),
    KindEntry(Kind.SAMBANG_USAHA, Group.VISITS, "building-store", _("A shop, workshop, boarding house or factory."), VisitForm, "business", VISIT),
    KindEntry(Kind.SAMBANG_TOKOH, Group.VISITS, "user-star", _("A religious, customary, youth or village leader."), VisitForm, "contact", VISIT),
    KindEntry(Kind.SAMBANG_KOMUNITAS, Group.VISITS, "users-group", _("A community where it meets."), VisitForm, "community", VISIT),
    KindEntry(
        Kind.KONTROL_KAMLING,
        Group.ROUNDS,
        "shield-check",
        _("A post of the watch: who stands guard, in what condition."),
        WatchForm,
        "post",
    ),
    KindEntry(Kind.BINLUH, Group.TEACHING, "presentation", _("A talk on law and safety: topics, audience, how many."), CounselForm),
)
KINDS: dict[str, KindEntry] = {entry.kind.value: entry for entry in ENTRIES}
BY_SLUG = {entry.slug: entry for entry in ENTRIES}

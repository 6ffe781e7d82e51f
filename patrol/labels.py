"""The words by which a phone shows a report that it holds, without the server: what each field is called, and what its codes mean.

A field is [label, list of its codes or ""]; an object or a repeated part is a dict of fields, its own title under "".
"""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from patrol.findings import OUTSIDE_REASONS
from patrol.information_sync import SOURCE_TEXTS, TEXTS
from patrol.kinds import ENTRIES, KindEntry
from patrol.models import Field, Information, InformationSource, OpinionUrgency, Phase, Report, Situation
from patrol.models.informations import METHODS, SourceValue
from patrol.models.reports import Part
from patrol.wording import label_of
from polmas.people.models import Code

PARTICIPANT_KINDS = (("POLRI", gettext_lazy("Police colleague")), ("BABINSA", "Babinsa"), ("LINMAS", "Linmas"), ("LAINNYA", gettext_lazy("Other")))
COLUMNS = (
    *("place", "outside_reason", "field", "phase", "situation", "obstacle", "obstacle_owner", "obstacle_due_on"),
    *("review_note", "withdrawn_reason"),
)
# Where the list of a column is not its own.
LISTS = {"outside_reason": OUTSIDE_REASONS, "field": "Field", "phase": "Phase", "situation": "Situation"}
CHOICES = {"Field": Field, "Phase": Phase, "Situation": Situation, "Part": Part, "OpinionUrgency": OpinionUrgency, "SourceValue": SourceValue}


class Lists(dict):
    """The codes of every list that a field names, collected on the way."""

    def named_by(self, field: Any) -> str:
        """What the list of a field is called; empty for texts, numbers and times."""
        if code_list := getattr(field, "code_list", ""):
            self.setdefault(code_list, {})
            return code_list
        if not field.choices:
            return ""
        name = f"{field.model.__name__}.{field.name}"
        self[name] = {str(value): capfirst(str(label)) for value, label in field.choices if value}
        return name

    def fill(self) -> None:
        """Codes that administrators edit, all at once; those that are no longer chosen too, since reports hold them."""
        for code in Code.objects.filter(list__in=[name for name, codes in self.items() if not codes]):
            self[code.list][code.code] = code.label


def words() -> dict:
    """All of them, in the language of the moment."""
    lists = Lists({name: {value: capfirst(str(label)) for value, label in choices.choices} for name, choices in CHOICES.items()})
    lists |= {OUTSIDE_REASONS: {}, METHODS: {}, "Participant": {kind: str(label) for kind, label in PARTICIPANT_KINDS}}
    kinds = {entry.kind.value: of_kind(entry, lists) for entry in ENTRIES}
    told = {"report": of_report(), "kinds": kinds, "li": of_information(lists)}
    lists.fill()
    return {**told, "lists": lists}


def of_report() -> dict:
    columns = {name: [label_of(Report, name), LISTS.get(name, "")] for name in COLUMNS}
    return {
        "officer": [_("In the name of"), ""],
        "occurred_at": [_("Time"), ""],
        "ended_at": [pgettext("time", "End"), ""],
        "area_name": [_("Village"), ""],
        "unit_name": [_("Unit"), ""],
        "result": [_("Result"), ""],
        "narrative": [_("What happened"), ""],
        "follow_up": [_("Follow-up"), ""],
        **columns,
        "review_parts": [_("What is the note about?"), "Part"],
        "participants": {"": _("Who came along"), "kind": [pgettext("a participant's organisation", "From"), "Participant"], "name": [_("Name"), ""]},
    }


def of_kind(entry: KindEntry, lists: Lists) -> dict:
    told: dict[str, Any] = of_form(entry.form, lists)
    for name, form in entry.form.rows.items():
        told[name] = {"": capfirst(str(form._meta.model._meta.verbose_name)), **of_form(form, lists)}
    if entry.register:
        told[entry.subject] = of_entry(entry.register, lists)
    return {**told, "declined": [_("Declined to be named"), ""]} if "declined" in told else told


def of_form(form, lists: Lists) -> dict:
    return {name: [capfirst(str(field.verbose_name)), lists.named_by(field)] for name, field in form.columns().items()}


def of_entry(register, lists: Lists) -> dict:
    answers = {name: field_of(register, name, lists) for name in getattr(register, "WANTED", ())}
    sent = {name: field_of(register, name, lists) for name in register.SENT}
    return {"": capfirst(str(register._meta.verbose_name)), **sent, **({"answers": {"": "", **answers}} if answers else {})}


def of_information(lists: Lists) -> dict:
    told = {name: field_of(Information, name, lists) for name in (*TEXTS, "event_at", "source_value")}
    source = {name: field_of(InformationSource, name, lists) for name in SOURCE_TEXTS}
    return {**told, "occurred_at": [_("When obtained"), ""], "method": [told["method"][0], METHODS], "source": {"": _("Source (sealed)"), **source}}


def field_of(model, name: str, lists: Lists) -> list:
    return [label_of(model, name), lists.named_by(model._meta.get_field(name))]

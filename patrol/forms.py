"""How the detail of each kind of report is asked for.

One form describes one detail once for all: the fields of the page, the JSON that a phone sends (`patrol.schema`), what is
stored (`patrol.sync`), shown and compared. A phone never posts these forms; it sends what they hold through the sync API.
"""

import dataclasses
import functools
import json
from typing import Any, ClassVar

from django import forms
from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.campaigns import in_words
from patrol.models import (
    Accompaniment,
    Assistance,
    CampaignEntry,
    Checkpoint,
    Coaching,
    Coordination,
    Counsel,
    Detection,
    DisasterHelp,
    ForumActivity,
    Guard,
    Hearing,
    HearingItem,
    Opinion,
    OtherActivity,
    Patrol,
    Publication,
    Response,
    SceneAction,
    Situation,
    SocialService,
    Training,
    Visit,
    Watch,
)
from polmas.people.fields import CodeField, CodesField
from polmas.people.models import Code
from polmas.people.templatetags.polmas import clock

MOST_CHIPS = 12  # of more choices one is picked from a list


def asked(field: models.Field, **kwargs) -> forms.Field | None:
    """The control of one column: chips for a few choices, a list for many, lines for text; what a script fills in is hidden. Codes are
    filled in when the form is made."""
    label = kwargs.get("label", field.verbose_name)
    if isinstance(field, CodesField):
        return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)
    if isinstance(field, CodeField) or field.choices:
        choices: Any = [choice for choice in field.choices or () if choice[0]]
        return forms.ChoiceField(label=label, required=not field.blank, choices=choices, widget=forms.RadioSelect)
    if isinstance(field, (models.GeometryField, models.ForeignKey)):
        return forms.CharField(label=label, required=False, widget=forms.HiddenInput(attrs={"data-json": ""}))
    if isinstance(field, models.TextField):
        return field.formfield(label=label, widget=forms.Textarea(attrs={"rows": 2}))
    if isinstance(field, models.DateTimeField):
        return field.formfield(label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    if isinstance(field, models.DateField):
        return field.formfield(label=label, widget=forms.DateInput(attrs={"type": "date"}))
    if isinstance(field, models.IntegerField):
        return field.formfield(label=label, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    return field.formfield(label=label)


class Asked:
    """What the Meta of all these forms shares."""

    formfield_callback = staticmethod(asked)


def sent_name(field: models.Field) -> str:
    """What a column is called in the JSON: is_absent is `absent` there."""
    return field.name.removeprefix("is_").removeprefix("has_")


class PartForm(forms.ModelForm):
    """The fields of a detail, or of one of its rows. `words` is the column by which a row is known in the history; of a row that names
    its `first` fields the others stand behind "lengkapi"."""

    words: ClassVar[str] = "text"
    first: ClassVar[tuple[str, ...]] = ()
    named_by: ClassVar[tuple[str, ...]] = ()  # what else is read to name many of them
    owner: ClassVar[str] = "report"  # whose parts these are
    begin: ClassVar[tuple[dict, ...]] = ()  # the rows that a new form begins with
    measured: ClassVar[tuple[str, ...]] = ()  # columns that no phone names: the server finds them out

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lists = {field.name: field.code_list for field in self.columns().values() if hasattr(field, "code_list")}
        codes = Code.objects.filter(list__in=lists.values()).of_day(timezone.localdate()) if lists else ()
        for name, code_list in lists.items():
            self.fields[name].choices = [(code.code, code.label) for code in codes if code.list == code_list]  # type: ignore[attr-defined]

    @property
    def first_fields(self):
        return [self[name] for name in self.first or self.fields]

    @property
    def other_fields(self):
        return [self[name] for name in self.fields if self.first and name not in self.first]

    @classmethod
    def owner_of(cls, report):
        return report

    @classmethod
    def rows_of(cls, report):
        """The parts of this kind that a report has."""
        return getattr(report, f"{cls._meta.model.__name__.lower()}s").all()

    @classmethod
    @functools.cache
    def columns(cls) -> dict[str, Any]:
        """The model's fields that a phone fills, by their names in the JSON."""
        fields = [cls._meta.model._meta.get_field(name) for name in cls._meta.fields or ()]
        return {sent_name(field): field for field in fields}

    @classmethod
    @functools.cache
    def references(cls) -> dict[str, Any]:
        """Of these columns, those that point to an entry of a register."""
        return {name: field for name, field in cls.columns().items() if isinstance(field, models.ForeignKey)}

    @classmethod
    def kept(cls) -> list[str]:
        """The columns that are stored."""
        return [*(cls._meta.fields or ()), *cls.measured]

    @classmethod
    def named(cls, row) -> str:
        """What a part is known by."""
        return str(getattr(row, cls.words))

    @classmethod
    def said(cls, row, unit) -> str:
        """A part as the history names it."""
        return cls.named(row)


class CampaignPart(PartForm):
    """The giat tematik that a report belongs to: a part that every kind may have, for its history and its versions."""

    named_by = ("campaign__fields",)

    class Meta(Asked):
        model = CampaignEntry
        fields: list[str] = []

    @classmethod
    def rows_of(cls, report):
        entry = getattr(report, "campaign_entry", None)
        return [entry] if entry else []

    @classmethod
    def named(cls, row):
        return in_words(row)


class DetailForm(PartForm):
    """The detail of one kind. `first` is asked at once, the rest stands behind "lengkapi"; `rows` are its repeated parts as the JSON names them."""

    rows: ClassVar[dict[str, type[PartForm]]] = {}
    sentence: ClassVar[str] = "narrative"  # the one sentence that is asked for (architecture.md section 8)
    hint: ClassVar[Any] = _("Who, what, where, how?")
    apart: ClassVar[tuple[str, ...]] = ()  # asked by the part "who", or by the template of a repeated part
    remembered: ClassVar[tuple[str, ...]] = ()  # begins with what the officer chose last
    after: ClassVar[tuple[str, ...]] = ()  # asked at once, but after the one sentence
    needs_subject: ClassVar[bool] = False
    usual: ClassVar[dict] = {}  # what is chosen before anybody chose
    needed_rows: ClassVar[dict[str, Any]] = {}  # of which repeated part there must be one, and what is said where there is none
    asks_situation: ClassVar[bool] = False  # asked at once; only where it is not safe the sentence is needed

    def __init__(self):
        super().__init__(prefix="detail", initial=self.usual)

    @classmethod
    def detail_of(cls, report):
        """The row that this form describes; None where it is missing."""
        return getattr(report, cls._meta.model.__name__.lower(), None)

    @classmethod
    def is_open_to(cls, user, report) -> bool:
        """Whether the user may read the repeated parts."""
        return True

    @classmethod
    def check(cls, draft) -> None:
        """Adds what a draft lacks, field by field (domain.md 4.0): time and village are checked for all kinds, here the rest."""
        for name, missing in cls.needed_rows.items():
            if not draft.rows[name]:
                draft.add("required", missing, f"detail.{name}")
        if not cls.asks_situation or draft.say("situation") not in ("", Situation.AMAN):
            draft.need_sentence(cls.sentence)

    @property
    def needed(self) -> list[str]:
        """The fields that a phone must send, by their names in the JSON."""
        return [name for name, field in self.columns().items() if not field.blank and not field.null and not field.has_default()]

    @property
    def first_fields(self):
        return [self[name] for name in self.first]

    @property
    def other_fields(self):
        return [self[name] for name in self.fields if name not in self.first + self.after + self.apart]

    @property
    def after_fields(self):
        return [self[name] for name in self.after]

    @property
    def page_data(self) -> dict:
        """What the page's script needs to know, by the ids under which it stands."""
        return {}

    @property
    def parts(self):
        return [Part(name, form, self.needed_rows.get(name, "")) for name, form in self.rows.items()]


def detail_form(model, first: tuple[str, ...], more: tuple[str, ...]) -> type[DetailForm]:
    """The form of a detail of which nothing special is to be said: the columns that are asked for at once, and those behind "lengkapi"."""
    form: Any = forms.modelform_factory(model, form=DetailForm, fields=[*first, *more], formfield_callback=asked)
    form.first = first
    return form


@dataclasses.dataclass
class Part:
    """A repeated part on the page: by its own template where it has one."""

    name: str
    form_class: type[PartForm]
    needed: Any = ""

    @property
    def form(self):
        return self.form_class()

    @property
    def is_expected(self) -> bool:
        """Whether the form cannot do without: it begins with rows to fill."""
        return bool(self.form_class.begin)

    @property
    def begin(self) -> str:
        return json.dumps(self.form_class.begin)

    @property
    def title(self):
        return str(self.form_class._meta.model._meta.verbose_name_plural).capitalize()

    @property
    def templates(self):
        return [f"patrol/entry/_{self.name}.html", "patrol/entry/_rows.html"]


class OpinionForm(PartForm):
    class Meta(Asked):
        model = Opinion
        fields = ["kind", "field", "text", "urgency", "frequency"]


class VisitForm(DetailForm):
    rows: ClassVar[dict[str, type[PartForm]]] = {"opinions": OpinionForm}
    sentence = "result"
    apart = ("is_declined", "is_absent")
    remembered = ("purposes",)
    needs_subject = True
    usual: ClassVar[dict] = {"purposes": ["SILATURAHMI"]}

    class Meta(Asked):
        model = Visit
        fields = ["is_declined", "is_absent", "purposes", "received_by", "next_visit_on"]

    @classmethod
    def check(cls, draft):
        if not draft.detail.get("absent"):
            draft.need_sentence(cls.sentence)
        if draft.detail.get("declined") and draft.subject_sent:
            draft.add("declined", _("Whoever declined to be named is not named."), f"detail.{draft.entry.subject}")
        elif not draft.detail.get("declined"):
            draft.need_subject(_("Name whom you visited, or say that the resident declined to be named."))


class CheckpointForm(PartForm):
    measured = ("accuracy_m", "post_distance_m")

    class Meta(Asked):
        model = Checkpoint
        fields = ["at", "location", "name", "post", "finding", "action", "situation"]

    @classmethod
    def said(cls, row, unit):
        return f"{clock(row.at, unit)} {row.name or row.post or ''}".strip()


class PatrolForm(DetailForm):
    rows: ClassVar[dict[str, type[PartForm]]] = {"checkpoints": CheckpointForm}
    first = ("mode",)
    apart = ("track",)
    remembered = ("mode",)
    usual: ClassVar[dict] = {"nature": "DIALOGIS"}
    needed_rows: ClassVar[dict[str, Any]] = {"checkpoints": _("Mark one point at least.")}
    asks_situation = True

    class Meta(Asked):
        model = Patrol
        fields = ["mode", "nature", "targets", "residents_met", "message", "track"]


class WatchForm(DetailForm):
    first = ("condition", "guards_present", "guards_rostered")
    measured = ("post_distance_m",)

    class Meta(Asked):
        model = Watch
        fields = ["condition", "guards_present", "guards_rostered", "equipment", "findings", "advice"]


class GuardForm(DetailForm):
    first = ("nature", "event", "has_force")
    remembered = ("nature",)

    class Meta(Asked):
        model = Guard
        fields = ["nature", "event", "has_force", "force_ground", "permit_number", "crowd", "strength"]

    @classmethod
    def check(cls, draft):
        super().check(draft)
        if draft.detail.get("force") and not (draft.detail.get("force_ground") or "").strip():
            draft.add("required", _("Say on what ground force was used."), "detail.force_ground")


class HearingItemForm(PartForm):
    class Meta(Asked):
        model = HearingItem
        fields = ["text", "answer", "target", "due_on", "speaker", "field", "outcome"]


class HearingForm(DetailForm):
    rows: ClassVar[dict[str, type[PartForm]]] = {"items": HearingItemForm}
    first = ("host", "attendance")

    class Meta(Asked):
        model = Hearing
        fields = ["host", "attendance", "elements"]


# Nothing special is to be said of these.
CounselForm = detail_form(Counsel, ("topics", "participant_count"), ("audience", "speaker", "aids", "evaluation"))
CoachingForm = detail_form(Coaching, ("group_kind", "group_name"), ("form", "support", "material", "participant_count"))
DetectionForm = detail_form(Detection, ("method", "urgency"), ("frequency", "keywords"))
ResponseForm = detail_form(Response, ("channel", "service"), ("complained_at", "arrived_at", "validity"))
SceneActionForm = detail_form(SceneAction, ("incident", "steps"), ("arrived_at", "dead", "injured", "witness_count", "evidence", "handed_to"))
AssistanceForm = detail_form(Assistance, ("need", "person_count"), ("handed_to",))
DisasterHelpForm = detail_form(DisasterHelp, ("disaster", "household_count"), ("dead", "injured", "displaced", "needs"))
CoordinationForm = detail_form(Coordination, ("pillars", "subject"), ("agency", "agreement"))
AccompanimentForm = detail_form(Accompaniment, ("programme",), ("organiser", "beneficiary_count", "irregularities"))
SocialServiceForm = detail_form(SocialService, ("service", "recipient_count"), ("source",))
ForumActivityForm = detail_form(ForumActivity, ("occasion", "forum_name"), ("attendance",))
PublicationForm = detail_form(Publication, ("channel", "title"), ("link",))
TrainingForm = detail_form(Training, ("training", "topic"), ("organiser", "hours"))
OtherActivityForm = detail_form(OtherActivity, ("title",), ("attendance",))

"""Forms of potentials, groups and their members, partners and their agreements, communities, and the roster of a post."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import ChoicesByName, DayInput, OwnForm, area_of, choice_of, text_of
from mapping.models import Area, Community, Cooperation, Group, GroupMember, Partner, PostShift, Potential, PotentialClass
from mapping.models.places import Shift, Weekday
from mapping.models.potentials import TRUSTED
from patrol.register_forms import POSITION, WHERE, EntryForm
from patrol.register_pages import KEEPERS
from polmas.people.models import Code, Unit
from polmas.people.uploads import PaperField

MOST_COUNTED = 1_000_000
DETAILS = _("Details")


class KeptForm(EntryForm):
    """What these forms share beyond the place: who recorded the entry."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if self.instance.pk is None:
            self.instance.recorded_by = user

    def save(self, commit=True):
        """Whoever writes an entry anew has just looked at it."""
        self.instance.updated_on = self.instance.unit.today()
        return super().save(commit)


def count_of(model, name):
    field = model._meta.get_field(name)
    return forms.IntegerField(label=capfirst(field.verbose_name), required=False, min_value=0, max_value=MOST_COUNTED)


class PotentialForm(KeptForm):
    """A place, activity or goods; the instance says which, so that only what fits it is asked."""

    OF_CLASS = {PotentialClass.KEGIATAN: ("schedule", "next_on"), PotentialClass.BARANG: ("quantity",)}

    name = text_of(Potential, "name")
    landmark = text_of(Potential, "landmark")
    contact = text_of(Potential, "contact")
    phone = text_of(Potential, "phone")
    description = text_of(Potential, "description", widget=area_of(3))
    schedule = text_of(Potential, "schedule", help_text=_("In words, e.g. every Sunday morning."))
    quantity = count_of(Potential, "quantity")

    parts = (
        (None, ("name", "kind", *WHERE)),
        (DETAILS, ("schedule", "next_on", "quantity", "influence", "contact", "phone", "description", "is_confidential")),
        POSITION,
    )

    class Meta:
        model = Potential
        fields = [
            *("name", "kind", "area", "rw", "rt", "landmark", "schedule", "next_on", "quantity", "influence"),
            *("contact", "phone", "description", "is_confidential"),
        ]
        widgets = {"influence": ChoicesByName, "next_on": DayInput}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        for main_class, names in self.OF_CLASS.items():
            for name in names if main_class != self.instance.main_class else ():
                del self.fields[name]
        self.fields["is_confidential"].help_text = _("Only the leaders, Kanit Binmas and Intelkam of the unit, and you, will read it.")
        if not self.may_mark():
            del self.fields["is_confidential"]
        stored = Code.objects.filter(list=self.instance.kind_list, code=self.instance.kind)
        codes = (Code.objects.of(self.instance.kind_list, timezone.localdate()) | stored).order_by("order", "code")
        choices = [("", _("Please choose")), *((code.code, code.label) for code in codes)]
        self.fields["kind"] = forms.ChoiceField(label=capfirst(_("kind")), choices=choices)

    def may_mark(self) -> bool:
        """Only who will read it afterwards may make it confidential."""
        return self.instance.recorded_by == self.user or self.user.scope.holds(TRUSTED, self.instance.unit)


class GroupForm(KeptForm):
    name = text_of(Group, "name")
    landmark = text_of(Group, "landmark")
    head = text_of(Group, "head")
    phone = text_of(Group, "phone")
    member_count = count_of(Group, "member_count")
    card_number = text_of(Group, "card_number")

    parts = ((None, ("name", "kind", *WHERE)), (DETAILS, ("head", "phone", "member_count", "confirmed_on", "card_number")), POSITION)

    class Meta:
        model = Group
        fields = ["name", "kind", "area", "rw", "rt", "landmark", "head", "phone", "member_count", "confirmed_on", "card_number"]
        widgets = {"confirmed_on": DayInput}


class PartnerForm(KeptForm):
    """A partner; who keeps the registers of the unit may record one that belongs to no village."""

    name = text_of(Partner, "name")
    landmark = text_of(Partner, "landmark", label=_("Address"))
    contact = text_of(Partner, "contact")
    phone = text_of(Partner, "phone")

    # The first agreement, recorded with the partner; later ones on its page.
    number = text_of(Cooperation, "number", required=False)
    scope = text_of(Cooperation, "scope", widget=area_of(3), required=False)
    starts_on = forms.DateField(label=_("From"), required=False, widget=DayInput)
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    AGREEMENT = ("number", "scope", "starts_on", "ends_on")
    parts = ((None, ("name", "kind", "area", "landmark")), (_("Agreement (MoU)"), AGREEMENT), (DETAILS, ("contact", "phone")), POSITION)

    class Meta:
        model = Partner
        fields = ["name", "kind", "area", "landmark", "contact", "phone", "rw", "rt"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        del self.fields["rw"], self.fields["rt"]
        self.kept_unit = Unit.objects.filter(path__in=user.scope.paths_as(KEEPERS)).order_by("depth").first()
        self.fields["area"].required = self.kept_unit is None
        if self.kept_unit:
            choice_of(self, "area").empty_label = _("none: the whole unit")
        for name in self.AGREEMENT if self.instance.pk else ():
            del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        if self.kept_unit and "area" in cleaned and not cleaned["area"] and self.instance.pk is None:
            self.instance.unit = self.kept_unit
        self._check_agreement()
        return cleaned

    def _check_agreement(self):
        said = self._agreement()
        if not any(said.values()):
            return
        for name in ("scope", "starts_on"):
            if not said[name] and name not in self.errors:
                self.add_error(name, _("An agreement has a first day and says what it covers."))
        if said["starts_on"] and said["ends_on"] and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))

    def _agreement(self) -> dict:
        return {name: self.cleaned_data.get(name) for name in self.AGREEMENT if name in self.fields}

    def save(self, commit=True):
        partner, said = super().save(commit), self._agreement()
        if any(said.values()):
            Cooperation.objects.create(partner=partner, **said)
        return partner


class CommunityForm(KeptForm):
    name = text_of(Community, "name")
    landmark = text_of(Community, "landmark")
    contact = text_of(Community, "contact")
    phone = text_of(Community, "phone")
    description = text_of(Community, "description", widget=area_of(3))
    member_count = count_of(Community, "member_count")
    online_url = forms.URLField(
        label=capfirst(_("address on the internet")), max_length=200, required=False, assume_scheme="https", widget=forms.TextInput
    )

    parts = (
        (None, ("name", "basis", *WHERE)),
        (DETAILS, ("function", "contact", "phone", "member_count", "online_url", "description")),
        (_("Beyond the village"), ("areas",)),
        POSITION,
    )

    class Meta:
        model = Community
        fields = [
            *("name", "basis", "area", "rw", "rt", "landmark", "function", "contact", "phone", "member_count"),
            *("online_url", "description", "areas"),
        ]
        widgets = {"areas": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        unit = self.instance.unit if self.instance.pk else user.post.unit
        stored = self.instance.areas.values("pk") if self.instance.pk else []
        offered = Area.objects.of_unit(unit).villages() | Area.objects.filter(pk__in=stored)
        choice_of(self, "areas").queryset = offered.order_by("name", "code")


FORMS: dict[str, type[KeptForm]] = {"potential": PotentialForm, "group": GroupForm, "partner": PartnerForm, "community": CommunityForm}


class GroupMemberForm(OwnForm):
    name = text_of(GroupMember, "name")
    position = text_of(GroupMember, "position")
    card_number = text_of(GroupMember, "card_number")

    class Meta:
        model = GroupMember
        fields = ["name", "position", "card_number", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput, "ends_on": DayInput}


class CooperationForm(OwnForm):
    number = text_of(Cooperation, "number")
    scope = text_of(Cooperation, "scope", widget=area_of(3))
    paper = PaperField(label=capfirst(_("signed paper")), required=False)

    class Meta:
        model = Cooperation
        fields = ["number", "scope", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput, "ends_on": DayInput}

    def save(self, commit=True):
        if paper := self.cleaned_data["paper"]:
            self.instance.file_type = paper.type
            self.instance.file.save(f"{self.instance.uuid}{paper.ending}", paper.content, save=False)
        return super().save(commit)


class ClosingForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=200)


class RosterForm(forms.Form):
    """The roster of a post: who stands guard in each shift of each weekday; an empty field takes the line away."""

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        self.stored = {(line.shift, line.weekday): line for line in post.shifts.all()}
        for shift in Shift:
            for day in Weekday:
                line = self.stored.get((shift.value, day.value))
                self.fields[name_of(shift, day)] = forms.CharField(
                    label=day.label,
                    required=False,
                    max_length=PostShift._meta.get_field("names").max_length,
                    initial=line.names if line else "",
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )

    def shifts(self):
        """Each shift with its seven fields, and whether anybody stands in it."""
        for shift in Shift:
            fields = [self[name_of(shift, day)] for day in Weekday]
            yield {"label": capfirst(shift.label), "fields": fields, "is_open": shift == Shift.MALAM or any(field.value() for field in fields)}

    def save(self):
        for shift in Shift:
            for day in Weekday:
                self._keep(shift, day, self.cleaned_data[name_of(shift, day)])

    def _keep(self, shift, day, names):
        line = self.stored.get((shift.value, day.value))
        if line and not names:
            line.delete()
        elif names and (line is None or line.names != names):
            PostShift.objects.update_or_create(post=self.post, shift=shift, weekday=day, defaults={"names": names})


def name_of(shift, day) -> str:
    return f"{shift.value.lower()}_{day.value}"


def reason_given(data) -> str:
    """Why an entry is closed; raises ValidationError where nothing was said."""
    form = ClosingForm(data)
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])
    return form.cleaned_data["reason"]

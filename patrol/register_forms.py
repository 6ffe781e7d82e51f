"""Forms of the registers: a household, who lives in it, a business, a tokoh."""

import datetime

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import ChoicesByName, DayInput, OwnForm, area_of, choice_of, text_of
from mapping.models import Area
from mapping.models.areas import in_indonesia
from mapping.models.registers import three_digits
from patrol.models import Business, Contact, Household, HouseholdMember
from patrol.models.households import Vulnerable
from patrol.register_pages import unit_for, villages_kept
from polmas.people.encryption import masked
from polmas.people.fields import CodeField
from polmas.people.forms import telephone
from polmas.people.models import Code

# Fields that stand beside each other.
PAIRS = {"rw": "rt", "lat": "lon", "birth_place": "born_on", "people_count": "residence"}
EARLIEST_BIRTH = datetime.date(1900, 1, 1)
MOST_PEOPLE, MOST_EMPLOYEES = 200, 1_000_000


class MaskedPhones(OwnForm):
    """Phone numbers stand masked in their fields: whoever leaves one as it stands keeps the number, and has not read it."""

    phones: tuple[str, ...] = ("phone",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.phones:
            self.initial[name] = masked(getattr(self.instance, name))
            self.fields[name].widget.attrs.update({"inputmode": "tel", "autocomplete": "off"})

    def clean(self):
        for name in self.phones:
            if name in self.cleaned_data:
                self._clean_phone(name, self.cleaned_data[name])
        return super().clean()

    def _clean_phone(self, name, typed):
        if typed == self.initial[name]:
            self.cleaned_data[name] = getattr(self.instance, name)
            return
        try:
            if typed:
                telephone(typed)
        except ValidationError as error:
            self.add_error(name, error)


def born(day: datetime.date | None) -> datetime.date | None:
    """A day on which somebody who lives can have been born."""
    if day and not EARLIEST_BIRTH <= day <= timezone.localdate():
        raise ValidationError(_("Nobody who lives was born on this day."))
    return day


class EntryForm(MaskedPhones):
    """What the registers' forms share: where it is, and since when it is gone."""

    rw = forms.CharField(label="RW", max_length=3, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
    rt = forms.CharField(label="RT", max_length=3, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.NumberInput(attrs={"step": "any"}))
    lon = forms.FloatField(label=_("Longitude"), required=False, widget=forms.NumberInput(attrs={"step": "any"}))

    # (heading, names of fields); the first part stands open.
    parts: tuple[tuple[object, tuple[str, ...]], ...] = ()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        kept = villages_kept(user).order_by().values("pk")
        choice_of(self, "area").queryset = Area.objects.filter(Q(pk__in=kept) | Q(pk=self.instance.area_id)).order_by("name", "code")
        choice_of(self, "area").empty_label = None if self.instance.pk else _("Please choose")
        if self.instance.location:
            self.initial["lat"], self.initial["lon"] = round(self.instance.location.y, 6), round(self.instance.location.x, 6)
        if self.instance.pk is None:
            self._start_new()
        self._offer_codes()

    def _start_new(self):
        self.fields.pop("is_active", None)
        villages = list(villages_kept(self.user)[:2])
        if len(villages) == 1:
            self.initial["area"] = villages[0].pk

    def _offer_codes(self):
        """Code lists as choices: those valid today, and the one that is stored."""
        for field in self.instance._meta.fields:
            if isinstance(field, CodeField) and field.name in self.fields:
                stored = getattr(self.instance, field.name)
                codes = Code.objects.of(field.code_list, timezone.localdate()) | Code.objects.filter(list=field.code_list, code=stored)
                choices = [("", "—"), *((code.code, code.label) for code in codes.order_by("order", "code"))]
                self.fields[field.name] = forms.ChoiceField(label=capfirst(field.verbose_name), choices=choices, required=not field.blank)

    def sections(self):
        """(heading, rows of fields) for the template; what a part lacks is left out."""
        return [(heading, [row for row in map(self._row, names) if row]) for heading, names in self.parts]

    def _row(self, name):
        """The field, beside it the one that it makes a pair with."""
        if name in PAIRS.values() or name not in self.fields:
            return []
        return [self[name], self[PAIRS[name]]] if name in PAIRS else [self[name]]

    def clean_rw(self):
        return three_digits(self.cleaned_data["rw"])

    def clean_rt(self):
        return three_digits(self.cleaned_data["rt"])

    def clean(self):
        super().clean()
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if (lat is None) != (lon is None):
            self.add_error("lon" if lon is None else "lat", _("A position has both latitude and longitude."))
        elif lat is not None and lon is not None and not in_indonesia(lon, lat):
            self.add_error("lat", _("This position lies outside Indonesia."))
        village = self.cleaned_data.get("area")
        if village and village.pk != self.instance.area_id:
            self.instance.unit = unit_for(self.user, village)
        return self.cleaned_data

    def _post_clean(self):
        super()._post_clean()  # type: ignore[misc]  # Django has it, its stubs do not
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if not self.errors:
            self.instance.location = Point(lon, lat, srid=4326) if lat is not None and lon is not None else None


WHERE = ("area", "rw", "rt", "landmark")
POSITION = (_("Position on the map"), ("lat", "lon"))
IS_ACTIVE = forms.BooleanField(
    label=_("Still there"), required=False, help_text=_("Untick when it is closed or moved away; its visits stay on record.")
)


class HouseholdForm(EntryForm):
    head_name = text_of(Household, "head_name")
    landmark = text_of(Household, "landmark")
    birth_place = text_of(Household, "birth_place")
    occupation = text_of(Household, "occupation")
    people_count = forms.IntegerField(label=capfirst(_("people in the house")), required=False, min_value=1, max_value=MOST_PEOPLE)
    phone = text_of(Household, "phone")
    emergency_name = text_of(Household, "emergency_name")
    emergency_relation = text_of(Household, "emergency_relation")
    emergency_phone = text_of(Household, "emergency_phone")
    vulnerable = forms.MultipleChoiceField(
        label=capfirst(_("needs special care")),
        choices=[(value, capfirst(label)) for value, label in Vulnerable.choices],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Shown on this page alone."),
    )
    note = text_of(Household, "note", widget=area_of(3))
    is_active = forms.BooleanField(
        label=_("Still lives here"), required=False, help_text=_("Untick when the family moved away; its visits stay on record.")
    )

    phones = ("phone", "emergency_phone")
    parts = (
        (None, ("head_name", *WHERE, "is_active")),
        (_("Contact"), ("phone", "emergency_name", "emergency_relation", "emergency_phone")),
        (_("The household"), ("occupation", "people_count", "residence", "sex", "birth_place", "born_on", "vulnerable", "note")),
        (_("Legal basis of the data"), ("basis", "consent_on")),
        POSITION,
    )

    class Meta:
        model = Household
        fields = [
            *("head_name", "area", "rw", "rt", "landmark", "is_active", "phone", "emergency_name", "emergency_relation", "emergency_phone"),
            *("occupation", "people_count", "residence", "sex", "birth_place", "born_on", "vulnerable", "note", "basis", "consent_on"),
        ]
        widgets = {"residence": ChoicesByName, "sex": ChoicesByName, "basis": ChoicesByName, "born_on": DayInput, "consent_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rw"].required = self.fields["rt"].required = True
        self.fields["basis"].help_text = _("Choose consent only where it was asked. Identity numbers, faith and ethnicity are never recorded.")

    def clean_born_on(self):
        return born(self.cleaned_data["born_on"])

    def clean_consent_on(self):
        """The day of the consent: today unless another one was named; none where the police task is the basis."""
        day = self.cleaned_data["consent_on"]
        if self.cleaned_data.get("basis") != Household.Basis.PERSETUJUAN:
            return None
        if day and not EARLIEST_BIRTH <= day <= timezone.localdate():
            raise ValidationError(_("This day lies ahead, or too far back."))
        return day or timezone.localdate()


class MemberForm(MaskedPhones):
    """Somebody who lives in a household beside its head."""

    name = text_of(HouseholdMember, "name")
    occupation = text_of(HouseholdMember, "occupation")
    phone = text_of(HouseholdMember, "phone")

    class Meta:
        model = HouseholdMember
        fields = ["name", "relation", "sex", "born_on", "occupation", "phone"]
        widgets = {"relation": ChoicesByName, "sex": ChoicesByName, "born_on": DayInput}

    def clean_born_on(self):
        return born(self.cleaned_data["born_on"])


class BusinessForm(EntryForm):
    name = text_of(Business, "name")
    landmark = text_of(Business, "landmark")
    manager = text_of(Business, "manager")
    phone = text_of(Business, "phone")
    opening_hours = text_of(Business, "opening_hours", widget=forms.TextInput(attrs={"placeholder": "08.00–21.00"}))
    employee_count = forms.IntegerField(label=capfirst(_("employees")), required=False, min_value=0, max_value=MOST_EMPLOYEES)
    guard_count = forms.IntegerField(label=capfirst(_("security guards")), required=False, min_value=0, max_value=10_000)
    camera_count = forms.IntegerField(label=_("CCTV cameras"), required=False, min_value=0, max_value=10_000)
    note = text_of(Business, "note", widget=area_of(3))
    is_active = IS_ACTIVE

    parts = (
        (None, ("name", "kind", *WHERE, "is_active")),
        (_("Contact"), ("manager", "phone", "opening_hours")),
        (_("The business"), ("employee_count", "guard_count", "camera_count", "note")),
        POSITION,
    )

    class Meta:
        model = Business
        fields = [
            *("name", "kind", "area", "rw", "rt", "landmark", "is_active", "manager", "phone", "opening_hours"),
            *("employee_count", "guard_count", "camera_count", "note"),
        ]


class ContactForm(EntryForm):
    name = text_of(Contact, "name")
    landmark = text_of(Contact, "landmark")
    office = text_of(Contact, "office")
    phone = text_of(Contact, "phone")
    note = text_of(Contact, "note", widget=area_of(3))
    is_active = IS_ACTIVE

    parts = (
        (None, ("name", "role", "office", *WHERE, "is_active")),
        (_("Contact"), ("phone", "influence", "note")),
        POSITION,
    )

    class Meta:
        model = Contact
        fields = ["name", "role", "office", "area", "rw", "rt", "landmark", "is_active", "phone", "influence", "note"]
        widgets = {"influence": ChoicesByName}


FORMS: dict[str, type[EntryForm]] = {"household": HouseholdForm, "business": BusinessForm, "contact": ContactForm}

"""Forms of an area: its profile of a year with the calendar, and the RW and RT within a village."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from mapping.forms import DayInput
from mapping.models import Area, AreaKind, AreaProfile, CalendarEntry

MOST_ENTRIES, SPARE = 60, 3
KNOWN_NUMBER = _("There is one of this number already.")
NUMBER = re.compile(r"[0-9]{1,3}")


class ProfileForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(label=_("kind of area"), choices=AreaKind, widget=forms.CheckboxSelectMultiple, required=False)

    class Meta:
        model = AreaProfile
        fields = ["year", "people", "households", "male", "female", "kinds", "geography", "livelihood", "culture", "local_wisdom"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("geography", "livelihood", "culture", "local_wisdom")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].label = _("Residents")
        self.fields["culture"].label = _("way of life")
        for name, field in self.fields.items():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]
            if name in ("year", "people", "households", "male", "female"):
                field.widget.attrs["inputmode"] = "numeric"
        self.fields["culture"].help_text = _("Customs, arts, ways of living together. No figures of religion or descent.")
        self.fields["local_wisdom"].help_text = _("What people do by themselves to keep peace: customs, councils, agreements.")

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"area"}  # type: ignore[misc]  # given already; one profile a year counts


class CalendarFormSet(BaseInlineFormSet):
    def clean(self):
        super().clean()
        year = self.instance.year
        for form in self.forms:
            day = getattr(form, "cleaned_data", {}).get("starts_on")
            if day and year and day.year != year and not form.cleaned_data.get("DELETE"):
                form.add_error("starts_on", ValidationError(_("This day lies in another year than the profile.")))


Calendar = inlineformset_factory(
    AreaProfile,
    CalendarEntry,
    formset=CalendarFormSet,
    fields=["name", "starts_on", "ends_on", "note"],
    widgets={"starts_on": DayInput(), "ends_on": DayInput()},
    extra=SPARE,
    max_num=MOST_ENTRIES,
    absolute_max=MOST_ENTRIES,
    validate_max=True,
)


class PartForm(forms.Form):
    """A new RW of a village, or RT of an RW."""

    number = forms.CharField(label=_("Number"), max_length=3, widget=forms.TextInput(attrs={"inputmode": "numeric"}), help_text=_("3 means 003."))
    name = forms.CharField(label=_("Name"), max_length=120, required=False, help_text=_("Empty: its number."))

    def __init__(self, *args, within: Area, **kwargs):
        super().__init__(*args, **kwargs)
        self.within = within

    def clean_number(self):
        number = self.cleaned_data["number"].strip()
        if not NUMBER.fullmatch(number) or int(number) == 0:
            raise ValidationError(_("A number from 1 to 999, please."))
        number = number.zfill(3)
        if Area.objects.filter(code=f"{self.within.code}.{number}").exists():
            raise ValidationError(KNOWN_NUMBER)
        return number

    def stored(self) -> Area | None:
        """The new part; None where somebody was faster and the database refused."""
        number = self.cleaned_data["number"]
        name = self.cleaned_data["name"].strip() or number
        try:
            with transaction.atomic():
                return Area.objects.create(code=f"{self.within.code}.{number}", name=name, parent=self.within)
        except IntegrityError:
            self.add_error("number", KNOWN_NUMBER)
            return None


class PartNameForm(forms.ModelForm):
    class Meta:
        model = Area
        fields = ["name"]
